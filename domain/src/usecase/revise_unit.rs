//! Founding a unit, and giving it a new name, code, kind or parent from a day on.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::{Actor, Permission, Scope};
use crate::audit::{Change, told};
use crate::error::{Error, StoreError, refuse_if_any};
use crate::id::{Sequence, UnitId};
use crate::ports::{Lock, WriteTx};
use crate::problem::{Code, Problem};
use crate::text::{LegalBasis, UnitCode, UnitName};
use crate::time::Day;
use crate::unit::{Unit, UnitKind, UnitPath, UnitVersion};
use crate::usecase::change_tree::refold::{Moves, refold};
use crate::usecase::change_tree::{
    Known, children_from, code_taken, codes_in_use, misplaced, require_below_own, stale,
};
use crate::usecase::two_people::needs_two;
use crate::usecase::{Act, allocate_one};

/// A unit to be founded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FoundUnit {
    /// The unit above; `None` founds a root, which takes the right to reform.
    pub parent: Option<UnitId>,
    /// Official code.
    pub code: UnitCode,
    /// Name without kind.
    pub name: UnitName,
    /// What it is.
    pub kind: UnitKind,
    /// First day.
    pub valid_from: Day,
    /// The act it rests on.
    pub legal_basis: Option<LegalBasis>,
    /// Made up.
    pub synthetic: bool,
}

/// A new version of a unit; what is `None` stays.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReviseUnit {
    /// Which.
    pub unit: UnitId,
    /// The number of the version it is based on.
    pub expected_version: i32,
    /// First day of the new version; after the start of the present one.
    pub on: Day,
    /// New code.
    pub code: Option<UnitCode>,
    /// New name.
    pub name: Option<UnitName>,
    /// New kind.
    pub kind: Option<UnitKind>,
    /// New parent; the subtree moves along. Takes rights on the unit, the old and the new parent.
    pub parent: Option<UnitId>,
    /// The act it rests on.
    pub legal_basis: Option<LegalBasis>,
}

/// Founds a unit below one in scope.
///
/// # Errors
/// `Forbidden`, `NotFound`, `UnitKindMisplaced`, `UnitCodeTaken`, `UnitNotValid` (the parent on that day), `NeedsTwoPeople` for a root.
pub fn found_unit(act: &Act, tx: &mut dyn WriteTx, command: &FoundUnit) -> Result<UnitId, Error> {
    act.actor.require(Permission::ManageUnits)?;
    if command.parent.is_none() {
        act.actor.require(Permission::ReformUnits)?;
        require_country(&act.actor)?;
    }
    tx.lock(&[Lock::Tree])?;
    act.once(tx, |tx| {
        let mut problems = Vec::new();
        let parent = match command.parent {
            Some(id) => Some(
                Known::load(tx, &act.actor.scope, &[id])?
                    .remove(&id)
                    .ok_or_else(|| Problem::not_found("Unit", id.get()).at("parent"))?,
            ),
            None => None,
        };
        if let Some(parent) = &parent {
            problems.extend(parent.refuse_child(command.kind, command.valid_from).map(|problem| problem.at("parent")));
        }
        let codes = std::slice::from_ref(&command.code);
        let used = codes_in_use(tx, codes, command.valid_from, &BTreeSet::new())?;
        problems.extend(used.iter().map(|code| code_taken(code).at("code")));
        problems.extend(needs_two(act, parent.is_none()));
        refuse_if_any(problems)?;
        let id = UnitId::new(allocate_one(tx, Sequence::Unit)?);
        let unit = command.unit(id, parent.as_ref().map(|parent| &parent.unit.path));
        tx.changed(Change::made("Unit", id.get(), told::unit(&unit)));
        tx.insert_units(&[unit])?;
        Ok(id)
    })
}

/// Only whoever has the whole country in scope founds roots.
fn require_country(actor: &Actor) -> Result<(), Error> {
    if actor.scope == Scope::Country {
        return Ok(());
    }
    Err(Problem::new(Code::Forbidden)
        .with("role", actor.role.as_str())
        .with("permission", Permission::ReformUnits.as_str())
        .at("parent")
        .into())
}

impl FoundUnit {
    fn unit(&self, id: UnitId, parent: Option<&UnitPath>) -> Unit {
        Unit {
            id,
            path: UnitPath::under(parent, id),
            synthetic: self.synthetic,
            closed_on: None,
            latest: 1,
            version: UnitVersion {
                unit: id,
                number: 1,
                code: self.code.clone(),
                name: self.name.clone(),
                kind: self.kind,
                parent: self.parent,
                valid_from: self.valid_from,
                valid_to: None,
                legal_basis: self.legal_basis.clone(),
            },
        }
    }
}

