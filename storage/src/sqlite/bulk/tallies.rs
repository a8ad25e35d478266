//! Tallies and reports.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Integer, Nullable, SmallInt, Text};
use diesel::sqlite::Sqlite;

use super::{Conn, json, number_or_null, numbers, text};
use crate::rows::tally::{ChangeRow, ReportRow, SlotRow, TallyRow};

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

fn slot(slot: &SlotRow, out: &mut String) {
    numbers(&[slot.book_id, slot.day.into(), slot.unit_id, slot.indicator_id], out);
    numbers(&[slot.reporter_kind.into(), slot.reporter_id], out);
}
