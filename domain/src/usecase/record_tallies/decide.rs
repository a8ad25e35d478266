//! Deciding each row, purely: accepted, unchanged, or refused with what would be right.

use std::collections::{BTreeMap, BTreeSet};

use super::Submission;
use super::facts::{DriveFacts, Facts};
use crate::access::Actor;
use crate::count::Count;
use crate::id::{DriveId, IndicatorId, UnitId};
use crate::indicator::Attribution;
use crate::problem::{Code, Problem};
use crate::reporting::rule::Reporters;
use crate::tally::{Figure, Report, Reporter, RowResult, Slot, Tally, TallyRow};
use crate::text::Reason;
use crate::time::{Day, in_viet_nam, told};
use crate::unit::tree::Tree;

/// What is to be stored. `waves` holds each slot at most once per wave, revisions ascending.
pub(super) struct Decisions {
    pub(super) waves: Vec<Vec<Tally>>,
    pub(super) reports: Vec<Report>,
}

/// Decides rows one after another; later rows see what earlier ones of the batch left.
pub(super) struct Decider<'facts> {
    facts: &'facts Facts,
    accepted: BTreeMap<Slot, Vec<Tally>>,
    reports: BTreeMap<(DriveId, Reporter, Day), Report>,
    /// Units that spoke in this batch.
    spoken: BTreeSet<(DriveId, UnitId, Day)>,
}

impl<'facts> Decider<'facts> {
    pub(super) fn new(facts: &'facts Facts) -> Self {
        Self { facts, accepted: BTreeMap::new(), reports: BTreeMap::new(), spoken: BTreeSet::new() }
    }

    pub(super) fn decide(&mut self, submission: &Submission, drive: &DriveFacts) -> Vec<RowResult> {
        let mut seen: BTreeMap<(Reporter, Day, Option<Slot>), usize> = BTreeMap::new();
        let mut results = Vec::with_capacity(submission.rows.len());
        for (index, row) in submission.rows.iter().enumerate() {
            let place = (row.reporter, row.day, self.facts.slot(&drive.drive, row));
            let result = match seen.get(&place) {
                Some(first) => Err(Problem::new(Code::Repeated).with("first", format_args!("rows.{first}"))),
                None => self.decide_row(submission, drive, row),
            };
            seen.entry(place).or_insert(index);
            results.push(result.unwrap_or_else(|problem| RowResult::Refused(problem.at(format_args!("rows.{index}")))));
        }
        results
    }

    pub(super) fn into_decisions(self) -> Decisions {
        let mut waves: Vec<Vec<Tally>> = Vec::new();
        for revisions in self.accepted.into_values() {
            for (wave, tally) in revisions.into_iter().enumerate() {
                if waves.len() <= wave {
                    waves.push(Vec::new());
                }
                if let Some(wave) = waves.get_mut(wave) {
                    wave.push(tally);
                }
            }
        }
        Decisions { waves, reports: self.reports.into_values().collect() }
    }

    fn decide_row(
        &mut self,
        submission: &Submission,
        drive: &DriveFacts,
        row: &TallyRow,
    ) -> Result<RowResult, Problem> {
        check_day(submission, drive, row.day)?;
        let tree = self.facts.trees.get(&row.day).ok_or_else(|| Problem::new(Code::DayOutsideDrive).at("day"))?;
        let unit = self.check_reporter(&submission.actor, drive, row, tree)?;
        self.check_window(submission, drive, row, unit, tree)?;
        match row.figure {
            Figure::Nil => self.take_nil(submission, row, unit),
            Figure::Value { indicator, value } => {
                self.check_figure(drive, row, unit, indicator, tree)?;
                let slot = self.facts.slot(&drive.drive, row).ok_or_else(|| Problem::new(Code::FigureOrNil))?;
                self.take_figure(submission, row, slot, value, unit)
            }
        }
    }

