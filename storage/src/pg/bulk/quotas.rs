//! Quotas.

use caodiem_domain::time::Day;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bool, Date, Integer, Nullable, Text};

use super::{Conn, column};
use crate::rows::quota::QuotaRow;

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
