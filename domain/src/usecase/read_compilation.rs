//! Where a unit's compilation stands: who below has reported, what was confirmed, and what the caller may do about it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::access::{Actor, Permission};
use crate::drive::DriveState;
use crate::error::Error;
use crate::id::{DriveId, IndicatorId, TeamId, UnitId};
use crate::ports::ReadTx;
use crate::problem::{Code, Problem};
use crate::reporting::Debtor;
use crate::reporting::compilation::{Compilation, CompilationState, Stand, stand};
use crate::reporting::rule::{Period, ReportKind, ReportingRule};
use crate::reporting::status::ReportStatus;
use crate::tally::TotalsQuestion;
use crate::time::{Day, Instant};
use crate::unit::tree::Tree;
use crate::usecase::read_reporting::frame::Frame;
use crate::usecase::read_reporting::slots::{ReportSlot, of_level};

/// Which compilation is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CompilationQuestion {
    /// The drive.
    pub drive: DriveId,
    /// The unit that confirms.
    pub unit: UnitId,
    /// The kind of report.
    pub kind: ReportKind,
    /// Its day, or its last one.
    pub day: Day,
    /// The moment of the question.
    pub now: Instant,
}

/// What the caller may do with a compilation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CompilationAct {
    /// Confirm: everybody below has reported, or what was confirmed has changed since.
    Confirm,
    /// Confirm all the same, naming each gap.
    ConfirmWithGaps,
    /// Send it back, from a level above.
    Return,
}

/// A compilation as it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CompilationView {
    /// The question.
    pub of: CompilationQuestion,
    /// The report it speaks of; `None` where none is owed on that day.
    pub period: Option<Period>,
    /// Where it stands.
    pub stand: Stand,
    /// The latest revision.
    pub latest: Option<Compilation>,
    /// The reports of those below, as they stand now.
    pub parts: Vec<ReportSlot>,
    /// Who of those below is silent, or has not answered what was returned; in the order of place.
    pub gaps: Vec<Debtor>,
    /// How many figures came or were corrected after the unit confirmed.
    pub changes: u64,
    /// What those below and the unit itself report now, of each indicator that was stated.
    pub sums: BTreeMap<IndicatorId, i64>,
    /// What the caller may do now.
    pub may: Vec<CompilationAct>,
}

impl CompilationView {
    /// Whether there is something to confirm: a day of those below, or a longer report of its own.
    pub(super) fn is_compiled(&self) -> bool {
        self.period.is_some() && (self.of.kind != ReportKind::Daily || !self.parts.is_empty())
    }
}

/// Where a unit's compilation stands.
///
/// # Errors
/// `Forbidden`; `NotFound` at `drive` or `unit`; `UnitNotValid` at `unit`.
pub fn compilation(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    question: CompilationQuestion,
) -> Result<CompilationView, Error> {
    actor.require(Permission::ReadTallies)?;
    if actor.team.is_some() {
        return Err(Problem::not_found("Unit", question.unit.get()).at("unit").into());
    }
    let frame = Frame::load(actor, tx, question.drive, question.unit, question.now)?;
    view(actor, tx, &frame, question)
}

/// The same, of a drive and unit that were found in scope.
pub(super) fn view(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    frame: &Frame,
    of: CompilationQuestion,
) -> Result<CompilationView, Error> {
    let tree = tx.tree(of.day)?;
    let unit = tree
        .get(of.unit)
        .filter(|_| frame.area.covers(of.unit, &tree))
        .ok_or_else(|| Problem::new(Code::UnitNotValid).with("unit", of.unit.get()).with("day", of.day).at("unit"))?;
    let below = frame.rule_below(unit.level, of.kind).copied();
    let own = frame.drive.reporting_rule(unit.level).copied();
    let owed = |rule: Option<ReportingRule>| rule.and_then(|rule| rule.period(&frame.drive, of.kind, of.day));
    let period = owed(own).or_else(|| owed(below));
    let parts = match &below {
        Some(rule) => of_level(tx, frame, rule, of.kind, of.day, of.unit)?,
        None => Vec::new(),
    };
    let known = Known::load(tx, frame, of, &tree, &parts)?;
    let gaps: Vec<Debtor> = parts.iter().filter(|part| known.is_gap(part)).map(|part| part.debtor).collect();
    let latest = known.latest.get(&of.unit).cloned();
    let stand = stand(latest.as_ref().map(|latest| latest.state), known.is_above(&tree, of.unit), gaps.len());
    let changes = match (&latest, &period) {
        (Some(one), Some(period)) if one.state == CompilationState::Confirmed => {
            let under: Vec<UnitId> = tree.subtree(of.unit).map(|one| one.id).collect();
            tx.changes_after(&frame.below, &under, period.days, one.at)?.into_values().sum()
        }
        _ => 0,
    };
    let sums = match (&latest, &period) {
        (Some(latest), Some(period)) => {
            sums(tx, frame, of.unit, period, latest.stated.iter().map(|one| one.indicator))?
        }
        _ => BTreeMap::new(),
    };
    let mut view = CompilationView { of, period, stand, latest, parts, gaps, changes, sums, may: Vec::new() };
    view.may = may(actor, tx, frame, &tree, &view)?;
    Ok(view)
}

