//! Progress and ranking as use cases.
//!
//! A unit of any size costs the same: totals come from the roll-up, and each question takes a handful of statements,
//! whatever the number of units.

mod daily;
mod done;
mod figures;
pub(super) mod frame;
mod ledger;
mod levels;
mod sources;
mod standings;
mod teams;

use std::collections::{BTreeMap, BTreeSet};

use crate::access::{Actor, Permission, Scope};
use crate::error::{Error, refuse_if_any};
use crate::exact::Exact;
use crate::id::{DriveId, GroupId, IndicatorId, PhaseId, TeamId, UnitId};
use crate::ports::ReadTx;
use crate::problem::{Code, Problem};
use crate::progress::{FigureBasis, KnownAt, Peers, Progress, Rank, RankMeasure, TreeView};
use crate::time::{Day, DayRange, DaySpan};
use crate::unit::tree::Tree;
use figures::Figures;
use frame::Frame;
pub(super) use standings::Standings;

/// What progress is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProgressQuestion {
    /// The drive.
    pub drive: DriveId,
    /// Units in scope, at most 100.
    pub units: Vec<UnitId>,
    /// Simple or composite.
    pub indicator: IndicatorId,
    /// The group of the quota.
    pub group: GroupId,
    /// The phase of the quota; `None` for the whole drive.
    pub phase: Option<PhaseId>,
    /// The days; an open end is that of the phase's or drive's days up to `today`.
    pub days: DaySpan,
    /// On which tree.
    pub view: TreeView,
    /// The day on which the question is asked, or that of `known_at`: paces and projections look forward from it, and days
    /// that are left open end with it.
    pub today: Day,
    /// As known at that moment: what the board showed then. Tallies count by the server's receipt, amounts of quotas by their
    /// amendments. `None` for what stands, which costs the same whatever the size of a unit; what stood is gone through
    /// figure by figure. The tree, due days, teams and opening figures have no such history: they are those that stand.
    pub known_at: Option<KnownAt>,
}

/// What ranking is asked for: [`ProgressQuestion`] of one unit, among its peers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RankQuestion {
    /// The unit whose peers are ranked.
    pub unit: UnitId,
    /// Among whom.
    pub peers: Peers,
    /// By what.
    pub measure: RankMeasure,
    /// Whose figure stands for what was done; units without one get no place.
    pub basis: FigureBasis,
    /// Units with a smaller quota get no place.
    pub min_quota: Exact,
    /// The figures.
    pub of: ProgressQuestion,
}

/// What one day brought.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DayDone {
    /// The day.
    pub day: Day,
    /// What was done that day.
    pub done: i64,
    /// What was done from the first day of the question up to it.
    pub cumulative: i64,
}

/// The most units of one question.
const MAX_UNITS: usize = 100;

/// The most days of one question that are shown one by one.
const MAX_DAYS: u32 = 732;

/// Progress of units, in the order asked. Units out of scope are refused as not found.
///
/// Paces per team and per member rest on the teams of each unit itself, at work on `today`; a unit whose teams all stand
/// under it has none. The opening figure is the latest baseline up to the first day of the phase or drive; where none is
/// recorded of a composite, those of its parts.
///
/// # Errors
/// `Forbidden`; `NotFound` at `drive`, `phase`, `indicator` or `units.<index>`; `TooMany` at `units`; `DatesReversed` at
/// `days`.
pub fn progress(actor: &Actor, tx: &mut dyn ReadTx, question: &ProgressQuestion) -> Result<Vec<Progress>, Error> {
    let frame = frame(actor, tx, question)?;
    stand(actor, tx, &frame, question)
}

/// [`progress`] where it takes but a few look-ups by key: sums that stand, on the trees as they were. `None` where figures
/// have to be gone through one by one.
///
/// # Errors
/// As [`progress`].
pub fn brief_progress(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    question: &ProgressQuestion,
) -> Result<Option<Vec<Progress>>, Error> {
    if question.view != TreeView::AsItWas || question.known_at.is_some() {
        return Ok(None);
    }
    let frame = frame(actor, tx, question)?;
    if frame.levels.is_empty() { stand(actor, tx, &frame, question).map(Some) } else { Ok(None) }
}

fn stand(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    frame: &Frame,
    question: &ProgressQuestion,
) -> Result<Vec<Progress>, Error> {
    require_units(actor, tx, &question.units, MAX_UNITS)?;
    let mut figures = Figures::load(tx, frame, question, &question.units)?;
    figures.load_hands(tx, question.today, &question.units)?;
    question.units.iter().map(|unit| Ok(figures.stand(frame, question, *unit)?)).collect()
}

/// Day by day, every day of the range, of each unit in the order asked; a day without tallies shows 0 done. A level shows
/// how it changed.
///
/// # Errors
/// As [`progress`], and `TooMany` at `days` for more than two years.
pub fn daily_progress(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    question: &ProgressQuestion,
) -> Result<Vec<Vec<DayDone>>, Error> {
    let frame = frame(actor, tx, question)?;
    require_units(actor, tx, &question.units, MAX_UNITS)?;
    let length = frame.days.length();
    if length > MAX_DAYS {
        return Err(Problem::new(Code::TooMany).with("actual", length).with("max", MAX_DAYS).at("days").into());
    }
    daily::daily(tx, &frame, question.view, &question.units)
}

