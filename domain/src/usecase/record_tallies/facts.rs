//! Everything a batch of submissions is decided on, loaded by batch reads after the locks are held.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::Submission;
use crate::access::Scope;
use crate::drive::Drive;
use crate::drive::area::{Area, Predecessors};
use crate::error::Error;
use crate::id::{DriveId, IndicatorId, TeamId, UnitId};
use crate::indicator::Indicator;
use crate::ports::{Lock, WriteTx};
use crate::reporting::excuse::Reopening;
use crate::reporting::rule::{Reporters, ReportingRule, Window};
use crate::request::{RecordedRequest, RequestKey};
use crate::tally::{Figure, Reporter, Slot, Tally, TallyRow};
use crate::team::Team;
use crate::time::{Day, DayRange, Instant};
use crate::unit::tree::Tree;
use crate::unit::{Level, UnitPath};

/// A drive with what its tallies need.
pub(super) struct DriveFacts {
    pub(super) drive: Drive,
    /// The drive and each above it: whom a tally counts for.
    pub(super) chain: Vec<DriveId>,
    /// The same, whole: the nearest that has a rule for a level says how it reports.
    lineage: Vec<Drive>,
    pub(super) area: Area,
}

/// What was loaded. Paths and teams are unscoped here; [`super::decide`] applies each actor's scope.
pub(super) struct Facts {
    pub(super) requests: BTreeMap<RequestKey, RecordedRequest>,
    pub(super) drives: BTreeMap<DriveId, DriveFacts>,
    pub(super) paths: Arc<HashMap<UnitId, UnitPath>>,
    pub(super) teams: BTreeMap<TeamId, Team>,
    pub(super) trees: BTreeMap<Day, Arc<Tree>>,
    pub(super) indicators: BTreeMap<IndicatorId, Indicator>,
    pub(super) standing: BTreeMap<Slot, Tally>,
    /// Whether a report of that day is there, and is nil. Known of nil rows and of those that come late.
    pub(super) reported: BTreeMap<(DriveId, Reporter, Day), bool>,
    /// The units that reported that day, themselves or by a team. Known as far as `reported` is.
    pub(super) spoken: BTreeSet<(DriveId, UnitId, Day)>,
    /// Reopened days, known of the drives of rows that come after their day closed.
    pub(super) reopenings: Vec<Reopening>,
}

impl DriveFacts {
    /// How a level reports a day: the rule, and whether the day owes anything.
    pub(super) fn rule(&self, level: Level, day: Day) -> Option<(&ReportingRule, bool)> {
        let drive = self.lineage.iter().find(|drive| drive.reporting_rule(level).is_some())?;
        drive.reporting_rule(level).map(|rule| (rule, drive.reports_on(day)))
    }
}

impl Facts {
    pub(super) fn load(
        tx: &mut dyn WriteTx,
        book: fn(DriveId) -> Lock,
        submissions: &[Submission],
    ) -> Result<Self, Error> {
        let keys: Vec<RequestKey> = submissions.iter().map(|submission| submission.request.clone()).collect();
        let wanted: BTreeSet<DriveId> = submissions.iter().map(|submission| submission.drive).collect();
        let wanted: Vec<DriveId> = wanted.into_iter().collect();
        lock_books(tx, book, &wanted)?;
        let requests = tx.recorded_requests(&keys)?;
        let teams = load_teams(tx, submissions)?;
        let drives = load_drives(tx, &wanted)?;
        let mut facts = Self {
            requests,
            drives,
            paths: tx.paths()?,
            teams,
            trees: BTreeMap::new(),
            indicators: tx.indicators()?.into_iter().map(|indicator| (indicator.id, indicator)).collect(),
            standing: BTreeMap::new(),
            reported: BTreeMap::new(),
            spoken: BTreeSet::new(),
            reopenings: Vec::new(),
        };
        facts.load_trees(tx, submissions)?;
        facts.load_standing(tx, submissions)?;
        facts.load_reports(tx, submissions)?;
        facts.load_reopenings(tx, submissions)?;
        Ok(facts)
    }

