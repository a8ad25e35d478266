//! Excusing silence: whoever leads a drive says why somebody need not report on some days, and may take it back.

use crate::access::Permission;
use crate::audit::Change;
use crate::drive::{Drive, DriveState};
use crate::error::{Error, refuse_if_any};
use crate::id::{DriveId, ExcuseId, Sequence, TeamId, UnitId};
use crate::ports::WriteTx;
use crate::problem::{Code, Problem};
use crate::reporting::excuse::{Excuse, Withdrawal};
use crate::text::Reason;
use crate::time::DayRange;
use crate::usecase::plan_drive::own_drive;
use crate::usecase::{Act, allocate_one};

/// Silence to be excused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExcuseReports {
    /// The drive.
    pub drive: DriveId,
    /// The unit, with all under it; of a team its own unit.
    pub unit: UnitId,
    /// The only team.
    pub team: Option<TeamId>,
    /// The days.
    pub days: DayRange,
    /// Why.
    pub reason: Reason,
}

/// An excuse to be taken back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WithdrawExcuse {
    /// Which.
    pub excuse: ExcuseId,
    /// The version it was read at.
    pub expected_version: i32,
    /// Why.
    pub reason: Reason,
}

/// Excuses silence. It takes the drive's own unit in scope: a commune does not polish the rates of its province's drive.
///
/// # Errors
/// `Forbidden`; `NotFound` at `drive`, `unit` or `team`; `DriveState` (closed); `DayOutsideDrive` at `days`.
pub fn excuse_reports(act: &Act, tx: &mut dyn WriteTx, command: &ExcuseReports) -> Result<ExcuseId, Error> {
    act.actor.require(Permission::ManageReporting)?;
    act.once(tx, |tx| {
        let drive = own_drive(act, tx, command.drive)?;
        drive.require_state(&[DriveState::Draft, DriveState::Open])?;
        refuse_if_any(check(act, tx, &drive, command)?)?;
        let excuse = Excuse {
            id: ExcuseId::new(allocate_one(tx, Sequence::Excuse)?),
            drive: drive.id,
            unit: command.unit,
            team: command.team,
            days: command.days,
            reason: command.reason.clone(),
            author: act.actor.subject.clone(),
            at: act.now,
            withdrawn: None,
            version: 1,
        };
        tx.insert_excuse(&excuse)?;
        tx.changed(Change::made("ReportExcuse", excuse.id.get(), told(&excuse)));
        Ok(excuse.id)
    })
}

/// Takes an excuse back: what was silent is missing again. It stays on record.
///
/// # Errors
/// `Forbidden`; `NotFound` at `excuse`; `StaleVersion`; `ExcuseWithdrawn`; `DriveState` (closed).
pub fn withdraw_excuse(act: &Act, tx: &mut dyn WriteTx, command: &WithdrawExcuse) -> Result<ExcuseId, Error> {
    act.actor.require(Permission::ManageReporting)?;
    act.once(tx, |tx| {
        let missing = || Problem::not_found("ReportExcuse", command.excuse.get()).at("excuse");
        let known =
            tx.excuses_by_id(&act.actor.scope, &[command.excuse])?.remove(&command.excuse).ok_or_else(missing)?;
        own_drive(act, tx, known.drive)
            .map_err(|_hidden| missing())?
            .require_state(&[DriveState::Draft, DriveState::Open])?;
        // Again, under the lock of the drive's family.
        let excuse =
            tx.excuses_by_id(&act.actor.scope, &[command.excuse])?.remove(&command.excuse).ok_or_else(missing)?;
        if excuse.withdrawn.is_some() {
            return Err(Problem::new(Code::ExcuseWithdrawn).at("excuse").into());
        }
        if excuse.version != command.expected_version {
            let stale = Problem::new(Code::StaleVersion).with("actual", excuse.version);
            return Err(stale.with("expected", command.expected_version).at("expectedVersion").into());
        }
        let before = told(&excuse);
        let withdrawal = Withdrawal { reason: command.reason.clone(), author: act.actor.subject.clone(), at: act.now };
        let after = format!("withdrawn: {reason}", reason = command.reason);
        let excuse = Excuse { withdrawn: Some(withdrawal), version: excuse.version.saturating_add(1), ..excuse };
        tx.update_excuse(&excuse)?;
        tx.changed(Change::altered("ReportExcuse", excuse.id.get(), before, after));
        Ok(excuse.id)
    })
}

fn check(act: &Act, tx: &mut dyn WriteTx, drive: &Drive, command: &ExcuseReports) -> Result<Vec<Problem>, Error> {
    let mut problems = Vec::new();
    if !tx.units_by_id(&act.actor.scope, &[command.unit])?.contains_key(&command.unit) {
        problems.push(Problem::not_found("Unit", command.unit.get()).at("unit"));
    }
    if let Some(id) = command.team {
        let team = tx.teams_by_id(&act.actor.scope, &[id])?.remove(&id);
        if team.is_none_or(|team| team.unit != command.unit) {
            problems.push(Problem::not_found("Team", id.get()).at("team"));
        }
    }
    if !drive.days.covers(command.days) {
        let outside = Problem::new(Code::DayOutsideDrive).with("day", command.days.from());
        problems.push(outside.with("from", drive.days.from()).with("to", drive.days.to()).at("days"));
    }
    Ok(problems)
}

fn told(excuse: &Excuse) -> String {
    let Excuse { drive, unit, team, days, reason, .. } = excuse;
    let team = team.map(|team| format!(", team {team}", team = team.get())).unwrap_or_default();
    format!(
        "drive {drive}, unit {unit}{team}, {from} to {to}: {reason}",
        drive = drive.get(),
        unit = unit.get(),
        from = days.from(),
        to = days.to(),
    )
}
