//! Reported, verified and official figures side by side, per unit and day, and settling what is true.

mod official;
mod verified;

use std::collections::BTreeMap;

use crate::access::{Actor, Permission};
use crate::comparison::{Comparison, Official, Tolerance};
use crate::drive::Drive;
use crate::error::Error;
use crate::extract::OfficialFigure;
use crate::id::{DriveId, IndicatorId, UnitId};
use crate::indicator::{Indicator, TimeRule};
use crate::ports::ReadTx;
use crate::problem::{Code, Problem};
use crate::progress::FigureBasis;
use crate::settlement::Settlement;
use crate::time::{Day, DayRange, DaySpan, Instant, in_viet_nam, start_of_day};
use crate::usecase::read_progress::{reported_by, require_units};
use crate::usecase::visible_drive;
use official::Asked;
use verified::Verified;

/// The most units of one question.
pub const UNITS_MAX: usize = 100;
/// The most days of one question.
pub const DAYS_MAX: u32 = 31;

/// What is compared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ComparisonQuestion {
    /// The drive.
    pub drive: DriveId,
    /// Units in scope, at most 100.
    pub units: Vec<UnitId>,
    /// Simple or composite.
    pub indicator: IndicatorId,
    /// The days, at most 31; an open end is the drive's last day, or `today` where that has not come.
    pub days: DaySpan,
    /// The day on which the question is asked.
    pub today: Day,
}

/// The figures of each unit and day, units in the order asked, days ascending.
///
/// # Errors
/// `Forbidden`; `NotFound` at `drive`, `indicator` or `units.<index>`; `TooMany` at `units` or `days`; `DatesReversed`,
/// `DayOutsideDrive` at `days`.
pub fn compare_figures(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    question: &ComparisonQuestion,
) -> Result<Vec<Comparison>, Error> {
    actor.require(Permission::ReadOfficial)?;
    let drive = visible_drive(actor, tx, question.drive)?;
    require_units(actor, tx, &question.units, UNITS_MAX)?;
    let days = days(&drive, question)?;
    let (indicator, is_level) = measured(tx, question.indicator)?;
    let tolerance = tx.tolerance_of(drive.id)?;
    let settlements = tx.settlements_of(drive.id, indicator.id, &question.units, days)?;
    let whole = DayRange::new(drive.days.from(), days.to())?;
    let verified = verified_within(tx, &drive, (&indicator, is_level), whole)?;
    let frame = Compared { actor, drive: &drive, indicator: &indicator, tolerance, settlements, is_level, verified };
    let mut by_unit: BTreeMap<UnitId, Vec<Comparison>> = BTreeMap::new();
    for day in days.days() {
        for comparison in frame.day(tx, &question.units, day)? {
            by_unit.entry(comparison.unit).or_default().push(comparison);
        }
    }
    Ok(question.units.iter().filter_map(|unit| by_unit.get(unit).cloned()).flatten().collect())
}

/// What was done by units within days as inspection confirmed it, or by the official figures as of the last of the days;
/// units without such a figure are left out. `None` for what was reported. Unscoped.
///
/// # Errors
/// `NotFound` at `indicator`.
pub(super) fn done_in(
    tx: &mut dyn ReadTx,
    drive: &Drive,
    indicator: IndicatorId,
    basis: FigureBasis,
    days: DayRange,
    units: &[UnitId],
) -> Result<Option<BTreeMap<UnitId, i64>>, Error> {
    if basis == FigureBasis::Reported {
        return Ok(None);
    }
    let (indicator, is_level) = measured(tx, indicator)?;
    if basis == FigureBasis::Verified {
        let verified = verified_within(tx, drive, (&indicator, is_level), days)?;
        return Ok(Some(units.iter().filter_map(|unit| Some((*unit, verified.within(*unit, days)?))).collect()));
    }
    let (from, until) = (start_of_day(days.to()), end_of_day(days.to()));
    let asked = Asked { indicator: &indicator, from, until, eve: start_of_day(days.from()), is_level };
    let tree = tx.tree(days.to())?;
    let mut found = official::of_units(tx, &asked, &tree, units)?;
    // An opening from before the first day of a later phase would count what an earlier phase did.
    found.retain(|_, found| days.from() <= drive.days.from() || found.opened_early(asked.eve).is_none());
    Ok(Some(found.into_iter().filter_map(|(unit, found)| Some((unit, found.official.whole_done()?))).collect()))
}

/// An indicator, and whether its latest figure stands for itself.
fn measured(tx: &mut dyn ReadTx, id: IndicatorId) -> Result<(Indicator, bool), Error> {
    let catalogue = tx.indicators()?;
    let indicator = catalogue.iter().find(|entry| entry.id == id).cloned();
    let indicator = indicator.ok_or_else(|| Problem::not_found("Indicator", id.get()).at("indicator"))?;
    let leaves = indicator.leaves();
    let mut parts = catalogue.iter().filter(|entry| leaves.contains(&entry.id));
    let is_level = parts.all(|entry| entry.time_rule == TimeRule::Last);
    Ok((indicator, is_level))
}

