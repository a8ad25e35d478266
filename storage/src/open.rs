//! Opening a store.

use std::sync::Arc;

use caodiem_domain::ports::Store;

use crate::config::{Config, Database};
use crate::{count, pg, sqlite};

/// Why a store was not opened. The texts are for whoever runs the server.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A URL that names no database we speak to.
    #[error("the database URL is refused: {0}")]
    Url(String),
    /// A setting that nothing can run with.
    #[error("the storage settings are refused: {0}")]
    Config(String),
    /// The database cannot be reached, or a session not prepared.
    #[error("the database cannot be opened: {0}")]
    Connect(String),
    /// A database that would lose what it acknowledged, or is too old.
    #[error("the database is refused: {0}")]
    Unsafe(String),
    /// Another process has the file open.
    #[error("{0} is in use by another caodiem process; SQLite serves one at a time, PostgreSQL any number")]
    InUse(String),
    /// Migrations are missing.
    #[error("the database lacks {0} migration(s); run `caodiem migrate`")]
    NotMigrated(usize),
    /// A migration failed; the database stands where it stood before it.
    #[error("a migration failed: {0}")]
    Migration(String),
}

/// Opens a migrated database.
///
/// # Errors
/// [`OpenError`].
pub fn open(config: &Config) -> Result<Arc<dyn Store>, OpenError> {
    config.validate()?;
    count::install();
    Ok(match &config.database {
        Database::Sqlite(_) => Arc::new(sqlite::store::DieselStore::open(config)?),
        Database::Postgres(_) => Arc::new(pg::store::DieselStore::open(config)?),
    })
}

/// Opens a migrated database for reading only. SQLite's file may be in use by a server meanwhile.
///
/// # Errors
/// [`OpenError`].
pub fn open_for_reading(config: &Config) -> Result<Arc<dyn Store>, OpenError> {
    config.validate()?;
    Ok(match &config.database {
        Database::Sqlite(_) => {
            let connections = sqlite::connect::Connections::open_for_reading(config)?;
            Arc::new(sqlite::store::DieselStore::over(config, connections)?)
        }
        Database::Postgres(_) => Arc::new(pg::store::DieselStore::open(config)?),
    })
}
