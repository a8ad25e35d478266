//! Statements over whole batches: arrays, unnested. One round trip however many rows, and one text per statement, so
//! that it is prepared once. `sqlite/bulk.rs` has the same functions over JSON.

use caodiem_domain::request::RequestKey;
use caodiem_domain::time::Day;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Binary, Bool, Date, Integer, Nullable, SmallInt, Text};

use super::Conn;
use crate::rows::audit::RecordRow;
use crate::rows::extract::{OfficialQuestion, OfficialRow};
use crate::rows::quota::QuotaRow;
use crate::rows::request::RequestRow;
use crate::rows::rollup::RollupRow;
use crate::rows::tally::{ChangeRow, ReportRow, SlotRow, TallyRow};
use crate::rows::unit::MoveRow;

/// Declares a statement over columns of batches: their arrays are bound one after the other between pieces of SQL.
macro_rules! statement {
    ($(#[$doc:meta])* $name:ident -> $gives:ty {
        $($before:literal, $($column:ident: $sql:ty = $rust:ty),+);+ => $after:literal
    }) => {
        $(#[$doc])*
        #[derive(QueryId)]
        struct $name { $($($column: Vec<$rust>),+),+ }

        impl Query for $name {
            type SqlType = $gives;
        }

        impl RunQueryDsl<Conn> for $name {}

        impl QueryFragment<Pg> for $name {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
                $(
                    let mut between = $before;
                    $(
                        out.push_sql(between);
                        out.push_bind_param::<Array<$sql>, _>(&self.$column)?;
                        between = ", ";
                    )+
                    let _ = between;
                )+
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
    AddToRollup -> () {
        "INSERT INTO rollup (drive_id, week, unit_id, indicator_id, own_0, own_1, own_2, own_3, own_4, own_5, own_6,
            below_0, below_1, below_2, below_3, below_4, below_5, below_6)
        SELECT * FROM unnest(",
        drive: BigInt = i64, week: Integer = i32, unit: BigInt = i64, indicator: BigInt = i64,
        own_0: Nullable<BigInt> = Option<i64>, own_1: Nullable<BigInt> = Option<i64>, own_2: Nullable<BigInt> = Option<i64>,
        own_3: Nullable<BigInt> = Option<i64>, own_4: Nullable<BigInt> = Option<i64>, own_5: Nullable<BigInt> = Option<i64>,
        own_6: Nullable<BigInt> = Option<i64>, below_0: Nullable<BigInt> = Option<i64>, below_1: Nullable<BigInt> = Option<i64>,
        below_2: Nullable<BigInt> = Option<i64>, below_3: Nullable<BigInt> = Option<i64>, below_4: Nullable<BigInt> = Option<i64>,
        below_5: Nullable<BigInt> = Option<i64>, below_6: Nullable<BigInt> = Option<i64> =>
        ") ON CONFLICT (drive_id, week, unit_id, indicator_id) DO UPDATE SET
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
    let own = |at: usize| column(rows, |row| row.own.get(at).copied().flatten());
    let below = |at: usize| column(rows, |row| row.below.get(at).copied().flatten());
    AddToRollup {
        drive: column(rows, |row| row.drive_id),
        week: column(rows, |row| row.week),
        unit: column(rows, |row| row.unit_id),
        indicator: column(rows, |row| row.indicator_id),
        own_0: own(0),
        own_1: own(1),
        own_2: own(2),
        own_3: own(3),
        own_4: own(4),
        own_5: own(5),
        own_6: own(6),
        below_0: below(0),
        below_1: below(1),
        below_2: below(2),
        below_3: below(3),
        below_4: below(4),
        below_5: below(5),
        below_6: below(6),
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

/// The standing figures of slots, in no particular order.
pub(crate) fn standing_tallies(conn: &mut Conn, slots: &[SlotRow]) -> QueryResult<Vec<TallyRow>> {
    StandingTallies {
        book: column(slots, |slot| slot.book_id),
        day: column(slots, |slot| slot.day),
        unit: column(slots, |slot| slot.unit_id),
        indicator: column(slots, |slot| slot.indicator_id),
        kind: column(slots, |slot| slot.reporter_kind),
        reporter: column(slots, |slot| slot.reporter_id),
    }
    .load(conn)
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
    TallyRevisions {
        book: column(slots, |slot| slot.book_id),
        day: column(slots, |slot| slot.day),
        unit: column(slots, |slot| slot.unit_id),
        indicator: column(slots, |slot| slot.indicator_id),
        kind: column(slots, |slot| slot.reporter_kind),
        reporter: column(slots, |slot| slot.reporter_id),
    }
    .load(conn)
}

statement! {
    AmendQuotas -> () {
        "UPDATE quota SET unit_id = batch.unit_id, basis = batch.basis, amount = batch.amount, due = batch.due,
            counts_opening = batch.counts_opening, version = batch.version
        FROM unnest(",
        id: BigInt = i64, unit: BigInt = i64, basis: Text = String, amount: Text = String,
        due: Nullable<Date> = Option<Day>, counts_opening: Bool = bool, version: Integer = i32 =>
        ") AS batch (id, unit_id, basis, amount, due, counts_opening, version)
        WHERE quota.id = batch.id AND quota.version = batch.version - 1"
    }
}

/// Amends quotas that stand one version before; says how many did.
pub(crate) fn amend_quotas(conn: &mut Conn, rows: &[QuotaRow]) -> QueryResult<usize> {
    AmendQuotas {
        id: column(rows, |row| row.id),
        unit: column(rows, |row| row.unit_id),
        basis: column(rows, |row| row.basis.clone()),
        amount: column(rows, |row| row.amount.clone()),
        due: column(rows, |row| row.due),
        counts_opening: column(rows, |row| row.counts_opening),
        version: column(rows, |row| row.version),
    }
    .execute(conn)
}

statement! {
    KnownRequests -> (Text, Text, Text, Text, BigInt) {
        "SELECT subject, id, fingerprint, outcome, at FROM unnest(",
        subject: Text = String, id: Text = String =>
        ") AS key (subject, id) JOIN request USING (subject, id)"
    }
}

/// What is recorded under the subjects and ids of requests.
pub(crate) fn known_requests(conn: &mut Conn, keys: &[RequestKey]) -> QueryResult<Vec<RequestRow>> {
    KnownRequests { subject: column(keys, |key| key.subject.to_string()), id: column(keys, |key| key.id.to_string()) }
        .load(conn)
}

statement! {
    RecordRequests -> () {
        "INSERT INTO request (subject, id, fingerprint, outcome, at) SELECT * FROM unnest(",
        subject: Text = String, id: Text = String, fingerprint: Text = String, outcome: Text = String, at: BigInt = i64 =>
        ")"
    }
}

/// Records requests; one that is known already ends the job.
pub(crate) fn record_requests(conn: &mut Conn, rows: &[RequestRow]) -> QueryResult<usize> {
    RecordRequests {
        subject: column(rows, |row| row.subject.clone()),
        id: column(rows, |row| row.id.clone()),
        fingerprint: column(rows, |row| row.fingerprint.clone()),
        outcome: column(rows, |row| row.outcome.clone()),
        at: column(rows, |row| row.at),
    }
    .execute(conn)
}

statement! {
    InsertRecords -> () {
        "WITH batch (seq, at, account_id, subject, assignment_id, role, operation, unit_id, input, changes, outcome,
            request, previous, hash) AS (SELECT * FROM unnest(",
        seq: BigInt = i64, at: BigInt = i64, account: BigInt = i64, subject: Text = String, assignment: BigInt = i64,
        role: Nullable<Text> = Option<String>, operation: Text = String, unit: Nullable<BigInt> = Option<i64>,
        input: Text = String, changes: Text = String, outcome: Text = String, request: Text = String,
        previous: Binary = Vec<u8>, hash: Binary = Vec<u8>;
        ")),
        head AS (
            UPDATE audit_head SET (seq, hash) = (SELECT seq, hash FROM batch ORDER BY seq DESC LIMIT 1)
        ),
        kept AS (
            INSERT INTO request (subject, id, fingerprint, outcome, at) SELECT * FROM unnest(",
        key_subject: Text = String, key_id: Text = String, fingerprint: Text = String, answer: Text = String,
        received: BigInt = i64 =>
        ")
        )
        INSERT INTO audit (seq, at, account_id, subject, assignment_id, role, operation, unit_id, input, changes,
            outcome, request, previous, hash)
        SELECT * FROM batch"
    }
}

/// Adds acts to the record, in the order of the chain, and moves the head to the last of them; records their requests.
pub(crate) fn insert_records(conn: &mut Conn, rows: &[RecordRow], requests: &[RequestRow]) -> QueryResult<usize> {
    InsertRecords {
        seq: column(rows, |row| row.seq),
        at: column(rows, |row| row.at),
        account: column(rows, |row| row.account_id),
        subject: column(rows, |row| row.subject.clone()),
        assignment: column(rows, |row| row.assignment_id),
        role: column(rows, |row| row.role.clone()),
        operation: column(rows, |row| row.operation.clone()),
        unit: column(rows, |row| row.unit_id),
        input: column(rows, |row| row.input.clone()),
        changes: column(rows, |row| row.changes.clone()),
        outcome: column(rows, |row| row.outcome.clone()),
        request: column(rows, |row| row.request.clone()),
        previous: column(rows, |row| row.previous.clone()),
        hash: column(rows, |row| row.hash.clone()),
        key_subject: column(requests, |row| row.subject.clone()),
        key_id: column(requests, |row| row.id.clone()),
        fingerprint: column(requests, |row| row.fingerprint.clone()),
        answer: column(requests, |row| row.outcome.clone()),
        received: column(requests, |row| row.at),
    }
    .execute(conn)
}

statement! {
    MovePaths -> () {
        "UPDATE unit SET path = move.target || SUBSTR(unit.path, move.rest) FROM unnest(",
        from: Text = String, end: Text = String, to: Text = String, rest: Integer = i32 =>
        ") AS move (low, high, target, rest) WHERE unit.path >= move.low AND unit.path < move.high"
    }
}

/// Moves subtrees that do not overlap.
pub(crate) fn move_paths(conn: &mut Conn, rows: &[MoveRow]) -> QueryResult<usize> {
    MovePaths {
        from: column(rows, |row| row.from.clone()),
        end: column(rows, |row| row.end.clone()),
        to: column(rows, |row| row.to.clone()),
        rest: column(rows, |row| row.rest),
    }
    .execute(conn)
}

fn column<R, T>(rows: &[R], of: impl Fn(&R) -> T) -> Vec<T> {
    rows.iter().map(of).collect()
}

type OfficialSql = (BigInt, BigInt, BigInt, BigInt, BigInt, BigInt);

statement! {
    InsertOfficialFigures -> () {
        "INSERT INTO official_figure (unit_id, indicator_id, source_id, as_of, extract_id, value) SELECT * FROM unnest(",
        unit: BigInt = i64, indicator: BigInt = i64, source: BigInt = i64, as_of: BigInt = i64, extract: BigInt = i64,
        value: BigInt = i64 =>
        ")"
    }
}

/// Adds official figures, sorted by unit and indicator.
pub(crate) fn insert_official_figures(conn: &mut Conn, rows: &[OfficialRow]) -> QueryResult<usize> {
    InsertOfficialFigures {
        unit: column(rows, |row| row.unit_id),
        indicator: column(rows, |row| row.indicator_id),
        source: column(rows, |row| row.source_id),
        as_of: column(rows, |row| row.as_of),
        extract: column(rows, |row| row.extract_id),
        value: column(rows, |row| row.value),
    }
    .execute(conn)
}

/// One search of the key for each unit, indicator and source, however long the history is.
#[derive(QueryId)]
struct OfficialFigures {
    units: Vec<i64>,
    indicators: Vec<i64>,
    source: Option<i64>,
    after: i64,
    until: i64,
}

impl Query for OfficialFigures {
    type SqlType = OfficialSql;
}

impl RunQueryDsl<Conn> for OfficialFigures {}

impl QueryFragment<Pg> for OfficialFigures {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "SELECT place.unit_id, kind.indicator_id, origin.id, latest.as_of, latest.extract_id, latest.value
            FROM unnest(",
        );
        out.push_bind_param::<Array<BigInt>, _>(&self.units)?;
        out.push_sql(") AS place (unit_id) CROSS JOIN unnest(");
        out.push_bind_param::<Array<BigInt>, _>(&self.indicators)?;
        out.push_sql(") AS kind (indicator_id) JOIN official_source AS origin ON origin.id = COALESCE(");
        out.push_bind_param::<Nullable<BigInt>, _>(&self.source)?;
        out.push_sql(
            ", origin.id)
            CROSS JOIN LATERAL (
                SELECT as_of, extract_id, value FROM official_figure
                WHERE unit_id = place.unit_id AND indicator_id = kind.indicator_id AND source_id = origin.id
                    AND as_of > ",
        );
        out.push_bind_param::<BigInt, _>(&self.after)?;
        out.push_sql(" AND as_of <= ");
        out.push_bind_param::<BigInt, _>(&self.until)?;
        out.push_sql(" ORDER BY as_of DESC, extract_id DESC LIMIT 1) AS latest");
        Ok(())
    }
}

/// The standing figures that a question is for, in no particular order.
pub(crate) fn official_figures(conn: &mut Conn, question: &OfficialQuestion<'_>) -> QueryResult<Vec<OfficialRow>> {
    OfficialFigures {
        units: question.units.to_vec(),
        indicators: question.indicators.to_vec(),
        source: question.source,
        after: question.after,
        until: question.until,
    }
    .load(conn)
}
