//! Sessions of PostgreSQL: a pool for jobs, and a connection of its own for each lane.

use std::time::Duration;

use caodiem_domain::error::{Error, StoreError};
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool};
use diesel::sql_types::{Integer, Text};

use super::Conn;
use crate::config::{Config, Database};
use crate::open::OpenError;

/// The oldest version that is spoken to.
const VERSION_MIN: i32 = 140_000;

/// The pool.
pub(crate) struct Connections {
    pool: Pool<ConnectionManager<Conn>>,
}

impl Connections {
    /// Whether reads are best run on the calling thread.
    pub(crate) const READS_INLINE: bool = false;

    /// How many transactions take submissions in at the same time: while one waits for the disk or the server, the other
    /// reads and decides. More would only wait for the same rows of the roll-up.
    pub(crate) const SUBMITS_AT_ONCE: usize = 2;

    /// Checks the server and fills the pool.
    pub(crate) fn open(config: &Config) -> Result<Self, OpenError> {
        let mut conn = establish(config, "start").map_err(|error| OpenError::Connect(error.to_string()))?;
        refuse_unsafe(&mut conn)?;
        crate::migrate::refuse_pending(&mut conn, crate::migrate::POSTGRES)?;
        let pool = Pool::builder()
            .max_size(config.pool_size)
            .min_idle(Some(1))
            .connection_timeout(Duration::from_millis(config.pool_wait_ms.into()))
            // Begin shows whether a session is alive, and is tried again on another.
            .test_on_check_out(false)
            .connection_customizer(Box::new(Session(settings(config, "jobs"))))
            .build(ConnectionManager::new(url(config)))
            .map_err(|error| OpenError::Connect(error.to_string()))?;
        Ok(Self { pool })
    }

    /// Runs `work` on a connection of the pool.
    pub(crate) fn with_reader<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T, Error>) -> Result<T, Error> {
        work(&mut *self.pool.get().map_err(unavailable)?)
    }

    /// Runs `work` on a connection of the pool.
    pub(crate) fn with_writer<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T, Error>) -> Result<T, Error> {
        self.with_reader(work)
    }
}

/// The connection of a lane; established when it is needed, and again after it broke.
pub(crate) struct LaneConnection {
    config: Config,
    name: String,
    conn: Option<Conn>,
}

impl LaneConnection {
    /// One for the lane of that name.
    pub(crate) fn new(config: &Config, name: &str) -> Self {
        Self { config: config.clone(), name: name.to_owned(), conn: None }
    }

    /// Runs `work` on it.
    pub(crate) fn with<T>(
        &mut self,
        _pool: &Connections,
        work: impl FnOnce(&mut Conn) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut conn = match self.conn.take() {
            Some(conn) => conn,
            None => establish(&self.config, &self.name).and_then(by_key).map_err(unavailable)?,
        };
        let outcome = work(&mut conn);
        if !AnsiTransactionManager::is_broken_transaction_manager(&mut conn) {
            self.conn = Some(conn);
        }
        outcome
    }
}

fn unavailable(error: impl ToString) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

/// Connects and prepares the session.
pub(crate) fn establish(config: &Config, name: &str) -> ConnectionResult<Conn> {
    let mut conn = Conn::establish(url(config))?;
    prepare(&mut conn, &settings(config, name)).map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

/// Connects to a database that is migrated.
pub(crate) fn open_existing(config: &Config, name: &str) -> Result<Conn, OpenError> {
    let mut conn = establish(config, name).map_err(|error| OpenError::Connect(error.to_string()))?;
    crate::migrate::refuse_pending(&mut conn, crate::migrate::POSTGRES)?;
    Ok(conn)
}

fn url(config: &Config) -> &str {
    match &config.database {
        Database::Postgres(url) => url,
        Database::Sqlite(_) => "",
    }
}

fn settings(config: &Config, name: &str) -> String {
    format!(
        "SET application_name = 'caodiem {version} {name}';
        SET TIME ZONE 'UTC';
        SET synchronous_commit = on;
        SET jit = off;
        SET statement_timeout = {statement};
        SET lock_timeout = {lock};
        SET idle_in_transaction_session_timeout = {idle};",
        version = env!("CARGO_PKG_VERSION"),
        statement = config.statement_timeout_ms,
        lock = config.lock_timeout_ms,
        idle = config.idle_in_transaction_ms,
    )
}

/// A lane looks things up by their keys, and its plans are made once: those made while a table was empty would read it from
/// end to end, however large it grew, until the server counts it the next time.
fn by_key(mut conn: Conn) -> ConnectionResult<Conn> {
    let settings = "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
        SET plan_cache_mode = force_generic_plan;";
    conn.batch_execute(settings).map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

fn prepare(conn: &mut Conn, settings: &str) -> QueryResult<()> {
    conn.batch_execute(settings)?;
    // Only a superuser may; where it is refused, messages come in the server's language.
    if let Err(error) = conn.batch_execute("SET lc_messages = 'C'") {
        tracing::debug!(%error, "messages of the server stay in its language");
    }
    Ok(())
}

#[derive(Debug)]
struct Session(String);

impl CustomizeConnection<Conn, diesel::r2d2::Error> for Session {
    fn on_acquire(&self, conn: &mut Conn) -> Result<(), diesel::r2d2::Error> {
        prepare(conn, &self.0).map_err(diesel::r2d2::Error::QueryError)
    }
}

#[derive(QueryableByName)]
struct Server {
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    fsync: String,
}

fn refuse_unsafe(conn: &mut Conn) -> Result<(), OpenError> {
    let server: Server = diesel::sql_query(
        "SELECT current_setting('server_version_num')::INTEGER AS version,
            current_setting('server_version') AS name,
            current_setting('fsync') AS fsync",
    )
    .get_result(conn)
    .map_err(|error| OpenError::Connect(error.to_string()))?;
    if server.version < VERSION_MIN {
        return Err(OpenError::Unsafe(format!("PostgreSQL {} is too old, 14 is the least", server.name)));
    }
    if server.fsync != "on" {
        return Err(OpenError::Unsafe("the server runs with fsync=off and may lose what it acknowledged".to_owned()));
    }
    Ok(())
}