/// What was verified within days. Of a level inspection confirms a day, not a sum of days.
fn verified_within(
    tx: &mut dyn ReadTx,
    drive: &Drive,
    (indicator, is_level): (&Indicator, bool),
    days: DayRange,
) -> Result<Verified, Error> {
    if is_level { Ok(Verified::default()) } else { Verified::load(tx, drive.id, &indicator.leaves(), days) }
}

fn days(drive: &Drive, question: &ComparisonQuestion) -> Result<DayRange, Problem> {
    let last = drive.days.to().min(question.today).max(drive.days.from());
    let to = question.days.to.unwrap_or_else(|| question.days.from.map_or(last, |from| from.max(last)));
    let days = DayRange::new(question.days.from.unwrap_or(to), to).map_err(|problem| problem.at("days"))?;
    drive.require_days(days).map_err(|problem| problem.at("days"))?;
    if days.length() > DAYS_MAX {
        return Err(Problem::new(Code::TooMany).with("actual", days.length()).with("max", DAYS_MAX).at("days"));
    }
    Ok(days)
}

/// What the comparisons of all days share.
struct Compared<'question> {
    actor: &'question Actor,
    drive: &'question Drive,
    indicator: &'question Indicator,
    tolerance: Option<Tolerance>,
    settlements: BTreeMap<(UnitId, Day), Settlement>,
    /// Whether the latest figure stands for itself instead of the sum of the days.
    is_level: bool,
    verified: Verified,
}

impl Compared<'_> {
    fn day(&self, tx: &mut dyn ReadTx, units: &[UnitId], day: Day) -> Result<Vec<Comparison>, Error> {
        let (drive, indicator) = (self.drive, self.indicator);
        let days = DayRange::new(drive.days.from(), day)?;
        let reported = reported_by(self.actor, tx, drive.id, indicator.id, units, days)?;
        let (from, until) = (start_of_day(day), end_of_day(day));
        let asked = Asked { indicator, from, until, eve: start_of_day(drive.days.from()), is_level: self.is_level };
        let tree = tx.tree(day)?;
        let official = official::of_units(tx, &asked, &tree, units)?;
        let compared = |unit: &UnitId| {
            let official = official.get(unit).cloned();
            Comparison {
                unit: *unit,
                drive: drive.id,
                indicator: indicator.id,
                day,
                reported: reported.get(unit).copied(),
                verified: self.verified.within(*unit, days),
                findings: official.as_ref().map(|found| findings(found, asked.eve)).unwrap_or_default(),
                official: official.map(|found| found.official),
                tolerance: self.tolerance.clone(),
                settlement: self.settlements.get(&(*unit, day)).cloned(),
            }
        };
        Ok(units.iter().map(compared).collect())
    }
}

/// What is to be known about official figures, the drive beginning at `eve`.
fn findings(found: &official::Found, eve: Instant) -> Vec<Problem> {
    let Official { covered, missing, sources, opening, .. } = &found.official;
    let mut findings = Vec::new();
    if *missing > 0 {
        findings.push(Problem::new(Code::OfficialPartial).with("covered", covered).with("missing", missing));
    }
    if sources.len() > 1 {
        findings.push(Problem::new(Code::OfficialMixed).with("count", sources.len()));
    }
    let early = found.opened_early(eve).filter(|_| opening.is_some());
    findings.extend(early.map(|at| Problem::new(Code::OpeningEarly).with("on", in_viet_nam(at).0)));
    findings
}

fn end_of_day(day: Day) -> Instant {
    day.succ_opt().map_or(Instant::MAX_UTC, start_of_day)
}

/// The standing official figures of units in an indicator, each source for itself, as of the end of a day; of the same
/// unit the newest first.
///
/// # Errors
/// `Forbidden`; `NotFound` at `units.<index>`; `TooMany` at `units`.
pub fn official_figures(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    units: &[UnitId],
    indicator: IndicatorId,
    on: Day,
) -> Result<Vec<OfficialFigure>, Error> {
    actor.require(Permission::ReadOfficial)?;
    require_units(actor, tx, units, UNITS_MAX)?;
    let mut found = tx.official_figures(units, &[indicator], None, Instant::UNIX_EPOCH, end_of_day(on))?;
    let place = |figure: &OfficialFigure| units.iter().position(|unit| *unit == figure.unit);
    found.sort_by_key(|figure| (place(figure), std::cmp::Reverse((figure.as_of, figure.extract))));
    Ok(found)
}
