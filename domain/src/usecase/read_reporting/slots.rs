//! The reports that are owed for a day, one by one.

use std::collections::{BTreeMap, HashMap};

use super::frame::{Frame, in_scope};
use super::{StatusQuestion, concerns};
use crate::access::Actor;
use crate::error::Error;
use crate::id::{TeamId, UnitId};
use crate::ports::ReadTx;
use crate::reporting::Debtor;
use crate::reporting::excuse::Excuse;
use crate::reporting::rule::{Period, ReportKind, Reporters, ReportingRule};
use crate::reporting::status::{ReportStatus, status};
use crate::time::{Day, DayRange, Instant};
use crate::unit::Level;
use crate::unit::tree::Tree;

/// A report of somebody: owed or not, come or not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReportSlot {
    /// Who owes it.
    pub debtor: Debtor,
    /// On which level.
    pub level: Level,
    /// Its day, or its last one.
    pub day: Day,
    /// The moment before which it is on time; `None` where none is owed.
    pub due: Option<Instant>,
    /// When its first word was received.
    pub received: Option<Instant>,
    /// How it stands at the moment of the question.
    pub status: ReportStatus,
    /// Why silence is excused, where it is.
    pub excuse: Option<Excuse>,
    /// Where it stands among all of the day.
    pub place: usize,
}

/// All of a day at or under a unit that the actor may see, from the top level down, each in the order of the tree.
pub(super) fn of_day(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    frame: &Frame,
    question: &StatusQuestion,
) -> Result<Vec<ReportSlot>, Error> {
    let tree = tx.tree(question.day)?;
    let mut slots = Vec::new();
    for rule in &frame.drive.reporting_rules {
        if question.level.is_none_or(|level| level == rule.level) {
            slots.extend(of_level(tx, frame, rule, question.kind, question.day, question.unit)?);
        }
    }
    let units: Vec<UnitId> = slots.iter().map(|slot| slot.debtor.unit).collect();
    if let Some(seen) = in_scope(actor, tx, &tree, &units)? {
        slots.retain(|slot| seen.contains(&slot.debtor.unit));
    }
    if actor.team.is_some() {
        slots.retain(|slot| concerns(actor, slot.debtor.unit, slot.debtor.team));
    }
    if let Some(team) = question.team {
        let unit = tx.teams_by_id(&actor.scope, &[team])?.remove(&team).map(|team| team.unit);
        slots.retain(|slot| slot.debtor.team.map_or(Some(slot.debtor.unit) == unit, |one| one == team));
    }
    for (place, slot) in slots.iter_mut().enumerate() {
        slot.place = place;
    }
    Ok(slots)
}

/// All of one level at or under a unit, in the order of the tree. Unscoped.
pub(in crate::usecase) fn of_level(
    tx: &mut dyn ReadTx,
    frame: &Frame,
    rule: &ReportingRule,
    kind: ReportKind,
    day: Day,
    unit: UnitId,
) -> Result<Vec<ReportSlot>, Error> {
    let tree = tx.tree(day)?;
    let units = frame.owing(&tree, unit, rule.level);
    let debtors = debtors(tx, rule, &units, day)?;
    let period = rule.period(&frame.drive, kind, day);
    if debtors.is_empty() {
        return Ok(Vec::new());
    }
    let receipts = match &period {
        Some(_) => tx.receipts(&frame.receipts_among(rule, kind, &units), DayRange::day(day))?,
        None => Vec::new(),
    };
    // A team is known by itself, whatever unit it was with when it reported.
    let received: HashMap<(Option<UnitId>, Option<TeamId>), Instant> =
        receipts.into_iter().map(|receipt| (key(receipt.debtor), receipt.first)).collect();
    let slot = |debtor: Debtor| slot(frame, rule.level, day, &tree, period.as_ref(), debtor, &received);
    Ok(debtors.into_iter().map(slot).collect())
}

const fn key(debtor: Debtor) -> (Option<UnitId>, Option<TeamId>) {
    match debtor.team {
        Some(team) => (None, Some(team)),
        None => (Some(debtor.unit), None),
    }
}

fn slot(
    frame: &Frame,
    level: Level,
    day: Day,
    tree: &Tree,
    period: Option<&Period>,
    debtor: Debtor,
    received: &HashMap<(Option<UnitId>, Option<TeamId>), Instant>,
) -> ReportSlot {
    let received = received.get(&key(debtor)).copied();
    let excuse = frame.excuses.iter().find(|excuse| excuse.covers(debtor, day, tree));
    let window = period.map(|period| &period.window);
    let status = status(window, received, excuse.is_some(), frame.now);
    let excuse = excuse.filter(|_| status == ReportStatus::Excused).cloned();
    ReportSlot { debtor, level, day, due: window.map(|window| window.due), received, status, excuse, place: 0 }
}

/// Who owes reports of a day under a rule: the units, or their teams at work.
pub(super) fn debtors(
    tx: &mut dyn ReadTx,
    rule: &ReportingRule,
    units: &[UnitId],
    day: Day,
) -> Result<Vec<Debtor>, Error> {
    if rule.reporters == Reporters::EachUnit {
        return Ok(units.iter().map(|unit| Debtor { unit: *unit, team: None }).collect());
    }
    let mut teams: BTreeMap<UnitId, Vec<TeamId>> = BTreeMap::new();
    for team in tx.teams_within(units, DayRange::day(day))? {
        teams.entry(team.unit).or_default().push(team.id);
    }
    let of = |unit: &UnitId| {
        let (unit, teams) = (*unit, teams.get(unit).map(Vec::as_slice).unwrap_or_default());
        teams.iter().map(move |team| Debtor { unit, team: Some(*team) }).collect::<Vec<_>>()
    };
    Ok(units.iter().flat_map(of).collect())
}
