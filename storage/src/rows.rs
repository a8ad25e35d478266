//! Rows: private structs of primitives, and what makes them entities again.

pub(crate) mod account;
pub(crate) mod assignment;
pub(crate) mod audit;
pub(crate) mod baseline;
pub(crate) mod basis;
pub(crate) mod code;
pub(crate) mod column;
pub(crate) mod compilation;
pub(crate) mod drive;
pub(crate) mod emulation;
pub(crate) mod exact;
pub(crate) mod extract;
pub(crate) mod indicator;
pub(crate) mod inspection;
pub(crate) mod moment;
pub(crate) mod period_report;
pub(crate) mod proposal;
pub(crate) mod quota;
pub(crate) mod reporting;
pub(crate) mod request;
pub(crate) mod rollup;
pub(crate) mod sample;
pub(crate) mod session;
pub(crate) mod settlement;
pub(crate) mod tally;
pub(crate) mod team;
pub(crate) mod unit;

use std::fmt::Debug;

use caodiem_domain::error::StoreError;

/// The error for a stored value that the domain's types refuse; `what` is its table and column.
pub(crate) fn corrupt<E: Debug>(what: &str) -> impl FnOnce(E) -> StoreError {
    move |why| StoreError::Corrupt(format!("{what}: {why:?}"))
}
