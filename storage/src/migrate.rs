//! Migrations: embedded, in folders of equal names for both databases.

use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::config::{Config, Database};
use crate::open::OpenError;
use crate::{pg, sqlite};

pub(crate) const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
pub(crate) const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// What a migration did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MigrationReport {
    /// The migrations that were run, by version, oldest first; empty when nothing was missing.
    pub applied: Vec<String>,
}

/// Brings a database up to date, creating SQLite's file where it is missing. Several processes may try at once.
///
/// # Errors
/// [`OpenError`].
pub fn migrate(config: &Config) -> Result<MigrationReport, OpenError> {
    config.validate()?;
    let connect = |error: diesel::ConnectionError| OpenError::Connect(error.to_string());
    let applied = match &config.database {
        Database::Sqlite(_) => {
            let _lock = sqlite::connect::lock_file(config)?;
            let mut conn = sqlite::connect::establish(config, sqlite::connect::Use::Write).map_err(connect)?;
            sqlite::connect::refuse_old(&mut conn)?;
            run(&mut conn, SQLITE)?
        }
        Database::Postgres(_) => {
            let mut conn = pg::connect::establish(config, "migrate").map_err(connect)?;
            // Held to the end of the session. Waiting for another process's migrations may take longer than a job may.
            conn.batch_execute("SET statement_timeout = 0; SET lock_timeout = 0; SELECT pg_advisory_lock(1128353604)")
                .map_err(|error| OpenError::Connect(error.to_string()))?;
            run(&mut conn, POSTGRES)?
        }
    };
    Ok(MigrationReport { applied })
}

fn run<DB: diesel::backend::Backend, C: MigrationHarness<DB>>(
    conn: &mut C,
    migrations: EmbeddedMigrations,
) -> Result<Vec<String>, OpenError> {
    let applied = conn.run_pending_migrations(migrations).map_err(|error| OpenError::Migration(error.to_string()))?;
    Ok(applied.iter().map(ToString::to_string).collect())
}

/// Refuses a database that lacks migrations.
pub(crate) fn refuse_pending<DB: diesel::backend::Backend>(
    conn: &mut impl MigrationHarness<DB>,
    migrations: EmbeddedMigrations,
) -> Result<(), OpenError> {
    let pending = conn.pending_migrations(migrations).map_err(|error| OpenError::Connect(error.to_string()))?;
    if pending.is_empty() { Ok(()) } else { Err(OpenError::NotMigrated(pending.len())) }
}
