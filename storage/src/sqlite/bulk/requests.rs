//! Request ids that took effect.

use caodiem_domain::request::RequestKey;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::Sqlite;

use super::{Conn, json, text};
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