/// Revises a unit from a day on. Tallies on and after that day are re-folded onto the new ancestors; earlier ones stay
/// where they were.
///
/// # Errors
/// `Forbidden`, `NotFound`, `StaleVersion`, `UnitVersionNotLater`, `UnitKindMisplaced`, `UnitCycle`, `UnitCodeTaken`,
/// `UnitNotValid` (the unit or its new parent), `Empty` when nothing would change, `NeedsTwoPeople` for a root.
pub fn revise_unit(act: &Act, tx: &mut dyn WriteTx, command: &ReviseUnit) -> Result<UnitId, Error> {
    act.actor.require(Permission::ManageUnits)?;
    require_below_own(&act.actor, command.unit)?;
    tx.lock(&[Lock::Tree])?;
    act.once(tx, |tx| {
        let wanted: Vec<UnitId> = std::iter::once(command.unit).chain(command.parent).collect();
        let mut known = Known::load(tx, &act.actor.scope, &wanted)?;
        let revised =
            known.remove(&command.unit).ok_or_else(|| Problem::not_found("Unit", command.unit.get()).at("unit"))?;
        let version = command.version(&revised.unit);
        let mut problems = command.problems(tx, &revised, &version, &known)?;
        problems.extend(needs_two(act, revised.is_root()));
        refuse_if_any(problems)?;
        let moved = version.parent != revised.unit.version.parent;
        if moved {
            let moves = Moves { moved: BTreeMap::from([(command.unit, version.parent)]), ..Moves::default() };
            refold(tx, &moves, command.on)?;
        }
        tx.insert_versions(std::slice::from_ref(&version))?;
        let (before, after) = (told::unit(&revised.unit), told::version(&version));
        tx.changed(Change::altered("Unit", command.unit.get(), before, after));
        if moved {
            let above = version.parent.and_then(|parent| known.get(&parent)).map(|parent| &parent.unit.path);
            tx.move_paths(&[(revised.unit.path.clone(), UnitPath::under(above, command.unit))])?;
        }
        Ok(command.unit)
    })
}

impl ReviseUnit {
    /// The version that would be added.
    fn version(&self, unit: &Unit) -> UnitVersion {
        let present = &unit.version;
        UnitVersion {
            unit: unit.id,
            number: unit.latest + 1,
            code: self.code.clone().unwrap_or_else(|| present.code.clone()),
            name: self.name.clone().unwrap_or_else(|| present.name.clone()),
            kind: self.kind.unwrap_or(present.kind),
            parent: self.parent.or(present.parent),
            valid_from: self.on,
            valid_to: None,
            legal_basis: self.legal_basis.clone(),
        }
    }

    fn changes_nothing(&self, present: &UnitVersion, next: &UnitVersion) -> bool {
        self.legal_basis.is_none()
            && (&present.code, &present.name, present.kind, present.parent)
                == (&next.code, &next.name, next.kind, next.parent)
    }

    /// Everything that is wrong with it. `others` holds the new parent where it is in scope.
    fn problems(
        &self,
        tx: &mut dyn WriteTx,
        revised: &Known,
        version: &UnitVersion,
        others: &BTreeMap<UnitId, Known>,
    ) -> Result<Vec<Problem>, StoreError> {
        let present = &revised.unit.version;
        let mut problems: Vec<Problem> = stale(&revised.unit, self.expected_version).into_iter().collect();
        problems.extend(revised.refuse_change(self.on).map(|problem| problem.at("on")));
        if self.changes_nothing(present, version) {
            problems.push(Problem::new(Code::Empty));
        }
        if version.code != present.code {
            let given_up_by = BTreeSet::from([self.unit]);
            let used = codes_in_use(tx, std::slice::from_ref(&version.code), self.on, &given_up_by)?;
            problems.extend(used.iter().map(|code| code_taken(code).at("code")));
        }
        if version.parent != present.parent || version.kind != present.kind {
            problems.extend(self.place_problem(tx, revised, version, others)?);
        }
        if version.kind != present.kind {
            let (children, _) = children_from(tx, &[self.unit], self.on)?;
            let below = children.iter().find_map(|child| misplaced(child.version.kind, version.kind));
            problems.extend(below.map(|problem| problem.at("kind")));
        }
        Ok(problems)
    }

    /// What is wrong with the place: under the new parent, or under the present one as another kind.
    fn place_problem(
        &self,
        tx: &mut dyn WriteTx,
        revised: &Known,
        version: &UnitVersion,
        others: &BTreeMap<UnitId, Known>,
    ) -> Result<Option<Problem>, StoreError> {
        let Some(id) = version.parent else {
            return Ok(None);
        };
        if Some(id) == revised.unit.version.parent && self.parent.is_none() {
            let parent = Known::load(tx, &Scope::Country, &[id])?.remove(&id);
            return Ok(parent.and_then(|parent| parent.refuse_child(version.kind, self.on)).map(|it| it.at("kind")));
        }
        if id == self.unit {
            return Ok(Some(Problem::new(Code::UnitCycle).at("parent")));
        }
        let problem = match others.get(&id) {
            None => Some(Problem::not_found("Unit", id.get())),
            Some(parent) if revised.unit.path.covers(&parent.unit.path) => Some(Problem::new(Code::UnitCycle)),
            Some(parent) => parent.refuse_child(version.kind, self.on),
        };
        Ok(problem.map(|problem| problem.at("parent")))
    }
}
