//! The real binary on both databases, spoken to as a client does: over HTTP, with a token.
#![expect(clippy::expect_used, reason = "tests fail loudly")]

mod operation;
mod places;
mod reforms;
mod units;
