//! The store: takes a connection, begins, runs a job, commits or rolls back, and tries again when that is safe.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use caodiem_domain::error::{Error, StoreError};
use caodiem_domain::id::{DriveId, UnitId};
use caodiem_domain::ports::{Lock, ReadJob, Reply, Store, WriteJob};
use caodiem_domain::unit::Unit;
use caodiem_domain::usecase::record_tallies::{Submission, SubmissionOutcome, record_tallies};
use diesel::QueryResult;
use diesel::connection::{AnsiTransactionManager, TransactionManager};

use super::connect::{Connections, LaneConnection};
use super::repo::{Tx, units};
use super::{Conn, dialect};
use crate::config::Config;
use crate::doom;
use crate::lane::{Bounds, Lane};
use crate::memory::Memory;
use crate::open::OpenError;

/// Pauses between attempts, and how long after the first one no further is made.
const PAUSES_MS: [u64; 5] = [0, 2, 10, 40, 160];
const PATIENCE: Duration = Duration::from_secs(1);

/// Rows of submissions, or ids to look up, from which on a transaction of a lane takes no more in: whoever comes next
/// should not wait long, and from here on a larger transaction is no cheaper.
const ROWS_MAX: usize = 2_000;

type Handed = (Submission, Reply<SubmissionOutcome>);
type Sought = (Vec<UnitId>, Reply<Vec<Unit>>);
type Outcome = Result<SubmissionOutcome, Error>;

/// A store over one database.
pub(crate) struct DieselStore {
    shared: Arc<Shared>,
    submissions: Lane<Handed>,
    /// `None` where reads are best run on the calling thread.
    finders: Option<Lane<Sought>>,
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
        let lane = |name: &str| LaneConnection::new(config, name);
        let queue = config.lane_queue_max;
        let bounds = Bounds { items: config.lane_batch_max, weight: ROWS_MAX };
        let writers = (0..Connections::SUBMITS_AT_ONCE).map(|_| {
            let (mut own, writing) = (lane("tallies"), Arc::clone(&shared));
            move |handed| writing.take_in(&mut own, handed)
        });
        let rows = |(submission, _): &Handed| submission.rows.len();
        let submissions = Lane::start("caodiem-tallies", queue, bounds, rows, writers).map_err(no_thread)?;
        let readers = (0..config.find_lanes).map(|_| {
            let (mut own, reading) = (lane("units"), Arc::clone(&shared));
            move |sought| reading.find(&mut own, sought)
        });
        let ids = |(ids, _): &Sought| ids.len();
        let finders = (!Connections::READS_INLINE).then(|| Lane::start("caodiem-units", queue, bounds, ids, readers));
        Ok(Self { submissions, finders: finders.transpose().map_err(no_thread)?, shared })
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
        if let Err((_, reply)) = self.submissions.offer((submission, reply)) {
            reply(Err(StoreError::Busy.into()));
        }
    }

    fn find_units(&self, ids: Vec<UnitId>, reply: Reply<Vec<Unit>>) {
        match &self.finders {
            Some(lane) => {
                if let Err((_, reply)) = lane.offer((ids, reply)) {
                    reply(Err(StoreError::Busy.into()));
                }
            }
            None => reply(self.shared.find_inline(&ids)),
        }
    }
}

impl Shared {
    /// Takes in what queued up, in one transaction, and answers each.
    fn take_in(&self, own: &mut LaneConnection, handed: Vec<Handed>) {
        let (submissions, replies): (Vec<_>, Vec<_>) = handed.into_iter().unzip();
        let outcomes =
            self.record(own, &submissions).unwrap_or_else(|error| self.record_each(own, &submissions, &error));
        for (reply, outcome) in replies.into_iter().zip(outcomes) {
            answer(reply, outcome);
        }
    }

    /// Tries each of a failed batch alone, so that one bad submission costs no other its place; after a commit of unknown
    /// outcome the request id tells whether it stands. What hits all of them alike is not tried again.
    fn record_each(&self, own: &mut LaneConnection, submissions: &[Submission], batch: &Error) -> Vec<Outcome> {
        tracing::warn!(error = %batch, submissions = submissions.len(), "a batch of submissions failed");
        let mut hopeless = is_passing(batch).then(|| batch.clone());
        let unknown = matches!(batch, Error::Store(StoreError::Unknown(_)));
        let each = submissions.iter().map(|submission| {
            if let Some(error) = &hopeless {
                return Err(error.clone());
            }
            let alone = self.record(own, std::slice::from_ref(submission)).map(|mut outcomes| outcomes.pop());
            match alone {
                Ok(outcome) => outcome.unwrap_or_else(|| Err(StoreError::Other("no outcome".to_owned()).into())),
                Err(error) => {
                    let answered = if unknown { batch.clone() } else { error.clone() };
                    hopeless = is_passing(&error).then(|| answered.clone());
                    Err(answered)
                }
            }
        });
        each.collect()
    }

    /// Records a batch beside others. One of these may write the same slot or request meanwhile, upon which the database
    /// refuses the batch as a whole: then it is done again alone.
    fn record(&self, own: &mut LaneConnection, submissions: &[Submission]) -> Result<Vec<Outcome>, Error> {
        match self.record_holding(Lock::BookShared, own, submissions) {
            Err(Error::Refused(_)) => self.record_holding(Lock::Book, own, submissions),
            outcome => outcome,
        }
    }

    fn record_holding(
        &self,
        book: fn(DriveId) -> Lock,
        own: &mut LaneConnection,
        submissions: &[Submission],
    ) -> Result<Vec<Outcome>, Error> {
        patiently(|| {
            own.with(&self.connections, |conn| {
                transact(conn, dialect::begin_write, |conn| {
                    let mut tx = Tx::new(conn, &self.memory);
                    let outcomes = record_tallies(&mut tx, book, submissions)?;
                    tx.seal()?;
                    if outcomes.len() == submissions.len() {
                        return Ok(outcomes);
                    }
                    Err(StoreError::Other("outcomes do not match the submissions".to_owned()).into())
                })
            })
        })
    }

    /// Looks up what several requests ask, by one statement.
    fn find(&self, own: &mut LaneConnection, sought: Vec<Sought>) {
        let ids: BTreeSet<UnitId> = sought.iter().flat_map(|(ids, _)| ids.iter().copied()).collect();
        let ids: Vec<UnitId> = ids.into_iter().collect();
        let found = patiently(|| {
            own.with(&self.connections, |conn| {
                units::latest(conn, &ids).map_err(|error| condemn_if_lost(conn, error).into())
            })
        });
        for (ids, reply) in sought {
            answer(reply, found.as_ref().map(|found| pick(found, &ids)).map_err(Error::clone));
        }
    }

    fn find_inline(&self, ids: &[UnitId]) -> Result<Vec<Unit>, Error> {
        self.connections.with_reader(|conn| Ok(pick(&units::latest(conn, ids)?, ids)))
    }
}

/// Whether a failure says nothing of what was to be done, and left nothing behind: the database is away, or another job holds
/// it.
const fn is_passing(error: &Error) -> bool {
    matches!(error, Error::Store(StoreError::Busy | StoreError::Unavailable(_)))
}

fn pick(found: &BTreeMap<UnitId, Unit>, ids: &[UnitId]) -> Vec<Unit> {
    ids.iter().filter_map(|id| found.get(id).cloned()).collect()
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
