//! Loaders of one request: what its fields ask for one by one is fetched together, once, and only for its caller.
//!
//! Per request because they hold the actor: a loader shared by requests would be a leak. Merging across requests is the
//! store's matter, below the port, where there is neither cache nor permission.

pub(crate) mod accounts;
pub(crate) mod assignments;
pub(crate) mod baselines;
pub(crate) mod drives;
pub(crate) mod emulation;
pub(crate) mod extracts;
pub(crate) mod inspections;
pub(crate) mod period_reports;
pub(crate) mod progress;
pub(crate) mod proposals;
pub(crate) mod quotas;
pub(crate) mod tallies;
pub(crate) mod teams;
pub(crate) mod units;

use std::ops::Deref;
use std::sync::Arc;

use async_graphql::dataloader::{DataLoader, HashMapCache};
use async_graphql::runtime::{TokioSpawner, TokioTimer};
use caodiem_domain::access::{Actor, Permission};
use caodiem_domain::error::Error;
use caodiem_domain::ports::ReadTx;

use crate::gateway::Gateway;
use crate::request::Caller;

/// The most keys of one batch: what storage takes in one statement.
const BATCH_MAX: usize = 500;

/// What fetches batches. Every kind of key has an `impl Loader<Key> for Batch`; a missing key is left out.
pub(crate) struct Batch {
    gateway: Gateway,
    caller: Arc<Caller>,
}

impl Batch {
    /// One read job for the whole batch, for a caller who has the permission.
    async fn read<T: Send + 'static>(
        &self,
        need: Permission,
        job: impl FnMut(&Actor, &mut dyn ReadTx) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.gateway.read(&self.caller, need, job).await
    }

    /// [`Self::read`] of what takes but a few look-ups by key.
    async fn read_briefly<T: Send + 'static>(
        &self,
        need: Permission,
        job: impl FnMut(&Actor, &mut dyn ReadTx) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.gateway.read_briefly(&self.caller, need, job).await
    }
}

/// The loaders of a request, with what they have loaded.
pub(crate) struct Loaders(DataLoader<Batch, HashMapCache>);

impl Loaders {
    /// Fresh loaders for one request.
    pub(crate) fn new(gateway: Gateway, caller: Arc<Caller>) -> Self {
        let batch = Batch { gateway, caller };
        let loader =
            DataLoader::with_cache(batch, TokioSpawner::current(), TokioTimer::default(), HashMapCache::default());
        Self(loader.max_batch_size(BATCH_MAX))
    }
}

impl Deref for Loaders {
    type Target = DataLoader<Batch, HashMapCache>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// Keys in order, so that statements and logs are stable: the library hands them out of a hash set.
fn sorted<K: Ord + Clone>(keys: &[K]) -> Vec<K> {
    let mut keys = keys.to_vec();
    keys.sort_unstable();
    keys
}

/// A refusal concerns the keys that asked for it; a failure of the store concerns the whole batch. Otherwise one bad
/// argument would spoil every other field of the request.
fn apart<T>(done: Result<T, Error>) -> Result<Result<T, Error>, Error> {
    match done {
        Err(refused @ Error::Refused(_)) => Ok(Err(refused)),
        Err(failure @ Error::Store(_)) => Err(failure),
        Ok(found) => Ok(Ok(found)),
    }
}
