//! Connections to SQLite: one that writes, handed round in turns, and one per thread that reads at the same time.

use std::fs::{File, OpenOptions, TryLockError, create_dir_all};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use caodiem_domain::error::{Error, StoreError};
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::Conn;
use super::turns::Turns;
use crate::config::{Config, Database};
use crate::open::OpenError;

/// Before it, two processes in the write-ahead log could lose rows.
const VERSION_MIN: [u32; 3] = [3, 51, 3];

/// The connections, and the lock that keeps other processes out.
pub(crate) struct Connections {
    config: Config,
    writer: Turns<Option<Conn>>,
    idle_readers: Mutex<Vec<Conn>>,
    /// Held for as long as this process may write; `None` when it only reads.
    lock: Option<File>,
}

impl Connections {
    /// Whether reads are best run on the calling thread.
    pub(crate) const READS_INLINE: bool = true;

    /// How many transactions take submissions in at the same time.
    pub(crate) const SUBMITS_AT_ONCE: usize = 1;

    /// Takes the file for this process and opens the writing connection.
    pub(crate) fn open(config: &Config) -> Result<Self, OpenError> {
        let lock = lock_file(config)?;
        let mut conn = establish(config, Use::Write).map_err(|error| OpenError::Connect(error.to_string()))?;
        refuse_old(&mut conn)?;
        crate::migrate::refuse_pending(&mut conn, crate::migrate::SQLITE)?;
        Ok(Self {
            config: config.clone(),
            writer: Turns::new(Some(conn)),
            idle_readers: Mutex::default(),
            lock: Some(lock),
        })
    }

    /// Opens the file for reading only, beside whichever process holds it.
    pub(crate) fn open_for_reading(config: &Config) -> Result<Self, OpenError> {
        let conn = open_existing(config, Use::Read)?;
        Ok(Self { config: config.clone(), writer: Turns::new(None), idle_readers: Mutex::new(vec![conn]), lock: None })
    }

    /// Runs `work` on a connection that only reads. It is kept for the next one unless it broke.
    pub(crate) fn with_reader<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T, Error>) -> Result<T, Error> {
        let idle = self.idle_readers().pop();
        let mut conn = idle.map_or_else(|| establish(&self.config, Use::Read).map_err(unavailable), Ok)?;
        let outcome = work(&mut conn);
        let mut idle = self.idle_readers();
        let room = idle.len() < usize::try_from(self.config.pool_size).unwrap_or(usize::MAX);
        if room && !AnsiTransactionManager::is_broken_transaction_manager(&mut conn) {
            idle.push(conn);
        }
        outcome
    }

    /// Runs `work` on the connection that writes, when its turn has come.
    pub(crate) fn with_writer<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T, Error>) -> Result<T, Error> {
        if self.lock.is_none() {
            return Err(StoreError::Other("the database was opened for reading".to_owned()).into());
        }
        let patience = Duration::from_millis(self.config.lock_timeout_ms.into());
        let mut turn = self.writer.take(patience).ok_or(StoreError::Busy)?;
        let place = turn.thing();
        let mut conn = match place.take() {
            Some(conn) => conn,
            None => establish(&self.config, Use::Write).map_err(unavailable)?,
        };
        let outcome = work(&mut conn);
        if !AnsiTransactionManager::is_broken_transaction_manager(&mut conn) {
            *place = Some(conn);
        }
        outcome
    }

    fn idle_readers(&self) -> MutexGuard<'_, Vec<Conn>> {
        self.idle_readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unavailable(error: ConnectionError) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

/// What a lane writes through: here the one connection that writes, in turns.
pub(crate) struct LaneConnection;

impl LaneConnection {
    /// One for a lane.
    pub(crate) const fn new(_config: &Config, _name: &str) -> Self {
        Self
    }

    /// Runs `work` on it.
    #[expect(clippy::unused_self, reason = "PostgreSQL's lanes have connections of their own")]
    pub(crate) fn with<T>(
        &mut self,
        connections: &Connections,
        work: impl FnOnce(&mut Conn) -> Result<T, Error>,
    ) -> Result<T, Error> {
        connections.with_writer(work)
    }
}

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// It refuses to write.
    Read,
    /// It writes.
    Write,
}

/// Opens the file and prepares the connection.
pub(crate) fn establish(config: &Config, use_for: Use) -> ConnectionResult<Conn> {
    let path = path(config);
    let path = path.to_str().ok_or_else(|| ConnectionError::BadConnection("the path is not UTF-8".to_owned()))?;
    let mut conn = Conn::establish(path)?;
    let prepared = conn.batch_execute(&pragmas(config, use_for));
    prepared.map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

/// Opens a file that is there and migrated.
pub(crate) fn open_existing(config: &Config, use_for: Use) -> Result<Conn, OpenError> {
    let file = path(config);
    if !file.is_file() {
        return Err(OpenError::Connect(format!("there is no {}; run `caodiem migrate`", file.display())));
    }
    let mut conn = establish(config, use_for).map_err(|error| OpenError::Connect(error.to_string()))?;
    refuse_old(&mut conn)?;
    crate::migrate::refuse_pending(&mut conn, crate::migrate::SQLITE)?;
    Ok(conn)
}

/// `FULL`: what was acknowledged survives a power cut. The batches of the writer lane make that cheap.
///
/// The writer's cache is small: files are mapped, and after a commit in which a page was split SQLite goes over the whole
/// cache, a tenth of the writer lane's time at 64 MiB. The log is carried over every 4,000 pages (16 MiB) instead of 1,000:
/// pages that many batches touch are then written once for all of them.
fn pragmas(config: &Config, use_for: Use) -> String {
    let kind = match use_for {
        Use::Read => "PRAGMA query_only = ON;",
        Use::Write => "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 4000;",
    };
    format!(
        "PRAGMA busy_timeout = {wait}; {kind} PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
        PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 1073741824;
        PRAGMA cache_size = -16384;",
        wait = config.lock_timeout_ms,
    )
}

fn path(config: &Config) -> &Path {
    match &config.database {
        Database::Sqlite(path) => path,
        Database::Postgres(_) => Path::new(""),
    }
}

/// Takes the file for this process: `name.lock` beside it is locked for as long as it is open.
pub(crate) fn lock_file(config: &Config) -> Result<File, OpenError> {
    let path = path(config);
    let cannot = |error: std::io::Error| OpenError::Connect(format!("{}: {error}", path.display()));
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        create_dir_all(folder).map_err(cannot)?;
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".lock");
    let lock = OpenOptions::new().create(true).write(true).truncate(false).open(beside).map_err(cannot)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(path.display().to_string())),
        Err(TryLockError::Error(error)) => Err(cannot(error)),
    }
}

#[derive(QueryableByName)]
struct Library {
    #[diesel(sql_type = Text)]
    version: String,
}

/// Refuses a library that may lose rows.
pub(crate) fn refuse_old(conn: &mut Conn) -> Result<(), OpenError> {
    let library: Library = diesel::sql_query("SELECT sqlite_version() AS version")
        .get_result(conn)
        .map_err(|error| OpenError::Connect(error.to_string()))?;
    let numbers: Vec<u32> = library.version.split('.').filter_map(|number| number.parse().ok()).collect();
    if numbers.as_slice() < VERSION_MIN.as_slice() {
        return Err(OpenError::Unsafe(format!("SQLite {} may lose rows, 3.51.3 is the least", library.version)));
    }
    Ok(())
}
