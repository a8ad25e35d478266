//! Planning a drive: creating it, and revising it while it is a draft.

use std::collections::BTreeSet;

use crate::drive::{Cutoff, Settles};
use crate::error::Error;
use crate::id::{DriveId, IndicatorId, PhaseId, UnitId};
use crate::plan::PlanColumn;
use crate::ports::WriteTx;
use crate::team::TeamRule;
use crate::text::{PlanNumber, Title};
use crate::time::{Calendar, Day, DayRange};
use crate::usecase::Act;

/// A phase as planned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PhasePlan {
    /// An existing phase that is revised; `None` for a new one.
    pub id: Option<PhaseId>,
    /// Its name.
    pub name: Title,
    /// First and last day.
    pub days: DayRange,
    /// Days the plan declares.
    pub declared_days: Option<u32>,
}

/// A drive as planned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CreateDrive {
    /// Number of the plan, unique per unit.
    pub plan_number: PlanNumber,
    /// Title.
    pub title: Title,
    /// Who issued it.
    pub issuer: Title,
    /// The unit whose subtree it covers.
    pub unit: UnitId,
    /// The drive it stands under; its unit and days must cover this one's.
    pub parent: Option<DriveId>,
    /// Day of issue.
    pub issued_on: Day,
    /// First and last day.
    pub days: DayRange,
    /// Days the plan declares for the whole.
    pub declared_days: Option<u32>,
    /// The day whose tree the quotas are spread over; the first day when not named.
    pub tree_date: Option<Day>,
    /// What settles the result.
    pub settles: Settles,
    /// Working days.
    pub calendar: Calendar,
    /// Cut-offs per level.
    pub cutoffs: Vec<Cutoff>,
    /// Phases in order.
    pub phases: Vec<PhasePlan>,
    /// Indicators in use; composites bring their parts.
    pub indicators: BTreeSet<IndicatorId>,
    /// What the plan says of teams.
    pub team_rules: Vec<TeamRule>,
    /// Made up.
    pub synthetic: bool,
}

/// A drive revised; what is `None` stays. Dates, phases and indicators change only in a draft; title, cut-offs, team
/// rules, calendar and settlement also while it is open.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ReviseDrive {
    /// Which.
    pub drive: Option<DriveId>,
    /// The version it is based on.
    pub expected_version: i32,
    /// Title.
    pub title: Option<Title>,
    /// First and last day.
    pub days: Option<DayRange>,
    /// Days the plan declares; the inner `None` clears it.
    pub declared_days: Option<Option<u32>>,
    /// What settles the result.
    pub settles: Option<Settles>,
    /// Working days.
    pub calendar: Option<Calendar>,
    /// Cut-offs per level.
    pub cutoffs: Option<Vec<Cutoff>>,
    /// Phases in order; all of them.
    pub phases: Option<Vec<PhasePlan>>,
    /// Indicators in use.
    pub indicators: Option<BTreeSet<IndicatorId>>,
    /// What the plan says of teams.
    pub team_rules: Option<Vec<TeamRule>>,
    /// The layout of its quota table; allowed in every state but closed.
    pub columns: Option<Vec<PlanColumn>>,
}

/// Creates a draft.
///
/// # Errors
/// `Forbidden`, `NotFound`, `PlanNumberTaken`, `PhaseDates`, `OutsideParentDrive`, `OutOfRange`, `Repeated`.
pub fn create_drive(act: &Act, tx: &mut dyn WriteTx, command: &CreateDrive) -> Result<DriveId, Error> {
    let _ = (act, tx, command);
    todo!()
}

/// Revises a drive.
///
/// # Errors
/// As [`create_drive`], and `StaleVersion`, `DriveState`, `BadColumn`.
pub fn revise_drive(act: &Act, tx: &mut dyn WriteTx, command: &ReviseDrive) -> Result<DriveId, Error> {
    let _ = (act, tx, command);
    todo!()
}
