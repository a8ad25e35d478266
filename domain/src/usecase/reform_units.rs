//! Reforms of the tree: merge, split, close.

mod intake;

use std::collections::{BTreeMap, BTreeSet};

use crate::access::{Permission, Scope};
use crate::audit::{Change, told};
use crate::error::{Error, StoreError, refuse_if_any};
use crate::exact::Exact;
use crate::id::UnitId;
use crate::ports::{Lock, WriteTx};
use crate::problem::{Code, Problem};
use crate::text::{LegalBasis, UnitCode, UnitName};
use crate::time::Day;
use crate::unit::{Lineage, LineageMode, Unit, UnitKind, UnitPath, UnitVersion};
use crate::usecase::change_tree::refold::{Moves, refold};
use crate::usecase::change_tree::{
    Known, children_from, has_children, later_tallies, misplaced, require_below_own, stale,
};
use crate::usecase::two_people::needs_two;
use crate::usecase::{Act, note};

use intake::Intake;

/// The most units that one merge ends, and the most that one split goes to.
const UNITS_MAX: usize = 1_000;

/// A successor: one that exists, or one to be founded on the day of the reform.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Successor {
    /// It exists, and takes in.
    Existing(UnitId),
    /// It is founded.
    Founded {
        /// The unit above.
        parent: UnitId,
        /// Official code; may be one that a predecessor gives up that day.
        code: UnitCode,
        /// Name without kind.
        name: UnitName,
        /// What it is.
        kind: UnitKind,
    },
}

/// Units that end and go wholly into one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MergeUnits {
    /// Those that end.
    pub from: Vec<UnitId>,
    /// What they go into. Units under them move along to it.
    pub into: Successor,
    /// First day of the new state.
    pub on: Day,
    /// The act it rests on.
    pub legal_basis: Option<LegalBasis>,
}

/// A unit that ends and goes to several.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SplitUnit {
    /// The one that ends; it must hold no units that day (move them first).
    pub from: UnitId,
    /// What it goes to, each with its share: all known (adding up to 1) or all unknown.
    pub into: Vec<(Successor, Option<Exact>)>,
    /// First day of the new state.
    pub on: Day,
    /// The act it rests on.
    pub legal_basis: Option<LegalBasis>,
}

/// A unit that ends without a successor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CloseUnit {
    /// Which.
    pub unit: UnitId,
    /// The number of the version it is based on.
    pub expected_version: i32,
    /// First day no longer existing.
    pub on: Day,
}

/// Merges units; answers the successor.
///
/// # Errors
/// `Forbidden`, `NotFound`, `UnitNotValid`, `UnitVersionNotLater`, `UnitHasLaterTallies`, `UnitHasChildren` (later
/// ones), `UnitKindMisplaced`, `UnitCodeTaken`, `UnitCycle`, `Empty`, `Repeated`, `TooMany`, `NeedsTwoPeople`.
pub fn merge_units(act: &Act, tx: &mut dyn WriteTx, command: &MergeUnits) -> Result<UnitId, Error> {
    act.actor.require(Permission::ReformUnits)?;
    refuse_if_any(list_problems(&command.from).into_iter().map(|problem| problem.at("from")).collect())?;
    tx.lock(&[Lock::Tree])?;
    act.once(tx, |tx| {
        let mut wanted = command.from.clone();
        wanted.push(command.into.named());
        let known = Known::load(tx, &act.actor.scope, &wanted)?;
        let from: Vec<&Known> = command.from.iter().filter_map(|id| known.get(id)).collect();
        let ended: BTreeSet<UnitId> = command.from.iter().copied().collect();
        let mut problems = Vec::new();
        for (index, id) in command.from.iter().enumerate() {
            let problem = known
                .get(id)
                .map_or_else(|| Some(Problem::not_found("Unit", id.get())), |unit| unit.refuse_change(command.on));
            problems.extend(problem.map(|problem| problem.at(index).at("from")));
        }
        let intake = Intake { into: vec![&command.into], ended: &ended, on: command.on };
        problems.extend(intake.problems(tx, &known)?.into_iter().map(|(_, problem)| problem.at("into")));
        let (children, later) = children_from(tx, &command.from, command.on)?;
        let children: Vec<Unit> = children.into_iter().filter(|child| !ended.contains(&child.id)).collect();
        problems.extend(later);
        problems.extend(command.children_problems(tx, &known, &from, &children)?);
        problems.extend(later_tallies(tx, &command.from, command.on)?);
        problems.extend(needs_two(act, true));
        refuse_if_any(problems)?;

        let synthetic = from.iter().all(|unit| unit.unit.synthetic);
        let successors = intake.successors(tx, &known, synthetic, command.legal_basis.as_ref())?;
        let Some((successor, path)) = successors.places.first().cloned() else {
            return Err(Problem::new(Code::Empty).at("into").into());
        };
        let moves = Moves {
            moved: children.iter().map(|child| (child.id, Some(successor))).collect(),
            founded: successors.founded.iter().map(|unit| (unit.id, unit.version.parent)).collect(),
        };
        refold(tx, &moves, command.on)?;
        close(tx, &command.from, command.on)?;
        tx.insert_units(&successors.founded)?;
        note(tx, reformed(&from, &successors.founded, command.on));
        command.move_children(tx, &children, successor, &path)?;
        let edge = |from: &UnitId| command.edge(*from, successor);
        tx.insert_lineage(&command.from.iter().map(edge).collect::<Vec<_>>())?;
        Ok(successor)
    })
}

