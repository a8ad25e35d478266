//! A store that keeps nothing of what is written to it: every job that writes is rolled back after it has succeeded, so
//! that one world serves any number of mutations in any order.

use std::sync::Arc;

use caodiem_domain::error::{Error, StoreError};
use caodiem_domain::id::UnitId;
use caodiem_domain::ports::{HandedJob, Lock, ReadJob, Reply, Store, WriteJob};
use caodiem_domain::unit::Unit;
use caodiem_domain::usecase::record_tallies::{Submission, SubmissionOutcome, record_tallies};

/// Reads as the store below does, writes in vain.
pub(crate) struct Undone(pub(crate) Arc<dyn Store>);

impl Store for Undone {
    fn reads_inline(&self) -> bool {
        self.0.reads_inline()
    }

    fn run_read(&self, job: &mut ReadJob<'_>) -> Result<(), Error> {
        self.0.run_read(job)
    }

    fn run_briefly(&self, job: HandedJob, reply: Reply<()>) {
        self.0.run_briefly(job, reply);
    }

    fn run_write(&self, job: &mut WriteJob<'_>) -> Result<(), Error> {
        let mut done = false;
        let outcome = self.0.run_write(&mut |tx| {
            job(tx)?;
            done = true;
            Err(StoreError::Other("undone".to_owned()).into())
        });
        if done { Ok(()) } else { outcome }
    }

    fn submit(&self, submission: Submission, reply: Reply<SubmissionOutcome>) {
        let store: &dyn Store = self;
        let mut answers = store.write(|tx| record_tallies(tx, Lock::Book, std::slice::from_ref(&submission)));
        reply(answers.as_mut().map_err(|error| error.clone()).and_then(|answers| answers.swap_remove(0)));
    }

    fn find_units(&self, ids: Vec<UnitId>, reply: Reply<Vec<Unit>>) {
        self.0.find_units(ids, reply);
    }
}
