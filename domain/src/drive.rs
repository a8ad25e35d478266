//! Drives (đợt cao điểm): a time-boxed campaign with its plan, phases, calendar and rules.

pub mod area;

use std::collections::BTreeSet;

use crate::id::{DriveId, IndicatorId, PhaseId, UnitId};
use crate::plan::PlanColumn;
use crate::problem::{Code, Problem};
use crate::reporting::rule::ReportingRule;
use crate::team::TeamRule;
use crate::text::{PlanNumber, Title};
use crate::time::{Calendar, Day, DayRange};
use crate::unit::Level;

/// Where a drive stands. Only ever forwards.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DriveState {
    /// Being planned: quotas change freely, no tallies.
    Draft,
    /// Running: tallies are taken, a quota changes by an amendment with a decision number.
    Open,
    /// Over: nothing changes any more.
    Closed,
}

impl DriveState {
    /// The word clients see in messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "DRAFT",
            Self::Open => "OPEN",
            Self::Closed => "CLOSED",
        }
    }
}

/// Which of the three figures settles the result (rule 9).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Settles {
    /// What teams report.
    Reported,
    /// What inspection confirmed.
    Verified,
    /// What the national database says.
    Official,
}

/// A consecutive part of a drive with quotas of its own (giai đoạn).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Phase {
    /// Identity.
    pub id: PhaseId,
    /// 1, 2, 3 … within the drive.
    pub ordinal: i32,
    /// Its name in the plan.
    pub name: Title,
    /// First and last day.
    pub days: DayRange,
    /// The number of days the plan declares; paces use it, whatever the calendar says (rule 5).
    pub declared_days: Option<u32>,
}

/// A drive, whole: it is small and always read with its parts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Drive {
    /// Identity.
    pub id: DriveId,
    /// Number of the plan: `125/KH-UBND`.
    pub plan_number: PlanNumber,
    /// Its title.
    pub title: Title,
    /// Who issued it.
    pub issuer: Title,
    /// The unit whose subtree it covers.
    pub unit: UnitId,
    /// The drive it stands under (province → district → commune).
    pub parent: Option<DriveId>,
    /// The topmost drive of its family: a tally counts once within it, and for every drive on the way up.
    pub book: DriveId,
    /// Day of issue.
    pub issued_on: Day,
    /// First and last day.
    pub days: DayRange,
    /// The number of days the plan declares for the whole drive.
    pub declared_days: Option<u32>,
    /// The day whose tree the quotas are spread over.
    pub tree_date: Day,
    /// What settles the result.
    pub settles: Settles,
    /// Where it stands.
    pub state: DriveState,
    /// Its working days.
    pub calendar: Calendar,
    /// Who has to report by when, one rule per level at most, from the top down.
    pub reporting_rules: Vec<ReportingRule>,
    /// Its phases in order.
    pub phases: Vec<Phase>,
    /// The indicators in use; composites bring their parts.
    pub indicators: BTreeSet<IndicatorId>,
    /// What the plan says of teams.
    pub team_rules: Vec<TeamRule>,
    /// The layout of its quota table.
    pub columns: Vec<PlanColumn>,
    /// Made up for a demonstration, in whole or in part.
    pub synthetic: bool,
    /// For optimistic locking; 1, 2, 3 …
    pub version: i32,
}

impl Drive {
    /// The phase with that id.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub fn phase(&self, id: PhaseId) -> Result<&Phase, Problem> {
        self.phases.iter().find(|phase| phase.id == id).ok_or_else(|| Problem::not_found("Phase", id.get()))
    }

    /// The days of a phase, or of the whole drive.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a phase of another drive.
    pub fn days_of(&self, phase: Option<PhaseId>) -> Result<DayRange, Problem> {
        phase.map_or(Ok(self.days), |id| self.phase(id).map(|phase| phase.days))
    }

    /// Demands that days lie within the drive's.
    ///
    /// # Errors
    /// [`Code::DayOutsideDrive`] with the first of them, or the last where only that one lies outside; the caller places it.
    pub fn require_days(&self, days: DayRange) -> Result<(), Problem> {
        if self.days.covers(days) {
            return Ok(());
        }
        let outside = if self.days.contains(days.from()) { days.to() } else { days.from() };
        let problem = Problem::new(Code::DayOutsideDrive).with("day", outside).with("from", self.days.from());
        Err(problem.with("to", self.days.to()))
    }

    /// The number of days that paces are worked out with: as the plan declares, otherwise by the calendar (rule 5).
    ///
    /// # Errors
    /// [`Code::NotFound`] for a phase of another drive.
    pub fn plan_days(&self, phase: Option<PhaseId>) -> Result<u32, Problem> {
        let declared = match phase {
            Some(id) => self.phase(id)?.declared_days,
            None => self.declared_days,
        };
        Ok(declared.unwrap_or(self.calendar.working_days(self.days_of(phase)?)))
    }

    /// The rule of a level.
    #[must_use]
    pub fn reporting_rule(&self, level: Level) -> Option<&ReportingRule> {
        self.reporting_rules.iter().find(|rule| rule.level == level)
    }

    /// Whether daily reports are owed on that day: a working day of the drive, and of a phase where it has any.
    #[must_use]
    pub fn reports_on(&self, day: Day) -> bool {
        let in_phase = self.phases.is_empty() || self.phases.iter().any(|phase| phase.days.contains(day));
        self.days.contains(day) && in_phase && self.calendar.is_working(day)
    }

    /// Where the days that the plan declares are not the calendar's: for the whole drive, then phase by phase (rule 5).
    #[must_use]
    pub fn day_findings(&self) -> Vec<Problem> {
        let whole = (&self.title, self.declared_days, self.days);
        let phases = self.phases.iter().map(|phase| (&phase.name, phase.declared_days, phase.days));
        let differs = |(name, declared, days): (&Title, Option<u32>, DayRange)| {
            let calendar = self.calendar.working_days(days);
            let declared = declared.filter(|declared| *declared != calendar)?;
            let finding = Problem::new(Code::DeclaredDaysDiffer).with("phase", name).with("declared", declared);
            Some(finding.with("calendar", calendar))
        };
        std::iter::once(whole).chain(phases).filter_map(differs).collect()
    }

    /// Requires one of the states.
    ///
    /// # Errors
    /// [`Code::DriveState`].
    pub fn require_state(&self, states: &[DriveState]) -> Result<(), Problem> {
        if states.contains(&self.state) {
            return Ok(());
        }
        let expected = states.iter().map(|state| state.as_str()).collect::<Vec<_>>().join(" / ");
        Err(Problem::new(Code::DriveState).with("actual", self.state.as_str()).with("expected", expected).at("drive"))
    }
}

/// What lists of drives can be narrowed by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DrivePredicate {
    /// This one.
    Is(DriveId),
    /// One of these states.
    State(Vec<DriveState>),
    /// Exactly this plan number.
    PlanNumber(PlanNumber),
    /// Directly under this drive.
    Parent(DriveId),
    /// Of one of these units.
    Unit(Vec<UnitId>),
    /// Running on that day.
    RunsOn(Day),
    /// Made up, or not.
    Synthetic(bool),
}

/// The orders of a list of drives; the id breaks ties.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DriveOrder {
    /// By first day, ascending.
    StartsOn,
    /// By plan number.
    PlanNumber,
}
