//! Request ids that took effect.

use caodiem_domain::request::RequestKey;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Text};

use super::{Conn, column};
use crate::rows::request::RequestRow;

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