/// The ranking of a unit's peers that are in scope, best first, and always the unit's own rank.
///
/// Places are worked out among all peers of the drive, in scope or not, on the tree of the day of the question.
///
/// # Errors
/// As [`progress`], and `UnitOutsideDrive` at `unit`, `NotUsedHere` at `basis` for restated figures, and those of an
/// earlier moment, of another basis than what was reported. Those are for who sees official figures.
pub fn ranking(actor: &Actor, tx: &mut dyn ReadTx, question: &RankQuestion) -> Result<Vec<Rank>, Error> {
    if question.basis != FigureBasis::Reported {
        actor.require(Permission::ReadOfficial)?;
    }
    let frame = frame(actor, tx, &question.of)?;
    require_units(actor, tx, &[question.unit], 1)
        .map_err(|_out_of_scope| Problem::not_found("Unit", question.unit.get()).at("unit"))?;
    let tree = tx.tree(question.of.today)?;
    if !tree.covers(frame.drive.unit, question.unit) {
        let outside = Problem::new(Code::UnitOutsideDrive).with("unit", question.unit.get());
        return Err(outside.with("day", question.of.today).at("unit").into());
    }
    let peers = peers(&tree, frame.drive.unit, question);
    let standings = standings::standings(tx, &frame, &question.of, question.basis, &peers)?;
    let mut ranks = standings.ranks(question.measure, &question.min_quota);
    if actor.scope != Scope::Country {
        let seen = seen(actor, tx, &peers)?;
        ranks.retain(|rank| seen.contains(&rank.unit));
    }
    Ok(ranks)
}

/// Where the units of a question stand in a basis. Unscoped, and any number of units.
///
/// # Errors
/// As [`progress`], but for the units.
pub(super) fn standings(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    question: &ProgressQuestion,
    basis: FigureBasis,
) -> Result<Standings, Error> {
    let frame = frame(actor, tx, question)?;
    standings::standings(tx, &frame, question, basis, &question.units)
}

/// What teams in scope reported in an indicator over the days, as it stands; an open end is that of the drive. In the order
/// asked.
///
/// # Errors
/// `Forbidden`; `NotFound` at `drive`, `indicator` or `teams.<index>`; `DatesReversed` at `days`.
pub fn team_done(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    drive: DriveId,
    indicator: IndicatorId,
    teams: &[TeamId],
    days: DaySpan,
) -> Result<Vec<(TeamId, i64)>, Error> {
    let frame = Frame::load(actor, tx, drive, None, indicator)?.within(days, None)?;
    let found = tx.teams_by_id(&actor.scope, teams)?;
    let missing = teams.iter().enumerate().filter(|(_, team)| !found.contains_key(team));
    let missing = missing.map(|(at, team)| Problem::not_found("Team", team.get()).at(format_args!("teams.{at}")));
    refuse_if_any(missing.collect())?;
    let done = teams::done(tx, &frame, teams)?;
    Ok(teams.iter().map(|team| (*team, done.get(team).copied().unwrap_or(0))).collect())
}

/// What was reported by units within days of a drive, as it was; units of which nobody reported are left out.
///
/// # Errors
/// As [`team_done`].
pub fn reported_by(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    drive: DriveId,
    indicator: IndicatorId,
    units: &[UnitId],
    days: DayRange,
) -> Result<BTreeMap<UnitId, i64>, Error> {
    let span = DaySpan::from(days);
    let frame = Frame::load(actor, tx, drive, None, indicator)?.within(span, None)?;
    let done = done::done(tx, &frame, TreeView::AsItWas, units)?;
    Ok(done.into_iter().map(|(unit, done)| (unit, done.value.round_half_up())).collect())
}

fn frame(actor: &Actor, tx: &mut dyn ReadTx, question: &ProgressQuestion) -> Result<Frame, Error> {
    let frame = Frame::load(actor, tx, question.drive, question.phase, question.indicator)?;
    let frame = frame.within(question.days, Some(question.today))?;
    Ok(Frame { known_at: question.known_at.map(KnownAt::moment), ..frame })
}

/// Demands that units lie in scope, and that they are not too many.
///
/// # Errors
/// `NotFound` at `units.<index>`; `TooMany` at `units`.
pub fn require_units(actor: &Actor, tx: &mut dyn ReadTx, units: &[UnitId], max: usize) -> Result<(), Error> {
    if units.len() > max {
        return Err(Problem::new(Code::TooMany).with("actual", units.len()).with("max", max).at("units").into());
    }
    let seen = seen(actor, tx, units)?;
    let missing = units.iter().enumerate().filter(|(_, unit)| !seen.contains(unit));
    let missing = missing.map(|(at, unit)| Problem::not_found("Unit", unit.get()).at(format_args!("units.{at}")));
    refuse_if_any(missing.collect())
}

/// Those of the units that exist and lie in scope.
fn seen(actor: &Actor, tx: &mut dyn ReadTx, units: &[UnitId]) -> Result<BTreeSet<UnitId>, Error> {
    let paths = tx.paths()?;
    let is_seen = |unit: &&UnitId| paths.get(unit).is_some_and(|path| actor.scope.covers(path));
    Ok(units.iter().filter(is_seen).copied().collect())
}

/// Those a unit is ranked among, itself included, in the order of the tree. The drive's own unit has no siblings in it.
fn peers(tree: &Tree, top: UnitId, question: &RankQuestion) -> Vec<UnitId> {
    let Some(own) = tree.get(question.unit) else { return Vec::new() };
    match (question.peers, own.parent) {
        (Peers::Siblings, Some(parent)) if own.id != top => tree.children(parent).map(|peer| peer.id).collect(),
        (Peers::Siblings, _) => vec![own.id],
        (Peers::Level, _) => tree.subtree(top).filter(|peer| peer.level == own.level).map(|peer| peer.id).collect(),
    }
}
