//! What the tests stand on: throw-away databases, the real binary, a client, and seeds.
//!
//! Nothing is mocked. SQLite is the fast real thing, PostgreSQL runs as a throw-away cluster of its own.
#![expect(clippy::expect_used, reason = "support for tests: to fail loudly is its work")]

pub mod postgres;
