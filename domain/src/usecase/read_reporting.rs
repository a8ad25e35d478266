//! Who reports and who does not, as use cases. Nothing of it is stored: a day's reports are set against what the plan's
//! rules, the calendar, the tree of the day and the excuses say is owed.
//!
//! Each question takes a handful of statements, whatever the number of units; a range of days is counted by the database.

mod chase;
mod counts;
pub(super) mod frame;
pub mod slots;

use std::collections::BTreeMap;

use crate::access::{Actor, Permission};
use crate::error::Error;
use crate::id::{DriveId, TeamId, UnitId};
use crate::page::{Page, PageRequest};
use crate::ports::ReadTx;
use crate::reporting::chase::Silent;
use crate::reporting::excuse::{Excuse, Reopening};
use crate::reporting::rates::Rates;
use crate::reporting::rule::ReportKind;
use crate::reporting::status::ReportStatus;
use crate::time::{Day, DayRange, DaySpan, Instant};
use crate::unit::Level;
use crate::usecase::visible_drive;
use frame::Frame;
use slots::ReportSlot;

/// Rates are asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ReportingQuestion {
    /// The drive.
    pub drive: DriveId,
    /// The unit, with all under it on each day.
    pub unit: UnitId,
    /// The days; an open end is that of the drive. Days that have not begun owe nothing.
    pub days: DaySpan,
    /// The moment of the question.
    pub now: Instant,
}

/// The reports of one kind and day are asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatusQuestion {
    /// The drive.
    pub drive: DriveId,
    /// The unit, with all under it on that day.
    pub unit: UnitId,
    /// Which kind of report.
    pub kind: ReportKind,
    /// The day, or the last one of a longer report.
    pub day: Day,
    /// Only reports of this level.
    pub level: Option<Level>,
    /// Only those of this team; where units report as a whole, of its unit.
    pub team: Option<TeamId>,
    /// Only those that stand so; all when empty.
    pub statuses: Vec<ReportStatus>,
    /// The moment of the question.
    pub now: Instant,
}

/// Rates of one level.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LevelRates {
    /// Who reports.
    pub level: Level,
    /// How they did.
    pub rates: Rates,
}

/// Rates of a unit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnitRates {
    /// The unit.
    pub unit: UnitId,
    /// By level, from the top down; levels that owe nothing there are left out.
    pub levels: Vec<LevelRates>,
}

impl UnitRates {
    /// Every level added up.
    pub(super) fn together(&self) -> Rates {
        self.levels.iter().map(|level| level.rates).sum()
    }
}

/// How a unit reports.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reporting {
    /// Of which drive.
    pub drive: DriveId,
    /// The days that were counted; `None` where none has begun.
    pub days: Option<DayRange>,
    /// Of the unit with all under it.
    pub whole: UnitRates,
    /// Of each unit directly under it on any of the days, that is in scope; by place on the last of the days.
    pub children: Vec<UnitRates>,
}

/// Rates of daily reports of a unit and of those directly under it, as the tree of each day has them.
///
/// # Errors
/// `Forbidden`; `NotFound` at `drive` or `unit`; `DatesReversed` at `days`.
pub fn reporting(actor: &Actor, tx: &mut dyn ReadTx, question: &ReportingQuestion) -> Result<Reporting, Error> {
    actor.require(Permission::ReadProgress)?;
    let frame = Frame::load(actor, tx, question.drive, question.unit, question.now)?;
    let days = question.days.of(frame.drive.days).map_err(|problem| problem.at("days"))?;
    counts::count(actor, tx, &frame, (question.unit, None), days)
}

/// Rates of daily reports of each part of a unit with all under it, every level that reports added up: of those directly under
/// the unit, or of all of a level.
///
/// # Errors
/// As [`reporting`].
pub(super) fn rates_of_parts(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    question: &ReportingQuestion,
    level: Option<Level>,
) -> Result<BTreeMap<UnitId, Rates>, Error> {
    actor.require(Permission::ReadProgress)?;
    let frame = Frame::load(actor, tx, question.drive, question.unit, question.now)?;
    let days = question.days.of(frame.drive.days).map_err(|problem| problem.at("days"))?;
    let found = counts::count(actor, tx, &frame, (question.unit, level), days)?;
    Ok(found.children.iter().map(|part| (part.unit, part.together())).collect())
}

