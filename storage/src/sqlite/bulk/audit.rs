//! The record of acts.

use caodiem_domain::audit::hex;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Text};
use diesel::sqlite::Sqlite;

use super::requests::record_requests;
use super::{Conn, json, number_or_null, numbers, text};
use crate::rows::audit::RecordRow;
use crate::rows::request::RequestRow;

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
