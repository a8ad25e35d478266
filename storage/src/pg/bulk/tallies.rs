//! Tallies and reports.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, SmallInt, Text};

use super::{Conn, column};
use crate::rows::tally::{ChangeRow, ReportRow, SlotRow, TallyRow};

type SlotSql = (BigInt, Integer, BigInt, BigInt, SmallInt, BigInt);
type TallySql = (SlotSql, BigInt, Integer, BigInt, Text, BigInt, Nullable<BigInt>, Nullable<Text>);

statement! {
    InsertTallies -> () {
        "INSERT INTO tally (book_id, day, unit_id, indicator_id, reporter_kind, reporter_id, drive_id, revision,
            value, author, received_at, device_at, reason, prev)
        SELECT *, 0 FROM unnest(",
        book: BigInt = i64, day: Integer = i32, unit: BigInt = i64, indicator: BigInt = i64, kind: SmallInt = i16,
        reporter: BigInt = i64, drive: BigInt = i64, revision: Integer = i32, value: BigInt = i64, author: Text = String,
        received: BigInt = i64, device: Nullable<BigInt> = Option<i64>, reason: Nullable<Text> = Option<String> =>
        ")"
    }
}

statement! {
    ReplaceTallies -> (SlotSql, BigInt, BigInt) {
        "UPDATE tally SET revision = next.revision, value = next.value, prev = tally.value, author = next.author,
            received_at = next.received_at, device_at = next.device_at, reason = next.reason
        FROM unnest(",
        book: BigInt = i64, day: Integer = i32, unit: BigInt = i64, indicator: BigInt = i64, kind: SmallInt = i16,
        reporter: BigInt = i64, drive: BigInt = i64, revision: Integer = i32, value: BigInt = i64, author: Text = String,
        received: BigInt = i64, device: Nullable<BigInt> = Option<i64>, reason: Nullable<Text> = Option<String> =>
        ") AS next (book_id, day, unit_id, indicator_id, reporter_kind, reporter_id, drive_id, revision, value, author,
            received_at, device_at, reason)
        WHERE (tally.book_id, tally.day, tally.unit_id, tally.indicator_id, tally.reporter_kind, tally.reporter_id)
            = (next.book_id, next.day, next.unit_id, next.indicator_id, next.reporter_kind, next.reporter_id)
            AND tally.revision = next.revision - 1 AND tally.drive_id = next.drive_id
        RETURNING tally.book_id, tally.day, tally.unit_id, tally.indicator_id, tally.reporter_kind, tally.reporter_id,
            tally.prev, tally.value"
    }
}

/// The columns of revisions, as both statements take them.
macro_rules! revisions {
    ($statement:ident, $rows:expr) => {
        $statement {
            book: column($rows, |row| row.slot.book_id),
            day: column($rows, |row| row.slot.day),
            unit: column($rows, |row| row.slot.unit_id),
            indicator: column($rows, |row| row.slot.indicator_id),
            kind: column($rows, |row| row.slot.reporter_kind),
            reporter: column($rows, |row| row.slot.reporter_id),
            drive: column($rows, |row| row.drive_id),
            revision: column($rows, |row| row.revision),
            value: column($rows, |row| row.value),
            author: column($rows, |row| row.author.clone()),
            received: column($rows, |row| row.received_at),
            device: column($rows, |row| row.device_at),
            reason: column($rows, |row| row.reason.clone()),
        }
    };
}

/// Writes first revisions, sorted by slot; a slot that has one ends the job.
pub(crate) fn insert_tallies(conn: &mut Conn, rows: &[TallyRow]) -> QueryResult<usize> {
    revisions!(InsertTallies, rows).execute(conn)
}

/// Puts revisions, sorted by slot and each slot once, in the place of those before them, and gives the change of each that
/// was taken. What they replace is kept by the database itself.
pub(crate) fn replace_tallies(conn: &mut Conn, rows: &[TallyRow]) -> QueryResult<Vec<ChangeRow>> {
    revisions!(ReplaceTallies, rows).load(conn)
}

