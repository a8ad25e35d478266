//! Verifying the record of acts, and setting checkpoints on it. Both are the host's: neither shows what is on record.

use std::collections::BTreeMap;

use crate::audit::verify::{Kept, Report, Verifier};
use crate::audit::{Checkpoint, Link, Record};
use crate::error::{Error, StoreError};
use crate::ports::{CheckpointKeys, ReadTx, Store, WriteTx};
use crate::time::Instant;

/// How many rows or checkpoints are read at once.
const CHUNK: usize = 1_000;

/// A checkpoint that was kept out of the database's reach.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exported {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// Whether it was stored in the database too.
    pub stored: bool,
}

/// Reads the whole record, its checkpoints and exported ones, a chunk at a time, beside whoever writes meanwhile.
///
/// # Errors
/// A failure of storage.
pub fn verify_audit(
    store: &dyn Store,
    keys: &dyn CheckpointKeys,
    exported: impl Iterator<Item = Exported>,
    mut verifier: Verifier,
) -> Result<Report, Error> {
    read_rows(store, &mut verifier)?;
    read_checkpoints(store, keys, &mut verifier)?;
    read_exported(store, keys, exported, &mut verifier)?;
    Ok(verifier.finish())
}

fn read_rows(store: &dyn Store, verifier: &mut Verifier) -> Result<(), Error> {
    loop {
        let from = verifier.next();
        // The head is read with the last rows, in one snapshot: the chain grows meanwhile.
        let page = |tx: &mut dyn ReadTx| -> Result<(Vec<Record>, _), Error> {
            let rows = tx.chain(from, CHUNK)?;
            let head = (rows.len() < CHUNK).then(|| tx.chain_head()).transpose()?;
            Ok((rows, head))
        };
        let (rows, head) = store.read(page)?;
        for row in &rows {
            verifier.record(row);
        }
        if let Some(head) = head {
            verifier.head(head);
            return Ok(());
        }
    }
}

fn read_checkpoints(store: &dyn Store, keys: &dyn CheckpointKeys, verifier: &mut Verifier) -> Result<(), Error> {
    let mut from = 1;
    loop {
        let page = |tx: &mut dyn ReadTx| -> Result<_, Error> {
            let found = tx.checkpoints(from, CHUNK)?;
            let rows = tx.chain_hashes(&places(&found))?;
            Ok((found, rows))
        };
        let (found, rows) = store.read(page)?;
        for checkpoint in &found {
            verifier.checkpoint(checkpoint, genuine(keys, checkpoint), Kept::Stored, row_at(&rows, checkpoint));
        }
        match found.last() {
            Some(last) if found.len() == CHUNK => from = last.seq.saturating_add(1),
            Some(_) | None => return Ok(()),
        }
    }
}

fn read_exported(
    store: &dyn Store,
    keys: &dyn CheckpointKeys,
    mut exported: impl Iterator<Item = Exported>,
    verifier: &mut Verifier,
) -> Result<(), Error> {
    loop {
        let chunk: Vec<Exported> = exported.by_ref().take(CHUNK).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        let places: Vec<i64> = chunk.iter().map(|one| one.checkpoint.seq).collect();
        let (rows, stored) = store.read(|tx| Ok((tx.chain_hashes(&places)?, tx.checkpointed(&places)?)))?;
        for Exported { checkpoint, stored: was_stored } in &chunk {
            let stored = stored.contains(&checkpoint.seq);
            let kept = if *was_stored { Kept::Exported { stored } } else { Kept::ExportedOnly };
            verifier.checkpoint(checkpoint, genuine(keys, checkpoint), kept, row_at(&rows, checkpoint));
        }
    }
}

fn places(checkpoints: &[Checkpoint]) -> Vec<i64> {
    checkpoints.iter().map(|checkpoint| checkpoint.seq).collect()
}

fn genuine(keys: &dyn CheckpointKeys, checkpoint: &Checkpoint) -> bool {
    keys.verifies(&checkpoint.kid, &checkpoint.signed(), &checkpoint.signature)
}

fn row_at(rows: &BTreeMap<i64, [u8; 32]>, checkpoint: &Checkpoint) -> Option<[u8; 32]> {
    rows.get(&checkpoint.seq).copied()
}

/// The place and hash that a checkpoint is due for; `None` when nothing was added since the last one.
///
/// # Errors
/// A failure of storage.
pub fn checkpoint_due(tx: &mut dyn ReadTx) -> Result<Option<Link>, StoreError> {
    let (seq, hash) = tx.chain_head()?;
    Ok((seq > 0 && tx.checkpointed(&[seq])?.is_empty()).then_some((seq, hash)))
}

/// A signed checkpoint of a place.
///
/// # Errors
/// When there is no key to sign with.
pub fn sign_checkpoint(keys: &dyn CheckpointKeys, (seq, hash): Link, at: Instant) -> Result<Checkpoint, StoreError> {
    let (kid, signature) = keys.sign(&Checkpoint::statement(seq, &hash, at))?;
    Ok(Checkpoint { seq, hash, at, kid, signature })
}

/// Sets a checkpoint on the last row; `None` when it has one, of this process or another.
///
/// # Errors
/// A failure of storage, or no key to sign with.
pub fn set_checkpoint(
    tx: &mut dyn WriteTx,
    keys: &dyn CheckpointKeys,
    at: Instant,
) -> Result<Option<Checkpoint>, Error> {
    let Some(place) = checkpoint_due(tx.as_read())? else { return Ok(None) };
    let checkpoint = sign_checkpoint(keys, place, at)?;
    tx.insert_checkpoint(&checkpoint)?;
    Ok(Some(checkpoint))
}
