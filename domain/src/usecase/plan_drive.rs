//! Planning a drive: creating it, and revising it while it is a draft.

mod check;

use std::collections::BTreeSet;

use crate::access::{Permission, Scope};
use crate::audit::{Change, told};
use crate::drive::{Drive, DriveOrder, DrivePredicate, DriveState, Phase, Settles};
use crate::error::{Error, refuse_if_any};
use crate::id::{DriveId, IndicatorId, PhaseId, Sequence, UnitId};
use crate::page::{Direction, Filter, PageRequest, PageSize};
use crate::plan::PlanColumn;
use crate::ports::{Lock, ReadTx, WriteTx};
use crate::problem::{Code, Problem};
use crate::reporting::rule::ReportingRule;
use crate::team::TeamRule;
use crate::text::{PlanNumber, Title};
use crate::time::{Calendar, Day, DayRange};
use crate::usecase::{Act, visible_drives};
use check::Plan;

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
    /// Who has to report by when, per level.
    pub reporting_rules: Vec<ReportingRule>,
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
    /// Who has to report by when, per level; all of it.
    pub reporting_rules: Option<Vec<ReportingRule>>,
    /// Phases in order; all of them.
    pub phases: Option<Vec<PhasePlan>>,
    /// Indicators in use.
    pub indicators: Option<BTreeSet<IndicatorId>>,
    /// What the plan says of teams.
    pub team_rules: Option<Vec<TeamRule>>,
    /// The layout of its quota table; allowed in every state but closed.
    pub columns: Option<Vec<PlanColumn>>,
}

/// Creates a draft. An assignment for a single drive makes no other.
///
/// # Errors
/// `Forbidden`, `NotFound`, `PlanNumberTaken`, `PhaseDates`, `OutsideParentDrive`, `OutOfRange`, `Repeated`.
pub fn create_drive(act: &Act, tx: &mut dyn WriteTx, command: &CreateDrive) -> Result<DriveId, Error> {
    act.actor.require(Permission::ManageDrives)?;
    if let Some(only) = act.actor.drive {
        return Err(Problem::not_found("Drive", only.get()).at("parent").into());
    }
    act.once(tx, |tx| {
        tx.lock(&[Lock::TreeShared])?;
        let parent = load_parent(act, tx, command.parent)?;
        let mut drive = founded(tx, command, parent.as_ref())?;
        let mut problems = check_place(act, tx, &drive, parent.as_ref())?;
        if plan_number_taken(tx, &drive)? {
            let problem = Problem::new(Code::PlanNumberTaken).with("number", &drive.plan_number);
            problems.push(problem.at("planNumber"));
        }
        let plan = Plan::of(tx, &drive)?;
        problems.extend(plan.problems());
        refuse_if_any(problems)?;
        drive.indicators = plan.indicators_in_use();
        tx.insert_drive(&drive)?;
        tx.changed(Change::made("Drive", drive.id.get(), told::drive(&drive)));
        Ok(drive.id)
    })
}

/// Revises a drive.
///
/// # Errors
/// As [`create_drive`], and `StaleVersion`, `DriveState`, `BadColumn`.
pub fn revise_drive(act: &Act, tx: &mut dyn WriteTx, command: &ReviseDrive) -> Result<DriveId, Error> {
    act.actor.require(Permission::ManageDrives)?;
    act.once(tx, |tx| {
        let id = command.drive.ok_or_else(|| Problem::not_found("Drive", "").at("drive"))?;
        let drive = locked_drive(act, tx, id, command.expected_version)?;
        drive.require_state(&[DriveState::Draft, DriveState::Open])?;
        if command.changes_the_plan() {
            drive.require_state(&[DriveState::Draft])?;
        }
        let before = told::drive(&drive);
        let mut drive = revised(tx, drive, command)?;
        let parent = load_parent(act, tx, drive.parent)?;
        let mut problems = check_place(act, tx, &drive, parent.as_ref())?;
        problems.extend(check_children(tx, &drive)?);
        let plan = Plan::of(tx, &drive)?;
        problems.extend(plan.problems());
        refuse_if_any(problems)?;
        drive.indicators = plan.indicators_in_use();
        tx.update_drive(&drive)?;
        tx.changed(Change::altered("Drive", drive.id.get(), before, told::drive(&drive)));
        Ok(drive.id)
    })
}

