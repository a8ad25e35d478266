//! The gates over the repository itself. Each rule is a function that gives what breaks it, so that every gate is also
//! shown to refuse what it is there to refuse.
#![expect(clippy::expect_used, reason = "tests fail loudly")]

mod arrows;
mod controls;
mod files;
mod gates;
mod golden;
mod schema;
mod sources;
