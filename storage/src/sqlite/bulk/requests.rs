//! Request ids that took effect.

use caodiem_domain::request::RequestKey;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::Sqlite;

use super::{Conn, json, numbers, text};
use crate::rows::request::RequestRow;

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
