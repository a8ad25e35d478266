//! SQLite: the shared source over its connection, and the files in which it differs.

pub(crate) mod bulk;
pub(crate) mod cells;
pub(crate) mod connect;
pub(crate) mod dialect;
#[expect(clippy::duplicate_mod, reason = "the same source over another connection; `pg` mounts it too")]
#[path = "repo.rs"]
pub(crate) mod repo;
#[expect(clippy::duplicate_mod, reason = "the same source over another connection; `pg` mounts it too")]
#[path = "store.rs"]
pub(crate) mod store;
pub(crate) mod turns;

/// The connection the shared source is written against.
pub(crate) type Conn = diesel::SqliteConnection;
/// Its dialect.
pub(crate) type Db = diesel::sqlite::Sqlite;
