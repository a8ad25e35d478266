//! What is to be stored so that the tree before becomes the snapshot.

use std::collections::HashMap;

use crate::exact::Exact;
use crate::id::UnitId;
use crate::problem::Problem;
use crate::text::{UnitCode, UnitName};
use crate::unit::{Lineage, LineageMode, Unit, UnitKind, UnitPath, UnitVersion};
use crate::usecase::change_tree::refold::Moves;
use crate::usecase::change_tree::{code_taken, misplaced};

use super::fate::{Fate, Fates};
use super::snapshot::Snapshot;
use super::{ImportReport, ImportUnits};

/// The tree before, without the country, parents first.
#[derive(Debug)]
pub(super) struct Before {
    pub(super) units: Vec<Unit>,
    pub(super) by_code: HashMap<UnitCode, usize>,
    by_id: HashMap<UnitId, usize>,
}

impl Before {
    pub(super) fn new(units: Vec<Unit>) -> Self {
        let by_code = units.iter().enumerate().map(|(index, unit)| (unit.version.code.clone(), index)).collect();
        let by_id = units.iter().enumerate().map(|(index, unit)| (unit.id, index)).collect();
        Self { units, by_code, by_id }
    }
}

/// What an import stores.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Units that end, each with the row of the succession that says so.
    pub(super) closings: Vec<(UnitId, Option<usize>)>,
    /// New units, parents first.
    pub(super) founded: Vec<Unit>,
    /// New versions of units that carry on.
    pub(super) versions: Vec<UnitVersion>,
    /// Moves of paths, all from the tree before.
    pub(super) paths: Vec<(UnitPath, UnitPath)>,
    /// Lineage.
    pub(super) edges: Vec<Lineage>,
    /// Units with another parent than before, and the founded ones.
    pub(super) moves: Moves,
    /// The counts.
    pub(super) report: ImportReport,
}

/// A unit of the tree after.
struct Seat<'data> {
    code: &'data UnitCode,
    name: &'data UnitName,
    kind: UnitKind,
    parent: UnitId,
    above: UnitPath,
}

struct Draft<'data> {
    before: &'data Before,
    command: &'data ImportUnits,
    plan: Plan,
    /// Place and kind of each row of the snapshot.
    rows: Vec<Option<(UnitId, UnitPath, UnitKind)>>,
    /// The same of each kept unit before.
    kept: HashMap<usize, (UnitId, UnitPath, UnitKind)>,
    /// The place after of each unit that carries on.
    places: HashMap<UnitId, UnitPath>,
    country: (UnitId, UnitPath, UnitKind),
}

/// Draws the plan. `country` comes with whether it is new; `keys` are for the founded rows.
///
/// # Errors
/// Kept units that the snapshot leaves no room for.
pub(super) fn draw(
    before: &Before,
    command: &ImportUnits,
    snapshot: &Snapshot,
    fates: &Fates,
    country: (Unit, bool),
    keys: impl Iterator<Item = UnitId>,
) -> Result<Plan, Vec<Problem>> {
    let (country, is_new) = country;
    let place = (country.id, country.path.clone(), country.version.kind);
    let founded = if is_new { vec![country] } else { Vec::new() };
    let mut draft = Draft {
        before,
        command,
        plan: Plan { founded, ..Plan::default() },
        rows: vec![None; command.units.len()],
        kept: HashMap::new(),
        places: HashMap::new(),
        country: place,
    };
    draft.place_rows(snapshot, fates, keys);
    let problems = draft.place_kept(fates);
    if !problems.is_empty() {
        return Err(problems);
    }
    draft.end(fates);
    draft.link(fates);
    draft.move_paths();
    Ok(draft.plan)
}

