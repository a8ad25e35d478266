//! PostgreSQL: the shared source over its connection, and the files in which it differs.

pub(crate) mod bulk;
pub(crate) mod cells;
pub(crate) mod connect;
pub(crate) mod dialect;
#[path = "repo.rs"]
pub(crate) mod repo;
#[path = "store.rs"]
pub(crate) mod store;

/// The connection the shared source is written against.
pub(crate) type Conn = diesel::PgConnection;
/// Its dialect.
pub(crate) type Db = diesel::pg::Pg;
