//! The cascade as a use case: the same reckoning previewed, then applied.

mod bounds;
mod reckon;
mod sharers;
mod weights;

use crate::access::{Actor, Permission};
use crate::error::{Error, StoreError, refuse_if_any};
use crate::exact::Exact;
use crate::id::{QuotaId, Sequence};
use crate::ports::{ReadTx, WriteTx};
use crate::problem::{Code, Problem};
use crate::quota::cascade::{CascadeLine, CascadePlan};
use crate::quota::{Basis, Quota, QuotaKey};
use crate::text::{PlanNumber, Reason};
use crate::usecase::set_quotas::decision::{Decision, change, lock_drive, needs_two, told_quota};
use crate::usecase::{Act, note, visible_drive};
use reckon::{Reckoned, reckon};

/// What a cascade would change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CascadePreview {
    /// The quota that is shared.
    pub total: Exact,
    /// Its version: sent back when the cascade is applied.
    pub version: i32,
    /// Every figure, holders above before those below, siblings by code.
    pub lines: Vec<CascadeLine>,
    /// The sum of the first level's printed figures, beside the printed total.
    pub printed_sum: i64,
    /// Where printed figures don't add up, where a child has no baseline.
    pub findings: Vec<Problem>,
}

/// A cascade to be applied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApplyCascade {
    /// What is asked for.
    pub plan: CascadePlan,
    /// The version of the shared quota that was previewed.
    pub expected_version: i32,
    /// Why; demanded once the drive is open.
    pub reason: Option<Reason>,
    /// Number of the decision; demanded once the drive is open.
    pub decision: Option<PlanNumber>,
}

/// Works out a cascade without changing anything.
///
/// Units are those below on the drive's tree date. Baselines are the latest up to the first day of the phase or drive, or
/// up to the day of issue where that is later ([`crate::quota::basis::baseline_day`]).
///
/// # Errors
/// `Forbidden`, `NotFound`, `UnitOutsideDrive`, `QuotaMissing`, `NoChildren`, `NoWeight`, `FloorsTooHigh`,
/// `CeilingsTooLow`, `BoundsCrossed`, `SumMismatch`, `TotalNotWhole`, `OutOfRange`, `Repeated`, `TooLong`.
pub fn preview_cascade(actor: &Actor, tx: &mut dyn ReadTx, plan: &CascadePlan) -> Result<CascadePreview, Error> {
    actor.require(Permission::ManageQuotas)?;
    let drive = visible_drive(actor, tx, plan.from.drive)?;
    Ok(reckon(actor, tx, &drive, plan)?.preview)
}

/// Applies a cascade, all or nothing: holders whose figure changes get an amendment, with a version of its own; the
/// others keep theirs. Answers the quotas of the lines, in their order.
///
/// A new quota falls due when the shared one does; whether it counts what was there before always follows the shared one.
///
/// # Errors
/// As [`preview_cascade`], and `StaleVersion` at `expectedVersion`, `DriveState`, `ReasonRequired`,
/// `NeedsTwoPeople` once the drive is open.
pub fn apply_cascade(act: &Act, tx: &mut dyn WriteTx, command: &ApplyCascade) -> Result<Vec<QuotaId>, Error> {
    act.actor.require(Permission::ManageQuotas)?;
    act.once(tx, |tx| {
        let drive = lock_drive(&act.actor, tx, command.plan.from.drive)?;
        let reckoned = reckon(&act.actor, tx.as_read(), &drive, &command.plan)?;
        let decision = Decision { reason: command.reason.as_ref(), decision: command.decision.as_ref() };
        let mut problems = decision.missing(&drive, Some(&reckoned.shared.amount));
        let actual = reckoned.shared.version;
        if actual != command.expected_version {
            let stale = Problem::new(Code::StaleVersion).with("actual", actual);
            problems.push(stale.with("expected", command.expected_version).at("expectedVersion"));
        }
        problems.extend(needs_two(act, &drive));
        refuse_if_any(problems)?;
        store(act, tx, decision, reckoned)
    })
}

fn store(act: &Act, tx: &mut dyn WriteTx, decision: Decision<'_>, reckoned: Reckoned) -> Result<Vec<QuotaId>, Error> {
    let Reckoned { preview, shared, standing, units } = reckoned;
    let new = preview.lines.iter().filter(|line| !standing.contains_key(&line.holder)).count();
    let mut fresh = tx.allocate(Sequence::Quota, new)?.into_iter().map(QuotaId::new);
    let mut ids = Vec::with_capacity(preview.lines.len());
    let mut rows = Vec::new();
    for line in preview.lines {
        let before = standing.get(&line.holder);
        let id = before.map(|quota| quota.id).or_else(|| fresh.next());
        let id = id.ok_or_else(|| StoreError::Other("too few keys".to_owned()))?;
        ids.push(id);
        let unit = units.get(&line.holder).copied();
        if line.before.as_ref() == Some(&line.amount) {
            continue;
        }
        let quota = Quota {
            id,
            key: QuotaKey { holder: line.holder, ..shared.key },
            basis: Basis::Share { of: line.above },
            amount: line.amount,
            due: before.map_or(shared.due, |quota| quota.due),
            counts_opening: shared.counts_opening,
            version: line.before_version.saturating_add(1),
        };
        let amendment = decision.amend(act, &quota, line.explanation);
        let unit = unit.ok_or_else(|| StoreError::Other("a sharer without a unit".to_owned()))?;
        rows.push((quota, amendment, unit));
    }
    if !rows.is_empty() {
        tx.put_quotas(&rows)?;
    }
    let before = |quota: &Quota| standing.get(&quota.key.holder).map(told_quota);
    note(tx, rows.iter().map(|(quota, ..)| change(quota, before(quota))).collect());
    Ok(ids)
}
