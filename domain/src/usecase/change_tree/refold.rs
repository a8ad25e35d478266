//! Carrying the roll-up along when units move: what a subtree did from that day on leaves the totals of the ancestors it
//! had and enters those of the ancestors it has.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::error::StoreError;
use crate::id::{DriveId, IndicatorId, UnitId};
use crate::ports::WriteTx;
use crate::tally::{RollupDelta, RollupKey};
use crate::time::Day;
use crate::unit::tree::Tree;

use super::days_from;

/// A cell of a unit's roll-up.
type Cell = (DriveId, IndicatorId, Day);

/// Totals of units, by cell.
type Totals = HashMap<UnitId, BTreeMap<Cell, i64>>;

/// Units and where they stand from a day on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Moves {
    /// Units that move, with their new parents.
    pub(crate) moved: BTreeMap<UnitId, Option<UnitId>>,
    /// Units founded that day, with their parents: new parents may be among them.
    pub(crate) founded: BTreeMap<UnitId, Option<UnitId>>,
}

/// Re-folds the roll-up for moves from the day on. To be called before the moves are stored.
pub(crate) fn refold(tx: &mut dyn WriteTx, moves: &Moves, on: Day) -> Result<(), StoreError> {
    let mut trees = Vec::new();
    for day in days_from(tx, on)? {
        trees.push((day, tx.tree(day)?));
    }
    let inside: BTreeSet<UnitId> = moves
        .moved
        .keys()
        .flat_map(|unit| trees.iter().flat_map(|(_, tree)| tree.subtree(*unit).map(|below| below.id)))
        .collect();
    let inside: Vec<UnitId> = inside.into_iter().collect();
    if tx.last_tally_day(&inside, on)?.is_none() {
        return Ok(());
    }
    let moved: Vec<UnitId> = moves.moved.keys().copied().collect();
    let mut totals = Totals::new();
    for (RollupKey { drive, unit, indicator, day }, delta) in tx.rollup_rows(&moved, on)? {
        totals.entry(unit).or_default().insert((drive, indicator, day), delta.total);
    }
    tx.add_to_rollup(&fold(moves, &totals, &trees))
}

/// The changes of the roll-up: every moved unit is first taken off its ancestors, then put under the new ones, so that
/// units that move together with one another are never counted twice.
fn fold(moves: &Moves, totals: &Totals, trees: &[(Day, Arc<Tree>)]) -> Vec<(RollupKey, RollupDelta)> {
    let mut walk = Walk { moves, trees, attached: BTreeMap::new(), changes: Totals::new() };
    for unit in moves.moved.keys() {
        walk.carry(*unit, totals, -1);
        walk.attached.insert(*unit, false);
    }
    for unit in moves.moved.keys() {
        walk.attached.insert(*unit, true);
        walk.carry(*unit, totals, 1);
    }
    let mut deltas: Vec<(RollupKey, RollupDelta)> = walk
        .changes
        .into_iter()
        .flat_map(|(unit, cells)| cells.into_iter().map(move |(cell, total)| (unit, cell, total)))
        .filter(|(_, _, total)| *total != 0)
        .map(|(unit, (drive, indicator, day), total)| {
            (RollupKey { drive, unit, indicator, day }, RollupDelta { total, own: 0 })
        })
        .collect();
    deltas.sort_unstable_by_key(|(key, _)| *key);
    deltas
}

/// The forest between the old tree and the new one.
struct Walk<'data> {
    moves: &'data Moves,
    trees: &'data [(Day, Arc<Tree>)],
    /// Units that were taken off, and whether they were put back.
    attached: BTreeMap<UnitId, bool>,
    changes: Totals,
}

