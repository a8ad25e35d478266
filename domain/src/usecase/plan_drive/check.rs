//! What holds within a plan, whatever the tree and the other drives say.

use std::collections::{BTreeMap, BTreeSet};

use crate::drive::Drive;
use crate::error::Error;
use crate::id::{GroupId, IndicatorId};
use crate::indicator::Indicator;
use crate::plan::Column;
use crate::ports::WriteTx;
use crate::problem::{Code, Problem};
use crate::reporting::rule::{CLOSES_AFTER_MINUTES_MAX, DUE_DAYS_MAX, GRACE_MINUTES_MAX, ReportingRule};
use crate::time::Day;

/// The longest drive the plans know is 250 days; ten years is surely a slip of the pen.
const MAX_DAYS: u32 = 3_660;

/// A drive beside the catalogue.
pub(super) struct Plan<'drive> {
    drive: &'drive Drive,
    indicators: BTreeMap<IndicatorId, Indicator>,
    groups: BTreeSet<GroupId>,
}

impl<'drive> Plan<'drive> {
    pub(super) fn of(tx: &mut dyn WriteTx, drive: &'drive Drive) -> Result<Self, Error> {
        let indicators = tx.indicators()?.into_iter().map(|indicator| (indicator.id, indicator)).collect();
        Ok(Self { drive, indicators, groups: tx.groups()?.into_iter().map(|group| group.id).collect() })
    }

    /// The plan's indicators and the parts of its composites: tallies are given for those.
    pub(super) fn indicators_in_use(&self) -> BTreeSet<IndicatorId> {
        let parts = self.drive.indicators.iter().filter_map(|id| self.indicators.get(id)).flat_map(Indicator::leaves);
        self.drive.indicators.iter().copied().chain(parts).collect()
    }

    pub(super) fn problems(&self) -> Vec<Problem> {
        let mut problems = self.days();
        problems.extend(self.phases());
        problems.extend(self.rules());
        for id in &self.drive.indicators {
            if !self.indicators.contains_key(id) {
                problems.push(Problem::not_found("Indicator", id.get()).at("indicators"));
            }
        }
        problems.extend(self.columns());
        problems
    }

    fn days(&self) -> Vec<Problem> {
        let declared = self.drive.declared_days.map(|days| ("declaredDays".to_owned(), days));
        let phases = (0..).zip(&self.drive.phases);
        let phases = phases.filter_map(|(at, phase): (usize, _)| {
            phase.declared_days.map(|days| (format!("phases.{at}.declaredDays"), days))
        });
        let length = Some(("days".to_owned(), self.drive.days.length()));
        let all = declared.into_iter().chain(length).chain(phases);
        let mut problems: Vec<Problem> = all
            .filter(|(_, days)| !(1..=MAX_DAYS).contains(days))
            .map(|(place, days)| out_of_range(days, 1, MAX_DAYS).at(place))
            .collect();
        if self.drive.calendar.weekdays.is_empty() || self.drive.calendar.weekdays.iter().any(|day| *day > 6) {
            problems.push(out_of_range("weekdays", 0, 6).at("calendar.weekdays"));
        }
        problems
    }

    /// Phases lie in the drive and follow one another.
    fn phases(&self) -> Vec<Problem> {
        let mut before: Option<Day> = None;
        let mut problems = Vec::new();
        for (index, phase) in self.drive.phases.iter().enumerate() {
            let follows = before.is_none_or(|end| end < phase.days.from());
            if !follows || !self.drive.days.covers(phase.days) {
                let problem = Problem::new(Code::PhaseDates).with("phase", &phase.name);
                problems.push(problem.at(format_args!("phases.{index}.days")));
            }
            before = Some(phase.days.to());
        }
        problems
    }

    fn rules(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut levels = BTreeMap::new();
        for (index, rule) in self.drive.reporting_rules.iter().enumerate() {
            if let Some(first) = levels.insert(rule.level, index) {
                let problem = Problem::new(Code::Repeated).with("first", format_args!("reportingRules.{first}"));
                problems.push(problem.at(format_args!("reportingRules.{index}.level")));
            }
            let place = |problem: Problem| problem.at(format_args!("reportingRules.{index}"));
            problems.extend(reporting_rule(rule).into_iter().map(place));
        }
        for (index, rule) in self.drive.team_rules.iter().enumerate() {
            let (min, max) = rule.size;
            if min > max {
                let problem = Problem::new(Code::BoundsCrossed).with("floor", min).with("ceiling", max);
                problems.push(problem.at(format_args!("teamRules.{index}.size")));
            }
        }
        problems
    }

    /// Columns refer to earlier ones, and to what the catalogue and the plan have.
    fn columns(&self) -> Vec<Problem> {
        let mut known = BTreeSet::new();
        let mut problems = Vec::new();
        for (index, column) in self.drive.columns.iter().enumerate() {
            let place = |problem: Problem| problem.at(format_args!("columns.{index}"));
            for refers in column.shows.refers_to() {
                if !known.contains(refers) {
                    let problem = Problem::new(Code::BadColumn).with("column", &column.key).with("refers", refers);
                    problems.push(place(problem));
                }
            }
            problems.extend(self.column(&column.shows).map(place));
            if !known.insert(&column.key) {
                problems.push(place(Problem::new(Code::Repeated).with("first", &column.key)));
            }
        }
        problems
    }

    fn column(&self, column: &Column) -> Option<Problem> {
        let (indicator, group, phase) = match column {
            Column::Baseline { group, indicator } => (Some(indicator), Some(group), &None),
            Column::Quota { phase, indicator, group } => (Some(indicator), Some(group), phase),
            Column::PerDay { phase, .. } | Column::PerEachDay { phase, .. } => (None, None, phase),
            Column::UpTo { ceiling, .. } if *ceiling < 0 => {
                return Some(out_of_range(ceiling, 0, i64::MAX).at("ceiling"));
            }
            _ => return None,
        };
        if let Some(id) = indicator.filter(|id| !self.indicators.contains_key(id)) {
            return Some(Problem::not_found("Indicator", id.get()).at("indicator"));
        }
        if let Some(id) = group.filter(|id| !self.groups.contains(id)) {
            return Some(Problem::not_found("Group", id.get()).at("group"));
        }
        phase.and_then(|id| self.drive.phase(id).err().map(|problem| problem.at("phase")))
    }
}

/// What is out of range in a rule of reporting.
fn reporting_rule(rule: &ReportingRule) -> Vec<Problem> {
    let within = |place, value: Option<u32>, min: u32, max: u32| {
        let wrong = value.filter(|value| !(min..=max).contains(value));
        wrong.map(|value| out_of_range(value, min, max).at(place))
    };
    let all = [
        within("graceMinutes", Some(rule.grace_minutes), 0, GRACE_MINUTES_MAX),
        within("closesAfterMinutes", rule.closes_after_minutes, rule.grace_minutes, CLOSES_AFTER_MINUTES_MAX),
        within("weekly", rule.weekly.map(u32::from), 0, 6),
        within("phaseDueDays", rule.phase_due_days, 0, DUE_DAYS_MAX),
        within("finalDueDays", rule.final_due_days, 0, DUE_DAYS_MAX),
    ];
    all.into_iter().flatten().collect()
}

fn out_of_range(actual: impl ToString, min: impl ToString, max: impl ToString) -> Problem {
    let problem = Problem::new(Code::OutOfRange).with("actual", actual.to_string());
    problem.with("min", min.to_string()).with("max", max.to_string())
}
