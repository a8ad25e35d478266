//! The real binary on both databases, spoken to as a client does: over HTTP, with a token.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests fail loudly")]

mod access;
mod accounts;
mod acts;
mod bootstrap;
mod budgets;
mod discipline;
mod emulation;
mod external;
mod keys;
mod known;
mod machines;
mod office;
mod official;
mod operation;
mod places;
mod planning;
mod plans;
mod printed;
mod progress;
mod proposals;
mod reforms;
mod reporting;
mod reports;
mod revocation;
mod sign_in;
mod tallies;
mod teams;
mod tokens;
mod truth;
mod units;
