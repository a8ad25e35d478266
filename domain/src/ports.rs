//! What the domain asks of storage: small, synchronous, object-safe traits that take batches.
//!
//! A job runs inside one transaction. [`ReadTx`] has no method that writes, so a query cannot write. A job may be run
//! again by the adapter (when the database was busy), so it must not keep state from a run before.
//!
//! To add an entity: its file in `domain/src`, a port file here, the same file name in `storage/src/repo`,
//! `storage/src/rows` and `schema/src/objects`.

pub mod accounts;
pub mod acknowledgements;
pub mod assignments;
pub mod audit;
pub mod baselines;
pub mod compilations;
pub mod drives;
pub mod emulation;
pub mod extracts;
pub mod inspections;
pub mod period_reports;
pub mod proposals;
pub mod quotas;
pub mod reporting;
pub mod requests;
pub mod samples;
pub mod sessions;
pub mod settlements;
pub mod tallies;
pub mod teams;
pub mod units;

use std::sync::mpsc;

use crate::error::{Error, StoreError};
use crate::id::{DriveId, Sequence, UnitId};
use crate::tally::Tally;
use crate::unit::Unit;
use crate::usecase::record_tallies::{Submission, SubmissionOutcome};

pub use crate::crypto::{Crypto, ExternalToken, ExternalTokens, PasswordCost, Passwords, SecondFactor, TotpKey};
pub use accounts::{ReadAccounts, WriteAccounts};
pub use acknowledgements::{ReadAcknowledgements, WriteAcknowledgements};
pub use assignments::{ReadAssignments, WriteAssignments};
pub use audit::{CheckpointKeys, ReadAudit, WriteAudit};
pub use baselines::{ReadBaselines, WriteBaselines};
pub use compilations::{ReadCompilations, WriteCompilations};
pub use drives::{ReadCatalogue, ReadDrives, WriteCatalogue, WriteDrives};
pub use emulation::{ReadEmulation, WriteEmulation};
pub use extracts::{ReadExtracts, WriteExtracts};
pub use inspections::{ReadInspections, WriteInspections};
pub use period_reports::{ReadPeriodReports, WritePeriodReports};
pub use proposals::{ReadProposals, WriteProposals};
pub use quotas::{ReadQuotas, WriteQuotas};
pub use reporting::{ReadReporters, ReadReporting, WriteReporting};
pub use requests::{ReadRequests, WriteRequests};
pub use samples::{ReadSamples, WriteSamples};
pub use sessions::{ReadSessions, Sessions, WriteSessions};
pub use settlements::{ReadSettlements, WriteSettlements};
pub use tallies::{ReadRollup, ReadTallies, WriteTallies};
pub use teams::{ReadTeams, WriteTeams};
pub use units::{ReadTrees, ReadUnits, WriteUnits};

/// Everything that can be read, in one consistent snapshot.
pub trait ReadTx:
    ReadUnits
    + ReadTrees
    + ReadCatalogue
    + ReadDrives
    + ReadBaselines
    + ReadQuotas
    + ReadTeams
    + ReadTallies
    + ReadRollup
    + ReadRequests
    + ReadAccounts
    + ReadSessions
    + ReadAssignments
    + ReadProposals
    + ReadReporting
    + ReadReporters
    + ReadCompilations
    + ReadAudit
    + ReadExtracts
    + ReadSettlements
    + ReadInspections
    + ReadSamples
    + ReadAcknowledgements
    + ReadPeriodReports
    + ReadEmulation
{
}

/// What jobs lock before they read what they decide on. Held to the end of the job; taken in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Lock {
    /// The tree must not change meanwhile; many may hold it.
    TreeShared,
    /// The tree is being changed; nobody else may hold it.
    Tree,
    /// Quotas and state of a family of drives, by its topmost drive, must not change meanwhile; many may hold it, who submit
    /// tallies to it.
    BookShared(DriveId),
    /// Quotas, tallies and state of a family of drives, by its topmost drive; nobody else may hold it.
    Book(DriveId),
    /// Accounts, assignments and proposals: grants are decided one after another.
    Grants,
    /// Official figures: extracts are loaded one after another.
    Extracts,
}

/// Everything that can be read and written.
pub trait WriteTx:
    ReadTx
    + WriteUnits
    + WriteCatalogue
    + WriteDrives
    + WriteBaselines
    + WriteQuotas
    + WriteTeams
    + WriteTallies
    + WriteRequests
    + WriteAccounts
    + WriteSessions
    + WriteAssignments
    + WriteProposals
    + WriteReporting
    + WriteCompilations
    + WriteAudit
    + WriteExtracts
    + WriteSettlements
    + WriteInspections
    + WriteSamples
    + WriteAcknowledgements
    + WritePeriodReports
    + WriteEmulation
{
    /// Takes locks, waiting for other jobs in this and other processes. Sorted and deduplicated by the adapter.
    ///
    /// # Errors
    /// [`StoreError::Busy`] after the lock time-out.
    fn lock(&mut self, locks: &[Lock]) -> Result<(), StoreError>;

    /// Takes `count` fresh keys, never handed out before.
    ///
    /// # Errors
    /// A failure of storage.
    fn allocate(&mut self, sequence: Sequence, count: usize) -> Result<Vec<i64>, StoreError>;

    /// This transaction as one that only reads.
    fn as_read(&mut self) -> &mut dyn ReadTx;
}

