//! Laws: what holds whatever is done, tried on many made-up cases.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests fail loudly")]

mod grants;
mod quotas;
mod stack;
mod units;