statement! {
    PutReports -> () {
        "INSERT INTO report (drive_id, day, reporter_kind, reporter_id, unit_id, nil, first_received_at,
            last_received_at, late_reason)
        SELECT * FROM unnest(",
        drive: BigInt = i64, day: Integer = i32, kind: SmallInt = i16, reporter: BigInt = i64, unit: BigInt = i64,
        nil: Bool = bool, first: BigInt = i64, last: BigInt = i64, reason: Nullable<Text> = Option<String> =>
        ") ON CONFLICT (drive_id, day, reporter_kind, reporter_id) DO UPDATE SET
            nil = report.nil AND excluded.nil,
            late_reason = CASE WHEN excluded.first_received_at < report.first_received_at
                THEN excluded.late_reason ELSE report.late_reason END,
            first_received_at = LEAST(report.first_received_at, excluded.first_received_at),
            last_received_at = GREATEST(report.last_received_at, excluded.last_received_at)"
    }
}

/// Writes reports, sorted by key and each key once, into what stands of them.
pub(crate) fn put_reports(conn: &mut Conn, rows: &[ReportRow]) -> QueryResult<usize> {
    PutReports {
        drive: column(rows, |row| row.drive_id),
        day: column(rows, |row| row.day),
        kind: column(rows, |row| row.reporter_kind),
        reporter: column(rows, |row| row.reporter_id),
        unit: column(rows, |row| row.unit_id),
        nil: column(rows, |row| row.nil),
        first: column(rows, |row| row.first_received_at),
        last: column(rows, |row| row.last_received_at),
        reason: column(rows, |row| row.late_reason.clone()),
    }
    .execute(conn)
}

statement! {
    StandingTallies -> TallySql {
        "SELECT book_id, day, unit_id, indicator_id, reporter_kind, reporter_id,
            drive_id, revision, value, author, received_at, device_at, reason
        FROM unnest(",
        book: BigInt = i64, day: Integer = i32, unit: BigInt = i64, indicator: BigInt = i64, kind: SmallInt = i16,
        reporter: BigInt = i64 =>
        ") AS slot (book_id, day, unit_id, indicator_id, reporter_kind, reporter_id)
        JOIN tally USING (book_id, day, unit_id, indicator_id, reporter_kind, reporter_id)"
    }
}

/// The columns of slots, as both statements take them.
macro_rules! slots {
    ($statement:ident, $slots:expr) => {
        $statement {
            book: column($slots, |slot| slot.book_id),
            day: column($slots, |slot| slot.day),
            unit: column($slots, |slot| slot.unit_id),
            indicator: column($slots, |slot| slot.indicator_id),
            kind: column($slots, |slot| slot.reporter_kind),
            reporter: column($slots, |slot| slot.reporter_id),
        }
    };
}

/// The standing figures of slots, in no particular order.
pub(crate) fn standing_tallies(conn: &mut Conn, slots: &[SlotRow]) -> QueryResult<Vec<TallyRow>> {
    slots!(StandingTallies, slots).load(conn)
}

statement! {
    TallyRevisions -> TallySql {
        "SELECT book_id, day, unit_id, indicator_id, reporter_kind, reporter_id,
            drive_id, revision, value, author, received_at, device_at, reason
        FROM unnest(",
        book: BigInt = i64, day: Integer = i32, unit: BigInt = i64, indicator: BigInt = i64, kind: SmallInt = i16,
        reporter: BigInt = i64 =>
        ") AS slot (book_id, day, unit_id, indicator_id, reporter_kind, reporter_id)
        JOIN tally_revision USING (book_id, day, unit_id, indicator_id, reporter_kind, reporter_id)
        ORDER BY revision"
    }
}

/// The replaced revisions of slots, oldest first.
pub(crate) fn tally_revisions(conn: &mut Conn, slots: &[SlotRow]) -> QueryResult<Vec<TallyRow>> {
    slots!(TallyRevisions, slots).load(conn)
}
