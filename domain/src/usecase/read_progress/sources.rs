//! Whose own figures can come to lie in the units asked for, once they are restated.

use std::collections::HashSet;

use super::frame::Frame;
use super::ledger;
use crate::error::Error;
use crate::id::UnitId;
use crate::ports::ReadTx;
use crate::tally::Total;
use crate::time::DayRange;
use crate::unit::Lineage;
use crate::unit::tree::Tree;

/// From so many units on, going through all figures of the drive is no slower.
pub(super) const MANY: usize = 5_000;

/// The units whose own figures can be restated into one of `units` on the tree `onto`, and perhaps some more; `None` when
/// they are so many that all figures of the drive may as well be gone through. `lineage` is by date.
pub(super) fn sources(units: &[UnitId], onto: &Tree, lineage: &[Lineage]) -> Option<Vec<UnitId>> {
    let mut inside: HashSet<UnitId> = HashSet::new();
    for unit in units {
        inside.extend(onto.subtree(*unit).map(|below| below.id));
        if inside.len() > MANY {
            return None;
        }
    }
    let mut found = inside.clone();
    let mut earlier = inside.clone();
    for edge in lineage.iter().rev().filter(|edge| edge.on <= onto.day()) {
        if earlier.contains(&edge.to) {
            earlier.insert(edge.from);
        }
    }
    let mut later = inside;
    for edge in lineage.iter().filter(|edge| onto.day() < edge.on) {
        if later.contains(&edge.from) {
            later.insert(edge.to);
        }
    }
    found.extend(earlier);
    found.extend(later);
    (found.len() <= MANY).then(|| found.into_iter().collect())
}

/// The own figures of flows over days, of `sources` or of every unit.
///
/// # Errors
/// A failure of storage.
pub(super) fn own_figures(
    tx: &mut dyn ReadTx,
    frame: &Frame,
    days: DayRange,
    sources: Option<&[UnitId]>,
) -> Result<Vec<Total>, Error> {
    let Some(units) = sources else {
        return ledger::own_totals(tx, frame, &frame.flows, days);
    };
    let mut totals = ledger::own_among(tx, frame, &frame.flows, units, days)?;
    totals.retain(|total| total.own != 0);
    Ok(totals)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests may panic")]
mod tests {
    use super::*;
    use crate::time::Day;
    use crate::unit::tree::TreeUnit;
    use crate::unit::{Level, LineageMode};

    fn id(raw: i64) -> UnitId {
        UnitId::new(raw)
    }

    fn tree(on: &str, units: &[(i64, i64)]) -> Tree {
        let unit = |(raw, parent): &(i64, i64)| TreeUnit {
            id: id(*raw),
            parent: (*parent != 0).then(|| id(*parent)),
            level: Level::Commune,
        };
        Tree::new(on.parse().unwrap(), units.iter().map(unit).collect())
    }

    fn edge(from: i64, to: i64, on: &str) -> Lineage {
        let on: Day = on.parse().unwrap();
        Lineage { from: id(from), to: id(to), on, mode: LineageMode::Merge, share: None }
    }

    fn of(unit: i64, onto: &Tree, lineage: &[Lineage]) -> Vec<i64> {
        let mut found: Vec<i64> = sources(&[id(unit)], onto, lineage).unwrap().into_iter().map(UnitId::get).collect();
        found.sort_unstable();
        found
    }

    #[test]
    fn what_went_into_it_counts_and_what_came_of_it() {
        // 11 and 12 became 21 in 2024, 21 and 13 became 31 in 2025; 14 has nothing to do with it.
        let lineage = [
            edge(11, 21, "2024-01-01"),
            edge(12, 21, "2024-01-01"),
            edge(21, 31, "2025-01-01"),
            edge(13, 31, "2025-01-01"),
        ];
        let after = tree("2025-01-01", &[(1, 0), (31, 1), (14, 1)]);
        assert_eq!(of(31, &after, &lineage), [11, 12, 13, 21, 31]);
        assert_eq!(of(14, &after, &lineage), [14]);
        let between = tree("2024-01-01", &[(1, 0), (21, 1), (13, 1), (14, 1)]);
        assert_eq!(of(21, &between, &lineage), [11, 12, 21, 31]);
        assert_eq!(of(13, &between, &lineage), [13, 31]);
        let before = tree("2023-01-01", &[(1, 0), (11, 1), (12, 1), (13, 1), (14, 1)]);
        assert_eq!(of(11, &before, &lineage), [11, 21, 31]);
    }

    #[test]
    fn too_many_are_not_listed() {
        let units: Vec<(i64, i64)> = std::iter::once((1, 0)).chain((2..=6_000).map(|unit| (unit, 1))).collect();
        assert_eq!(sources(&[id(1)], &tree("2025-01-01", &units), &[]), None);
    }
}
