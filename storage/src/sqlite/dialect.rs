//! What the shared source asks of SQLite: begin, locks, keys, names of errors.

use std::fmt::Display;

use caodiem_domain::error::{Constraint, StoreError};
use caodiem_domain::id::Sequence;
use caodiem_domain::ports::Lock;
use diesel::connection::AnsiTransactionManager;
use diesel::expression::ValidGrouping;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::{BigInt, Bool, Integer, Text};
use diesel::sqlite::Sqlite;

use super::Conn;
use crate::tables::{audit_head, sequence};

/// One snapshot from the first statement on.
pub(crate) fn begin_read(conn: &mut Conn) -> QueryResult<()> {
    AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN DEFERRED")
}

/// Takes the one place of the writer at once: a reader that wants to write later would be refused.
pub(crate) fn begin_write(conn: &mut Conn) -> QueryResult<()> {
    AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE")
}

/// Nothing to take: a write job is the only one.
#[expect(clippy::unnecessary_wraps, reason = "PostgreSQL's can fail")]
pub(crate) fn lock(_conn: &mut Conn, _locks: &[Lock]) -> Result<(), StoreError> {
    Ok(())
}

/// Nothing to do: plans do not rest on counts.
#[expect(clippy::unnecessary_wraps, reason = "PostgreSQL's can fail")]
pub(crate) fn count_units_anew(_conn: &mut Conn) -> Result<(), StoreError> {
    Ok(())
}

/// Takes fresh keys off a row of `sequence`.
pub(crate) fn allocate(conn: &mut Conn, kind: Sequence, count: usize) -> Result<Vec<i64>, StoreError> {
    let count = i64::try_from(count).map_err(|_over| StoreError::Other("too many keys at once".to_owned()))?;
    let last: i64 = diesel::update(sequence::table.find(crate::rows::code::sequence_name(kind)))
        .set(sequence::last.eq(sequence::last + count))
        .returning(sequence::last)
        .get_result(conn)
        .map_err(failed)?;
    Ok((last - count + 1..=last).collect())
}

/// How far the chain of acts goes: its place and hash.
pub(crate) fn take_audit_head(conn: &mut Conn) -> QueryResult<(i64, Vec<u8>)> {
    audit_head::table.select((audit_head::seq, audit_head::hash)).first(conn)
}

/// Types of whole numbers.
pub(crate) trait SqlInteger {}

impl SqlInteger for BigInt {}
impl SqlInteger for Integer {}

/// True of rows whose key is among some: one JSON array, so that the statement is one text however many there are, which
/// stays prepared, and no limit of bound values.
#[derive(Clone, Debug, QueryId, ValidGrouping)]
pub(crate) struct Among<Column> {
    column: Column,
    keys: String,
}

/// See [`Among`].
pub(crate) fn among<Column, Key: Display>(column: Column, keys: impl Iterator<Item = Key>) -> Among<Column> {
    let keys: Vec<String> = keys.map(|key| key.to_string()).collect();
    Among { column, keys: format!("[{}]", keys.join(",")) }
}

impl<Column: Expression<SqlType: SqlInteger>> Expression for Among<Column> {
    type SqlType = Bool;
}

impl<From, Column: AppearsOnTable<From>> AppearsOnTable<From> for Among<Column> where Self: Expression {}

impl<From, Column: SelectableExpression<From>> SelectableExpression<From> for Among<Column> where
    Self: AppearsOnTable<From>
{
}

impl<Column: QueryFragment<Sqlite>> QueryFragment<Sqlite> for Among<Column> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" IN (SELECT value FROM json_each(");
        out.push_bind_param::<Text, _>(&self.keys)?;
        out.push_sql("))");
        Ok(())
    }
}

/// diesel's error as the domain's. SQLite gives no names of constraints, only messages.
pub(crate) fn failed(error: Error) -> StoreError {
    crate::doom::doom();
    match error {
        Error::DatabaseError(kind, information) => refused(kind, information.message()),
        Error::BrokenTransactionManager => StoreError::Unavailable("the session broke".to_owned()),
        Error::RollbackErrorOnCommit { commit_error, .. } => failed(*commit_error),
        other => StoreError::Other(other.to_string()),
    }
}

fn refused(kind: DatabaseErrorKind, message: &str) -> StoreError {
    use DatabaseErrorKind as Kind;
    match kind {
        // A first figure came where one stands by now.
        Kind::UniqueViolation if message.contains(": tally.book_id") => StoreError::Stale,
        Kind::UniqueViolation => StoreError::Conflict(unique(message)),
        Kind::ForeignKeyViolation => StoreError::Conflict(Constraint::Reference),
        Kind::CheckViolation | Kind::NotNullViolation => {
            tracing::warn!(message, "a rule of the database refused a row");
            StoreError::Conflict(Constraint::Check)
        }
        // What the triggers raise.
        _ if message.contains("append_only") => StoreError::Conflict(Constraint::AppendOnly),
        _ if message.contains("unit_code_taken") => StoreError::Conflict(Constraint::UnitCode),
        _ if message.contains("database is locked") || message.contains("database table is locked") => StoreError::Busy,
        _ if message.contains("disk is full") || message.contains("disk I/O error") => {
            StoreError::Unavailable(message.to_owned())
        }
        _ => StoreError::Other(message.to_owned()),
    }
}

/// The rule behind `UNIQUE constraint failed: table.column, …`.
fn unique(message: &str) -> Constraint {
    let columns = message.rsplit_once(": ").map_or(message, |(_, columns)| columns);
    match columns {
        "unit_version.code, unit_version.valid_from" => Constraint::UnitCode,
        "drive.unit_id, drive.plan_number" => Constraint::PlanNumber,
        "indicator.code" => Constraint::IndicatorCode,
        "population_group.code" => Constraint::GroupCode,
        "request.subject, request.id" => Constraint::RequestId,
        "account.login" => Constraint::Login,
        "service_key.account_id, service_key.kid" => Constraint::ServiceKey,
        "external_identity.issuer, external_identity.subject" => Constraint::External,
        quota if quota.starts_with("quota.drive_id") => Constraint::QuotaKey,
        _ => {
            tracing::warn!(message, "a rule of the database refused a row");
            Constraint::Check
        }
    }
}

/// What a failed commit means: a write that the disk refused may still be found in the log after a crash.
pub(crate) fn commit_failed(error: Error) -> StoreError {
    match failed(error) {
        StoreError::Unavailable(why) if why.contains("I/O") => StoreError::Unknown(why),
        known => known,
    }
}