impl ReviseDrive {
    /// Whether it touches what only a draft may change.
    const fn changes_the_plan(&self) -> bool {
        self.days.is_some() || self.declared_days.is_some() || self.phases.is_some() || self.indicators.is_some()
    }
}

/// The drive, locked, in the actor's own scope (to see a drive above is not to manage it), at the expected version.
pub(super) fn locked_drive(
    act: &Act,
    tx: &mut dyn WriteTx,
    id: DriveId,
    expected_version: i32,
) -> Result<Drive, Error> {
    let drive = own_drive(act, tx, id)?;
    if drive.version != expected_version {
        let problem = Problem::new(Code::StaleVersion).with("actual", drive.version);
        return Err(problem.with("expected", expected_version).at("expectedVersion").into());
    }
    Ok(drive)
}

/// The drive, locked, in the actor's own scope.
pub(super) fn own_drive(act: &Act, tx: &mut dyn WriteTx, id: DriveId) -> Result<Drive, Error> {
    let missing = || Error::from(Problem::not_found("Drive", id.get()).at("drive"));
    let book = visible_drives(&act.actor, tx.as_read(), &[id])?.remove(&id).ok_or_else(missing)?.book;
    tx.lock(&[Lock::TreeShared, Lock::Book(book)])?;
    let drive = visible_drives(&act.actor, tx.as_read(), &[id])?.remove(&id).ok_or_else(missing)?;
    if !tx.units_by_id(&act.actor.scope, &[drive.unit])?.contains_key(&drive.unit) {
        return Err(missing());
    }
    Ok(drive)
}

/// Every drive directly under `drive`.
pub(super) fn child_drives(tx: &mut dyn ReadTx, drive: DriveId) -> Result<Vec<Drive>, Error> {
    let filter = Filter::Is(DrivePredicate::Parent(drive));
    let mut page = PageRequest { size: PageSize::DEFAULT, direction: Direction::Forward, cursor: None };
    let mut children = Vec::new();
    loop {
        let found = tx.list_drives(&Scope::Country, &filter, DriveOrder::StartsOn, &page)?;
        page.cursor = found.rows.last().map(|(cursor, _)| cursor.clone());
        children.extend(found.rows.into_iter().map(|(_, drive)| drive));
        if !found.has_next {
            return Ok(children);
        }
    }
}

fn load_parent(act: &Act, tx: &mut dyn WriteTx, parent: Option<DriveId>) -> Result<Option<Drive>, Error> {
    let Some(id) = parent else { return Ok(None) };
    let missing = || Error::from(Problem::not_found("Drive", id.get()).at("parent"));
    visible_drives(&act.actor, tx.as_read(), &[id])?.remove(&id).ok_or_else(missing).map(Some)
}

fn founded(tx: &mut dyn WriteTx, command: &CreateDrive, parent: Option<&Drive>) -> Result<Drive, Error> {
    let id = DriveId::new(tx.allocate(Sequence::Drive, 1)?.first().copied().unwrap_or_default());
    Ok(Drive {
        id,
        plan_number: command.plan_number.clone(),
        title: command.title.clone(),
        issuer: command.issuer.clone(),
        unit: command.unit,
        parent: command.parent,
        book: parent.map_or(id, |parent| parent.book),
        issued_on: command.issued_on,
        days: command.days,
        declared_days: command.declared_days,
        tree_date: command.tree_date.unwrap_or(command.days.from()),
        settles: command.settles,
        state: DriveState::Draft,
        calendar: command.calendar.clone(),
        reporting_rules: command.reporting_rules.clone(),
        phases: numbered(tx, &command.phases)?,
        indicators: command.indicators.clone(),
        team_rules: command.team_rules.clone(),
        columns: Vec::new(),
        synthetic: command.synthetic,
        version: 1,
    })
}

