//! What a store is opened with. Defaults are those of `access.md`.

use std::fmt;
use std::path::PathBuf;
use std::thread::available_parallelism;

use crate::open::OpenError;

/// Which database, by the scheme of its URL.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// `sqlite:PATH`: a file, for one process.
    Sqlite(PathBuf),
    /// `postgres://…` or `postgresql://…`, as libpq reads it.
    Postgres(String),
}

impl Database {
    /// Reads a URL.
    ///
    /// # Errors
    /// [`OpenError::Url`] for another scheme, and for SQLite without a file: a database in memory would be lost, and
    /// its readers would not see what its writer wrote.
    pub fn parse(url: &str) -> Result<Self, OpenError> {
        let refuse = |why: &str| Err(OpenError::Url(why.to_owned()));
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        let Some(path) = url.strip_prefix("sqlite:") else {
            return refuse("it must begin with sqlite:, postgres:// or postgresql://");
        };
        let path = path.strip_prefix("//").unwrap_or(path);
        match path {
            "" => refuse("sqlite: must be followed by the path of a file"),
            memory if memory.starts_with(":memory:") || memory.contains("mode=memory") => {
                refuse("a database in memory is not durable; name a file")
            }
            uri if uri.starts_with("file:") || uri.contains('?') => {
                refuse("sqlite: takes a plain path, without file: and without parameters")
            }
            path => Ok(Self::Sqlite(PathBuf::from(path))),
        }
    }
}

/// Shows no password.
impl fmt::Debug for Database {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(out, "sqlite:{}", path.display()),
            Self::Postgres(url) => {
                let place = url.rsplit_once('@').map_or("…", |(_, place)| place);
                let place = place.split_once('?').map_or(place, |(place, _)| place);
                write!(out, "postgres://***@{place}")
            }
        }
    }
}

/// What a store is opened with.
#[derive(Clone, Debug)]
pub struct Config {
    /// Which database.
    pub database: Database,
    /// Most connections of the pool (PostgreSQL) or of idle readers kept (SQLite).
    pub pool_size: u32,
    /// How long a job waits for a connection of the pool.
    pub pool_wait_ms: u32,
    /// PostgreSQL: the longest statement.
    pub statement_timeout_ms: u32,
    /// The longest wait for a lock: PostgreSQL's `lock_timeout`, SQLite's `busy_timeout`.
    pub lock_timeout_ms: u32,
    /// PostgreSQL: the longest a transaction may do nothing.
    pub idle_in_transaction_ms: u32,
    /// How many submissions (or look-ups) may wait for a lane before it answers busy.
    pub lane_queue_max: usize,
    /// How many of them are taken into one transaction.
    pub lane_batch_max: usize,
    /// PostgreSQL: how many lanes look units up, and how many run brief jobs.
    pub find_lanes: usize,
}

impl Config {
    /// The defaults for a database.
    ///
    /// # Errors
    /// As [`Database::parse`].
    pub fn new(url: &str) -> Result<Self, OpenError> {
        let database = Database::parse(url)?;
        let cores = available_parallelism().map_or(2, std::num::NonZero::get);
        let lock_timeout_ms = if matches!(database, Database::Sqlite(_)) { 5_000 } else { 2_000 };
        Ok(Self {
            database,
            pool_size: u32::try_from(2 * cores + 2).unwrap_or(16),
            pool_wait_ms: 2_000,
            statement_timeout_ms: 5_000,
            lock_timeout_ms,
            idle_in_transaction_ms: 10_000,
            lane_queue_max: 4_096,
            lane_batch_max: 256,
            find_lanes: 2,
        })
    }

    /// Refuses sizes and times that nothing can run with.
    ///
    /// # Errors
    /// [`OpenError::Config`] with the name of the setting.
    pub fn validate(&self) -> Result<(), OpenError> {
        let whole = [
            ("pool_size", u64::from(self.pool_size), 1_000),
            ("pool_wait_ms", self.pool_wait_ms.into(), 600_000),
            ("statement_timeout_ms", self.statement_timeout_ms.into(), 600_000),
            ("lock_timeout_ms", self.lock_timeout_ms.into(), 600_000),
            ("idle_in_transaction_ms", self.idle_in_transaction_ms.into(), 600_000),
            ("lane_queue_max", u64::try_from(self.lane_queue_max).unwrap_or(u64::MAX), 1_000_000),
            ("lane_batch_max", u64::try_from(self.lane_batch_max).unwrap_or(u64::MAX), 10_000),
            ("find_lanes", u64::try_from(self.find_lanes).unwrap_or(u64::MAX), 64),
        ];
        match whole.into_iter().find(|(_, value, max)| !(1..=*max).contains(value)) {
            Some((name, value, max)) => Err(OpenError::Config(format!("{name} is {value}, not within 1 to {max}"))),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_chooses_the_database() {
        assert_eq!(Database::parse("sqlite:data/x.db").ok(), Some(Database::Sqlite("data/x.db".into())));
        assert_eq!(Database::parse("sqlite:///x.db").ok(), Some(Database::Sqlite("/x.db".into())));
        assert!(matches!(Database::parse("postgresql://h/d"), Ok(Database::Postgres(_))));
        for url in ["", "mysql://h/d", "x.db", "sqlite:", "sqlite::memory:", "sqlite:file:x?mode=memory", "sqlite:x?y"]
        {
            assert!(matches!(Database::parse(url), Err(OpenError::Url(_))), "{url} was taken");
        }
    }

    #[test]
    fn a_password_is_not_printed() {
        let shown = Database::parse("postgres://me:secret@host:5432/db?password=other").map(|it| format!("{it:?}"));
        assert_eq!(shown.ok().as_deref(), Some("postgres://***@host:5432/db"));
    }

    #[test]
    fn settings_out_of_bounds_are_named() {
        let refused = Config::new("sqlite:x").and_then(|config| Config { lane_batch_max: 0, ..config }.validate());
        assert!(matches!(refused, Err(OpenError::Config(why)) if why.contains("lane_batch_max")));
    }
}
