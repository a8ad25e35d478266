//! What every change of the tree has in common: units with their versions, who may stand where, codes in use, days that
//! other facts rest on.
//!
//! A change may be dated back. Whatever was decided for days after it must then still fit, so checks look at the day of
//! the change and at every later day on which the tree changed.

pub(super) mod refold;

use std::collections::{BTreeMap, BTreeSet};

use crate::access::{Actor, Permission, Scope};
use crate::error::{Error, StoreError};
use crate::id::UnitId;
use crate::ports::WriteTx;
use crate::problem::{Code, Problem};
use crate::text::UnitCode;
use crate::time::Day;
use crate::unit::{Unit, UnitKind, UnitVersion};

/// More children than any unit has: all of them are wanted.
const EVERY_CHILD: u16 = u16::MAX;

/// A unit with all its versions, oldest first.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) unit: Unit,
    pub(super) versions: Vec<UnitVersion>,
}

impl Known {
    /// Units in scope by id.
    pub(super) fn load(
        tx: &mut dyn WriteTx,
        scope: &Scope,
        ids: &[UnitId],
    ) -> Result<BTreeMap<UnitId, Self>, StoreError> {
        let units = tx.units_by_id(scope, ids)?;
        let found: Vec<UnitId> = units.keys().copied().collect();
        let mut versions = tx.unit_versions(&found)?;
        Ok(units
            .into_iter()
            .map(|(id, unit)| (id, Self { unit, versions: versions.remove(&id).unwrap_or_default() }))
            .collect())
    }

    fn id(&self) -> UnitId {
        self.unit.id
    }

    /// Whether nothing stands above it.
    pub(super) fn is_root(&self) -> bool {
        self.unit.version.parent.is_none()
    }

    /// Whether it stands on the day and no end is known.
    fn stands_from(&self, on: Day) -> bool {
        self.unit.closed_on.is_none() && self.versions.iter().any(|version| version.is_valid_on(on))
    }

    /// What is wrong with ending or replacing its present version on that day.
    pub(super) fn refuse_change(&self, on: Day) -> Option<Problem> {
        if let Some(closed) = self.unit.closed_on {
            return Some(not_valid(self.id(), closed.max(on)));
        }
        let from = self.unit.version.valid_from;
        (on <= from).then(|| Problem::new(Code::UnitVersionNotLater).with("day", on).with("from", from))
    }

    /// What is wrong with standing under it, as `kind`, from that day on.
    pub(super) fn refuse_child(&self, kind: UnitKind, on: Day) -> Option<Problem> {
        if !self.stands_from(on) {
            return Some(not_valid(self.id(), self.unit.closed_on.map_or(on, |closed| closed.max(on))));
        }
        let mut later = self.versions.iter().filter(|version| version.valid_to.is_none_or(|end| on < end));
        later.find_map(|version| misplaced(kind, version.kind))
    }

    /// What is wrong with taking others in on that day.
    pub(super) fn refuse_intake(&self, on: Day) -> Option<Problem> {
        (!self.stands_from(on)).then(|| not_valid(self.id(), on))
    }
}

fn not_valid(unit: UnitId, day: Day) -> Problem {
    Problem::new(Code::UnitNotValid).with("unit", unit.get()).with("day", day)
}

/// [`Code::UnitKindMisplaced`] where the kind cannot stand under the other.
pub(super) fn misplaced(kind: UnitKind, parent: UnitKind) -> Option<Problem> {
    (!kind.may_stand_under(parent))
        .then(|| Problem::new(Code::UnitKindMisplaced).with("kind", kind.label()).with("parent", parent.label()))
}

/// The version's expected number against the present one.
pub(super) fn stale(unit: &Unit, expected: i32) -> Option<Problem> {
    (unit.latest != expected).then(|| {
        Problem::new(Code::StaleVersion).with("actual", unit.latest).with("expected", expected).at("expectedVersion")
    })
}

/// Nobody manages the unit of the own assignment: that is for whoever stands above.
pub(super) fn require_below_own(actor: &Actor, unit: UnitId) -> Result<(), Error> {
    if actor.scope == Scope::Country || actor.unit != unit {
        return Ok(());
    }
    Err(Problem::new(Code::Forbidden)
        .with("role", actor.role.as_str())
        .with("permission", Permission::ManageUnits.as_str())
        .at("unit")
        .into())
}

/// The day, and every later one on which the tree changed.
pub(super) fn days_from(tx: &mut dyn WriteTx, on: Day) -> Result<Vec<Day>, StoreError> {
    let later = tx.change_days()?;
    Ok(std::iter::once(on).chain(later.iter().copied().filter(|day| *day > on)).collect())
}

/// Which of the codes are in use on the day or later, by a unit that does not give its code up.
pub(super) fn codes_in_use(
    tx: &mut dyn WriteTx,
    codes: &[UnitCode],
    on: Day,
    given_up_by: &BTreeSet<UnitId>,
) -> Result<BTreeSet<UnitCode>, StoreError> {
    let mut used = BTreeSet::new();
    for day in days_from(tx, on)? {
        let units = tx.units_by_code(&Scope::Country, codes, day)?;
        used.extend(units.into_iter().filter(|unit| !given_up_by.contains(&unit.id)).map(|unit| unit.version.code));
    }
    Ok(used)
}

/// [`Code::UnitCodeTaken`].
pub(super) fn code_taken(code: &UnitCode) -> Problem {
    Problem::new(Code::UnitCodeTaken).with("code", code)
}

/// The units directly under any of `parents` on the day; and what is wrong where others come later.
pub(super) fn children_from(
    tx: &mut dyn WriteTx,
    parents: &[UnitId],
    on: Day,
) -> Result<(Vec<Unit>, Vec<Problem>), StoreError> {
    let children: Vec<Unit> =
        tx.children_of(&Scope::Country, parents, on, EVERY_CHILD)?.into_values().flatten().collect();
    let known: BTreeSet<UnitId> = children.iter().map(|child| child.id).collect();
    let mut problems = Vec::new();
    for day in days_from(tx, on)?.into_iter().skip(1) {
        let tree = tx.tree(day)?;
        let newcomers = |parent: &UnitId| tree.children(*parent).filter(|child| !known.contains(&child.id)).count();
        let count: usize = parents.iter().map(newcomers).sum();
        if count > 0 {
            problems.push(has_children(count, day));
        }
    }
    Ok((children, problems))
}

/// [`Code::UnitHasChildren`].
pub(super) fn has_children(count: usize, day: Day) -> Problem {
    Problem::new(Code::UnitHasChildren).with("count", count).with("day", day)
}

/// What is wrong with ending units on a day: tallies that were credited to them on it or later.
pub(super) fn later_tallies(tx: &mut dyn WriteTx, units: &[UnitId], on: Day) -> Result<Option<Problem>, StoreError> {
    let last = tx.last_tally_day(units, on)?;
    Ok(last.map(|day| Problem::new(Code::UnitHasLaterTallies).with("day", day)))
}
