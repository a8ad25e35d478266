//! The reader lanes: what many requests ask at once, answered together.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::vec::IntoIter;

use caodiem_domain::error::{Error, StoreError};
use caodiem_domain::id::UnitId;
use caodiem_domain::ports::{HandedJob, Reply};
use caodiem_domain::unit::Unit;

use super::super::connect::LaneConnection;
use super::super::dialect;
use super::super::repo::{Tx, units};
use super::{ROWS_MAX, Shared, answer, condemn_if_lost, hand, is_passing, patiently, transact};
use crate::config::Config;
use crate::doom;
use crate::lane::{Bounds, Lane};

/// The most jobs of one snapshot: each waits for those before it.
const JOBS_MAX: usize = 16;

type Sought = (Vec<UnitId>, Reply<Vec<Unit>>);
type Handed = (HandedJob, Reply<()>);

/// The lanes for jobs, and those for look-ups that are one statement however many ask.
pub(super) struct Readers {
    jobs: Lane<Handed>,
    units: Lane<Sought>,
}

impl Readers {
    /// Starts the lanes.
    pub(super) fn start(config: &Config, shared: &Arc<Shared>) -> io::Result<Self> {
        let queue = config.lane_queue_max;
        let lanes = (0..config.find_lanes).map(|_| {
            let (mut own, shared) = (LaneConnection::new(config, "reads"), Arc::clone(shared));
            move |handed: Vec<Handed>| shared.read_all(&mut own, handed)
        });
        let bounds = Bounds { items: JOBS_MAX, weight: JOBS_MAX };
        let jobs = Lane::start("caodiem-reads", queue, bounds, |_| 1, lanes)?;
        let lanes = (0..config.find_lanes).map(|_| {
            let (mut own, shared) = (LaneConnection::new(config, "units"), Arc::clone(shared));
            move |sought: Vec<Sought>| shared.find(&mut own, sought)
        });
        let bounds = Bounds { items: config.lane_batch_max, weight: ROWS_MAX };
        let units = Lane::start("caodiem-units", queue, bounds, |(ids, _)| ids.len(), lanes)?;
        Ok(Self { jobs, units })
    }

    /// Hands a job over.
    pub(super) fn run(&self, job: HandedJob, reply: Reply<()>) {
        hand(&self.jobs, job, reply);
    }

    /// Hands ids over.
    pub(super) fn find(&self, ids: Vec<UnitId>, reply: Reply<Vec<Unit>>) {
        hand(&self.units, ids, reply);
    }
}

impl Shared {
    /// Answers jobs over one snapshot. One that fails for a reason of the store takes the snapshot with it: it is run again
    /// alone, and those behind it over the next.
    fn read_all(&self, own: &mut LaneConnection, handed: Vec<Handed>) {
        let mut handed = handed.into_iter();
        while let Some((mut job, reply)) = self.read_together(own, &mut handed) {
            let done = patiently(|| {
                own.with(&self.connections, |conn| {
                    transact(conn, dialect::begin_read, |conn| job(&mut Tx::new(conn, &self.memory)))
                })
            });
            let hopeless = done.as_ref().err().filter(|error| is_passing(error)).cloned();
            answer(reply, done);
            if let Some(error) = hopeless {
                handed.by_ref().for_each(|(_, reply)| answer(reply, Err(error.clone())));
            }
        }
    }

    /// Runs jobs one after the other and gives back the one that failed, if any.
    fn read_together(&self, own: &mut LaneConnection, handed: &mut IntoIter<Handed>) -> Option<Handed> {
        let mut failed = None;
        let ran = own.with(&self.connections, |conn| {
            transact(conn, dialect::begin_read, |conn| {
                let mut tx = Tx::new(conn, &self.memory);
                for (mut job, reply) in handed.by_ref() {
                    match catch_unwind(AssertUnwindSafe(|| job(&mut tx))) {
                        Ok(done @ (Ok(()) | Err(Error::Refused(_)))) if !doom::is_doomed() => answer(reply, done),
                        // It held up the others long enough.
                        Ok(late @ Err(Error::Store(StoreError::TimedOut))) => {
                            answer(reply, late);
                            return Err(StoreError::TimedOut.into());
                        }
                        _ => {
                            failed = Some((job, reply));
                            return Err(StoreError::Other("a job failed".to_owned()).into());
                        }
                    }
                }
                Ok(())
            })
        });
        // Where nothing could begin, the first of them finds out why.
        failed.or_else(|| ran.err().and_then(|_: Error| handed.next()))
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

    /// Looks units up on the calling thread.
    pub(super) fn find_inline(&self, ids: &[UnitId]) -> Result<Vec<Unit>, Error> {
        self.connections.with_reader(|conn| Ok(pick(&units::latest(conn, ids)?, ids)))
    }
}

fn pick(found: &BTreeMap<UnitId, Unit>, ids: &[UnitId]) -> Vec<Unit> {
    ids.iter().filter_map(|id| found.get(id).cloned()).collect()
}
