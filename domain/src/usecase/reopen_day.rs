//! Reopening closed days: by two people, under a decision, until a moment.

use chrono::TimeDelta;

use crate::access::Permission;
use crate::audit::Change;
use crate::drive::DriveState;
use crate::error::{Error, refuse_if_any};
use crate::id::{DriveId, ReopeningId, Sequence, UnitId};
use crate::ports::WriteTx;
use crate::problem::{Code, Problem};
use crate::reporting::excuse::Reopening;
use crate::text::{PlanNumber, Reason};
use crate::time::{DayRange, Instant, told};
use crate::usecase::plan_drive::own_drive;
use crate::usecase::{Act, allocate_one, two_people};

/// The longest that closed days stay open again, in days.
pub const OPEN_DAYS_MAX: i64 = 30;

/// Closed days to be opened again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReopenDay {
    /// The drive.
    pub drive: DriveId,
    /// The unit, with all under it.
    pub unit: UnitId,
    /// The days.
    pub days: DayRange,
    /// The moment until which reports are taken, exclusive; at most [`OPEN_DAYS_MAX`] days from now.
    pub until: Instant,
    /// Why.
    pub reason: Reason,
    /// Number of the decision.
    pub decision: PlanNumber,
}

/// Opens closed days again. Reports that come then are late all the same, and corrections say why.
///
/// # Errors
/// `Forbidden`; `NotFound` at `drive` or `unit`; `DriveState` (not open); `DayOutsideDrive` at `days`; `OutOfRange` at
/// `until`; `NeedsTwoPeople`.
pub fn reopen_day(act: &Act, tx: &mut dyn WriteTx, command: &ReopenDay) -> Result<ReopeningId, Error> {
    act.actor.require(Permission::ManageReporting)?;
    act.once(tx, |tx| {
        let drive = own_drive(act, tx, command.drive)?;
        drive.require_state(&[DriveState::Open])?;
        let mut problems: Vec<Problem> = two_people::needs_two(act, true).into_iter().collect();
        if !tx.units_by_id(&act.actor.scope, &[command.unit])?.contains_key(&command.unit) {
            problems.push(Problem::not_found("Unit", command.unit.get()).at("unit"));
        }
        if !drive.days.covers(command.days) {
            let outside = Problem::new(Code::DayOutsideDrive).with("day", command.days.from());
            problems.push(outside.with("from", drive.days.from()).with("to", drive.days.to()).at("days"));
        }
        let most = act.now.checked_add_signed(TimeDelta::days(OPEN_DAYS_MAX)).unwrap_or(act.now);
        if !(act.now < command.until && command.until <= most) {
            let range = Problem::new(Code::OutOfRange).with("actual", told(command.until));
            problems.push(range.with("min", told(act.now)).with("max", told(most)).at("until"));
        }
        refuse_if_any(problems)?;
        let reopening = Reopening {
            id: ReopeningId::new(allocate_one(tx, Sequence::Reopening)?),
            drive: drive.id,
            unit: command.unit,
            days: command.days,
            until: command.until,
            reason: command.reason.clone(),
            decision: command.decision.clone(),
            author: act.actor.subject.clone(),
            at: act.now,
        };
        tx.insert_reopening(&reopening)?;
        let what = format!(
            "drive {drive}, unit {unit}, {from} to {to}, until {until}, {decision}: {reason}",
            drive = drive.id.get(),
            unit = reopening.unit.get(),
            from = reopening.days.from(),
            to = reopening.days.to(),
            until = told(reopening.until),
            decision = reopening.decision,
            reason = reopening.reason,
        );
        tx.changed(Change::made("Reopening", reopening.id.get(), what));
        Ok(reopening.id)
    })
}