/// How many figures of the days, of those credited to the unit and all under it, were corrected at least once.
///
/// # Errors
/// As [`reporting`].
pub fn corrected_figures(actor: &Actor, tx: &mut dyn ReadTx, question: &ReportingQuestion) -> Result<u64, Error> {
    actor.require(Permission::ReadProgress)?;
    let frame = Frame::load(actor, tx, question.drive, question.unit, question.now)?;
    let days = question.days.of(frame.drive.days).map_err(|problem| problem.at("days"))?;
    counts::corrected(tx, &frame, question.unit, days)
}

/// A page of the reports of a day, those of higher levels first, then by place; and how many fit.
///
/// # Errors
/// `Forbidden`; `NotFound` at `drive` or `unit`; `BadCursor`.
pub fn report_statuses(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    question: &StatusQuestion,
    page: &PageRequest,
) -> Result<(Page<ReportSlot>, u64), Error> {
    actor.require(Permission::ReadTallies)?;
    let frame = Frame::load(actor, tx, question.drive, question.unit, question.now)?;
    let mut slots = slots::of_day(actor, tx, &frame, question)?;
    slots.retain(|slot| question.statuses.is_empty() || question.statuses.contains(&slot.status));
    let count = u64::try_from(slots.len()).unwrap_or(u64::MAX);
    let keyed = slots.into_iter().map(|slot| ([0, key(slot.place)], slot)).collect();
    Ok((Page::of_list("report.place", keyed, page)?, count))
}

/// A page of whose report of a day is missing now, the longest silence first, with the leader's position; and how many
/// there are. Of daily reports the days in a row are counted, of others the report alone.
///
/// # Errors
/// `Forbidden`; `NotFound` at `drive` or `unit`; `BadCursor`.
pub fn chase_list(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    question: &StatusQuestion,
    page: &PageRequest,
) -> Result<(Page<Silent>, u64), Error> {
    actor.require(Permission::ReadTallies)?;
    let frame = Frame::load(actor, tx, question.drive, question.unit, question.now)?;
    let mut missing = slots::of_day(actor, tx, &frame, question)?;
    missing.retain(|slot| slot.status == ReportStatus::Missing);
    let silent = chase::silences(tx, &frame, question, &missing)?;
    let count = u64::try_from(silent.len()).unwrap_or(u64::MAX);
    let keyed = silent.into_iter().map(|one| ([-i64::from(one.in_a_row), key(one.place)], one)).collect();
    let mut page = Page::of_list("report.silence", keyed, page)?;
    chase::name_leaders(tx, question.day, &mut page)?;
    Ok((page, count))
}

/// The excuses of a drive whose unit is in scope, withdrawn ones included, by id.
///
/// # Errors
/// `Forbidden`; `NotFound` at `drive`.
pub fn report_excuses(actor: &Actor, tx: &mut dyn ReadTx, drive: DriveId) -> Result<Vec<Excuse>, Error> {
    actor.require(Permission::ReadTallies)?;
    let drive = visible_drive(actor, tx, drive)?;
    let mut excuses = tx.excuses(&[drive.id], drive.days)?;
    let units: Vec<UnitId> = excuses.iter().map(|excuse| excuse.unit).collect();
    let seen = tx.units_in_scope(&actor.scope, &units)?;
    excuses.retain(|excuse| seen.contains(&excuse.unit) && concerns(actor, excuse.unit, excuse.team));
    Ok(excuses)
}

/// The reopened days of a drive whose unit is in scope, by id.
///
/// # Errors
/// `Forbidden`; `NotFound` at `drive`.
pub fn reopenings(actor: &Actor, tx: &mut dyn ReadTx, drive: DriveId) -> Result<Vec<Reopening>, Error> {
    actor.require(Permission::ReadTallies)?;
    let drive = visible_drive(actor, tx, drive)?;
    let mut reopenings = tx.reopenings(&[drive.id], drive.days)?;
    let units: Vec<UnitId> = reopenings.iter().map(|reopening| reopening.unit).collect();
    let seen = tx.units_in_scope(&actor.scope, &units)?;
    reopenings.retain(|reopening| seen.contains(&reopening.unit) && concerns(actor, reopening.unit, None));
    Ok(reopenings)
}

/// Whether it is a matter of the actor's own team, where the assignment is for one alone.
fn concerns(actor: &Actor, unit: UnitId, team: Option<TeamId>) -> bool {
    actor.team.is_none_or(|own| team.map_or(unit == actor.unit, |team| team == own))
}

fn key(place: usize) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX)
}
