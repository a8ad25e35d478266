//! Where a unit stands: its quota against what was there and what was done.

use super::{Progress, Restated};
use crate::drive::Drive;
use crate::exact::Exact;
use crate::id::{GroupId, IndicatorId, PhaseId, UnitId};
use crate::problem::Problem;
use crate::quota::Quota;
use crate::quota::pace::{PaceBase, Standing, pace, required};
use crate::time::{Day, DayRange};

/// What progress is asked of, the same for all units of a question.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Subject<'a> {
    /// The drive.
    pub drive: &'a Drive,
    /// The phase, or the whole drive.
    pub phase: Option<PhaseId>,
    /// Of what.
    pub indicator: IndicatorId,
    /// Whether figures are levels, not additions: a level has no speed.
    pub is_level: bool,
    /// Of whom.
    pub group: GroupId,
    /// The days that figures are of.
    pub days: DayRange,
    /// The day on which the question is asked.
    pub today: Day,
}

/// The figures of one unit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnitFigures<'a> {
    /// The unit.
    pub unit: UnitId,
    /// Its quota.
    pub quota: Option<&'a Quota>,
    /// Its baseline on the first day.
    pub baseline: i64,
    /// What was done within the days; `None` where nothing was reported.
    pub done: Option<Restated>,
    /// Teams of the unit itself at work.
    pub teams: u32,
    /// Their members.
    pub members: u32,
}

/// Works out where the unit stands.
///
/// What was there before counts where the quota says so, and until a level is first reported: a level contains it. What
/// is owed per day is the quota less what was there before, over the plan's days (rule 7).
///
/// # Errors
/// `NotFound` for a phase of another drive.
pub fn stand(subject: &Subject<'_>, figures: UnitFigures<'_>) -> Result<Progress, Problem> {
    let counts_opening = figures.quota.is_some_and(|quota| quota.counts_opening);
    let contained = subject.is_level && figures.done.is_some();
    let opening = if counts_opening && !contained { figures.baseline } else { 0 };
    let done = figures.done.unwrap_or(Restated { value: Exact::zero(), estimated: false });
    let reached = &done.value + &opening.into();
    let mut progress = Progress {
        unit: figures.unit,
        indicator: subject.indicator,
        group: subject.group,
        phase: subject.phase,
        days: subject.days,
        quota: figures.quota.map(|quota| quota.amount.clone()),
        opening,
        done,
        remaining: None,
        share: None,
        planned: None,
        required: None,
    };
    let Some(quota) = figures.quota else { return Ok(progress) };
    let whole = subject.drive.days_of(subject.phase)?;
    let due = quota.due.unwrap_or(whole.to());
    let owed = if counts_opening { &quota.amount - &figures.baseline.into() } else { quota.amount.clone() };
    let remaining = (&quota.amount - &reached).at_least_zero();
    let worked = subject.days.intersect(whole).unwrap_or(DayRange::day(whole.from()));
    let speed_of = if subject.is_level { Exact::zero() } else { progress.done.value.clone() };
    progress.planned = Some(pace(
        &owed.at_least_zero(),
        PaceBase { plan_days: plan_days(subject, due)?, teams: figures.teams, members: figures.members },
    ));
    progress.required = Some(required(&Standing {
        remaining: &remaining,
        done: &speed_of,
        days: DayRange::new(worked.from(), worked.to().min(subject.today)).unwrap_or(DayRange::day(worked.from())),
        today: subject.today,
        first: whole.from(),
        due,
        calendar: &subject.drive.calendar,
    }));
    progress.share = reached.checked_div(&quota.amount);
    progress.remaining = Some(remaining);
    Ok(progress)
}

/// The days of a pace: those the plan declares, which are of the whole phase; a quota owed earlier is paced over the
/// working days up to its due day.
fn plan_days(subject: &Subject<'_>, due: Day) -> Result<u32, Problem> {
    let whole = subject.drive.days_of(subject.phase)?;
    match DayRange::new(whole.from(), due) {
        Ok(until) if due < whole.to() => Ok(subject.drive.calendar.working_days(until)),
        _ => subject.drive.plan_days(subject.phase),
    }
}
