//! A snapshot in order: every parent known and before its children, every code once.

use std::collections::HashMap;

use crate::problem::{Code, Problem};
use crate::text::UnitCode;
use crate::unit::{Level, UnitKind};
use crate::usecase::change_tree::misplaced;

use super::SnapshotUnit;

/// The rows of a snapshot, parents first.
#[derive(Debug)]
pub(super) struct Snapshot {
    /// Indexes of the rows, each after its parent's.
    pub(super) order: Vec<usize>,
    /// The row of each row's parent; `None` under the country.
    pub(super) parents: Vec<Option<usize>>,
}

impl Snapshot {
    /// Checks and orders the rows.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub(super) fn read(units: &[SnapshotUnit]) -> Result<Self, Vec<Problem>> {
        let mut rows: HashMap<&UnitCode, usize> = HashMap::with_capacity(units.len());
        let mut problems = Vec::new();
        let at = |problem: Problem, row: usize, field: &str| problem.at(field).at(row).at("units");
        for (row, unit) in units.iter().enumerate() {
            if let Some(first) = rows.insert(&unit.code, row) {
                rows.insert(&unit.code, first);
                problems.push(at(Problem::new(Code::Repeated).with("first", first), row, "code"));
            }
            if unit.code.as_str() == super::COUNTRY.0 {
                problems.push(at(Problem::new(Code::UnitCodeTaken).with("code", &unit.code), row, "code"));
            }
        }
        let mut parents = Vec::with_capacity(units.len());
        for (row, unit) in units.iter().enumerate() {
            let parent = unit.parent.as_ref().map(|code| rows.get(code).copied().ok_or(code));
            let above = match parent {
                None => Some(UnitKind::Country),
                Some(Ok(parent)) => units.get(parent).map(|parent| parent.kind),
                Some(Err(code)) => {
                    problems.push(at(Problem::not_found("Unit", code), row, "parent"));
                    None
                }
            };
            let place = above.and_then(|above| misplaced(unit.kind, above));
            problems.extend(place.map(|problem| at(problem, row, "kind")));
            parents.push(parent.and_then(Result::ok));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let order = parents_first(&parents);
        if order.len() < units.len() {
            let placed: std::collections::HashSet<usize> = order.into_iter().collect();
            let lost = (0..units.len()).filter(|row| !placed.contains(row));
            return Err(lost.map(|row| at(Problem::new(Code::UnitCycle), row, "parent")).collect());
        }
        Ok(Self { order, parents })
    }
}

/// The rows in an order in which parents come first; rows that stand under themselves are left out.
fn parents_first(parents: &[Option<usize>]) -> Vec<usize> {
    let mut below: HashMap<Option<usize>, Vec<usize>> = HashMap::new();
    for (row, parent) in parents.iter().enumerate() {
        below.entry(*parent).or_default().push(row);
    }
    let mut order = below.remove(&None).unwrap_or_default();
    let mut next = 0;
    while let Some(row) = order.get(next) {
        let children = below.remove(&Some(*row)).unwrap_or_default();
        order.extend(children);
        next += 1;
    }
    order
}

/// Tiers that no official code file holds.
pub(super) const fn is_kept_by_users(level: Level) -> bool {
    matches!(level, Level::Village | Level::Organisation)
}

/// Whether the snapshot says anything about a tier.
pub(super) fn holds(units: &[SnapshotUnit], level: Level) -> bool {
    units.iter().any(|unit| unit.kind.level() == level)
}
