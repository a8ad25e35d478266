//! The one bridge between asynchronous resolvers and synchronous jobs.
//!
//! A job that has begun runs to its end, whether or not the client still waits: only the waiting is cancelled. A panic in
//! a job is a failure of that request and of no other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use caodiem_domain::access::{Actor, Permission};
use caodiem_domain::crypto::Crypto;
use caodiem_domain::error::{Error, StoreError};
use caodiem_domain::id::UnitId;
use caodiem_domain::ports::{ReadTx, Reply, Store, WriteTx};
use caodiem_domain::unit::Unit;
use caodiem_domain::usecase::desk::Desk;
use caodiem_domain::usecase::record_tallies::{Submission, SubmissionOutcome};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::desk::Visit;
use crate::request::Caller;

/// How many may be at the desk at once, hashing or waiting to: more than wait for a core there are sent away.
const DESKS: usize = 64;

/// Hands jobs to the store.
#[derive(Clone)]
pub(crate) struct Gateway {
    store: Arc<dyn Store>,
    readers: Arc<Semaphore>,
    writers: Arc<Semaphore>,
    crypto: Arc<dyn Crypto>,
    desks: Arc<Semaphore>,
}

impl Gateway {
    pub(crate) fn new(store: Arc<dyn Store>, crypto: Arc<dyn Crypto>, readers_max: usize, writers_max: usize) -> Self {
        let bound = |most: usize| Arc::new(Semaphore::new(most.clamp(1, Semaphore::MAX_PERMITS)));
        Self { store, readers: bound(readers_max), writers: bound(writers_max), crypto, desks: bound(DESKS) }
    }

    /// Runs a job that reads, for a caller who has the permission: in place when the store says so, otherwise on a
    /// thread for blocking work.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        caller: &Arc<Caller>,
        need: Permission,
        job: impl FnMut(&Actor, &mut dyn ReadTx) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        caller.actor.require(need)?;
        self.read_own(caller, job).await
    }

    /// [`Self::read`] of what takes but a few look-ups by key: the store runs those of many requests together.
    pub(crate) async fn read_briefly<T: Send + 'static>(
        &self,
        caller: &Arc<Caller>,
        need: Permission,
        mut job: impl FnMut(&Actor, &mut dyn ReadTx) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        if self.store.reads_inline() {
            return self.read(caller, need, job).await;
        }
        caller.actor.require(need)?;
        let (caller, span) = (Arc::clone(caller), tracing::Span::current());
        let job = move |tx: &mut dyn ReadTx| span.in_scope(|| job(&caller.actor, tx));
        answered(|reply| self.store.read_briefly(job, reply), StoreError::Unavailable).await
    }

    /// [`Self::read`] of what everybody may ask for.
    pub(crate) async fn read_own<T: Send + 'static>(
        &self,
        caller: &Arc<Caller>,
        mut job: impl FnMut(&Actor, &mut dyn ReadTx) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let caller = Arc::clone(caller);
        let job = move |tx: &mut dyn ReadTx| job(&caller.actor, tx);
        if self.store.reads_inline() {
            let done = catch_unwind(AssertUnwindSafe(|| self.store.read(job)));
            return done.unwrap_or_else(|_panic| Err(StoreError::Other("the read job panicked".to_owned()).into()));
        }
        let store = Arc::clone(&self.store);
        blocking(&self.readers, move || store.read(job)).await
    }

    /// Runs a job that writes, always on a thread for blocking work. The use case inside demands the permission.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        job: impl FnMut(&mut dyn WriteTx) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.with_store(move |store| store.write(job)).await
    }

    /// Runs what takes slow hashing between its transactions, for a visitor who may not be known yet. Nobody waits here:
    /// where too many are at it, the answer is to come again.
    pub(crate) async fn at_desk<T: Send + 'static>(
        &self,
        visit: &Visit,
        request: String,
        job: impl FnOnce(&Desk<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let permit = Arc::clone(&self.desks).try_acquire_owned().map_err(|_full| StoreError::Busy)?;
        let (store, crypto, now) = (Arc::clone(&self.store), Arc::clone(&self.crypto), visit.now);
        let job = move || job(&Desk { store: store.as_ref(), crypto: crypto.as_ref(), now, request: &request });
        apart(permit, job).await
    }

    /// Runs what takes more than one transaction, on a thread for blocking work. The use case inside demands the
    /// permission.
    pub(crate) async fn with_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Store) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let store = Arc::clone(&self.store);
        blocking(&self.writers, move || work(store.as_ref())).await
    }

    /// Cryptography, for use cases that make secrets.
    pub(crate) fn crypto(&self) -> Arc<dyn Crypto> {
        Arc::clone(&self.crypto)
    }

    /// Hands a submission of tallies to the writer lane and waits for its commit.
    pub(crate) async fn submit(&self, submission: Submission) -> Result<SubmissionOutcome, Error> {
        answered(|reply| self.store.submit(submission, reply), StoreError::Unknown).await
    }

    /// Looks units up through the reader lane, which merges what many requests ask at once; the caller's scope is
    /// applied to what comes back.
    pub(crate) async fn find_units(&self, caller: &Caller, ids: Vec<UnitId>) -> Result<Vec<Unit>, Error> {
        caller.actor.require(Permission::ReadUnits)?;
        let found = answered(|reply| self.store.find_units(ids, reply), StoreError::Unavailable).await?;
        Ok(found.into_iter().filter(|unit| caller.actor.scope.covers(&unit.path)).collect())
    }
}

/// Hands something to a lane and waits for its answer; `gone` says what it means that none came.
async fn answered<T: Send + 'static>(hand: impl FnOnce(Reply<T>), gone: fn(String) -> StoreError) -> Result<T, Error> {
    let (reply, answer) = oneshot::channel();
    hand(Box::new(move |done| drop(reply.send(done))));
    answer.await.unwrap_or_else(|_gone| Err(gone("the lane gave no answer".to_owned()).into()))
}

async fn blocking<T: Send + 'static>(
    bound: &Arc<Semaphore>,
    job: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let closed = |_closed| StoreError::Unavailable("shutting down".to_owned());
    apart(Arc::clone(bound).acquire_owned().await.map_err(closed)?, job).await
}

async fn apart<T: Send + 'static>(
    permit: OwnedSemaphorePermit,
    job: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let span = tracing::Span::current();
    let work = move || {
        let _permit = permit;
        span.in_scope(job)
    };
    let fault = |fault: tokio::task::JoinError| Err(StoreError::Other(format!("the job did not end: {fault}")).into());
    tokio::task::spawn_blocking(work).await.unwrap_or_else(fault)
}
