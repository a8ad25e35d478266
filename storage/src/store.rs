//! The store: takes a connection, begins, runs a job, commits or rolls back, and tries again when that is safe.

#[path = "store/readers.rs"]
mod readers;
#[path = "store/submissions.rs"]
mod submissions;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use caodiem_domain::error::{Error, StoreError};
use caodiem_domain::id::UnitId;
use caodiem_domain::ports::{HandedJob, ReadJob, Reply, Store, WriteJob};
use caodiem_domain::unit::Unit;
use caodiem_domain::usecase::record_tallies::{Submission, SubmissionOutcome};
use diesel::QueryResult;
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use readers::Readers;
use submissions::Submissions;

use super::connect::Connections;
use super::repo::Tx;
use super::{Conn, dialect};
use crate::config::Config;
use crate::doom;
use crate::lane::Lane;
use crate::memory::Memory;
use crate::open::OpenError;

/// Pauses between attempts, and how long after the first one no further is made.
const PAUSES_MS: [u64; 5] = [0, 2, 10, 40, 160];
const PATIENCE: Duration = Duration::from_secs(1);

/// Rows of submissions, or ids to look up, from which on a transaction of a lane takes no more in: whoever comes next
/// should not wait long, and from here on a larger transaction is no cheaper.
const ROWS_MAX: usize = 2_000;

/// A store over one database.
pub(crate) struct DieselStore {
    shared: Arc<Shared>,
    submissions: Submissions,
    /// `None` where reads are best run on the calling thread.
    readers: Option<Readers>,
}

struct Shared {
    connections: Connections,
    memory: Memory,
}

impl DieselStore {
    /// Opens the database and starts the lanes.
    pub(crate) fn open(config: &Config) -> Result<Self, OpenError> {
        Self::over(config, Connections::open(config)?)
    }

    /// Starts the lanes over connections that are open.
    pub(crate) fn over(config: &Config, connections: Connections) -> Result<Self, OpenError> {
        let shared = Arc::new(Shared { connections, memory: Memory::default() });
        let no_thread = |error: std::io::Error| OpenError::Config(format!("a lane cannot start: {error}"));
        let submissions = Submissions::start(config, &shared).map_err(no_thread)?;
        let readers = (!Connections::READS_INLINE).then(|| Readers::start(config, &shared));
        Ok(Self { submissions, readers: readers.transpose().map_err(no_thread)?, shared })
    }
}

impl Store for DieselStore {
    fn reads_inline(&self) -> bool {
        Connections::READS_INLINE
    }

    fn run_read(&self, job: &mut ReadJob<'_>) -> Result<(), Error> {
        patiently(|| {
            self.shared.connections.with_reader(|conn| {
                transact(conn, dialect::begin_read, |conn| job(&mut Tx::new(conn, &self.shared.memory)))
            })
        })
    }

    fn run_briefly(&self, mut job: HandedJob, reply: Reply<()>) {
        match &self.readers {
            Some(lanes) => lanes.run(job, reply),
            None => reply(self.run_read(&mut *job)),
        }
    }

    fn run_write(&self, job: &mut WriteJob<'_>) -> Result<(), Error> {
        patiently(|| {
            self.shared.connections.with_writer(|conn| {
                transact(conn, dialect::begin_write, |conn| {
                    let mut tx = Tx::new(conn, &self.shared.memory);
                    job(&mut tx)?;
                    Ok(tx.seal()?)
                })
            })
        })
    }

    fn submit(&self, submission: Submission, reply: Reply<SubmissionOutcome>) {
        self.submissions.hand(submission, reply);
    }

    fn find_units(&self, ids: Vec<UnitId>, reply: Reply<Vec<Unit>>) {
        match &self.readers {
            Some(lanes) => lanes.find(ids, reply),
            None => reply(self.shared.find_inline(&ids)),
        }
    }
}

/// Whether a failure says nothing of what was to be done, and left nothing behind: the database is away, or another job holds
/// it.
const fn is_passing(error: &Error) -> bool {
    matches!(error, Error::Store(StoreError::Busy | StoreError::Unavailable(_)))
}

/// Queues what is asked with the place for its answer. A full lane answers busy at once.
fn hand<Asked: Send + 'static, T: 'static>(lane: &Lane<(Asked, Reply<T>)>, asked: Asked, reply: Reply<T>) {
    if let Err((_, reply)) = lane.offer((asked, reply)) {
        reply(Err(StoreError::Busy.into()));
    }
}

/// Calls a reply; what it does must not end the lane.
fn answer<T>(reply: Reply<T>, outcome: Result<T, Error>) {
    if catch_unwind(AssertUnwindSafe(|| reply(outcome))).is_err() {
        tracing::error!("a reply panicked");
    }
}

/// Attempts again what failed for a reason that passes.
fn patiently<T>(mut attempt: impl FnMut() -> Result<T, Error>) -> Result<T, Error> {
    #[expect(clippy::disallowed_methods, reason = "patience is no time of the domain")]
    let begun = Instant::now();
    for pause_ms in PAUSES_MS {
        match attempt() {
            Err(error) if is_passing(&error) && begun.elapsed() < PATIENCE => {
                thread::sleep(Duration::from_millis(pause_ms));
            }
            outcome => return outcome,
        }
    }
    attempt()
}

/// Runs a job in a transaction. It always ends: by a commit when the job succeeds, otherwise by a roll-back, and by
/// giving up the connection when even that fails.
pub(crate) fn transact<T>(
    conn: &mut Conn,
    begin: fn(&mut Conn) -> QueryResult<()>,
    job: impl FnOnce(&mut Conn) -> Result<T, Error>,
) -> Result<T, Error> {
    begin(conn).map_err(|error| condemn_if_lost(conn, dialect::failed(error)))?;
    doom::clear();
    let error = match catch_unwind(AssertUnwindSafe(|| job(conn))) {
        Ok(Ok(value)) if !doom::is_doomed() => return commit(conn).map(|()| value),
        Ok(Ok(_)) => StoreError::Other("the job went on after a failed statement".to_owned()).into(),
        Ok(Err(error)) => error,
        Err(panic) => {
            tracing::error!(what = message(panic.as_ref()), "a job panicked");
            StoreError::Other("the job panicked".to_owned()).into()
        }
    };
    if let Err(rollback) = AnsiTransactionManager::rollback_transaction(conn) {
        tracing::warn!(error = %rollback, "a roll-back failed; the connection is given up");
        condemn(conn);
    }
    Err(error)
}

fn commit(conn: &mut Conn) -> Result<(), Error> {
    AnsiTransactionManager::commit_transaction(conn).map_err(|error| {
        let error = dialect::commit_failed(error);
        if matches!(error, StoreError::Unknown(_)) {
            condemn(conn);
        }
        error.into()
    })
}

/// Marks a connection as broken: whoever keeps it lets it go.
fn condemn(conn: &mut Conn) {
    AnsiTransactionManager::transaction_manager_status_mut(conn).set_in_error();
}

fn condemn_if_lost(conn: &mut Conn, error: StoreError) -> StoreError {
    if matches!(error, StoreError::Unavailable(_)) {
        condemn(conn);
    }
    error
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}