impl Walk<'_> {
    /// The parent of a unit on a day, as far as the moves have come.
    fn parent(&self, unit: UnitId, day: Day) -> Option<UnitId> {
        match self.attached.get(&unit) {
            Some(true) => self.moves.moved.get(&unit).copied().flatten(),
            Some(false) => None,
            None => self.moves.founded.get(&unit).copied().unwrap_or_else(|| {
                let (_, tree) = self.trees.iter().rfind(|(from, _)| *from <= day)?;
                tree.get(unit)?.parent
            }),
        }
    }

    /// Adds what the unit holds, `sign` times, to everything above it.
    fn carry(&mut self, unit: UnitId, totals: &Totals, sign: i64) {
        let mut cells = totals.get(&unit).cloned().unwrap_or_default();
        for (cell, change) in self.changes.get(&unit).into_iter().flatten() {
            *cells.entry(*cell).or_default() += change;
        }
        for ((drive, indicator, day), total) in cells {
            let mut above = self.parent(unit, day);
            while let Some(ancestor) = above {
                *self.changes.entry(ancestor).or_default().entry((drive, indicator, day)).or_default() += sign * total;
                above = self.parent(ancestor, day);
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests may panic")]
mod tests {
    use super::*;
    use crate::unit::Level;
    use crate::unit::tree::TreeUnit;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn id(raw: i64) -> UnitId {
        UnitId::new(raw)
    }

    fn tree(on: &str, units: &[(i64, i64)]) -> (Day, Arc<Tree>) {
        let unit = |(raw, parent): &(i64, i64)| TreeUnit {
            id: id(*raw),
            parent: (*parent != 0).then(|| id(*parent)),
            level: Level::Organisation,
        };
        (day(on), Arc::new(Tree::new(day(on), units.iter().map(unit).collect())))
    }

    fn moves(moved: &[(i64, i64)], founded: &[(i64, i64)]) -> Moves {
        let pairs = |of: &[(i64, i64)]| of.iter().map(|(unit, parent)| (id(*unit), Some(id(*parent)))).collect();
        Moves { moved: pairs(moved), founded: pairs(founded) }
    }

    fn totals(of: &[(i64, &str, i64)]) -> Totals {
        let mut totals = Totals::new();
        for (unit, on, total) in of {
            totals.entry(id(*unit)).or_default().insert((DriveId::new(7), IndicatorId::new(1), day(on)), *total);
        }
        totals
    }

    fn changes(moves: &Moves, totals: &Totals, trees: &[(Day, Arc<Tree>)]) -> Vec<(i64, String, i64)> {
        let rows = fold(moves, totals, trees).into_iter();
        rows.map(|(key, delta)| (key.unit.get(), key.day.to_string(), delta.total)).collect()
    }

    #[test]
    fn only_ancestors_that_differ_change() {
        let trees = [tree("2023-06-01", &[(1, 0), (2, 1), (3, 1), (4, 2), (5, 4)])];
        let found = changes(&moves(&[(5, 3)], &[]), &totals(&[(5, "2023-06-03", 8)]), &trees);
        let on = || "2023-06-03".to_owned();
        assert_eq!(found, [(2, on(), -8), (3, on(), 8), (4, on(), -8)]);
    }

    #[test]
    fn each_day_goes_by_its_own_tree() {
        let trees = [
            tree("2023-06-01", &[(1, 0), (2, 1), (3, 1), (5, 2)]),
            tree("2023-07-01", &[(1, 0), (2, 1), (3, 1), (9, 1), (5, 9)]),
        ];
        let found = changes(&moves(&[(5, 3)], &[]), &totals(&[(5, "2023-06-30", 1), (5, "2023-07-01", 2)]), &trees);
        let (june, july) = (|| "2023-06-30".to_owned(), || "2023-07-01".to_owned());
        assert_eq!(found, [(2, june(), -1), (3, june(), 1), (3, july(), 2), (9, july(), -2)]);
    }

    #[test]
    fn units_that_move_with_one_another_are_counted_once() {
        // 4 stands under 3, 3 under 2; both go under the founded 10, beside one another.
        let trees = [tree("2023-06-01", &[(1, 0), (2, 1), (3, 2), (4, 3)])];
        let held = totals(&[(3, "2023-06-03", 15), (4, "2023-06-03", 5)]);
        let found = changes(&moves(&[(3, 10), (4, 10)], &[(10, 1)]), &held, &trees);
        let on = || "2023-06-03".to_owned();
        assert_eq!(found, [(2, on(), -15), (3, on(), -5), (10, on(), 15)]);
    }

    #[test]
    fn above_and_below_may_change_places() {
        // 3 stands under 2; afterwards 2 stands under 3.
        let trees = [tree("2023-06-01", &[(1, 0), (2, 1), (3, 2)])];
        let held = totals(&[(2, "2023-06-03", 15), (3, "2023-06-03", 5)]);
        let found = changes(&moves(&[(2, 3), (3, 1)], &[]), &held, &trees);
        let on = || "2023-06-03".to_owned();
        assert_eq!(found, [(2, on(), -5), (3, on(), 10)]);
    }
}
