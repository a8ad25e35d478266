//! The record of acts.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::Scope;
use crate::audit::{Change, Checkpoint, Entry, Record, RecordPredicate};
use crate::error::StoreError;
use crate::id::AccountId;
use crate::page::{Filter, Page, PageRequest};

/// Whose acts may be seen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Seen {
    /// Everybody's, those of no unit included.
    All,
    /// Those that concern units in scope.
    Within(Scope),
    /// One's own.
    Own(AccountId),
}

/// Reading the record.
pub trait ReadAudit {
    /// A page of acts that may be seen, newest first.
    fn list_records(
        &mut self,
        seen: &Seen,
        filter: &Filter<RecordPredicate>,
        page: &PageRequest,
    ) -> Result<Page<Record>, StoreError>;

    /// How many acts that may be seen fit.
    fn count_records(&mut self, seen: &Seen, filter: &Filter<RecordPredicate>) -> Result<u64, StoreError>;

    /// Rows of the chain from a place on, in order, at most so many. Unscoped: for verifying.
    fn chain(&mut self, from: i64, most: usize) -> Result<Vec<Record>, StoreError>;

    /// The place and hash of the last row by the chain's own head, zero and zeros for an empty one.
    fn chain_head(&mut self) -> Result<(i64, [u8; 32]), StoreError>;

    /// The hashes of the rows at these places; those without a row are left out. Unscoped: for verifying.
    fn chain_hashes(&mut self, places: &[i64]) -> Result<BTreeMap<i64, [u8; 32]>, StoreError>;

    /// Checkpoints from a place on, in order, at most so many.
    fn checkpoints(&mut self, from: i64, most: usize) -> Result<Vec<Checkpoint>, StoreError>;

    /// Those of these places that have a checkpoint.
    fn checkpointed(&mut self, places: &[i64]) -> Result<BTreeSet<i64>, StoreError>;
}

/// Writing the record.
pub trait WriteAudit {
    /// Notes what the act under way did to a thing; it goes with the next [`Self::record`].
    fn changed(&mut self, change: Change);

    /// Records acts at the end of this transaction, which fails if they cannot be written.
    fn record(&mut self, entries: Vec<Entry>);

    /// Stores a checkpoint.
    fn insert_checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<(), StoreError>;
}

/// Signs checkpoints with keys that the database does not hold.
pub trait CheckpointKeys: Send + Sync {
    /// Signs a statement: the key's name and the signature.
    ///
    /// # Errors
    /// [`StoreError::Other`] when there is no key to sign with.
    fn sign(&self, statement: &[u8]) -> Result<(String, Vec<u8>), StoreError>;

    /// Whether one of our keys, of that name, made the signature.
    fn verifies(&self, kid: &str, statement: &[u8], signature: &[u8]) -> bool;
}
