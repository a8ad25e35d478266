//! Recording tallies: many submissions decided together, so that the writer lane commits them together.

use crate::access::Actor;
use crate::error::Error;
use crate::id::DriveId;
use crate::ports::WriteTx;
use crate::request::RequestKey;
use crate::tally::{RowResult, TallyRow};
use crate::time::Instant;

/// What one client sends: rows of one drive, at most 1,000.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Who.
    pub actor: Actor,
    /// When it arrived, by the server's clock: fixed on arrival, whenever it is written.
    pub received_at: Instant,
    /// The request.
    pub request: RequestKey,
    /// The drive.
    pub drive: DriveId,
    /// The rows.
    pub rows: Vec<TallyRow>,
}

/// What became of a submission.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SubmissionOutcome {
    /// One result per row, in order.
    pub rows: Vec<RowResult>,
    /// Whether it is the recorded answer of an earlier request.
    pub replayed: bool,
}

/// Records submissions in the order given. Each is answered by itself; a refused one leaves nothing.
///
/// # Errors
/// A failure of storage, which ends the whole job.
pub fn record_tallies(
    tx: &mut dyn WriteTx,
    submissions: &[Submission],
) -> Result<Vec<Result<SubmissionOutcome, Error>>, Error> {
    let _ = (tx, submissions);
    todo!()
}
