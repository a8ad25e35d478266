//! Whole trees at once: the snapshot of a day, with the succession from the tree before it.
//!
//! First the snapshot is put in order, then each old unit's fate is decided by the succession, then the plan says what is
//! to be stored: pure functions over the tree before and the command. Only this file talks to storage, in batches.

mod fate;
mod plan;
mod snapshot;

use std::collections::{BTreeMap, HashMap};

use crate::access::{Actor, Permission, Scope};
use crate::audit::Change;
use crate::error::{Error, StoreError, refuse_if_any};
use crate::id::{Sequence, UnitId};
use crate::ports::{Lock, WriteTx};
use crate::problem::{Code, Problem};
use crate::request::Receipt;
use crate::text::{LegalBasis, UnitCode, UnitName};
use crate::time::Day;
use crate::unit::tree::Tree;
use crate::unit::{Level, Unit, UnitKind, UnitPath, UnitVersion};
use crate::usecase::Act;
use crate::usecase::change_tree::later_tallies;
use crate::usecase::change_tree::refold::refold;
use crate::usecase::two_people::needs_two;

use plan::{Before, Plan};
use snapshot::Snapshot;

/// Code and name of the country.
const COUNTRY: (&str, &str) = ("VN", "Việt Nam");

/// The tier of a unit in the official code files: two digits name a province, three a district, five a commune.
#[must_use]
pub fn level_of_code(code: &UnitCode) -> Option<Level> {
    let digits = code.as_str();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match digits.len() {
        2 => Some(Level::Province),
        3 => Some(Level::District),
        5 => Some(Level::Commune),
        _ => None,
    }
}

/// A unit of the snapshot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SnapshotUnit {
    /// Official code, unique in the snapshot.
    pub code: UnitCode,
    /// Name without kind.
    pub name: UnitName,
    /// What it is.
    pub kind: UnitKind,
    /// Code of the unit above; `None` stands under the country.
    pub parent: Option<UnitCode>,
    /// Made up.
    pub synthetic: bool,
}

/// How an old unit goes on in the snapshot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SuccessionMode {
    /// The same unit carries on.
    Same,
    /// It went wholly into the other.
    Whole,
    /// A part of it went into the other; no source gives shares.
    Part,
}

/// A row of the succession.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SuccessionRow {
    /// Code in the tree before.
    pub old: UnitCode,
    /// Code in the snapshot; `None` when the successor is not known.
    pub new: Option<UnitCode>,
    /// How.
    pub mode: SuccessionMode,
}

/// What an equal code means for a unit that the succession names otherwise than `same`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EqualCodes {
    /// It lives on under its code, whatever it gave away (2023 to June 2025).
    CarryOn,
    /// It ended, and another unit took the code (the reform of July 2025).
    AreReused,
}

/// A tree to be imported. Codes that the succession does not name carry on under the same code, or end.
///
/// Villages and organisations are kept in the tree by its users, not by code files: a snapshot without any leaves them
/// where they are. They stay under their unit, or go along to its (first named) successor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImportUnits {
    /// The day from which the snapshot stands.
    pub on: Day,
    /// The whole tree of that day, without the country itself.
    pub units: Vec<SnapshotUnit>,
    /// From the tree before; empty for the first import.
    pub succession: Vec<SuccessionRow>,
    /// What equal codes mean.
    pub equal_codes: EqualCodes,
    /// The act it rests on.
    pub legal_basis: Option<LegalBasis>,
}

/// What an import did. A second run of the same import does nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ImportReport {
    /// Units founded, the country itself aside.
    pub founded: usize,
    /// Units that got a new version.
    pub revised: usize,
    /// Units that ended.
    pub closed: usize,
    /// Units that carry on unchanged.
    pub unchanged: usize,
    /// Lineage edges.
    pub edges: usize,
    /// Units that ended without a known successor.
    pub without_successor: usize,
}

impl ImportReport {
    /// In a line, for the record: thousands of units are told by their number, each has its versions.
    fn told(self, on: Day) -> String {
        let Self { founded, revised, closed, unchanged, edges, without_successor } = self;
        format!(
            "from {on}: {founded} founded, {revised} revised, {closed} closed, {unchanged} unchanged, {edges} lineage \
             edges, {without_successor} without a known successor"
        )
    }
}

