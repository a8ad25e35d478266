//! The record of acts.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Binary, Nullable, Text};

use super::{Conn, column};
use crate::rows::audit::RecordRow;
use crate::rows::request::RequestRow;

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
