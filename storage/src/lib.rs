//! diesel adapters of the domain's ports: SQLite for one process, PostgreSQL for many.
//!
//! The queries (`repo.rs`, `repo/`) are one source that `pg.rs` and `sqlite.rs` mount each with its own connection
//! type; so is the `store.rs` above them. What the databases do not share stands in `pg/` and `sqlite/`: `connect.rs`
//! (sessions), `dialect.rs` (begin, locks, keys, error names), `bulk.rs` (many rows at once) and `cells.rs` (look-ups in the
//! roll-up). Rows of primitives (`rows/`) are mounted once; each is read back through the domain's constructors, so that a row
//! the domain would not have made is [`Corrupt`](caodiem_domain::error::StoreError::Corrupt), never a wrong figure.
//!
//! Trees, indicators and drives are kept in memory (`memory.rs`) and shared by the transactions of a store; each finds out by a count
//! or a version that it reads itself whether what is kept is what it would read.
//!
//! To add an entity: two migrations of the same name, its table in `tables.rs`, a row in `rows/`, a file in `repo/`.
//! The parity test in `tests/` compares the two databases after every migration. It exempts three things: SQLite's
//! table `sequence` (PostgreSQL has sequences), the types that STRICT tables do not know (dates and timestamps are
//! TEXT, booleans INTEGER), and diesel's own table of migrations.
#![deny(missing_docs)]

mod check;
mod config;
mod count;
mod doom;
mod drives;
mod lane;
mod memory;
mod migrate;
mod open;
mod pg;
mod rebuild;
mod rows;
mod sqlite;
mod tables;
mod trees;

pub use check::{CheckError, CheckReport, Difference, Progress, Step, check};
pub use config::{Config, Database};
pub use count::statements;
pub use migrate::{MigrationReport, migrate};
pub use open::{OpenError, open, open_for_reading};
pub use rebuild::{RebuildReport, rebuild};
