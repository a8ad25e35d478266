//! Rows of the roll-up: a week of an indicator of a unit, seven days of which each may have a sum.

use std::collections::BTreeMap;

use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, IndicatorId, UnitId};
use caodiem_domain::tally::{RollupDelta, RollupKey};
use diesel::prelude::*;

use super::moment::{WEEK, day_number, day_of, week_of};
use crate::tables::rollup;

/// Drive, unit, indicator and day.
pub(crate) type Cell = (i64, i64, i64, i32);

/// A figure for each day of a week; none where nothing was said.
type Week = [Option<i64>; 7];

type Seven = (Option<i64>, Option<i64>, Option<i64>, Option<i64>, Option<i64>, Option<i64>, Option<i64>);

/// A row, or what is added to one: what the unit itself did, and all below it.
#[derive(Queryable, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct RollupRow {
    pub(crate) drive_id: i64,
    pub(crate) week: i32,
    pub(crate) unit_id: i64,
    pub(crate) indicator_id: i64,
    #[diesel(deserialize_as = Seven)]
    pub(crate) own: Week,
    #[diesel(deserialize_as = Seven)]
    pub(crate) below: Week,
}

/// A column is a type and its only value, so that both are spelt alike.
macro_rules! columns {
    () => {
        (
            rollup::drive_id,
            rollup::week,
            rollup::unit_id,
            rollup::indicator_id,
            (rollup::own_0, rollup::own_1, rollup::own_2, rollup::own_3, rollup::own_4, rollup::own_5, rollup::own_6),
            (
                rollup::below_0,
                rollup::below_1,
                rollup::below_2,
                rollup::below_3,
                rollup::below_4,
                rollup::below_5,
                rollup::below_6,
            ),
        )
    };
}

/// What a whole row is made of.
pub(crate) const COLUMNS: columns!() = columns!();

/// What becomes of a row that stands when another is added: each day has the sum of both, or the one that says anything.
pub(crate) const ADD_UP: &str = "ON CONFLICT (drive_id, week, unit_id, indicator_id) DO UPDATE SET
    own_0 = COALESCE(rollup.own_0 + excluded.own_0, excluded.own_0, rollup.own_0),
    own_1 = COALESCE(rollup.own_1 + excluded.own_1, excluded.own_1, rollup.own_1),
    own_2 = COALESCE(rollup.own_2 + excluded.own_2, excluded.own_2, rollup.own_2),
    own_3 = COALESCE(rollup.own_3 + excluded.own_3, excluded.own_3, rollup.own_3),
    own_4 = COALESCE(rollup.own_4 + excluded.own_4, excluded.own_4, rollup.own_4),
    own_5 = COALESCE(rollup.own_5 + excluded.own_5, excluded.own_5, rollup.own_5),
    own_6 = COALESCE(rollup.own_6 + excluded.own_6, excluded.own_6, rollup.own_6),
    below_0 = COALESCE(rollup.below_0 + excluded.below_0, excluded.below_0, rollup.below_0),
    below_1 = COALESCE(rollup.below_1 + excluded.below_1, excluded.below_1, rollup.below_1),
    below_2 = COALESCE(rollup.below_2 + excluded.below_2, excluded.below_2, rollup.below_2),
    below_3 = COALESCE(rollup.below_3 + excluded.below_3, excluded.below_3, rollup.below_3),
    below_4 = COALESCE(rollup.below_4 + excluded.below_4, excluded.below_4, rollup.below_4),
    below_5 = COALESCE(rollup.below_5 + excluded.below_5, excluded.below_5, rollup.below_5),
    below_6 = COALESCE(rollup.below_6 + excluded.below_6, excluded.below_6, rollup.below_6)";

impl RollupRow {
    /// The sums it holds, by day.
    pub(crate) fn sums(&self) -> impl Iterator<Item = (Cell, RollupDelta)> {
        let Self { drive_id, week, unit_id, indicator_id, own, below } = *self;
        let said = (week * WEEK..).zip(own.into_iter().zip(below)).filter(|(_, sum)| *sum != (None, None));
        said.map(move |(day, (own, below))| {
            let own = own.unwrap_or_default();
            let delta = RollupDelta { total: own + below.unwrap_or_default(), own };
            ((drive_id, unit_id, indicator_id, day), delta)
        })
    }

    /// The rows that hold sums, ascending by key. A sum of nothing but zeros is one that the unit itself said.
    pub(crate) fn holding(sums: impl IntoIterator<Item = (Cell, RollupDelta)>) -> Vec<Self> {
        let mut rows: BTreeMap<(i64, i32, i64, i64), Self> = BTreeMap::new();
        for ((drive_id, unit_id, indicator_id, day), RollupDelta { total, own }) in sums {
            let (week, place) = week_of(day);
            let row = rows.entry((drive_id, week, unit_id, indicator_id)).or_insert(Self {
                drive_id,
                week,
                unit_id,
                indicator_id,
                own: Week::default(),
                below: Week::default(),
            });
            let place = usize::try_from(place).unwrap_or_default();
            let add = |days: &mut Week, sum: i64| {
                if let Some(day) = days.get_mut(place) {
                    *day = Some(day.unwrap_or_default() + sum);
                }
            };
            let below = total - own;
            if own != 0 || below == 0 {
                add(&mut row.own, own);
            }
            if below != 0 {
                add(&mut row.below, below);
            }
        }
        rows.into_values().collect()
    }
}

/// The cell of a key.
pub(crate) fn cell_of(key: &RollupKey) -> Cell {
    (key.drive.get(), key.unit.get(), key.indicator.get(), day_number(key.day))
}

/// The key of a cell.
pub(crate) fn key_of((drive, unit, indicator, day): Cell) -> Result<RollupKey, StoreError> {
    Ok(RollupKey {
        drive: DriveId::new(drive),
        unit: UnitId::new(unit),
        indicator: IndicatorId::new(indicator),
        day: day_of(day)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_lie_on_their_days() {
        let sum = |total, own| RollupDelta { total, own };
        // 1969-12-31 ends a week; a zero is said, and what lies below alone is no own figure.
        let sums = [
            ((1, 2, 3, -1), sum(5, 5)),
            ((1, 2, 3, 0), sum(0, 0)),
            ((1, 2, 3, 6), sum(9, 0)),
            ((1, 2, 3, 7), sum(4, -1)),
        ];
        let rows = RollupRow::holding(sums);
        assert_eq!(rows.iter().map(|row| row.week).collect::<Vec<_>>(), [-1, 0, 1]);
        assert_eq!(rows.iter().flat_map(RollupRow::sums).collect::<Vec<_>>(), sums);
        let first = rows.iter().find(|row| row.week == 0).map(|row| (row.own, row.below));
        let own = [Some(0), None, None, None, None, None, None];
        let below = [None, None, None, None, None, None, Some(9)];
        assert_eq!(first, Some((own, below)));
    }
}
