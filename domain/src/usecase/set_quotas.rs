//! Setting and amending quotas.

mod check;
pub(super) mod decision;
mod facts;
pub(super) mod holders;

use crate::access::Permission;
use crate::error::{Error, StoreError, refuse_if_any};
use crate::id::{DriveId, QuotaId, Sequence};
use crate::ports::WriteTx;
use crate::problem::{Code, Problem};
use crate::quota::{Basis, Quota, QuotaKey};
use crate::text::{PlanNumber, Reason};
use crate::time::Day;
use crate::usecase::{Act, note};
use check::Ready;
use decision::{Decision, told_quota};
use facts::Facts;

/// One quota to be set or amended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QuotaSetting {
    /// What it is of.
    pub key: QuotaKey,
    /// Where its amount comes from; worked out now.
    pub basis: Basis,
    /// The day by which it is owed, within the drive.
    pub due: Option<Day>,
    /// Whether what was there before counts.
    pub counts_opening: bool,
    /// The version it is based on: 0 for a quota that must not exist yet.
    pub expected_version: i32,
}

/// Quotas of one decision, all or none; at most 1,000. Those of a basis that refers to another quota come after it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SetQuotas {
    /// The quotas; all of the same drive.
    pub quotas: Vec<QuotaSetting>,
    /// Why; demanded once the drive is open.
    pub reason: Option<Reason>,
    /// Number of the decision; demanded once the drive is open.
    pub decision: Option<PlanNumber>,
}

/// The most quotas of one decision.
const MAX_QUOTAS: usize = 1_000;

/// Sets quotas. Answers them in the order given.
///
/// Baselines are the latest up to the first day of the phase or drive, or up to the day of issue where that is later
/// ([`crate::quota::basis::baseline_day`]).
///
/// # Errors
/// `Forbidden`, `NotFound` (the drive), `DriveState` (closed), `Empty`, `TooMany`, `Conflict` (another drive among
/// them); at `quotas.<index>`: `NotFound`, `StaleVersion`, `IndicatorNotInDrive`, `UnitOutsideDrive`, `DayOutsideDrive`,
/// `BaselineMissing`, `QuotaMissing`, `OutOfRange`, `Repeated`, `PhaseDates`, `ShareWithoutCascade`, `QuotaFromAbove`;
/// `ReasonRequired` at `reason` and `decision`; `NeedsTwoPeople` once the drive is open.
pub fn set_quotas(act: &Act, tx: &mut dyn WriteTx, command: &SetQuotas) -> Result<Vec<QuotaId>, Error> {
    act.actor.require(Permission::ManageQuotas)?;
    act.once(tx, |tx| {
        let drive = decision::lock_drive(&act.actor, tx, one_drive(&command.quotas)?)?;
        let facts = Facts::load(&act.actor, tx.as_read(), &drive, &command.quotas)?;
        let current = command.quotas.iter().find_map(|setting| facts.standing.get(&setting.key));
        let current = current.map(|quota| &quota.amount);
        let decision = Decision { reason: command.reason.as_ref(), decision: command.decision.as_ref() };
        let mut problems = decision.missing(&drive, current);
        let ready = check::check(&drive, &facts, &command.quotas).unwrap_or_else(|found| {
            problems.extend(found);
            Vec::new()
        });
        problems.extend(decision::needs_two(act, &drive));
        refuse_if_any(problems)?;
        store(act, tx, decision, &facts, ready)
    })
}

/// The drive of all settings, of which there are some but not too many.
fn one_drive(settings: &[QuotaSetting]) -> Result<DriveId, Problem> {
    let drive = settings.first().ok_or_else(|| Problem::new(Code::Empty).at("quotas"))?.key.drive;
    if settings.len() > MAX_QUOTAS {
        return Err(Problem::new(Code::TooMany).with("actual", settings.len()).with("max", MAX_QUOTAS).at("quotas"));
    }
    match settings.iter().position(|setting| setting.key.drive != drive) {
        None => Ok(drive),
        Some(other) => {
            let mixed = Problem::new(Code::Conflict).with("constraint", "one drive per decision");
            Err(mixed.at(format_args!("quotas.{other}")))
        }
    }
}

fn store(
    act: &Act,
    tx: &mut dyn WriteTx,
    decision: Decision<'_>,
    facts: &Facts,
    ready: Vec<Ready<'_>>,
) -> Result<Vec<QuotaId>, Error> {
    let new = ready.iter().filter(|one| !facts.standing.contains_key(&one.setting.key)).count();
    let mut fresh = tx.allocate(Sequence::Quota, new)?.into_iter().map(QuotaId::new);
    let mut rows = Vec::with_capacity(ready.len());
    for Ready { setting, evaluated, unit } in ready {
        let standing = facts.standing.get(&setting.key).map(|quota| quota.id);
        let id = standing.or_else(|| fresh.next()).ok_or_else(|| StoreError::Other("too few keys".to_owned()))?;
        let quota = Quota {
            id,
            key: setting.key,
            basis: setting.basis.clone(),
            amount: evaluated.amount,
            due: setting.due,
            counts_opening: setting.counts_opening,
            version: setting.expected_version.saturating_add(1),
        };
        let amendment = decision.amend(act, &quota, evaluated.explanation);
        rows.push((quota, amendment, unit));
    }
    tx.put_quotas(&rows)?;
    let before = |quota: &Quota| facts.standing.get(&quota.key).map(told_quota);
    note(tx, rows.iter().map(|(quota, ..)| decision::change(quota, before(quota))).collect());
    Ok(rows.into_iter().map(|(quota, ..)| quota.id).collect())
}
