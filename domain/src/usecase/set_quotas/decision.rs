//! What every change of quotas needs: the drive, locked and not over, and a decision once it is open.

use crate::access::Actor;
use crate::audit::{Change, told};
use crate::drive::{Drive, DriveState};
use crate::error::Error;
use crate::exact::Exact;
use crate::id::DriveId;
use crate::ports::{Lock, WriteTx};
use crate::problem::{Code, Problem};
use crate::quota::{Amendment, Quota};
use crate::text::{PlanNumber, Reason};
use crate::usecase::{Act, two_people, visible_drive};

/// Why and by which decision quotas change.
#[derive(Clone, Copy)]
pub(in crate::usecase) struct Decision<'a> {
    /// Why.
    pub reason: Option<&'a Reason>,
    /// Its number.
    pub decision: Option<&'a PlanNumber>,
}

impl Decision<'_> {
    /// The entry of the history that makes the quota's version.
    pub(in crate::usecase) fn amend(self, act: &Act, quota: &Quota, explanation: String) -> Amendment {
        Amendment {
            quota: quota.id,
            version: quota.version,
            amount: quota.amount.clone(),
            basis: quota.basis.clone(),
            explanation,
            reason: self.reason.cloned(),
            decision: self.decision.cloned(),
            author: act.actor.subject.clone(),
            at: act.now,
        }
    }

    /// What is missing: an open drive demands a reason and a number (rule 4). `current` is a figure that stands.
    pub(in crate::usecase) fn missing(self, drive: &Drive, current: Option<&Exact>) -> Vec<Problem> {
        if drive.state == DriveState::Draft {
            return Vec::new();
        }
        let current = current.map_or_else(|| "0".to_owned(), |amount| amount.round_half_up().to_string());
        let given = [("reason", self.reason.is_some()), ("decision", self.decision.is_some())];
        given
            .into_iter()
            .filter(|(_, given)| !given)
            .map(|(field, _)| Problem::new(Code::ReasonRequired).with("current", &current).at(field))
            .collect()
    }
}

/// The change of a quota for the record.
pub(in crate::usecase) fn change(quota: &Quota, before: Option<String>) -> Change {
    Change { kind: "Quota", id: quota.id.get(), before, after: Some(told_quota(quota)) }
}

/// A quota in a line.
pub(in crate::usecase) fn told_quota(quota: &Quota) -> String {
    told::quota(quota.version, &quota.amount, quota.due)
}

/// The drive, after the locks are taken under which its quotas may change.
///
/// # Errors
/// `NotFound`, `DriveState` when it is closed.
pub(in crate::usecase) fn lock_drive(actor: &Actor, tx: &mut dyn WriteTx, id: DriveId) -> Result<Drive, Error> {
    let book = visible_drive(actor, tx.as_read(), id)?.book;
    tx.lock(&[Lock::TreeShared, Lock::Book(book)])?;
    let drive = visible_drive(actor, tx.as_read(), id)?;
    drive.require_state(&[DriveState::Draft, DriveState::Open])?;
    Ok(drive)
}

/// What is wrong where one person alone changes quotas of a drive that has opened.
pub(in crate::usecase) fn needs_two(act: &Act, drive: &Drive) -> Option<Problem> {
    two_people::needs_two(act, drive.state != DriveState::Draft)
}