    /// The reporter is in the actor's scope, at work that day, and part of the drive. Answers its unit.
    fn check_reporter(
        &self,
        actor: &Actor,
        drive: &DriveFacts,
        row: &TallyRow,
        tree: &Tree,
    ) -> Result<UnitId, Problem> {
        let missing = || match row.reporter {
            Reporter::Unit(unit) => Problem::not_found("Unit", unit.get()).at("reporter"),
            Reporter::Team(team) => Problem::not_found("Team", team.get()).at("reporter"),
        };
        let unit = self.facts.reporter_unit(row.reporter).ok_or_else(missing)?;
        let path = self.facts.paths.get(&unit).ok_or_else(missing)?;
        let own = actor.team.is_none_or(|team| row.reporter == Reporter::Team(team));
        if !own || !actor.scope.covers(path) {
            return Err(missing());
        }
        if let Reporter::Team(id) = row.reporter
            && !self.facts.teams.get(&id).is_some_and(|team| team.is_valid_on(row.day))
        {
            return Err(Problem::new(Code::TeamNotValid).with("team", id.get()).with("day", row.day).at("reporter"));
        }
        check_area(drive, unit, row.day, tree).map_err(|problem| problem.at("reporter"))?;
        Ok(unit)
    }

    /// The day has not closed, or was reopened; the first word after the cut-off says why it is late.
    fn check_window(
        &self,
        submission: &Submission,
        drive: &DriveFacts,
        row: &TallyRow,
        unit: UnitId,
        tree: &Tree,
    ) -> Result<(), Problem> {
        let Some((window, reporters, owed)) = self.facts.window(drive, row) else { return Ok(()) };
        let (at, day) = (submission.received_at, row.day);
        let reopened = || {
            let mut of_drive = self.facts.reopenings.iter().filter(|one| drive.chain.contains(&one.drive));
            of_drive.any(|one| one.admits(unit, day, at, tree))
        };
        if let Some(closes) = window.closes.filter(|closes| *closes <= at)
            && !reopened()
        {
            return Err(Problem::new(Code::PeriodClosed).with("day", day).with("closed", told(closes)).at("day"));
        }
        let late = owed && window.due <= at && !self.has_spoken(submission.drive, row, unit, reporters);
        if late && row.reason.is_none() {
            let problem = Problem::new(Code::LateReasonRequired).with("day", day);
            return Err(problem.with("due", told(window.due)).at("reason"));
        }
        Ok(())
    }

    /// Whether whoever owes the report of that day has said a word of it. Known of late rows only.
    fn has_spoken(&self, drive: DriveId, row: &TallyRow, unit: UnitId, reporters: Reporters) -> bool {
        let (unit, reporter) = ((drive, unit, row.day), (drive, row.reporter, row.day));
        match reporters {
            Reporters::EachUnit => self.spoken.contains(&unit) || self.facts.spoken.contains(&unit),
            Reporters::EachTeam => self.reports.contains_key(&reporter) || self.facts.reported.contains_key(&reporter),
        }
    }

    /// Why a report's first word is late, as its row says it; a figure's own reason is no matter of the report.
    fn late_reason(&self, submission: &Submission, row: &TallyRow) -> Option<Reason> {
        let drive = self.facts.drives.get(&submission.drive)?;
        let (window, _, owed) = self.facts.window(drive, row)?;
        row.reason.clone().filter(|_| owed && window.due <= submission.received_at)
    }

    /// The indicator is reported in this drive, and the credited unit may be credited with it (rule 2).
    fn check_figure(
        &self,
        drive: &DriveFacts,
        row: &TallyRow,
        unit: UnitId,
        indicator: IndicatorId,
        tree: &Tree,
    ) -> Result<(), Problem> {
        let entry = self
            .facts
            .indicators
            .get(&indicator)
            .ok_or_else(|| Problem::not_found("Indicator", indicator.get()).at("indicator"))?;
        let refuse = |code| Problem::new(code).with("indicator", &entry.code);
        if !entry.parts.is_empty() {
            return Err(refuse(Code::IndicatorIsComposite).at("indicator"));
        }
        if !drive.drive.indicators.contains(&indicator) {
            return Err(refuse(Code::IndicatorNotInDrive).at("indicator"));
        }
        let Some(credited) = row.credited.filter(|credited| *credited != unit) else { return Ok(()) };
        if entry.attribution == Attribution::Receiving {
            return Err(refuse(Code::WrongAttribution).at("creditedUnit"));
        }
        check_area(drive, credited, row.day, tree).map_err(|problem| problem.at("creditedUnit"))
    }

