//! What the tests stand on: throw-away databases, the real binary, a client, and seeds.
//!
//! Nothing is mocked. SQLite is the fast real thing, PostgreSQL runs as a throw-away cluster of its own.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "support for tests: to fail loudly is its work")]

pub mod app;
pub mod binary;
pub mod client;
pub mod database;
pub mod forge;
pub mod golden;
pub mod people;
pub mod postgres;
mod scratch;
pub mod seed;
pub mod stage;
mod template;
pub mod vault;
pub mod wait;

/// Runs a test on both databases: `on_both! { a_sentence(backend) { … } }` makes `a_sentence::sqlite` and
/// `a_sentence::postgres`.
#[macro_export]
macro_rules! on_both {
    ($($(#[$attribute:meta])* $name:ident($backend:ident) $body:block)+) => {$(
        $(#[$attribute])*
        mod $name {
            #[allow(unused_imports, clippy::allow_attributes, reason = "not every body names something outside of it")]
            use super::*;

            fn body($backend: $crate::database::Backend) $body

            #[test]
            fn sqlite() {
                body($crate::database::Backend::Sqlite);
            }

            #[test]
            fn postgres() {
                body($crate::database::Backend::Postgres);
            }
        }
    )+};
}