/// What is reported of a unit with all under it, per indicator.
pub(super) fn sums(
    tx: &mut dyn ReadTx,
    frame: &Frame,
    unit: UnitId,
    period: &Period,
    indicators: impl Iterator<Item = IndicatorId>,
) -> Result<BTreeMap<IndicatorId, i64>, Error> {
    let indicators: Vec<IndicatorId> = indicators.collect();
    if indicators.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut sums: BTreeMap<IndicatorId, i64> = indicators.iter().map(|indicator| (*indicator, 0)).collect();
    let question = TotalsQuestion { drive: frame.drive.id, indicators, units: vec![unit], days: period.days };
    for total in tx.totals(&question)? {
        *sums.entry(total.indicator).or_default() += total.total;
    }
    Ok(sums)
}

/// What was confirmed or returned of the unit, of those above it, and of its parts.
struct Known {
    latest: BTreeMap<UnitId, Compilation>,
    /// When each reporter of the parts last said anything of the day.
    words: BTreeMap<(UnitId, Option<TeamId>), Instant>,
}

impl Known {
    fn load(
        tx: &mut dyn ReadTx,
        frame: &Frame,
        of: CompilationQuestion,
        tree: &Arc<Tree>,
        parts: &[ReportSlot],
    ) -> Result<Self, Error> {
        let of_parts: BTreeSet<UnitId> = parts.iter().map(|part| part.debtor.unit).collect();
        let units: Vec<UnitId> = tree.lineage_up(of.unit).chain(of_parts).collect();
        let latest = tx.latest_compilations(&frame.below, of.kind, of.day, &units)?;
        let returned: Vec<UnitId> =
            latest.values().filter(|one| one.state == CompilationState::Returned).map(|one| one.key.unit).collect();
        let words = match of.kind {
            ReportKind::Daily if !returned.is_empty() => tx.last_words(&frame.below, &returned, of.day)?,
            _ => BTreeMap::new(),
        };
        Ok(Self { latest, words })
    }

    /// Whether a part is owed and has not come, or was returned and nothing came since.
    fn is_gap(&self, part: &ReportSlot) -> bool {
        let owed = matches!(part.status, ReportStatus::Expected | ReportStatus::Missing);
        owed || (part.status.has_come() && self.is_returned(part.debtor))
    }

    fn is_returned(&self, debtor: Debtor) -> bool {
        let Some(latest) = self.latest.get(&debtor.unit).filter(|one| one.state == CompilationState::Returned) else {
            return false;
        };
        // A unit answers by a word of its own or of any of its teams.
        let answers = self
            .words
            .iter()
            .filter(|((unit, team), _)| *unit == debtor.unit && (debtor.team.is_none() || debtor.team == *team));
        !answers.map(|(_, word)| *word).any(|word| latest.at < word)
    }

    /// Whether a unit above confirmed with this one in it, and not as a gap.
    fn is_above(&self, tree: &Tree, unit: UnitId) -> bool {
        let confirmed = |above: UnitId| {
            let one = self.latest.get(&above).filter(|one| one.state == CompilationState::Confirmed)?;
            Some(!one.gaps.iter().any(|gap| tree.covers(gap.unit, unit)))
        };
        tree.lineage_up(unit).skip(1).any(|above| confirmed(above) == Some(true))
    }
}

/// What the caller may do now. Conditions of the act itself are checked again by it.
fn may(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    frame: &Frame,
    tree: &Tree,
    view: &CompilationView,
) -> Result<Vec<CompilationAct>, Error> {
    let open = frame.drive.state == DriveState::Open && actor.may(Permission::ConfirmReports) && actor.team.is_none();
    let begun = view.period.is_some_and(|period| period.window.opens <= frame.now);
    if !open || !begun || view.stand == Stand::Elsewhere {
        return Ok(Vec::new());
    }
    let mut may = Vec::new();
    let again = view.stand == Stand::Here && view.changes > 0;
    if view.is_compiled() && (view.stand == Stand::Ready || (again && view.gaps.is_empty())) {
        may.push(CompilationAct::Confirm);
    }
    if view.is_compiled() && (view.stand == Stand::Waiting || (again && !view.gaps.is_empty())) {
        may.push(CompilationAct::ConfirmWithGaps);
    }
    if returnable(tx, frame, view)? && is_over(actor, tx, tree, view.of.unit)? {
        may.push(CompilationAct::Return);
    }
    Ok(may)
}

/// Whether there is something to send back: a confirmation, or on the lowest level a report.
pub(super) fn returnable(tx: &mut dyn ReadTx, frame: &Frame, view: &CompilationView) -> Result<bool, Error> {
    match (view.stand, view.latest.as_ref().map(|latest| latest.state)) {
        (Stand::Here, _) => Ok(true),
        (Stand::Elsewhere, _) => Ok(false),
        (_, latest) => {
            let reported = tx.last_words(&frame.below, &[view.of.unit], view.of.day)?.into_values().max();
            let since = latest.and(view.latest.as_ref().map(|latest| latest.at));
            let fresh = reported.is_some_and(|word| since.is_none_or(|since| since < word));
            Ok(view.of.kind == ReportKind::Daily && view.parts.is_empty() && fresh)
        }
    }
}

/// Whether the unit above it lies in the actor's scope.
pub(super) fn is_over(actor: &Actor, tx: &mut dyn ReadTx, tree: &Tree, unit: UnitId) -> Result<bool, Error> {
    let Some(above) = tree.lineage_up(unit).nth(1) else { return Ok(false) };
    Ok(tx.units_by_id(&actor.scope, &[above])?.contains_key(&above))
}
