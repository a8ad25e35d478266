//! Checkpoints on the record of acts: signed with a key that the database does not hold, stored in it, and appended to a
//! file out of its reach, so that an old backup put in the database's place is noticed.

pub mod file;
mod keys;

use std::sync::Arc;
use std::time::Duration;

use actix_web::{rt, web};
use caodiem_domain::audit::Checkpoint;
use caodiem_domain::error::Error;
use caodiem_domain::ports::{CheckpointKeys, Store};
use caodiem_domain::time::Clock;
use caodiem_domain::usecase::verify_audit::{Exported, checkpoint_due, set_checkpoint};

use crate::config::Config;
use crate::failure::Failure;
use file::CheckpointFile;

/// How often a checkpoint is made while acts are added.
const EVERY: Duration = Duration::from_secs(60);

/// Makes checkpoints.
#[derive(Clone)]
pub struct Checkpoints {
    store: Arc<dyn Store>,
    keys: Arc<dyn CheckpointKeys>,
    clock: Arc<dyn Clock>,
    file: CheckpointFile,
}

impl Checkpoints {
    /// Over a store, with the keys of tokens and the configured file.
    #[must_use]
    pub fn new(config: &Config, store: Arc<dyn Store>, keys: Arc<dyn CheckpointKeys>, clock: Arc<dyn Clock>) -> Self {
        Self { store, keys, clock, file: CheckpointFile::of(config) }
    }

    /// Makes one, unless nothing was added since the last. It is exported after it was stored: what a file speaks of,
    /// the database has to have.
    ///
    /// # Errors
    /// A failure of storage, of the key or of the file.
    pub fn make(&self) -> Result<Option<Checkpoint>, Failure> {
        let refused = |error: Error| Failure::refused("the checkpoint", &error);
        if self.store.read(|tx| Ok(checkpoint_due(tx)?)).map_err(refused)?.is_none() {
            return Ok(None);
        }
        let now = self.clock.now();
        let made = self.store.write(|tx| set_checkpoint(tx, &*self.keys, now)).map_err(refused)?;
        if let Some(checkpoint) = &made {
            self.file.append(&Exported { checkpoint: checkpoint.clone(), stored: true })?;
        }
        Ok(made)
    }

    /// Makes one a minute for as long as the server runs.
    pub(crate) async fn keep(self) {
        let mut minute = rt::time::interval(EVERY);
        loop {
            minute.tick().await;
            self.make_aside().await;
        }
    }

    /// Makes one on a thread for blocking work; a failure is told to the log.
    pub(crate) async fn make_aside(&self) {
        let own = self.clone();
        match web::block(move || own.make()).await {
            Ok(Ok(Some(checkpoint))) => tracing::debug!(seq = checkpoint.seq, "checkpoint"),
            Ok(Ok(None)) => {}
            Ok(Err(failure)) => tracing::error!(%failure, "no checkpoint could be made"),
            Err(gone) => tracing::error!(%gone, "no checkpoint could be made"),
        }
    }
}
