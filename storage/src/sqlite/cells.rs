//! Rows of the roll-up by their keys.

use diesel::expression::BoxableExpression;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel::sqlite::Sqlite;

use super::dialect::among;
use crate::tables::rollup;

/// True of the rows of a drive, some weeks, units and indicators.
pub(crate) fn cells<'query>(
    drive: i64,
    weeks: impl Iterator<Item = i32>,
    units: &[i64],
    indicators: &[i64],
) -> Box<dyn BoxableExpression<rollup::table, Sqlite, SqlType = Bool> + 'query> {
    let of_weeks = rollup::drive_id.eq(drive).and(among(rollup::week, weeks));
    let of_units = among(rollup::unit_id, units.iter());
    Box::new(of_weeks.and(of_units).and(among(rollup::indicator_id, indicators.iter())))
}
