//! The writer lanes: submissions that queued up, taken in together.

use std::io;
use std::sync::Arc;

use caodiem_domain::error::{Error, StoreError};
use caodiem_domain::id::DriveId;
use caodiem_domain::ports::{Lock, Reply};
use caodiem_domain::usecase::record_tallies::{Submission, SubmissionOutcome, record_tallies};

use super::super::connect::{Connections, LaneConnection};
use super::super::dialect;
use super::super::repo::Tx;
use super::{ROWS_MAX, Shared, answer, hand, is_passing, patiently, transact};
use crate::config::Config;
use crate::lane::{Bounds, Lane};

type Handed = (Submission, Reply<SubmissionOutcome>);
type Outcome = Result<SubmissionOutcome, Error>;

/// The lanes that take submissions in.
pub(super) struct Submissions(Lane<Handed>);

impl Submissions {
    /// Starts the lanes.
    pub(super) fn start(config: &Config, shared: &Arc<Shared>) -> io::Result<Self> {
        let lanes = (0..Connections::SUBMITS_AT_ONCE).map(|_| {
            let (mut own, shared) = (LaneConnection::new(config, "tallies"), Arc::clone(shared));
            move |handed| shared.take_in(&mut own, handed)
        });
        let rows = |(submission, _): &Handed| submission.rows.len();
        let bounds = Bounds { items: config.lane_batch_max, weight: ROWS_MAX };
        Lane::start("caodiem-tallies", config.lane_queue_max, bounds, rows, lanes).map(Self)
    }

    /// Hands a submission over.
    pub(super) fn hand(&self, submission: Submission, reply: Reply<SubmissionOutcome>) {
        hand(&self.0, submission, reply);
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
}
