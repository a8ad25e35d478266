//! The real tree of 2023 and what became of it: imported, found by name, and figures restated from one onto the other.
#![expect(clippy::expect_used, reason = "tests fail loudly")]

mod changes;
mod country;
mod files;
mod imports;
mod names;
mod restating;