    /// The unit of a reporter, `None` for a team that does not exist.
    pub(super) fn reporter_unit(&self, reporter: Reporter) -> Option<UnitId> {
        match reporter {
            Reporter::Unit(unit) => Some(unit),
            Reporter::Team(team) => self.teams.get(&team).map(|team| team.unit),
        }
    }

    /// The slot of a row, `None` for a nil report or an unknown team.
    pub(super) fn slot(&self, drive: &Drive, row: &TallyRow) -> Option<Slot> {
        let Figure::Value { indicator, .. } = row.figure else { return None };
        let credited = row.credited.or_else(|| self.reporter_unit(row.reporter))?;
        Some(Slot { book: drive.book, credited, day: row.day, indicator, reporter: row.reporter })
    }

    fn load_trees(&mut self, tx: &mut dyn WriteTx, submissions: &[Submission]) -> Result<(), Error> {
        let days: BTreeSet<Day> = submissions
            .iter()
            .filter_map(|submission| self.drives.get(&submission.drive).map(|facts| (submission, facts.drive.days)))
            .flat_map(|(submission, days)| {
                submission.rows.iter().map(|row| row.day).filter(move |day| days.contains(*day))
            })
            .collect();
        for day in days {
            self.trees.insert(day, tx.tree(day)?);
        }
        Ok(())
    }

    fn load_standing(&mut self, tx: &mut dyn WriteTx, submissions: &[Submission]) -> Result<(), Error> {
        let slots: BTreeSet<Slot> = submissions
            .iter()
            .filter_map(|submission| self.drives.get(&submission.drive).map(|facts| (submission, &facts.drive)))
            .flat_map(|(submission, drive)| submission.rows.iter().filter_map(|row| self.slot(drive, row)))
            .collect();
        let slots: Vec<Slot> = slots.into_iter().collect();
        self.standing = tx.tallies(&slots)?;
        Ok(())
    }

    /// When reports of a row's unit and day are taken, and whether one is owed; `None` where no rule says so.
    pub(super) fn window(&self, drive: &DriveFacts, row: &TallyRow) -> Option<(Window, Reporters, bool)> {
        let unit = self.reporter_unit(row.reporter)?;
        let level = self.trees.get(&row.day)?.get(unit)?.level;
        let (rule, owed) = drive.rule(level, row.day)?;
        Some((rule.window(row.day), rule.reporters, owed))
    }

