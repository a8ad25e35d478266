//! A submission on record: one act whatever its rows, which have revisions of their own. A replay is none.

use super::Submission;
use crate::audit::{ActOutcome, Change, Entry, hex};
use crate::error::Error;
use crate::tally::RowResult;

/// The name of the mutation.
const OPERATION: &str = "submitTallies";

/// A submission whose rows were looked at.
pub(super) fn done(submission: &Submission, rows: &[RowResult]) -> Entry {
    let count = |fits: fn(&RowResult) -> bool| rows.iter().filter(|row| fits(row)).count();
    let told = format!(
        "{accepted} rows accepted, {unchanged} unchanged, {refused} refused",
        accepted = count(|row| matches!(row, RowResult::Accepted { .. })),
        unchanged = count(|row| matches!(row, RowResult::Unchanged { .. })),
        refused = count(|row| matches!(row, RowResult::Refused(_))),
    );
    let changes = vec![Change::made("Drive", submission.drive.get(), told)];
    Entry { changes, ..entry(submission, ActOutcome::Done) }
}

/// A submission that was refused as a whole; `None` when storage failed.
pub(super) fn refused(submission: &Submission, error: &Error) -> Option<Entry> {
    let Error::Refused(problems) = error else { return None };
    let code = problems.first()?.code().as_str();
    Some(entry(submission, ActOutcome::Refused(code.to_owned())))
}

fn entry(submission: &Submission, outcome: ActOutcome) -> Entry {
    let Submission { actor, received_at, request, drive, rows } = submission;
    let input = format!(
        "drive {drive}, {rows} rows, fingerprint {fingerprint}",
        drive = drive.get(),
        rows = rows.len(),
        fingerprint = hex(&request.fingerprint),
    );
    Entry::of(actor, *received_at, OPERATION, &input, outcome, request.id.to_string())
}