    fn take_nil(&mut self, submission: &Submission, row: &TallyRow, unit: UnitId) -> Result<RowResult, Problem> {
        let key = (submission.drive, row.reporter, row.day);
        let earlier = self.reports.get(&key).map(|report| report.nil).or(self.facts.reported.get(&key).copied());
        match earlier {
            Some(true) => Ok(RowResult::Unchanged { revision: 0 }),
            Some(false) => Err(Problem::new(Code::NilAfterFigures).with("day", row.day).at("nil")),
            None => {
                self.note_report(submission, row, unit, true);
                Ok(RowResult::Accepted { revision: 0 })
            }
        }
    }

    fn take_figure(
        &mut self,
        submission: &Submission,
        row: &TallyRow,
        slot: Slot,
        value: Count,
        unit: UnitId,
    ) -> Result<RowResult, Problem> {
        let standing = self.accepted.get(&slot).and_then(|list| list.last()).or(self.facts.standing.get(&slot));
        let revision = match standing {
            None => 1,
            Some(standing) if standing.drive != submission.drive => {
                return Err(Problem::new(Code::SlotInOtherDrive));
            }
            Some(standing) if standing.value == value => {
                return Ok(RowResult::Unchanged { revision: standing.revision });
            }
            Some(standing) if row.reason.is_none() => {
                return Err(Problem::new(Code::ReasonRequired).with("current", standing.value).at("reason"));
            }
            Some(standing) => standing.revision.saturating_add(1),
        };
        let tally = Tally {
            slot,
            drive: submission.drive,
            revision,
            value,
            author: submission.actor.subject.clone(),
            received_at: submission.received_at,
            device_at: row.device_at,
            reason: row.reason.clone().filter(|_| revision > 1),
        };
        self.accepted.entry(slot).or_default().push(tally);
        self.note_report(submission, row, unit, false);
        Ok(RowResult::Accepted { revision })
    }

    fn note_report(&mut self, submission: &Submission, row: &TallyRow, unit: UnitId, nil: bool) {
        let received_at = submission.received_at;
        let late_reason = self.late_reason(submission, row);
        self.spoken.insert((submission.drive, unit, row.day));
        self.reports
            .entry((submission.drive, row.reporter, row.day))
            .and_modify(|report| {
                report.nil &= nil;
                report.first_received_at = report.first_received_at.min(received_at);
                report.last_received_at = report.last_received_at.max(received_at);
            })
            .or_insert(Report {
                drive: submission.drive,
                reporter: row.reporter,
                unit,
                day: row.day,
                nil,
                first_received_at: received_at,
                last_received_at: received_at,
                late_reason,
            });
    }
}

/// The day is one of the drive's and has begun in Viet Nam when the submission arrived.
fn check_day(submission: &Submission, drive: &DriveFacts, day: Day) -> Result<(), Problem> {
    let days = drive.drive.days;
    if !days.contains(day) {
        let problem = Problem::new(Code::DayOutsideDrive).with("day", day).with("from", days.from());
        return Err(problem.with("to", days.to()).at("day"));
    }
    let today = in_viet_nam(submission.received_at).0;
    if day > today {
        return Err(Problem::new(Code::DayInFuture).with("day", day).with("today", today).at("day"));
    }
    Ok(())
}

/// A unit that does not exist and one outside of the drive look alike: what is not the caller's is not told apart.
fn check_area(drive: &DriveFacts, unit: UnitId, day: Day, tree: &Tree) -> Result<(), Problem> {
    if drive.area.covers(unit, tree) {
        return Ok(());
    }
    Err(Problem::new(Code::UnitOutsideDrive).with("unit", unit.get()).with("day", day))
}