impl Successor {
    /// The unit that it names: the successor itself, or its parent.
    const fn named(&self) -> UnitId {
        match self {
            Self::Existing(unit) => *unit,
            Self::Founded { parent, .. } => *parent,
        }
    }

    fn kind(&self, known: &BTreeMap<UnitId, Known>) -> Option<UnitKind> {
        match self {
            Self::Existing(unit) => known.get(unit).map(|unit| unit.unit.version.kind),
            Self::Founded { kind, .. } => Some(*kind),
        }
    }
}

impl MergeUnits {
    /// What is wrong with moving the units under those that end.
    fn children_problems(
        &self,
        tx: &mut dyn WriteTx,
        known: &BTreeMap<UnitId, Known>,
        from: &[&Known],
        children: &[Unit],
    ) -> Result<Vec<Problem>, StoreError> {
        let mut problems = Vec::new();
        let into = known.get(&self.into.named());
        let holds =
            |unit: &&Known, into: &Known| unit.unit.id != into.unit.id && unit.unit.path.covers(&into.unit.path);
        if into.is_some_and(|into| from.iter().any(|unit| holds(unit, into))) {
            problems.push(Problem::new(Code::UnitCycle).at("into"));
        }
        let ids: Vec<UnitId> = children.iter().map(|child| child.id).collect();
        let kind = self.into.kind(known);
        for child in Known::load(tx, &Scope::Country, &ids)?.values() {
            problems.extend(child.refuse_change(self.on).map(|problem| problem.at("from")));
            let place = kind.and_then(|kind| misplaced(child.unit.version.kind, kind));
            problems.extend(place.map(|problem| problem.at("into")));
        }
        Ok(problems)
    }

    fn move_children(
        &self,
        tx: &mut dyn WriteTx,
        children: &[Unit],
        successor: UnitId,
        path: &UnitPath,
    ) -> Result<(), StoreError> {
        let version = |child: &Unit| UnitVersion {
            number: child.latest + 1,
            parent: Some(successor),
            valid_from: self.on,
            valid_to: None,
            legal_basis: self.legal_basis.clone(),
            ..child.version.clone()
        };
        let versions: Vec<UnitVersion> = children.iter().map(version).collect();
        tx.insert_versions(&versions)?;
        note(tx, children.iter().zip(&versions).map(|(child, version)| moved(child, version)).collect());
        let place = |child: &Unit| (child.path.clone(), UnitPath::under(Some(path), child.id));
        tx.move_paths(&children.iter().map(place).collect::<Vec<_>>())
    }

    fn edge(&self, from: UnitId, to: UnitId) -> Lineage {
        Lineage { from, to, on: self.on, mode: LineageMode::Merge, share: Some(Exact::from(1)) }
    }
}

/// Splits a unit; answers the successors in the order they were named.
///
/// # Errors
/// As [`merge_units`], and `SharesNotWhole`, `UnitHasChildren`, `OutOfRange` for fewer than two successors.
pub fn split_unit(act: &Act, tx: &mut dyn WriteTx, command: &SplitUnit) -> Result<Vec<UnitId>, Error> {
    act.actor.require(Permission::ReformUnits)?;
    refuse_if_any(command.list_problems())?;
    tx.lock(&[Lock::Tree])?;
    act.once(tx, |tx| {
        let mut wanted = vec![command.from];
        wanted.extend(command.into.iter().map(|(successor, _)| successor.named()));
        let known = Known::load(tx, &act.actor.scope, &wanted)?;
        let Some(from) = known.get(&command.from) else {
            return Err(Problem::not_found("Unit", command.from.get()).at("from").into());
        };
        let ended = BTreeSet::from([command.from]);
        let intake = Intake {
            into: command.into.iter().map(|(successor, _)| successor).collect(),
            ended: &ended,
            on: command.on,
        };
        let mut problems: Vec<Problem> =
            from.refuse_change(command.on).map(|problem| problem.at("from")).into_iter().collect();
        let placed = intake.problems(tx, &known)?.into_iter().map(|(index, problem)| problem.at(index).at("into"));
        problems.extend(placed);
        problems.extend(end_problems(tx, command.from, command.on)?.into_iter().map(|problem| problem.at("from")));
        problems.extend(needs_two(act, true));
        refuse_if_any(problems)?;

        let successors = intake.successors(tx, &known, from.unit.synthetic, command.legal_basis.as_ref())?;
        close(tx, &[command.from], command.on)?;
        tx.insert_units(&successors.founded)?;
        note(tx, reformed(&[from], &successors.founded, command.on));
        let edges = successors.places.iter().zip(&command.into).map(|((to, _), (_, share))| Lineage {
            from: command.from,
            to: *to,
            on: command.on,
            mode: LineageMode::Split,
            share: share.clone(),
        });
        tx.insert_lineage(&edges.collect::<Vec<_>>())?;
        Ok(successors.places.into_iter().map(|(id, _)| id).collect())
    })
}

