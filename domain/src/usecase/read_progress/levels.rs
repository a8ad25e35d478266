//! Levels (snapshots): the latest figure of each unit stands, and units add up.
//!
//! The roll-up of a day holds only those who reported that day, so the latest is looked for unit by unit.

use std::collections::{BTreeMap, BTreeSet};

use super::frame::{Frame, stretches};
use super::ledger;
use crate::error::Error;
use crate::id::{IndicatorId, UnitId};
use crate::ports::ReadTx;
use crate::tally::Total;
use crate::time::Day;
use crate::unit::restate::LineageIndex;

/// A level that a unit itself reported.
#[derive(Clone, Copy)]
pub(super) struct Level {
    pub(super) unit: UnitId,
    pub(super) day: Day,
    pub(super) value: i64,
    indicator: IndicatorId,
}

/// Every level within the frame's days, by day.
///
/// # Errors
/// A failure of storage.
pub(super) fn reported(tx: &mut dyn ReadTx, frame: &Frame) -> Result<Vec<Level>, Error> {
    let own = ledger::own_totals(tx, frame, &frame.levels, frame.days)?;
    let units: BTreeSet<UnitId> = own.into_iter().map(|total| total.unit).collect();
    if units.is_empty() {
        return Ok(Vec::new());
    }
    let units: Vec<UnitId> = units.into_iter().collect();
    let daily = ledger::daily_own(tx, frame, &frame.levels, &units, frame.days)?;
    let level =
        |total: Total| Some(Level { unit: total.unit, day: total.day?, value: total.own, indicator: total.indicator });
    let mut levels: Vec<Level> = daily.into_iter().filter_map(level).collect();
    levels.sort_by_key(|level| level.day);
    Ok(levels)
}

/// The levels that stand at the end of the frame's days.
///
/// # Errors
/// A failure of storage.
pub(super) fn standing(tx: &mut dyn ReadTx, frame: &Frame) -> Result<Vec<Level>, Error> {
    let levels = reported(tx, frame)?;
    latest(tx, &levels, frame.days.to())
}

/// Those of `levels`, which are sorted by day, that stand on `day`: the latest of each unit up to it. The figure of a
/// unit that ended stands until a successor reports, then the successor's stands in its place.
///
/// # Errors
/// A failure of storage.
pub(super) fn latest(tx: &mut dyn ReadTx, levels: &[Level], day: Day) -> Result<Vec<Level>, Error> {
    let mut standing: BTreeMap<(UnitId, IndicatorId), Level> = BTreeMap::new();
    for level in levels.iter().take_while(|level| level.day <= day) {
        standing.insert((level.unit, level.indicator), *level);
    }
    let tree = tx.tree(day)?;
    let ended: Vec<Level> = standing.values().copied().filter(|level| tree.get(level.unit).is_none()).collect();
    if !ended.is_empty() {
        let lineage = tx.lineage()?;
        let index = LineageIndex::new(&lineage);
        for level in ended {
            let successors = index.destination(level.unit, level.day, &tree).parts;
            let replaced = successors.keys().any(|successor| {
                standing.get(&(*successor, level.indicator)).is_some_and(|later| later.day > level.day)
            });
            if replaced {
                standing.remove(&(level.unit, level.indicator));
            }
        }
    }
    Ok(standing.into_values().collect())
}

/// The levels of units at the end of the frame's days: of each the sum of what stands under it, by the tree of the day
/// on which it was reported. Units under which nothing stands are left out.
///
/// # Errors
/// A failure of storage.
pub(super) fn of_units(tx: &mut dyn ReadTx, frame: &Frame, units: &[UnitId]) -> Result<BTreeMap<UnitId, i64>, Error> {
    let standing = standing(tx, frame)?;
    let wanted: BTreeSet<UnitId> = units.iter().copied().collect();
    let mut sums = BTreeMap::new();
    for stretch in stretches(tx, frame.days)? {
        let tree = tx.tree(stretch.from())?;
        for level in standing.iter().filter(|level| stretch.contains(level.day)) {
            for above in tree.lineage_up(level.unit).filter(|above| wanted.contains(above)) {
                *sums.entry(above).or_default() += level.value;
            }
        }
    }
    Ok(sums)
}
