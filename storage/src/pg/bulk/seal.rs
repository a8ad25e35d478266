//! What a job leaves to its end, all in one round trip: others wait for the rows it writes here until it commits.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Binary, Integer, Nullable, Text};

use super::{Conn, column};
use crate::rows::audit::RecordRow;
use crate::rows::request::RequestRow;
use crate::rows::rollup::{ADD_UP, RollupRow};

statement! {
    Seal -> () {
        "WITH batch (seq, at, account_id, subject, assignment_id, role, operation, unit_id, input, changes, outcome,
            request, previous, hash) AS (SELECT * FROM unnest(",
        seq: BigInt = i64, at: BigInt = i64, account: BigInt = i64, subject: Text = String, assignment: BigInt = i64,
        role: Nullable<Text> = Option<String>, operation: Text = String, object: Nullable<BigInt> = Option<i64>,
        input: Text = String, changes: Text = String, outcome: Text = String, request: Text = String,
        previous: Binary = Vec<u8>, hash: Binary = Vec<u8>;
        ")),
        head AS (
            UPDATE audit_head SET seq = last.seq, hash = last.hash
            FROM (SELECT seq, hash FROM batch ORDER BY seq DESC LIMIT 1) AS last
        ),
        record AS (
            INSERT INTO audit (seq, at, account_id, subject, assignment_id, role, operation, unit_id, input, changes,
                outcome, request, previous, hash)
            SELECT * FROM batch
        ),
        kept AS (
            INSERT INTO request (subject, id, fingerprint, outcome, at) SELECT * FROM unnest(",
        key_subject: Text = String, key_id: Text = String, fingerprint: Text = String, answer: Text = String,
        received: BigInt = i64;
        ")
        )
        INSERT INTO rollup (drive_id, week, unit_id, indicator_id, own_0, own_1, own_2, own_3, own_4, own_5, own_6,
            below_0, below_1, below_2, below_3, below_4, below_5, below_6)
        SELECT * FROM unnest(",
        drive: BigInt = i64, week: Integer = i32, unit: BigInt = i64, indicator: BigInt = i64,
        own_0: Nullable<BigInt> = Option<i64>, own_1: Nullable<BigInt> = Option<i64>, own_2: Nullable<BigInt> = Option<i64>,
        own_3: Nullable<BigInt> = Option<i64>, own_4: Nullable<BigInt> = Option<i64>, own_5: Nullable<BigInt> = Option<i64>,
        own_6: Nullable<BigInt> = Option<i64>, below_0: Nullable<BigInt> = Option<i64>, below_1: Nullable<BigInt> = Option<i64>,
        below_2: Nullable<BigInt> = Option<i64>, below_3: Nullable<BigInt> = Option<i64>, below_4: Nullable<BigInt> = Option<i64>,
        below_5: Nullable<BigInt> = Option<i64>, below_6: Nullable<BigInt> = Option<i64> =>
        ") ",
        ADD_UP
    }
}

/// Adds acts to the record, in the order of the chain, and moves the head to the last of them; records requests, of which one
/// that is known already ends the job; adds to rows of the roll-up, sorted by key and each key once.
pub(crate) fn seal(
    conn: &mut Conn,
    records: &[RecordRow],
    requests: &[RequestRow],
    sums: &[RollupRow],
) -> QueryResult<()> {
    let own = |at: usize| column(sums, |row| row.own.get(at).copied().flatten());
    let below = |at: usize| column(sums, |row| row.below.get(at).copied().flatten());
    let statement = Seal {
        seq: column(records, |row| row.seq),
        at: column(records, |row| row.at),
        account: column(records, |row| row.account_id),
        subject: column(records, |row| row.subject.clone()),
        assignment: column(records, |row| row.assignment_id),
        role: column(records, |row| row.role.clone()),
        operation: column(records, |row| row.operation.clone()),
        object: column(records, |row| row.unit_id),
        input: column(records, |row| row.input.clone()),
        changes: column(records, |row| row.changes.clone()),
        outcome: column(records, |row| row.outcome.clone()),
        request: column(records, |row| row.request.clone()),
        previous: column(records, |row| row.previous.clone()),
        hash: column(records, |row| row.hash.clone()),
        key_subject: column(requests, |row| row.subject.clone()),
        key_id: column(requests, |row| row.id.clone()),
        fingerprint: column(requests, |row| row.fingerprint.clone()),
        answer: column(requests, |row| row.outcome.clone()),
        received: column(requests, |row| row.at),
        drive: column(sums, |row| row.drive_id),
        week: column(sums, |row| row.week),
        unit: column(sums, |row| row.unit_id),
        indicator: column(sums, |row| row.indicator_id),
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
    };
    statement.execute(conn).map(drop)
}

/// Adds to rows of the roll-up before the end of a job.
pub(crate) fn add_to_rollup(conn: &mut Conn, sums: &[RollupRow]) -> QueryResult<()> {
    seal(conn, &[], &[], sums)
}
