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