impl SplitUnit {
    /// What is wrong with the list of successors and shares, whatever the tree.
    fn list_problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let count = self.into.len();
        if !(2..=UNITS_MAX).contains(&count) {
            let range = Problem::new(Code::OutOfRange).with("actual", count).with("min", 2).with("max", UNITS_MAX);
            problems.push(range.at("into"));
        }
        let shares: Vec<&Exact> = self.into.iter().filter_map(|(_, share)| share.as_ref()).collect();
        let sum: Exact = shares.iter().copied().sum();
        let whole = shares.len() == count && sum == Exact::from(1) && !shares.iter().any(|share| share.is_negative());
        if !shares.is_empty() && !whole {
            problems.push(Problem::new(Code::SharesNotWhole).with("actual", sum).at("into"));
        }
        problems
    }
}

/// What is wrong with a list of units, whatever the tree.
fn list_problems(units: &[UnitId]) -> Vec<Problem> {
    if units.is_empty() {
        return vec![Problem::new(Code::Empty)];
    }
    if units.len() > UNITS_MAX {
        return vec![Problem::new(Code::TooMany).with("actual", units.len()).with("max", UNITS_MAX)];
    }
    let first = |unit: &UnitId| units.iter().position(|other| other == unit);
    let repeated = units.iter().enumerate().filter_map(|(index, unit)| {
        first(unit)
            .filter(|first| *first < index)
            .map(|first| Problem::new(Code::Repeated).with("first", first).at(index))
    });
    repeated.collect()
}

/// Closes a unit.
///
/// # Errors
/// `Forbidden`, `NotFound`, `StaleVersion`, `UnitNotValid`, `UnitVersionNotLater`, `UnitHasChildren`,
/// `UnitHasLaterTallies`, `NeedsTwoPeople` for a root.
pub fn close_unit(act: &Act, tx: &mut dyn WriteTx, command: &CloseUnit) -> Result<UnitId, Error> {
    act.actor.require(Permission::ManageUnits)?;
    require_below_own(&act.actor, command.unit)?;
    tx.lock(&[Lock::Tree])?;
    act.once(tx, |tx| {
        let known = Known::load(tx, &act.actor.scope, &[command.unit])?;
        let Some(closed) = known.get(&command.unit) else {
            return Err(Problem::not_found("Unit", command.unit.get()).at("unit").into());
        };
        let mut problems: Vec<Problem> = stale(&closed.unit, command.expected_version).into_iter().collect();
        problems.extend(closed.refuse_change(command.on).map(|problem| problem.at("on")));
        problems.extend(end_problems(tx, command.unit, command.on)?.into_iter().map(|problem| problem.at("unit")));
        problems.extend(needs_two(act, closed.is_root()));
        refuse_if_any(problems)?;
        close(tx, &[command.unit], command.on)?;
        note(tx, reformed(&[closed], &[], command.on));
        Ok(command.unit)
    })
}

/// What stands in the way of ending a unit that nothing under it survives: units under it, later tallies.
fn end_problems(tx: &mut dyn WriteTx, unit: UnitId, on: Day) -> Result<Vec<Problem>, StoreError> {
    let (children, mut problems) = children_from(tx, &[unit], on)?;
    if !children.is_empty() {
        problems.insert(0, has_children(children.len(), on));
    }
    problems.extend(later_tallies(tx, &[unit], on)?);
    Ok(problems)
}

/// The units that end and those that are founded, for the record.
fn reformed(ended: &[&Known], founded: &[Unit], on: Day) -> Vec<Change> {
    let end = |known: &&Known| Change::altered("Unit", known.unit.id.get(), told::unit(&known.unit), told::closed(on));
    let found = |unit: &Unit| Change::made("Unit", unit.id.get(), told::unit(unit));
    ended.iter().map(end).chain(founded.iter().map(found)).collect()
}

fn moved(unit: &Unit, version: &UnitVersion) -> Change {
    Change::altered("Unit", unit.id.get(), told::unit(unit), told::version(version))
}

fn close(tx: &mut dyn WriteTx, units: &[UnitId], on: Day) -> Result<(), StoreError> {
    tx.close_units(&units.iter().map(|unit| (*unit, on)).collect::<Vec<_>>())
}