impl Receipt for ImportReport {
    fn encode(&self) -> String {
        let counts = [self.founded, self.revised, self.closed, self.unchanged, self.edges, self.without_successor];
        counts.map(|count| count.to_string()).join(",")
    }

    fn decode(text: &str) -> Option<Self> {
        let counts: Vec<usize> = text.split(',').map(str::parse).collect::<Result<_, _>>().ok()?;
        let [founded, revised, closed, unchanged, edges, without_successor] = counts.try_into().ok()?;
        Some(Self { founded, revised, closed, unchanged, edges, without_successor })
    }
}

/// Imports a tree, all or nothing. Founds the country root (code `VN`) when there is none.
///
/// # Errors
/// `Forbidden`, and for the rows at `units.<index>` / `succession.<index>`: `Repeated`, `NotFound` (parent, codes),
/// `UnitKindMisplaced`, `UnitCycle`, `UnitCodeTaken`, `UnitHasLaterTallies`; `UnitVersionNotLater` when the tree has
/// changed on that day or later, unless it is the snapshot already; `NeedsTwoPeople` for anybody but the host.
pub fn import_units(act: &Act, tx: &mut dyn WriteTx, command: &ImportUnits) -> Result<ImportReport, Error> {
    act.actor.require(Permission::ReformUnits)?;
    require_country(&act.actor)?;
    refuse_if_any(needs_two(act, true).into_iter().collect())?;
    let snapshot = Snapshot::read(&command.units).map_err(Error::Refused)?;
    tx.lock(&[Lock::Tree])?;
    act.once(tx, |tx| {
        let days = tx.change_days()?;
        if let Some(last) = days.last().copied().filter(|last| command.on <= *last) {
            let standing = tx.tree(command.on)?;
            if stands_already(tx, command, &standing)? {
                return Ok(ImportReport { unchanged: command.units.len(), ..ImportReport::default() });
            }
            if last > command.on || standing.units().any(|unit| unit.level != Level::Country) {
                let late = Problem::new(Code::UnitVersionNotLater).with("day", command.on).with("from", last);
                return Err(late.at("on").into());
            }
        }
        let plan = draw_up(tx, command, &snapshot)?;
        store(tx, command, &plan)?;
        tx.changed(Change::made("Tree", 0, plan.report.told(command.on)));
        Ok(plan.report)
    })
}

fn require_country(actor: &Actor) -> Result<(), Error> {
    if actor.scope == Scope::Country {
        return Ok(());
    }
    let permission = Permission::ReformUnits.as_str();
    Err(Problem::new(Code::Forbidden).with("role", actor.role.as_str()).with("permission", permission).into())
}

/// Whether the tree of the day is the snapshot: then it was imported before.
fn stands_already(tx: &mut dyn WriteTx, command: &ImportUnits, standing: &Tree) -> Result<bool, StoreError> {
    let counted = standing.units().filter(|unit| unit.level != Level::Country);
    let kept = |level: Level| snapshot::is_kept_by_users(level) && !snapshot::holds(&command.units, level);
    if counted.filter(|unit| !kept(unit.level)).count() != command.units.len() {
        return Ok(false);
    }
    let codes: Vec<UnitCode> = command.units.iter().map(|unit| unit.code.clone()).collect();
    let found = tx.units_by_code(&Scope::Country, &codes, command.on)?;
    let by_code: HashMap<&UnitCode, &Unit> = found.iter().map(|unit| (&unit.version.code, unit)).collect();
    let code_of: HashMap<UnitId, &UnitCode> = found.iter().map(|unit| (unit.id, &unit.version.code)).collect();
    Ok(command.units.iter().all(|row| {
        by_code.get(&row.code).is_some_and(|unit| {
            let parent = unit.version.parent.and_then(|parent| code_of.get(&parent).copied());
            unit.version.name == row.name && unit.version.kind == row.kind && parent == row.parent.as_ref()
        })
    }))
}

