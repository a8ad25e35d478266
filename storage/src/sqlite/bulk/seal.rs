//! What a job leaves to its end.

use caodiem_domain::audit::hex;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Text};
use diesel::sqlite::Sqlite;

use super::{Conn, json, number_or_null, numbers, text};
use crate::rows::audit::RecordRow;
use crate::rows::request::RequestRow;
use crate::rows::rollup::{ADD_UP, RollupRow};

/// Adds acts to the record, in the order of the chain, and moves the head to the last of them; records requests, of which one
/// that is known already ends the job; adds to rows of the roll-up, sorted by key and each key once.
pub(crate) fn seal(
    conn: &mut Conn,
    records: &[RecordRow],
    requests: &[RequestRow],
    sums: &[RollupRow],
) -> QueryResult<()> {
    record_requests(conn, requests)?;
    add_to_rollup(conn, sums)?;
    insert_records(conn, records)
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

fn insert_records(conn: &mut Conn, rows: &[RecordRow]) -> QueryResult<()> {
    let Some(last) = rows.last() else { return Ok(()) };
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
    let head = sql_query("UPDATE audit_head SET seq = $1, hash = $2");
    head.bind::<BigInt, _>(last.seq).bind::<Binary, _>(&last.hash).execute(conn)?;
    InsertRecords(batch).execute(conn).map(drop)
}

statement! {
    RecordRequests -> () {
        "INSERT INTO request (subject, id, fingerprint, outcome, at)
        SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM jsonb_each(",
        ")"
    }
}

fn record_requests(conn: &mut Conn, rows: &[RequestRow]) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let batch = json(rows, |row, out| {
        for part in [&row.subject, &row.id, &row.fingerprint, &row.outcome] {
            text(Some(part), out);
        }
        numbers(&[row.at], out);
    });
    RecordRequests(batch).execute(conn).map(drop)
}

statement! {
    AddToRollup -> () {
        "INSERT INTO rollup (drive_id, week, unit_id, indicator_id, own_0, own_1, own_2, own_3, own_4, own_5, own_6,
            below_0, below_1, below_2, below_3, below_4, below_5, below_6)
        SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
            value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, value ->> 13, value ->> 14, value ->> 15,
            value ->> 16, value ->> 17
        FROM jsonb_each(",
        ") WHERE TRUE ",
        ADD_UP
    }
}

/// Adds to rows of the roll-up before the end of a job.
pub(crate) fn add_to_rollup(conn: &mut Conn, rows: &[RollupRow]) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let batch = json(rows, |row, out| {
        numbers(&[row.drive_id, row.week.into(), row.unit_id, row.indicator_id], out);
        for sum in row.own.iter().chain(&row.below) {
            number_or_null(*sum, out);
        }
    });
    AddToRollup(batch).execute(conn).map(drop)
}
