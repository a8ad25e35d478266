//! What the shared source asks of PostgreSQL: begin, locks, keys, names of errors.

use caodiem_domain::error::{Constraint, StoreError};
use caodiem_domain::id::Sequence;
use caodiem_domain::ports::Lock;
use diesel::connection::{AnsiTransactionManager, SimpleConnection};
use diesel::expression::ValidGrouping;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error};
use diesel::serialize::ToSql;
use diesel::sql_types::{Array, BigInt, Bool, HasSqlType, Integer, SingleValue, Text};

use super::Conn;
use crate::tables::audit_head;

/// One snapshot for the whole job.
pub(crate) fn begin_read(conn: &mut Conn) -> QueryResult<()> {
    AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
}

/// Each statement sees what is committed: jobs lock what they decide on.
pub(crate) fn begin_write(conn: &mut Conn) -> QueryResult<()> {
    AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN ISOLATION LEVEL READ COMMITTED")
}

/// Keys of advisory locks begin with these letters, so that they do not meet those of other programs.
const LOCK_SPACE: i64 = 0x4341_4F44 << 32;

/// Takes locks in the order given, until the end of the transaction.
pub(crate) fn lock(conn: &mut Conn, locks: &[Lock]) -> Result<(), StoreError> {
    let keys = locks.iter().map(|lock| match lock {
        Lock::TreeShared | Lock::Tree => LOCK_SPACE,
        Lock::BookShared(drive) | Lock::Book(drive) => LOCK_SPACE + drive.get(),
        Lock::Grants => LOCK_SPACE - 1,
        Lock::Extracts => LOCK_SPACE - 11,
    });
    let shared = locks.iter().map(|lock| matches!(lock, Lock::TreeShared | Lock::BookShared(_)));
    TakeLocks { keys: keys.collect(), shared: shared.collect() }.execute(conn).map_err(failed)?;
    Ok(())
}

/// Takes advisory locks row by row, in one round trip.
#[derive(QueryId)]
struct TakeLocks {
    keys: Vec<i64>,
    shared: Vec<bool>,
}

impl RunQueryDsl<Conn> for TakeLocks {}

impl QueryFragment<Pg> for TakeLocks {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "SELECT CASE WHEN shared THEN pg_advisory_xact_lock_shared(key)::TEXT
                ELSE pg_advisory_xact_lock(key)::TEXT END
            FROM UNNEST(",
        );
        out.push_bind_param::<Array<BigInt>, _>(&self.keys)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Bool>, _>(&self.shared)?;
        out.push_sql(") AS lock (key, shared)");
        Ok(())
    }
}

/// Counts units anew after many were written: until autovacuum does, plans would be made for the few there were before.
pub(crate) fn count_units_anew(conn: &mut Conn) -> Result<(), StoreError> {
    conn.batch_execute("ANALYZE unit; ANALYZE unit_version").map_err(failed)
}

#[derive(QueryableByName)]
struct Allocated {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Takes fresh keys off a sequence.
pub(crate) fn allocate(conn: &mut Conn, sequence: Sequence, count: usize) -> Result<Vec<i64>, StoreError> {
    let count = i32::try_from(count).map_err(|_over| StoreError::Other("too many keys at once".to_owned()))?;
    let rows: Vec<Allocated> =
        diesel::sql_query("SELECT nextval($1::TEXT::REGCLASS) AS id FROM generate_series(1, $2)")
            .bind::<Text, _>(crate::rows::code::sequence_name(sequence))
            .bind::<Integer, _>(count)
            .load(conn)
            .map_err(failed)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// How far the chain of acts goes: its place and hash, held until the end of the transaction.
pub(crate) fn take_audit_head(conn: &mut Conn) -> QueryResult<(i64, Vec<u8>)> {
    audit_head::table.select((audit_head::seq, audit_head::hash)).for_update().first(conn)
}

/// True of rows whose key is among some. One key is compared as it is: of an array PostgreSQL does not know the length when it
/// plans, so that it would plan such a look-up anew each time, which takes longer than the look-up.
#[derive(Clone, Debug)]
pub(crate) struct Among<Column, Key> {
    column: Column,
    keys: Vec<Key>,
}

/// See [`Among`].
pub(crate) fn among<Column, Key>(column: Column, keys: impl Iterator<Item = Key>) -> Among<Column, Key> {
    Among { column, keys: keys.collect() }
}

impl<Column: Expression, Key> Expression for Among<Column, Key> {
    type SqlType = Bool;
}

impl<From, Column: AppearsOnTable<From>, Key> AppearsOnTable<From> for Among<Column, Key> {}

impl<From, Column: SelectableExpression<From>, Key> SelectableExpression<From> for Among<Column, Key> {}

impl<Groups, Column: ValidGrouping<Groups>, Key> ValidGrouping<Groups> for Among<Column, Key> {
    type IsAggregate = Column::IsAggregate;
}

/// Known by its text.
impl<Column, Key> QueryId for Among<Column, Key> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Column, Key> QueryFragment<Pg> for Among<Column, Key>
where
    Column: Expression<SqlType: SingleValue> + QueryFragment<Pg>,
    Key: ToSql<Column::SqlType, Pg>,
    Vec<Key>: ToSql<Array<Column::SqlType>, Pg>,
    Pg: HasSqlType<Column::SqlType>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        if let [key] = self.keys.as_slice() {
            out.push_sql(" = ");
            return out.push_bind_param::<Column::SqlType, _>(key);
        }
        out.push_sql(" = ANY(");
        out.push_bind_param::<Array<Column::SqlType>, _>(&self.keys)?;
        out.push_sql(")");
        Ok(())
    }
}

