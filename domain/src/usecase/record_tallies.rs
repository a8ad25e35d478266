//! Recording tallies: many submissions decided together, so that the writer lane commits them together.
//!
//! The lane hands over whatever queued up. Everything is loaded in a handful of batch reads (`facts`), each row is
//! decided purely (`decide`), and what is accepted is stored in one go and folded into the roll-up (`fold`).

mod act;
mod decide;
mod facts;
mod fold;
mod receipt;

use std::collections::BTreeMap;

use crate::access::{Actor, Permission};
use crate::error::{Error, StoreError};
use crate::id::DriveId;
use crate::ports::{Lock, WriteTx};
use crate::problem::{Code, Problem};
use crate::request::RequestKey;
use crate::tally::{RowResult, TallyRow};
use crate::text::{RequestId, Subject};
use crate::time::Instant;
use decide::Decider;
use facts::Facts;

/// The most rows one submission may hold.
pub const MAX_ROWS: usize = 1_000;

/// What one client sends: rows of one drive, 1 to [`MAX_ROWS`].
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
/// Rows are taken one by one: a refused row does not hold back the others. A retry under the same request id gives the
/// recorded results again, refusals included.
///
/// `book` says how the books are held: [`Lock::BookShared`] beside others who submit, of whom one that writes the same slot or
/// request first ends the whole job, or [`Lock::Book`].
///
/// # Errors
/// A failure of storage, which ends the whole job. Refusals of a submission stand in its own result: `Forbidden`,
/// `NotFound` and `DriveState` (at `drive`), `TooMany` and `Empty` (at `rows`), `RequestIdReused`.
pub fn record_tallies(
    tx: &mut dyn WriteTx,
    book: fn(DriveId) -> Lock,
    submissions: &[Submission],
) -> Result<Vec<Result<SubmissionOutcome, Error>>, Error> {
    let facts = Facts::load(tx, book, submissions)?;
    let mut decider = Decider::new(&facts);
    let mut decided: BTreeMap<(&Subject, &RequestId), Earlier> = BTreeMap::new();
    let mut answers = Vec::with_capacity(submissions.len());
    let mut records = Vec::new();
    let mut acts = Vec::new();
    for submission in submissions {
        let key = (&submission.request.subject, &submission.request.id);
        let earlier = match decided.get(&key) {
            Some(earlier) => Some(earlier.clone()),
            None => recorded(&facts, submission)?,
        };
        if let Some(earlier) = earlier {
            let replayed = replay(submission, earlier);
            acts.extend(replayed.as_ref().err().and_then(|reused| act::refused(submission, reused)));
            answers.push(replayed);
            continue;
        }
        match admit(submission, &facts) {
            Err(refusal) => {
                acts.extend(act::refused(submission, &refusal));
                answers.push(Err(refusal));
            }
            Ok(drive) => {
                let rows = decider.decide(submission, drive);
                acts.push(act::done(submission, &rows));
                records.push((submission.request.clone(), receipt::encode_rows(&rows), submission.received_at));
                let fingerprint = submission.request.fingerprint;
                decided.insert(key, Earlier { fingerprint, rows: rows.clone() });
                answers.push(Ok(SubmissionOutcome { rows, replayed: false }));
            }
        }
    }
    fold::store(tx, decider.into_decisions(), &facts)?;
    if !records.is_empty() {
        tx.record_requests(&records)?;
    }
    tx.record(acts);
    Ok(answers)
}

/// What a request gave before, in this batch or an earlier one.
#[derive(Clone)]
struct Earlier {
    fingerprint: [u8; 32],
    rows: Vec<RowResult>,
}

fn recorded(facts: &Facts, submission: &Submission) -> Result<Option<Earlier>, Error> {
    let Some(recorded) = facts.requests.get(&submission.request) else { return Ok(None) };
    let rows = receipt::decode_rows(&recorded.outcome)
        .ok_or_else(|| StoreError::Corrupt("recorded outcome of a submission".to_owned()))?;
    Ok(Some(Earlier { fingerprint: recorded.fingerprint, rows }))
}

fn replay(submission: &Submission, earlier: Earlier) -> Result<SubmissionOutcome, Error> {
    if earlier.fingerprint != submission.request.fingerprint {
        return Err(Problem::new(Code::RequestIdReused).at("requestId").into());
    }
    Ok(SubmissionOutcome { rows: earlier.rows, replayed: true })
}

/// What is asked of a submission as a whole before its rows are looked at.
fn admit<'facts>(submission: &Submission, facts: &'facts Facts) -> Result<&'facts facts::DriveFacts, Error> {
    submission.actor.require(Permission::SubmitTallies)?;
    if submission.rows.is_empty() {
        return Err(Problem::new(Code::Empty).at("rows").into());
    }
    if submission.rows.len() > MAX_ROWS {
        let actual = submission.rows.len();
        return Err(Problem::new(Code::TooMany).with("actual", actual).with("max", MAX_ROWS).at("rows").into());
    }
    let missing = || Error::from(Problem::not_found("Drive", submission.drive.get()).at("drive"));
    let drive = facts.drives.get(&submission.drive).ok_or_else(missing)?;
    let touched = facts.paths.get(&drive.drive.unit).is_some_and(|path| submission.actor.scope.touches(path));
    if !touched || !submission.actor.is_for(submission.drive) {
        return Err(missing());
    }
    drive.drive.require_state(&[crate::drive::DriveState::Open])?;
    Ok(drive)
}
