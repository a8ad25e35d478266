//! The roll-up as the tallies give it: folded over the tree of each day and the drives above, a stretch of weeks at a
//! time, so that any number of tallies fits into memory.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, UnitId};
use caodiem_domain::indicator::TimeRule;
use caodiem_domain::ports::{ReadCatalogue, ReadTrees};
use caodiem_domain::tally::RollupDelta;
use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::{Conn, OrFailed, Tx};
use crate::check::Difference;
use crate::rows::moment::{WEEK, day_of, week_of};
use crate::rows::rollup::Cell;
use crate::tables::{drive, rollup, tally};

/// Rows of tallies and roll-up that a stretch of weeks may hold, unless a single week holds more.
const STRETCH_MAX: u64 = 1_000_000;

/// The sums of each cell.
pub(crate) type Cells = HashMap<Cell, RollupDelta>;

/// A family of drives: those that share a book, each with itself and the drives above it.
pub(crate) struct Family {
    pub(crate) book: i64,
    pub(crate) chains: BTreeMap<i64, Vec<i64>>,
}

impl Family {
    /// The ids of its drives.
    pub(crate) fn drives(&self) -> Vec<i64> {
        self.chains.keys().copied().collect()
    }
}

/// All families. A drive that names itself as above itself is taken once.
pub(crate) fn families(conn: &mut Conn) -> Result<Vec<Family>, StoreError> {
    let drives: Vec<(i64, Option<i64>, i64)> =
        drive::table.select((drive::id, drive::parent_id, drive::book_id)).load(conn).or_failed()?;
    let parents: BTreeMap<i64, Option<i64>> = drives.iter().map(|(id, parent, _)| (*id, *parent)).collect();
    let mut families: BTreeMap<i64, BTreeMap<i64, Vec<i64>>> = BTreeMap::new();
    for (id, _, book) in drives {
        let mut chain = vec![id];
        let mut above = parents.get(&id).copied().flatten();
        while let Some(parent) = above.filter(|parent| !chain.contains(parent)) {
            chain.push(parent);
            above = parents.get(&parent).copied().flatten();
        }
        families.entry(book).or_default().insert(id, chain);
    }
    Ok(families.into_iter().map(|(book, chains)| Family { book, chains }).collect())
}

/// A stretch of weeks, and how many rows of tallies and roll-up it holds.
#[derive(Clone, Copy)]
pub(crate) struct Stretch {
    pub(crate) first: i32,
    pub(crate) last: i32,
    pub(crate) rows: u64,
}

impl Stretch {
    /// Its days.
    const fn days(self) -> (i32, i32) {
        (self.first * WEEK, self.last * WEEK + WEEK - 1)
    }
}

/// The stretches of all families, one after the other.
pub(crate) fn stretches<'family>(
    conn: &mut Conn,
    families: &'family [Family],
) -> Result<Vec<(&'family Family, Stretch)>, StoreError> {
    let mut all = Vec::new();
    for family in families {
        all.extend(stretches_of(conn, family)?.into_iter().map(|stretch| (family, stretch)));
    }
    Ok(all)
}

/// The weeks of a family that hold tallies or roll-up rows, in stretches.
fn stretches_of(conn: &mut Conn, family: &Family) -> Result<Vec<Stretch>, StoreError> {
    let tallies: Vec<(i32, i64)> = tally::table
        .filter(tally::book_id.eq(family.book))
        .group_by(tally::day)
        .select((tally::day, count_star()))
        .load(conn)
        .or_failed()?;
    let sums: Vec<(i32, i64)> = rollup::table
        .filter(rollup::drive_id.eq_any(family.drives()))
        .group_by(rollup::week)
        .select((rollup::week, count_star()))
        .load(conn)
        .or_failed()?;
    let mut weeks: BTreeMap<i32, u64> = BTreeMap::new();
    for (week, count) in tallies.into_iter().map(|(day, count)| (week_of(day).0, count)).chain(sums) {
        *weeks.entry(week).or_default() += count.unsigned_abs();
    }
    let mut stretches: Vec<Stretch> = Vec::new();
    for (week, rows) in weeks {
        match stretches.last_mut() {
            Some(stretch) if stretch.rows + rows <= STRETCH_MAX => {
                stretch.last = week;
                stretch.rows += rows;
            }
            _ => stretches.push(Stretch { first: week, last: week, rows }),
        }
    }
    Ok(stretches)
}

/// The rows that the tallies of a stretch fold to, how many sums they are, and those that count for nothing. Flows that come
/// to nothing need no row; a level of zero has one where it was reported, since it takes the place of the one before.
pub(crate) fn folded(
    tx: &mut Tx<'_>,
    family: &Family,
    stretch: Stretch,
) -> Result<(Cells, u64, Vec<Difference>), StoreError> {
    let (from, to) = stretch.days();
    let sums: Vec<(i64, i64, i64, i32, i64)> = tally::table
        .filter(tally::book_id.eq(family.book))
        .filter(tally::day.between(from, to))
        .group_by((tally::day, tally::unit_id, tally::indicator_id, tally::drive_id))
        .select((
            tally::drive_id,
            tally::unit_id,
            tally::indicator_id,
            tally::day,
            sql::<BigInt>("CAST(SUM(tally.value) AS BIGINT)"),
        ))
        .load(tx.conn)
        .or_failed()?;
    let count = u64::try_from(sums.len()).unwrap_or(u64::MAX);
    let mut trees = HashMap::new();
    let catalogue = tx.indicators()?;
    let levels = catalogue.iter().filter(|entry| entry.time_rule == TimeRule::Last).map(|entry| entry.id.get());
    let levels: HashSet<i64> = levels.collect();
    let mut cells = Cells::new();
    let mut reported: HashSet<Cell> = HashSet::new();
    let mut uncounted = Vec::new();
    for (drive, unit, indicator, day, sum) in sums {
        let tree = match trees.entry(day) {
            Entry::Occupied(tree) => tree.into_mut(),
            Entry::Vacant(place) => place.insert(tx.tree(day_of(day)?)?),
        };
        let above: Vec<UnitId> = tree.lineage_up(UnitId::new(unit)).collect();
        let chain = family.chains.get(&drive).map(Vec::as_slice).unwrap_or_default();
        if above.is_empty() || chain.is_empty() {
            uncounted.push(Difference::Uncounted {
                drive: DriveId::new(drive),
                unit: UnitId::new(unit),
                day: day_of(day)?,
            });
        }
        for drive in chain {
            for ancestor in &above {
                let key = (*drive, ancestor.get(), indicator, day);
                let cell = cells.entry(key).or_default();
                cell.total += sum;
                if ancestor.get() == unit {
                    cell.own += sum;
                    reported.extend(levels.contains(&indicator).then_some(key));
                }
            }
        }
    }
    cells.retain(|key, sums| *sums != RollupDelta::default() || reported.contains(key));
    Ok((cells, count, uncounted))
}