    /// The rows whose window is over in one way or another.
    fn rows_after<'a>(
        &'a self,
        submissions: &'a [Submission],
        over: impl Fn(&Window) -> Option<Instant> + Copy + 'a,
    ) -> impl Iterator<Item = (&'a Submission, &'a TallyRow)> + 'a {
        submissions.iter().flat_map(move |submission| {
            let drive = self.drives.get(&submission.drive);
            let is_over = move |row: &&TallyRow| {
                let window = drive.and_then(|drive| self.window(drive, row));
                window.and_then(|(window, ..)| over(&window)).is_some_and(|end| end <= submission.received_at)
            };
            submission.rows.iter().filter(is_over).map(move |row| (submission, row))
        })
    }

    /// Looked up only where a day has closed: hardly ever.
    fn load_reopenings(&mut self, tx: &mut dyn WriteTx, submissions: &[Submission]) -> Result<(), Error> {
        let closed = self.rows_after(submissions, |window| window.closes);
        let closed: BTreeSet<(DriveId, Day)> = closed.map(|(submission, row)| (submission.drive, row.day)).collect();
        let drives: BTreeSet<DriveId> = closed
            .iter()
            .filter_map(|(drive, _)| self.drives.get(drive))
            .flat_map(|facts| facts.chain.iter().copied())
            .collect();
        let days = closed.iter().map(|(_, day)| *day);
        if let Some((first, last)) = days.clone().min().zip(days.max()) {
            let drives: Vec<DriveId> = drives.into_iter().collect();
            self.reopenings = tx.reopenings(&drives, DayRange::new(first, last)?)?;
        }
        Ok(())
    }

    /// Reports matter only to nil rows and to late ones: they are looked up for those alone.
    fn load_reports(&mut self, tx: &mut dyn WriteTx, submissions: &[Submission]) -> Result<(), Error> {
        let mut asked: BTreeMap<(DriveId, Day), BTreeSet<UnitId>> = BTreeMap::new();
        for submission in submissions {
            for row in submission.rows.iter().filter(|row| row.figure == Figure::Nil) {
                if let Some(unit) = self.reporter_unit(row.reporter) {
                    asked.entry((submission.drive, row.day)).or_default().insert(unit);
                }
            }
        }
        for (submission, row) in self.rows_after(submissions, |window| Some(window.due)) {
            if let Some(unit) = self.reporter_unit(row.reporter) {
                asked.entry((submission.drive, row.day)).or_default().insert(unit);
            }
        }
        for ((drive, day), units) in asked {
            let units: Vec<UnitId> = units.into_iter().collect();
            for report in tx.reports_of(drive, &units, DayRange::day(day))? {
                self.spoken.insert((drive, report.unit, day));
                self.reported.insert((drive, report.reporter, day), report.nil);
            }
        }
        Ok(())
    }
}

/// A drive's family never changes, so its book may be read before the lock; everything else is read after it.
fn lock_books(tx: &mut dyn WriteTx, book: fn(DriveId) -> Lock, drives: &[DriveId]) -> Result<(), Error> {
    let books = tx.books_of(drives)?;
    let mut locks = vec![Lock::TreeShared];
    locks.extend(books.into_iter().map(book));
    Ok(tx.lock(&locks)?)
}

fn load_teams(tx: &mut dyn WriteTx, submissions: &[Submission]) -> Result<BTreeMap<TeamId, Team>, Error> {
    let rows = submissions.iter().flat_map(|submission| &submission.rows);
    let teams: BTreeSet<TeamId> = rows
        .filter_map(|row| match row.reporter {
            Reporter::Team(team) => Some(team),
            Reporter::Unit(_) => None,
        })
        .collect();
    let teams: Vec<TeamId> = teams.into_iter().collect();
    if teams.is_empty() {
        return Ok(BTreeMap::new());
    }
    Ok(tx.teams_by_id(&Scope::Country, &teams)?)
}

fn load_drives(tx: &mut dyn WriteTx, wanted: &[DriveId]) -> Result<BTreeMap<DriveId, DriveFacts>, Error> {
    let mut known = tx.drives_by_id(&Scope::Country, wanted)?;
    loop {
        let parents: BTreeSet<DriveId> =
            known.values().filter_map(|drive| drive.parent).filter(|parent| !known.contains_key(parent)).collect();
        if parents.is_empty() {
            break;
        }
        let parents: Vec<DriveId> = parents.into_iter().collect();
        let found = tx.drives_by_id(&Scope::Country, &parents)?;
        if found.is_empty() {
            break;
        }
        known.extend(found);
    }
    let predecessors = Arc::new(Predecessors::new(tx.lineage()?));
    let mut facts = BTreeMap::new();
    for id in wanted {
        let Some(drive) = known.get(id) else { continue };
        let chain = std::iter::successors(Some(drive), |drive| drive.parent.and_then(|parent| known.get(&parent)));
        let area = Area::new(drive, tx.tree(drive.tree_date)?, Arc::clone(&predecessors));
        let lineage: Vec<Drive> = chain.cloned().collect();
        let chain = lineage.iter().map(|drive| drive.id).collect();
        facts.insert(*id, DriveFacts { drive: drive.clone(), chain, lineage, area });
    }
    Ok(facts)
}
