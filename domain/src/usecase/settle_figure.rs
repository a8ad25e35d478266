//! Settling figures, and what a drive tolerates.
//!
//! Whoever checks figures settles them, not who plans the drive: the planner is judged by them. The drive's planner says
//! beforehand how far apart they may lie.

use crate::access::Permission;
use crate::audit::Change;
use crate::comparison::Tolerance;
use crate::count::Count;
use crate::drive::DriveState;
use crate::error::Error;
use crate::exact::Exact;
use crate::id::{DriveId, IndicatorId, Sequence, SettlementId, UnitId};
use crate::ports::{Lock, WriteTx};
use crate::problem::{Code, Problem};
use crate::settlement::{GapReason, SettledBy, Settlement};
use crate::text::Reason;
use crate::time::{Day, DaySpan};
use crate::usecase::compare_figures::{ComparisonQuestion, compare_figures};
use crate::usecase::{Act, allocate_one, visible_drive};

/// What is held to be true of a figure.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SettleFigure {
    /// The drive, open or closed.
    pub drive: DriveId,
    /// Whose figure; in scope.
    pub unit: UnitId,
    /// Of what, simple or composite.
    pub indicator: IndicatorId,
    /// From the drive's first day up to this one.
    pub day: Day,
    /// By what.
    pub by: SettledBy,
    /// How many, where it is settled by none of the three.
    pub value: Option<Count>,
    /// Why they differ.
    pub reason: GapReason,
    /// In words; needed for `Other`.
    pub note: Option<Reason>,
}

/// Settles a figure. What was settled before stays on record; the latest stands.
///
/// # Errors
/// `Forbidden`; `NotFound`, `DriveState` at `drive`; `NotFound` at `unit`; `DayOutsideDrive` at `day`; `NothingToSettleBy`
/// and `OutOfRange` at `by`; `Empty` at `value` or `note`.
pub fn settle_figure(act: &Act, tx: &mut dyn WriteTx, command: &SettleFigure) -> Result<SettlementId, Error> {
    act.actor.require(Permission::VerifyTallies)?;
    act.once(tx, |tx| {
        let drive = visible_drive(&act.actor, tx.as_read(), command.drive)?;
        tx.lock(&[Lock::TreeShared, Lock::Book(drive.book), Lock::Extracts])?;
        let drive = visible_drive(&act.actor, tx.as_read(), command.drive)?;
        drive.require_state(&[DriveState::Open, DriveState::Closed])?;
        if !tx.units_by_id(&act.actor.scope, &[command.unit])?.contains_key(&command.unit) {
            return Err(Problem::not_found("Unit", command.unit.get()).at("unit").into());
        }
        let question = ComparisonQuestion {
            drive: command.drive,
            units: vec![command.unit],
            indicator: command.indicator,
            days: DaySpan { from: Some(command.day), to: Some(command.day) },
            today: act.today(),
        };
        let found = compare_figures(&act.actor, tx.as_read(), &question)?;
        let found = found.first().ok_or_else(|| Problem::not_found("Unit", command.unit.get()).at("unit"))?;
        let absent = || Problem::new(Code::NothingToSettleBy).with("basis", command.by.as_str()).at("by");
        let count = |value: Option<i64>| Count::new(value.ok_or_else(absent)?).map_err(|problem| problem.at("by"));
        let value = match command.by {
            SettledBy::Reported => count(found.reported)?,
            SettledBy::Verified => count(found.verified)?,
            SettledBy::Official => count(found.official_done())?,
            SettledBy::Other => command.value.ok_or_else(|| Problem::new(Code::Empty).at("value"))?,
        };
        if command.note.is_none() && (command.by == SettledBy::Other || command.reason == GapReason::Other) {
            return Err(Problem::new(Code::Empty).at("note").into());
        }
        let settlement = Settlement {
            id: SettlementId::new(allocate_one(tx, Sequence::Settlement)?),
            drive: command.drive,
            unit: command.unit,
            indicator: command.indicator,
            day: command.day,
            by: command.by,
            value,
            reported: found.reported,
            verified: found.verified,
            official: found.official_done(),
            reason: command.reason,
            note: command.note.clone(),
            author: act.actor.subject.clone(),
            account: act.actor.account,
            at: act.now,
        };
        tx.insert_settlement(&settlement)?;
        let before = found.settlement.as_ref().map(told);
        tx.changed(Change { kind: "Settlement", id: settlement.id.get(), before, after: Some(told(&settlement)) });
        Ok(settlement.id)
    })
}

fn told(settlement: &Settlement) -> String {
    let Settlement { drive, unit, indicator, day, by, value, reason, .. } = settlement;
    format!(
        "{value} by {by}, {reason}: drive {drive}, unit {unit}, indicator {indicator}, up to {day}",
        by = by.as_str(),
        reason = reason.as_str(),
        drive = drive.get(),
        unit = unit.get(),
        indicator = indicator.get(),
    )
}

/// How far apart the figures of a drive may lie.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SetTolerance {
    /// The drive, not closed.
    pub drive: DriveId,
    /// In percent of the official figure, 0 to 100.
    pub percent: Exact,
    /// In number.
    pub absolute: Count,
}

/// Sets what a drive tolerates; what was set before stays on record.
///
/// # Errors
/// `Forbidden`; `NotFound`, `DriveState` at `drive`; `OutOfRange` at `percent`.
pub fn set_tolerance(act: &Act, tx: &mut dyn WriteTx, command: &SetTolerance) -> Result<DriveId, Error> {
    act.actor.require(Permission::ManageDrives)?;
    act.once(tx, |tx| {
        let drive = visible_drive(&act.actor, tx.as_read(), command.drive)?;
        tx.lock(&[Lock::Book(drive.book)])?;
        let drive = visible_drive(&act.actor, tx.as_read(), command.drive)?;
        if !tx.units_by_id(&act.actor.scope, &[drive.unit])?.contains_key(&drive.unit) {
            return Err(Problem::not_found("Drive", drive.id.get()).at("drive").into());
        }
        drive.require_state(&[DriveState::Draft, DriveState::Open])?;
        if command.percent.is_negative() || command.percent > Exact::from(100) {
            let problem = Problem::new(Code::OutOfRange).with("actual", &command.percent);
            return Err(problem.with("min", 0).with("max", 100).at("percent").into());
        }
        let standing = tx.tolerance_of(drive.id)?;
        let tolerance = Tolerance {
            drive: drive.id,
            version: standing.as_ref().map_or(1, |standing| standing.version.saturating_add(1)),
            percent: command.percent.clone(),
            absolute: command.absolute,
            author: act.actor.subject.clone(),
            at: act.now,
        };
        tx.insert_tolerance(&tolerance)?;
        let told =
            |one: &Tolerance| format!("{percent} % or {absolute}", percent = one.percent, absolute = one.absolute);
        let (before, after) = (standing.as_ref().map(told), Some(told(&tolerance)));
        tx.changed(Change { kind: "Tolerance", id: drive.id.get(), before, after });
        Ok(drive.id)
    })
}