/// Where an answer goes that comes later. Called once, from any thread.
pub type Reply<T> = Box<dyn FnOnce(Result<T, Error>) + Send>;

/// A job that reads; it may run more than once.
pub type ReadJob<'job> = dyn FnMut(&mut dyn ReadTx) -> Result<(), Error> + 'job;

/// A job that reads and is handed to another thread; it may run more than once.
pub type HandedJob = Box<dyn FnMut(&mut dyn ReadTx) -> Result<(), Error> + Send>;

/// A job that writes; it may run more than once, and commits only when it succeeds.
pub type WriteJob<'job> = dyn FnMut(&mut dyn WriteTx) -> Result<(), Error> + 'job;

/// The store. Jobs block the calling thread; [`Self::run_briefly`], [`Self::submit`] and [`Self::find_units`] do not.
pub trait Store: Send + Sync {
    /// Whether short reads are best run on the calling thread (an embedded database) rather than handed to another.
    fn reads_inline(&self) -> bool;

    /// Runs a job over one snapshot.
    ///
    /// # Errors
    /// Whatever the job answers, or a failure of storage.
    fn run_read(&self, job: &mut ReadJob<'_>) -> Result<(), Error>;

    /// Runs a job that takes but a few look-ups by key through a reader lane, which runs what many requests ask at once over
    /// one snapshot, taken after all of them came. A job that takes long holds up the others.
    fn run_briefly(&self, job: HandedJob, reply: Reply<()>);

    /// Runs a job in one transaction and commits when it succeeds. Once begun it always ends in commit or roll-back.
    ///
    /// # Errors
    /// Whatever the job answers, or a failure of storage.
    fn run_write(&self, job: &mut WriteJob<'_>) -> Result<(), Error>;

    /// Hands a submission to the writer lane, which commits many together, durably, before it replies.
    fn submit(&self, submission: Submission, reply: Reply<SubmissionOutcome>);

    /// Looks units up by id through the reader lane, which merges what many requests ask at once. Unscoped: the caller
    /// applies its scope to what comes back.
    fn find_units(&self, ids: Vec<UnitId>, reply: Reply<Vec<Unit>>);
}

impl dyn Store + '_ {
    /// [`Store::run_read`] with a value.
    ///
    /// # Errors
    /// Whatever the job answers, or a failure of storage.
    pub fn read<T>(&self, mut job: impl FnMut(&mut dyn ReadTx) -> Result<T, Error>) -> Result<T, Error> {
        let mut answer = None;
        self.run_read(&mut |tx| {
            answer = Some(job(tx)?);
            Ok(())
        })?;
        answer.ok_or_else(|| StoreError::Other("the read job was not run".to_owned()).into())
    }

    /// [`Store::run_briefly`] with a value.
    pub fn read_briefly<T: Send + 'static>(
        &self,
        mut job: impl FnMut(&mut dyn ReadTx) -> Result<T, Error> + Send + 'static,
        reply: Reply<T>,
    ) {
        let (found, answer) = mpsc::channel();
        let job = move |tx: &mut dyn ReadTx| {
            // Whoever waited may have gone.
            let _ = found.send(job(tx)?);
            Ok(())
        };
        let not_run = || StoreError::Other("the read job was not run".to_owned()).into();
        let reply = move |done: Result<(), Error>| {
            reply(done.and_then(|()| answer.try_iter().last().ok_or_else(not_run)));
        };
        self.run_briefly(Box::new(job), Box::new(reply));
    }

    /// [`Store::run_write`] with a value.
    ///
    /// # Errors
    /// Whatever the job answers, or a failure of storage.
    pub fn write<T>(&self, mut job: impl FnMut(&mut dyn WriteTx) -> Result<T, Error>) -> Result<T, Error> {
        let mut answer = None;
        self.run_write(&mut |tx| {
            answer = Some(job(tx)?);
            Ok(())
        })?;
        answer.ok_or_else(|| StoreError::Other("the write job was not run".to_owned()).into())
    }

    /// Runs a job that writes and rolls it back, whatever it answers: to learn whether it could be done.
    ///
    /// # Errors
    /// Whatever the job answers, or a failure of storage.
    pub fn rehearse<T>(&self, mut job: impl FnMut(&mut dyn WriteTx) -> Result<T, Error>) -> Result<T, Error> {
        let mut answer = None;
        let rolled_back = self.run_write(&mut |tx| {
            answer = None;
            answer = Some(job(tx)?);
            Err(StoreError::Other("rehearsed".to_owned()).into())
        });
        match (answer, rolled_back) {
            (Some(answer), _) => Ok(answer),
            (None, Err(error)) => Err(error),
            (None, Ok(())) => Err(StoreError::Other("the rehearsal was not rolled back".to_owned()).into()),
        }
    }
}

/// Several revisions of several slots, as storage hands them out.
pub type Revisions = std::collections::BTreeMap<crate::tally::Slot, Vec<Tally>>;
