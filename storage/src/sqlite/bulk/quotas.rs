//! Quotas.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;

use super::{Conn, json, numbers, text};
use crate::rows::quota::QuotaRow;

statement! {
    AmendQuotas -> () {
        "UPDATE quota SET unit_id = batch.value ->> 1, basis = batch.value ->> 2, amount = batch.value ->> 3,
            due = batch.value ->> 4, counts_opening = batch.value ->> 5, version = batch.value ->> 6
        FROM jsonb_each(",
        ") AS batch
        WHERE quota.id = batch.value ->> 0 AND quota.version = (batch.value ->> 6) - 1"
    }
}

/// Amends quotas that stand one version before; says how many did.
pub(crate) fn amend_quotas(conn: &mut Conn, rows: &[QuotaRow]) -> QueryResult<usize> {
    let batch = json(rows, |row, out| {
        numbers(&[row.id, row.unit_id], out);
        text(Some(&row.basis), out);
        text(Some(&row.amount), out);
        text(row.due.map(|day| day.to_string()).as_deref(), out);
        numbers(&[row.counts_opening.into(), row.version.into()], out);
    });
    AmendQuotas(batch).execute(conn)
}