/// Loads the tree of the day before and plans what is to be done.
fn draw_up(tx: &mut dyn WriteTx, command: &ImportUnits, snapshot: &Snapshot) -> Result<Plan, Error> {
    let eve = command.on.pred_opt().unwrap_or(command.on);
    let mut ids: Vec<UnitId> = tx.tree(eve)?.units().map(|unit| unit.id).collect();
    let root = tx.tree(command.on)?.units().find(|unit| unit.level == Level::Country).map(|unit| unit.id);
    ids.extend(root.filter(|root| !ids.contains(root)));
    let mut units = if ids.is_empty() { BTreeMap::default() } else { tx.units_by_id(&Scope::Country, &ids)? };
    let country = root.and_then(|root| units.remove(&root));
    let before = Before::new(ids.iter().filter_map(|id| units.remove(id)).collect());
    let fates = fate::decide(&before, command).map_err(Error::Refused)?;
    let needed = fates.founded() + usize::from(country.is_none());
    let keys = if needed == 0 { Vec::new() } else { tx.allocate(Sequence::Unit, needed)? };
    let mut keys = keys.into_iter().map(UnitId::new);
    let country = match country {
        Some(country) => (country, false),
        None => (keys.next().map(|id| country_of(id, command)).ok_or_else(too_few)??, true),
    };
    plan::draw(&before, command, snapshot, &fates, country, keys).map_err(Error::Refused)
}

fn too_few() -> StoreError {
    StoreError::Other("too few keys were allocated".to_owned())
}

fn country_of(id: UnitId, command: &ImportUnits) -> Result<Unit, Problem> {
    let (code, name) = COUNTRY;
    let version = UnitVersion {
        unit: id,
        number: 1,
        code: UnitCode::new(code)?,
        name: UnitName::new(name)?,
        kind: UnitKind::Country,
        parent: None,
        valid_from: command.on,
        valid_to: None,
        legal_basis: None,
    };
    Ok(Unit { id, path: UnitPath::under(None, id), synthetic: false, closed_on: None, latest: 1, version })
}

/// Stores the plan: first whatever ends gives its code up, then parents stand before children.
fn store(tx: &mut dyn WriteTx, command: &ImportUnits, plan: &Plan) -> Result<(), Error> {
    let ended: Vec<UnitId> = plan.closings.iter().map(|(unit, _)| *unit).collect();
    refuse_if_any(tallied(tx, plan, &ended, command.on)?.into_iter().collect())?;
    if !plan.moves.moved.is_empty() {
        refold(tx, &plan.moves, command.on)?;
    }
    if !ended.is_empty() {
        tx.close_units(&ended.iter().map(|unit| (*unit, command.on)).collect::<Vec<_>>())?;
    }
    if !plan.founded.is_empty() {
        tx.insert_units(&plan.founded)?;
    }
    if !plan.versions.is_empty() {
        tx.insert_versions(&plan.versions)?;
    }
    if !plan.paths.is_empty() {
        tx.move_paths(&plan.paths)?;
    }
    if !plan.edges.is_empty() {
        tx.insert_lineage(&plan.edges)?;
    }
    Ok(())
}

/// The first ended unit with later tallies, found by halving: one question when there is none.
fn tallied(tx: &mut dyn WriteTx, plan: &Plan, ended: &[UnitId], on: Day) -> Result<Option<Problem>, StoreError> {
    let mut suspects = ended;
    if suspects.is_empty() {
        return Ok(None);
    }
    let Some(mut problem) = later_tallies(tx, suspects, on)? else {
        return Ok(None);
    };
    while suspects.len() > 1 {
        let (first, second) = suspects.split_at(suspects.len() / 2);
        let found = later_tallies(tx, first, on)?;
        suspects = if found.is_some() { first } else { second };
        problem = found.unwrap_or(problem);
    }
    let row = suspects.first().and_then(|unit| plan.closings.iter().find(|(closed, _)| closed == unit));
    Ok(Some(match row.and_then(|(_, row)| *row) {
        Some(row) => problem.at(row).at("succession"),
        None => problem.at("units"),
    }))
}

#[cfg(test)]
mod tests;
