//! Objects: a newtype over the domain's entity each. Their methods are the contract; edges go through loaders.

pub(crate) mod account;
pub(crate) mod act;
pub(crate) mod assignment;
pub(crate) mod baseline;
pub(crate) mod basis;
pub(crate) mod calendar;
pub(crate) mod cascade;
pub(crate) mod catalogue;
pub(crate) mod column;
pub(crate) mod drive;
pub(crate) mod holder;
pub(crate) mod pace;
pub(crate) mod period_report;
pub(crate) mod plan;
pub(crate) mod problem;
pub(crate) mod progress;
pub(crate) mod proposal;
pub(crate) mod quota;
pub(crate) mod right;
pub(crate) mod session;
pub(crate) mod submission;
pub(crate) mod tally;
pub(crate) mod team;
pub(crate) mod unit;
pub(crate) mod viewer;
