//! The real binary on both databases, spoken to as a client does: over HTTP, with a token.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests fail loudly")]

mod access;
mod budgets;
mod operation;
mod places;
mod planning;
mod plans;
mod printed;
mod progress;
mod reforms;
mod reporting;
mod sign_in;
mod tallies;
mod teams;
mod units;