fn revised(tx: &mut dyn WriteTx, mut drive: Drive, command: &ReviseDrive) -> Result<Drive, Error> {
    fn replace<T: Clone>(target: &mut T, with: Option<&T>) {
        if let Some(value) = with {
            *target = value.clone();
        }
    }
    if let Some(phases) = &command.phases {
        for (index, phase) in phases.iter().enumerate() {
            if let Some(id) = phase.id {
                drive.phase(id).map_err(|problem| problem.at(format_args!("phases.{index}.id")))?;
            }
        }
        drive.phases = numbered(tx, phases)?;
    }
    replace(&mut drive.title, command.title.as_ref());
    replace(&mut drive.days, command.days.as_ref());
    replace(&mut drive.declared_days, command.declared_days.as_ref());
    replace(&mut drive.settles, command.settles.as_ref());
    replace(&mut drive.calendar, command.calendar.as_ref());
    replace(&mut drive.reporting_rules, command.reporting_rules.as_ref());
    replace(&mut drive.indicators, command.indicators.as_ref());
    replace(&mut drive.team_rules, command.team_rules.as_ref());
    replace(&mut drive.columns, command.columns.as_ref());
    drive.version = drive.version.saturating_add(1);
    Ok(drive)
}

fn numbered(tx: &mut dyn WriteTx, plans: &[PhasePlan]) -> Result<Vec<Phase>, Error> {
    let fresh = plans.iter().filter(|plan| plan.id.is_none()).count();
    let mut keys = tx.allocate(Sequence::Phase, fresh)?.into_iter().map(PhaseId::new);
    let phases = (1..).zip(plans).filter_map(|(ordinal, plan)| {
        let id = plan.id.or_else(|| keys.next())?;
        Some(Phase { id, ordinal, name: plan.name.clone(), days: plan.days, declared_days: plan.declared_days })
    });
    Ok(phases.collect())
}

/// The unit is in the actor's scope and stands on the tree date; a parent covers it in place and time.
fn check_place(act: &Act, tx: &mut dyn WriteTx, drive: &Drive, parent: Option<&Drive>) -> Result<Vec<Problem>, Error> {
    if !tx.units_by_id(&act.actor.scope, &[drive.unit])?.contains_key(&drive.unit) {
        return Ok(vec![Problem::not_found("Unit", drive.unit.get()).at("unit")]);
    }
    let tree = tx.tree(drive.tree_date)?;
    let mut problems = Vec::new();
    if tree.get(drive.unit).is_none() {
        let problem = Problem::new(Code::UnitNotValid).with("unit", drive.unit.get());
        problems.push(problem.with("day", drive.tree_date).at("unit"));
    }
    let Some(parent) = parent else { return Ok(problems) };
    if let Err(problem) = parent.require_state(&[DriveState::Draft, DriveState::Open]) {
        problems.push(problem.at("parent"));
    }
    if !parent.days.covers(drive.days) || !tree.covers(parent.unit, drive.unit) {
        problems.push(Problem::new(Code::OutsideParentDrive).at("parent"));
    }
    Ok(problems)
}

/// Drives below still fit into this one.
fn check_children(tx: &mut dyn WriteTx, drive: &Drive) -> Result<Vec<Problem>, Error> {
    let children = child_drives(tx.as_read(), drive.id)?;
    let outside = children.iter().any(|child| !drive.days.covers(child.days));
    Ok(if outside { vec![Problem::new(Code::OutsideParentDrive).at("days")] } else { Vec::new() })
}

fn plan_number_taken(tx: &mut dyn WriteTx, drive: &Drive) -> Result<bool, Error> {
    let filter = Filter::All(vec![
        Filter::Is(DrivePredicate::PlanNumber(drive.plan_number.clone())),
        Filter::Is(DrivePredicate::Unit(vec![drive.unit])),
    ]);
    Ok(tx.count_drives(&Scope::Country, &filter)? > 0)
}
