//! Statements over whole batches: one JSON array of rows, taken apart by `jsonb_each`. One text per statement, so that
//! it is prepared once, and no limit of bound values. `pg/bulk.rs` has the same functions over arrays.

use std::fmt::Write;

use caodiem_domain::audit::hex;
use caodiem_domain::request::RequestKey;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Integer, Nullable, SmallInt, Text};
use diesel::sqlite::Sqlite;

use super::Conn;
use crate::rows::audit::RecordRow;
use crate::rows::extract::{OfficialQuestion, OfficialRow};
use crate::rows::quota::QuotaRow;
use crate::rows::request::RequestRow;
use crate::rows::rollup::RollupRow;
use crate::rows::tally::{ChangeRow, ReportRow, SlotRow, TallyRow};
use crate::rows::unit::MoveRow;

/// Declares a statement over a batch: the JSON is bound between two pieces of SQL.
macro_rules! statement {
    ($(#[$doc:meta])* $name:ident -> $gives:ty { $before:literal, $after:literal }) => {
        $(#[$doc])*
        #[derive(QueryId)]
        struct $name(String);

        impl Query for $name {
            type SqlType = $gives;
        }

        impl RunQueryDsl<Conn> for $name {}

        impl QueryFragment<Sqlite> for $name {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
                out.push_sql($before);
                out.push_bind_param::<Text, _>(&self.0)?;
                out.push_sql($after);
                Ok(())
            }
        }
    };
}

type SlotSql = (BigInt, Integer, BigInt, BigInt, SmallInt, BigInt);
type TallySql = (SlotSql, BigInt, Integer, BigInt, Text, BigInt, Nullable<BigInt>, Nullable<Text>);

statement! {
    InsertTallies -> () {
        "INSERT INTO tally (book_id, day, unit_id, indicator_id, reporter_kind, reporter_id, drive_id, revision,
            value, author, received_at, device_at, reason, prev)
        SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
            value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, 0
        FROM jsonb_each(",
        ")"
    }
}

statement! {
    ReplaceTallies -> (SlotSql, BigInt, BigInt) {
        "UPDATE tally SET revision = next.value ->> 7, value = next.value ->> 8, prev = tally.value,
            author = next.value ->> 9, received_at = next.value ->> 10, device_at = next.value ->> 11,
            reason = next.value ->> 12
        FROM jsonb_each(",
        ") AS next
        WHERE book_id = next.value ->> 0 AND day = next.value ->> 1 AND unit_id = next.value ->> 2
            AND indicator_id = next.value ->> 3 AND reporter_kind = next.value ->> 4 AND reporter_id = next.value ->> 5
            AND revision = (next.value ->> 7) - 1 AND drive_id = next.value ->> 6
        RETURNING book_id, day, unit_id, indicator_id, reporter_kind, reporter_id, prev, value"
    }
}

/// Revisions as both statements take them.
fn revisions(rows: &[TallyRow]) -> String {
    json(rows, |row, out| {
        slot(&row.slot, out);
        numbers(&[row.drive_id, row.revision.into(), row.value], out);
        text(Some(&row.author), out);
        numbers(&[row.received_at], out);
        number_or_null(row.device_at, out);
        text(row.reason.as_deref(), out);
    })
}

/// Writes first revisions, sorted by slot; a slot that has one ends the job.
pub(crate) fn insert_tallies(conn: &mut Conn, rows: &[TallyRow]) -> QueryResult<usize> {
    InsertTallies(revisions(rows)).execute(conn)
}

/// Puts revisions, sorted by slot and each slot once, in the place of those before them, and gives the change of each that
/// was taken. What they replace is kept by the database itself.
pub(crate) fn replace_tallies(conn: &mut Conn, rows: &[TallyRow]) -> QueryResult<Vec<ChangeRow>> {
    ReplaceTallies(revisions(rows)).load(conn)
}

statement! {
    PutReports -> () {
        "INSERT INTO report (drive_id, day, reporter_kind, reporter_id, unit_id, nil, first_received_at,
            last_received_at, late_reason)
        SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
            value ->> 8
        FROM jsonb_each(",
        ") WHERE TRUE
        ON CONFLICT (drive_id, day, reporter_kind, reporter_id) DO UPDATE SET
            nil = report.nil AND excluded.nil,
            late_reason = CASE WHEN excluded.first_received_at < report.first_received_at
                THEN excluded.late_reason ELSE report.late_reason END,
            first_received_at = MIN(report.first_received_at, excluded.first_received_at),
            last_received_at = MAX(report.last_received_at, excluded.last_received_at)"
    }
}

/// Writes reports, sorted by key and each key once, into what stands of them.
pub(crate) fn put_reports(conn: &mut Conn, rows: &[ReportRow]) -> QueryResult<usize> {
    let batch = json(rows, |row, out| {
        numbers(&[row.drive_id, row.day.into(), row.reporter_kind.into(), row.reporter_id, row.unit_id], out);
        numbers(&[row.nil.into(), row.first_received_at, row.last_received_at], out);
        text(row.late_reason.as_deref(), out);
    });
    PutReports(batch).execute(conn)
}

statement! {
    AddToRollup -> () {
        "INSERT INTO rollup (drive_id, week, unit_id, indicator_id, own_0, own_1, own_2, own_3, own_4, own_5, own_6,
            below_0, below_1, below_2, below_3, below_4, below_5, below_6)
        SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
            value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, value ->> 13, value ->> 14, value ->> 15,
            value ->> 16, value ->> 17
        FROM jsonb_each(",
        ") WHERE TRUE
        ON CONFLICT (drive_id, week, unit_id, indicator_id) DO UPDATE SET
            own_0 = COALESCE(rollup.own_0 + excluded.own_0, excluded.own_0, rollup.own_0),
            own_1 = COALESCE(rollup.own_1 + excluded.own_1, excluded.own_1, rollup.own_1),
            own_2 = COALESCE(rollup.own_2 + excluded.own_2, excluded.own_2, rollup.own_2),
            own_3 = COALESCE(rollup.own_3 + excluded.own_3, excluded.own_3, rollup.own_3),
            own_4 = COALESCE(rollup.own_4 + excluded.own_4, excluded.own_4, rollup.own_4),
            own_5 = COALESCE(rollup.own_5 + excluded.own_5, excluded.own_5, rollup.own_5),
            own_6 = COALESCE(rollup.own_6 + excluded.own_6, excluded.own_6, rollup.own_6),
            below_0 = COALESCE(rollup.below_0 + excluded.below_0, excluded.below_0, rollup.below_0),
            below_1 = COALESCE(rollup.below_1 + excluded.below_1, excluded.below_1, rollup.below_1),
            below_2 = COALESCE(rollup.below_2 + excluded.below_2, excluded.below_2, rollup.below_2),
            below_3 = COALESCE(rollup.below_3 + excluded.below_3, excluded.below_3, rollup.below_3),
            below_4 = COALESCE(rollup.below_4 + excluded.below_4, excluded.below_4, rollup.below_4),
            below_5 = COALESCE(rollup.below_5 + excluded.below_5, excluded.below_5, rollup.below_5),
            below_6 = COALESCE(rollup.below_6 + excluded.below_6, excluded.below_6, rollup.below_6)"
    }
}

/// Adds to rows of the roll-up, sorted by key and each key once.
pub(crate) fn add_to_rollup(conn: &mut Conn, rows: &[RollupRow]) -> QueryResult<usize> {
    let batch = json(rows, |row, out| {
        numbers(&[row.drive_id, row.week.into(), row.unit_id, row.indicator_id], out);
        for sum in row.own.iter().chain(&row.below) {
            number_or_null(*sum, out);
        }
    });
    AddToRollup(batch).execute(conn)
}

statement! {
    StandingTallies -> TallySql {
        "SELECT book_id, day, unit_id, indicator_id, reporter_kind, reporter_id,
            drive_id, revision, tally.value, author, received_at, device_at, reason
        FROM jsonb_each(",
        ") AS slot CROSS JOIN tally ON book_id = slot.value ->> 0 AND day = slot.value ->> 1
            AND unit_id = slot.value ->> 2 AND indicator_id = slot.value ->> 3
            AND reporter_kind = slot.value ->> 4 AND reporter_id = slot.value ->> 5"
    }
}

/// The standing figures of slots, in no particular order.
pub(crate) fn standing_tallies(conn: &mut Conn, slots: &[SlotRow]) -> QueryResult<Vec<TallyRow>> {
    StandingTallies(json(slots, slot)).load(conn)
}

statement! {
    TallyRevisions -> TallySql {
        "SELECT book_id, day, unit_id, indicator_id, reporter_kind, reporter_id,
            drive_id, revision, history.value, author, received_at, device_at, reason
        FROM jsonb_each(",
        ") AS slot CROSS JOIN tally_revision AS history ON book_id = slot.value ->> 0 AND day = slot.value ->> 1
            AND unit_id = slot.value ->> 2 AND indicator_id = slot.value ->> 3
            AND reporter_kind = slot.value ->> 4 AND reporter_id = slot.value ->> 5
        ORDER BY revision"
    }
}

/// The replaced revisions of slots, oldest first.
pub(crate) fn tally_revisions(conn: &mut Conn, slots: &[SlotRow]) -> QueryResult<Vec<TallyRow>> {
    TallyRevisions(json(slots, slot)).load(conn)
}

statement! {
    AmendQuotas -> () {
        "UPDATE quota SET unit_id = batch.value ->> 1, basis = batch.value ->> 2, amount = batch.value ->> 3,
            due = batch.value ->> 4, counts_opening = batch.value ->> 5, version = batch.value ->> 6
        FROM jsonb_each(",
        ") AS batch
        WHERE quota.id = batch.value ->> 0 AND quota.version = (batch.value ->> 6) - 1"
    }
}

/// Amends quotas that stand one version before; says how many did.
pub(crate) fn amend_quotas(conn: &mut Conn, rows: &[QuotaRow]) -> QueryResult<usize> {
    let batch = json(rows, |row, out| {
        numbers(&[row.id, row.unit_id], out);
        text(Some(&row.basis), out);
        text(Some(&row.amount), out);
        text(row.due.map(|day| day.to_string()).as_deref(), out);
        numbers(&[row.counts_opening.into(), row.version.into()], out);
    });
    AmendQuotas(batch).execute(conn)
}

statement! {
    KnownRequests -> (Text, Text, Text, Text, BigInt) {
        "SELECT subject, request.id, fingerprint, outcome, at
        FROM jsonb_each(",
        ") AS key CROSS JOIN request ON subject = key.value ->> 0 AND request.id = key.value ->> 1"
    }
}

/// What is recorded under the subjects and ids of requests.
pub(crate) fn known_requests(conn: &mut Conn, keys: &[RequestKey]) -> QueryResult<Vec<RequestRow>> {
    let batch = json(keys, |key, out| {
        text(Some(key.subject.as_str()), out);
        text(Some(key.id.as_str()), out);
    });
    KnownRequests(batch).load(conn)
}

statement! {
    RecordRequests -> () {
        "INSERT INTO request (subject, id, fingerprint, outcome, at)
        SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM jsonb_each(",
        ")"
    }
}

/// Records requests; one that is known already ends the job.
pub(crate) fn record_requests(conn: &mut Conn, rows: &[RequestRow]) -> QueryResult<usize> {
    let batch = json(rows, |row, out| {
        for part in [&row.subject, &row.id, &row.fingerprint, &row.outcome] {
            text(Some(part), out);
        }
        numbers(&[row.at], out);
    });
    RecordRequests(batch).execute(conn)
}

statement! {
    InsertRecords -> () {
        "INSERT INTO audit (seq, at, account_id, subject, assignment_id, role, operation, unit_id, input, changes,
            outcome, request, previous, hash)
        SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
            value ->> 8, value ->> 9, value ->> 10, value ->> 11, UNHEX(value ->> 12), UNHEX(value ->> 13)
        FROM jsonb_each(",
        ")"
    }
}

/// Adds acts to the record, in the order of the chain, and moves the head to the last of them; records their requests.
pub(crate) fn insert_records(conn: &mut Conn, rows: &[RecordRow], requests: &[RequestRow]) -> QueryResult<usize> {
    if !requests.is_empty() {
        record_requests(conn, requests)?;
    }
    let batch = json(rows, |row, out| {
        numbers(&[row.seq, row.at, row.account_id], out);
        text(Some(&row.subject), out);
        numbers(&[row.assignment_id], out);
        text(row.role.as_deref(), out);
        text(Some(&row.operation), out);
        number_or_null(row.unit_id, out);
        for part in [&row.input, &row.changes, &row.outcome, &row.request] {
            text(Some(part), out);
        }
        for bytes in [&row.previous, &row.hash] {
            text(Some(&hex(bytes)), out);
        }
    });
    if let Some(last) = rows.last() {
        let head = sql_query("UPDATE audit_head SET seq = $1, hash = $2");
        head.bind::<BigInt, _>(last.seq).bind::<Binary, _>(&last.hash).execute(conn)?;
    }
    InsertRecords(batch).execute(conn)
}

/// Moves subtrees that do not overlap. One statement each, prepared once: joined with a batch, SQLite goes over all units
/// for each move instead of searching for its range.
pub(crate) fn move_paths(conn: &mut Conn, rows: &[MoveRow]) -> QueryResult<usize> {
    rows.iter().try_fold(0, |moved, row| {
        let statement = sql_query("UPDATE unit SET path = $1 || SUBSTR(path, $2) WHERE path >= $3 AND path < $4")
            .bind::<Text, _>(&row.to)
            .bind::<Integer, _>(row.rest)
            .bind::<Text, _>(&row.from)
            .bind::<Text, _>(&row.end);
        Ok(moved + statement.execute(conn)?)
    })
}

statement! {
    InsertOfficialFigures -> () {
        "INSERT INTO official_figure (unit_id, indicator_id, source_id, as_of, extract_id, value)
        SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM jsonb_each(",
        ")"
    }
}

/// Adds official figures, sorted by unit and indicator.
pub(crate) fn insert_official_figures(conn: &mut Conn, rows: &[OfficialRow]) -> QueryResult<usize> {
    let batch = json(rows, |row, out| {
        let place = [row.unit_id, row.indicator_id, row.source_id];
        numbers(&place, out);
        numbers(&[row.as_of, row.extract_id, row.value], out);
    });
    InsertOfficialFigures(batch).execute(conn)
}

statement! {
    /// One search of the key for each unit, indicator and source, however long the history is. The question is one row of
    /// JSON: units, indicators, source, after, until.
    OfficialFigures -> (BigInt, BigInt, BigInt, BigInt, BigInt, BigInt) {
        "WITH question AS MATERIALIZED (SELECT ",
        " AS asked),
        place AS MATERIALIZED (
            SELECT unit.value AS unit_id, kind.value AS indicator_id, origin.id AS source_id,
                question.asked ->> 3 AS low, question.asked ->> 4 AS high
            FROM question CROSS JOIN json_each(question.asked, '$[0]') AS unit
            CROSS JOIN json_each(question.asked, '$[1]') AS kind
            CROSS JOIN official_source AS origin
            WHERE origin.id = COALESCE(question.asked ->> 2, origin.id)
        )
        SELECT figure.unit_id, figure.indicator_id, figure.source_id, figure.as_of, figure.extract_id, figure.value
        FROM place CROSS JOIN official_figure AS figure
        WHERE figure.unit_id = place.unit_id AND figure.indicator_id = place.indicator_id
            AND figure.source_id = place.source_id
            AND (figure.as_of, figure.extract_id) = (
                SELECT latest.as_of, latest.extract_id FROM official_figure AS latest
                WHERE latest.unit_id = place.unit_id AND latest.indicator_id = place.indicator_id
                    AND latest.source_id = place.source_id AND latest.as_of > place.low AND latest.as_of <= place.high
                ORDER BY latest.as_of DESC, latest.extract_id DESC LIMIT 1
            )"
    }
}

/// The standing figures that a question is for, in no particular order.
pub(crate) fn official_figures(conn: &mut Conn, question: &OfficialQuestion<'_>) -> QueryResult<Vec<OfficialRow>> {
    let OfficialQuestion { units, indicators, source, after, until } = question;
    OfficialFigures(serde_json::json!([units, indicators, source, after, until]).to_string()).load(conn)
}

/// `[[…],[…]]`: each row as `write` writes it.
fn json<R>(rows: &[R], write: impl Fn(&R, &mut String)) -> String {
    let mut out = String::with_capacity(rows.len() * 64 + 2);
    out.push('[');
    for row in rows {
        out.push_str(if out.len() > 1 { ",[" } else { "[" });
        write(row, &mut out);
        out.push(']');
    }
    out.push(']');
    out
}

fn slot(slot: &SlotRow, out: &mut String) {
    numbers(&[slot.book_id, slot.day.into(), slot.unit_id, slot.indicator_id], out);
    numbers(&[slot.reporter_kind.into(), slot.reporter_id], out);
}

fn numbers(values: &[i64], out: &mut String) {
    for value in values {
        next(out);
        // Writing into a String cannot fail.
        let _ = write!(out, "{value}");
    }
}

fn number_or_null(value: Option<i64>, out: &mut String) {
    match value {
        Some(number) => numbers(&[number], out),
        None => text(None, out),
    }
}

fn text(value: Option<&str>, out: &mut String) {
    next(out);
    let _ = write!(out, "{}", serde_json::Value::from(value));
}

fn next(out: &mut String) {
    if !out.ends_with('[') {
        out.push(',');
    }
}
