//! What becomes of each unit of the tree before: it carries on as a row of the snapshot, ends for successors, ends
//! without any, or is none of the snapshot's business.

use std::collections::{BTreeMap, HashMap};

use crate::problem::{Code, Problem};
use crate::text::UnitCode;
use crate::unit::{LineageMode, Unit};

use super::plan::Before;
use super::{EqualCodes, ImportUnits, SuccessionMode, snapshot};

/// The fate of one unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fate {
    /// It carries on as this row of the snapshot.
    CarriesOn(usize),
    /// It ends; the row of the snapshot that its first named successor is, and the row of the succession.
    Ends(Option<usize>, Option<usize>),
    /// The snapshot does not speak of its tier.
    Kept,
}

/// The fates of all units.
#[derive(Debug)]
pub(super) struct Fates {
    /// By index of the unit before.
    pub(super) of: Vec<Fate>,
    /// For each row of the snapshot, the unit before that carries on as it.
    pub(super) carried: Vec<Option<usize>>,
    /// From the unit before to the row of the snapshot.
    pub(super) edges: Vec<(usize, usize, LineageMode)>,
}

impl Fates {
    /// How many rows of the snapshot are new units.
    pub(super) fn founded(&self) -> usize {
        self.carried.iter().filter(|unit| unit.is_none()).count()
    }
}

/// A row of the succession, found in both trees.
#[derive(Clone, Copy)]
struct Found {
    row: usize,
    new: Option<usize>,
    mode: SuccessionMode,
}

/// Decides every fate.
///
/// # Errors
/// Everything that is wrong with the succession.
pub(super) fn decide(before: &Before, command: &ImportUnits) -> Result<Fates, Vec<Problem>> {
    let rows: HashMap<&UnitCode, usize> =
        command.units.iter().enumerate().map(|(row, unit)| (&unit.code, row)).collect();
    let named = find(before, command, &rows)?;
    let mut fates = Fates { of: Vec::new(), carried: vec![None; command.units.len()], edges: Vec::new() };
    let mut problems = Vec::new();
    for (unit, found) in &named {
        problems.extend(contradiction(found));
        let Some(as_row) = before.units.get(*unit).and_then(|unit| lives_as(unit, found, &rows, command.equal_codes))
        else {
            continue;
        };
        if let Some(seat) = fates.carried.get_mut(as_row) {
            if let Some(other) = seat {
                let row = found.first().map_or(0, |found| found.row);
                let first = named.get(other).and_then(|found| found.first()).map_or(0, |found| found.row);
                problems.push(Problem::new(Code::Repeated).with("first", first).at("new").at(row).at("succession"));
            }
            *seat = Some(*unit);
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let untold = |unit: &Unit| {
        let level = unit.version.kind.level();
        snapshot::is_kept_by_users(level) && !snapshot::holds(&command.units, level)
    };
    for (index, unit) in before.units.iter().enumerate() {
        let fate = match named.get(&index) {
            Some(found) => fates.named(index, unit, found, &rows, command.equal_codes),
            None if untold(unit) => Fate::Kept,
            None => fates.unnamed(index, rows.get(&unit.version.code).copied()),
        };
        fates.of.push(fate);
    }
    Ok(fates)
}

/// The rows of the succession by the unit before.
fn find(
    before: &Before,
    command: &ImportUnits,
    rows: &HashMap<&UnitCode, usize>,
) -> Result<BTreeMap<usize, Vec<Found>>, Vec<Problem>> {
    let mut named: BTreeMap<usize, Vec<Found>> = BTreeMap::new();
    let mut problems = Vec::new();
    for (row, succession) in command.succession.iter().enumerate() {
        let mut missing = |code: &UnitCode, field: &str| {
            problems.push(Problem::not_found("Unit", code).at(field).at(row).at("succession"));
        };
        let new = succession.new.as_ref().and_then(|code| {
            let found = rows.get(code).copied();
            if found.is_none() {
                missing(code, "new");
            }
            found
        });
        match before.by_code.get(&succession.old) {
            Some(unit) => named.entry(*unit).or_default().push(Found { row, new, mode: succession.mode }),
            None => missing(&succession.old, "old"),
        }
    }
    if problems.is_empty() { Ok(named) } else { Err(problems) }
}

/// Rows of one unit that cannot hold together: the same successor twice, or wholly into one and into another too.
fn contradiction(found: &[Found]) -> Option<Problem> {
    let whole = |row: &Found| row.mode == SuccessionMode::Whole;
    let (index, first) = found.iter().enumerate().find_map(|(index, row)| {
        let clash = |other: &&Found| other.new == row.new || whole(other) || whole(row);
        found.iter().take(index).find(clash).map(|first| (row.row, first.row))
    })?;
    Some(Problem::new(Code::Repeated).with("first", first).at(index).at("succession"))
}

/// The row as which a named unit lives on.
fn lives_as(unit: &Unit, found: &[Found], rows: &HashMap<&UnitCode, usize>, equal_codes: EqualCodes) -> Option<usize> {
    if let Some(same) = found.iter().find(|row| row.mode == SuccessionMode::Same) {
        return same.new;
    }
    let own = rows.get(&unit.version.code).copied()?;
    let goes_elsewhere = found.iter().any(|row| row.mode == SuccessionMode::Whole && row.new != Some(own));
    (equal_codes == EqualCodes::CarryOn && !goes_elsewhere).then_some(own)
}

impl Fates {
    fn named(
        &mut self,
        index: usize,
        unit: &Unit,
        found: &[Found],
        rows: &HashMap<&UnitCode, usize>,
        equal_codes: EqualCodes,
    ) -> Fate {
        let alive = lives_as(unit, found, rows, equal_codes);
        for row in found {
            let mode = match (alive, row.mode) {
                (Some(_), _) => LineageMode::Transfer,
                (None, SuccessionMode::Part) => LineageMode::Split,
                (None, SuccessionMode::Whole | SuccessionMode::Same) => LineageMode::Merge,
            };
            self.edges.extend(row.new.filter(|new| alive != Some(*new)).map(|new| (index, new, mode)));
        }
        alive.map_or_else(
            || Fate::Ends(found.iter().find_map(|row| row.new), found.first().map(|row| row.row)),
            Fate::CarriesOn,
        )
    }

    /// An unnamed unit carries on under its code unless the succession gave the code to another.
    fn unnamed(&mut self, index: usize, row: Option<usize>) -> Fate {
        let seat = row.and_then(|row| self.carried.get_mut(row).map(|seat| (row, seat)));
        match seat {
            Some((row, seat)) if seat.is_none() => {
                *seat = Some(index);
                Fate::CarriesOn(row)
            }
            _ => Fate::Ends(None, None),
        }
    }
}