/// diesel's error as the domain's.
pub(crate) fn failed(error: Error) -> StoreError {
    crate::doom::doom();
    match error {
        Error::DatabaseError(kind, information) => refused(kind, information.as_ref()),
        Error::BrokenTransactionManager => StoreError::Unavailable("the session broke".to_owned()),
        Error::RollbackErrorOnCommit { commit_error, .. } => failed(*commit_error),
        other => StoreError::Other(other.to_string()),
    }
}

fn refused(kind: DatabaseErrorKind, information: &dyn DatabaseErrorInformation) -> StoreError {
    use DatabaseErrorKind as Kind;
    let message = information.message();
    if information.constraint_name() == Some("tally_pkey") {
        // A first figure came where one stands by now.
        return StoreError::Stale;
    }
    if let Some(rule) = information.constraint_name().and_then(rule) {
        return StoreError::Conflict(rule);
    }
    match kind {
        Kind::ForeignKeyViolation => StoreError::Conflict(Constraint::Reference),
        Kind::UniqueViolation | Kind::CheckViolation | Kind::NotNullViolation => {
            tracing::warn!(message, "a rule of the database refused a row");
            StoreError::Conflict(Constraint::Check)
        }
        Kind::SerializationFailure => StoreError::Busy,
        Kind::ClosedConnection | Kind::UnableToSendCommand => StoreError::Unavailable(message.to_owned()),
        // The session asks for messages in English; diesel does not hand on the code of the error.
        _ if message.contains("deadlock detected") || message.contains("lock timeout") => StoreError::Busy,
        _ if message.contains("statement timeout") => StoreError::TimedOut,
        _ if message.contains("terminating connection") || message.contains("the database system is") => {
            StoreError::Unavailable(message.to_owned())
        }
        _ => StoreError::Other(message.to_owned()),
    }
}

fn rule(name: &str) -> Option<Constraint> {
    Some(match name {
        "unit_code_taken" | "unit_version_code_key" => Constraint::UnitCode,
        "drive_plan_number_key" => Constraint::PlanNumber,
        "indicator_code_key" => Constraint::IndicatorCode,
        "population_group_code_key" => Constraint::GroupCode,
        "quota_key" => Constraint::QuotaKey,
        "request_id_key" => Constraint::RequestId,
        "account_login_key" => Constraint::Login,
        "service_key_kid_key" => Constraint::ServiceKey,
        "external_identity_key" => Constraint::External,
        "append_only" => Constraint::AppendOnly,
        _ => return None,
    })
}

/// What a failed commit means. Unless the server says that it refused, nobody knows.
pub(crate) fn commit_failed(error: Error) -> StoreError {
    match failed(error) {
        known @ (StoreError::Conflict(_) | StoreError::Busy) => known,
        late @ StoreError::TimedOut => StoreError::Unknown(late.to_string()),
        StoreError::Unavailable(why) | StoreError::Other(why) => StoreError::Unknown(why),
        other => other,
    }
}