impl Draft<'_> {
    fn place_rows(&mut self, snapshot: &Snapshot, fates: &Fates, mut keys: impl Iterator<Item = UnitId>) {
        for row in &snapshot.order {
            let Some(unit) = self.command.units.get(*row) else {
                continue;
            };
            let parent = snapshot.parents.get(*row).copied().flatten();
            let (parent, above, _) = parent
                .and_then(|parent| self.rows.get(parent).cloned().flatten())
                .unwrap_or_else(|| self.country.clone());
            let seat = Seat { code: &unit.code, name: &unit.name, kind: unit.kind, parent, above };
            let carried = fates.carried.get(*row).copied().flatten().and_then(|index| self.before.units.get(index));
            let placed = match carried {
                Some(carried) => Some(self.carry_on(carried, &seat)),
                None => keys.next().map(|id| self.found(id, &seat, unit.synthetic)),
            };
            if let Some(place) = self.rows.get_mut(*row) {
                *place = placed.map(|(id, path)| (id, path, unit.kind));
            }
        }
    }

    /// Villages and organisations of which the snapshot does not speak stay with their unit or its successor.
    fn place_kept(&mut self, fates: &Fates) -> Vec<Problem> {
        let mut problems = Vec::new();
        let taken: std::collections::HashSet<&UnitCode> = self.command.units.iter().map(|unit| &unit.code).collect();
        for (index, unit) in self.before.units.iter().enumerate() {
            if fates.of.get(index) != Some(&Fate::Kept) {
                continue;
            }
            let Some((parent, above, kind)) = self.kept_under(unit, fates) else {
                self.close(unit, None);
                self.plan.report.without_successor += 1;
                continue;
            };
            let version = &unit.version;
            problems.extend(misplaced(version.kind, kind).map(|problem| problem.at("units")));
            problems.extend(taken.contains(&version.code).then(|| code_taken(&version.code).at("units")));
            let seat = Seat { code: &version.code, name: &version.name, kind: version.kind, parent, above };
            let (id, path) = self.carry_on(unit, &seat);
            self.kept.insert(index, (id, path, version.kind));
        }
        problems
    }

    fn kept_under(&self, unit: &Unit, fates: &Fates) -> Option<(UnitId, UnitPath, UnitKind)> {
        let parent = unit.version.parent.and_then(|parent| self.before.by_id.get(&parent).copied());
        let Some(parent) = parent else {
            return Some(self.country.clone());
        };
        match fates.of.get(parent)? {
            Fate::CarriesOn(row) | Fate::Ends(Some(row), _) => self.rows.get(*row).cloned().flatten(),
            Fate::Kept => self.kept.get(&parent).cloned(),
            Fate::Ends(None, _) => None,
        }
    }

    fn found(&mut self, id: UnitId, seat: &Seat<'_>, synthetic: bool) -> (UnitId, UnitPath) {
        let path = UnitPath::under(Some(&seat.above), id);
        let version = self.version(id, 1, seat);
        self.plan.moves.founded.insert(id, Some(seat.parent));
        self.plan.founded.push(Unit { id, path: path.clone(), synthetic, closed_on: None, latest: 1, version });
        self.plan.report.founded += 1;
        (id, path)
    }

    fn carry_on(&mut self, unit: &Unit, seat: &Seat<'_>) -> (UnitId, UnitPath) {
        let present = &unit.version;
        let parent = Some(seat.parent);
        if present.parent != parent {
            self.plan.moves.moved.insert(unit.id, parent);
        }
        if (&present.code, &present.name, present.kind, present.parent) == (seat.code, seat.name, seat.kind, parent) {
            self.plan.report.unchanged += 1;
        } else {
            let version = self.version(unit.id, unit.latest + 1, seat);
            self.plan.versions.push(version);
            self.plan.report.revised += 1;
        }
        let place = UnitPath::under(Some(&seat.above), unit.id);
        self.places.insert(unit.id, place.clone());
        (unit.id, place)
    }

    /// Moves the path of each unit that does not come to its place along with the unit it stood under. What ends goes
    /// along with whatever it stood under.
    fn move_paths(&mut self) {
        let mut along: HashMap<UnitId, UnitPath> = HashMap::with_capacity(self.before.units.len());
        for unit in &self.before.units {
            let above = unit.version.parent.and_then(|parent| along.get(&parent));
            let now = above.map_or_else(|| unit.path.clone(), |above| UnitPath::under(Some(above), unit.id));
            let place = self.places.remove(&unit.id).unwrap_or_else(|| now.clone());
            if place != now {
                self.plan.paths.push((unit.path.clone(), place.clone()));
            }
            along.insert(unit.id, place);
        }
    }

    fn version(&self, unit: UnitId, number: i32, seat: &Seat<'_>) -> UnitVersion {
        UnitVersion {
            unit,
            number,
            code: seat.code.clone(),
            name: seat.name.clone(),
            kind: seat.kind,
            parent: Some(seat.parent),
            valid_from: self.command.on,
            valid_to: None,
            legal_basis: self.command.legal_basis.clone(),
        }
    }

    fn end(&mut self, fates: &Fates) {
        for (unit, fate) in self.before.units.iter().zip(&fates.of) {
            if let Fate::Ends(successor, row) = fate {
                self.close(unit, *row);
                self.plan.report.without_successor += usize::from(successor.is_none());
            }
        }
    }

    fn close(&mut self, unit: &Unit, row: Option<usize>) {
        self.plan.closings.push((unit.id, row));
        self.plan.report.closed += 1;
    }

    fn link(&mut self, fates: &Fates) {
        for (from, to, mode) in &fates.edges {
            let from = self.before.units.get(*from).map(|unit| unit.id);
            let to = self.rows.get(*to).and_then(Option::as_ref).map(|(id, _, _)| *id);
            if let Some((from, to)) = from.zip(to) {
                let share = (*mode == LineageMode::Merge).then(|| Exact::from(1));
                self.plan.edges.push(Lineage { from, to, on: self.command.on, mode: *mode, share });
            }
        }
        self.plan.report.edges = self.plan.edges.len();
    }
}
