//! Rows of the roll-up by their keys.

use diesel::expression::{
    AppearsOnTable, BoxableExpression, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bool, Integer};

use super::dialect::among;
use crate::tables::rollup;

/// How many keys are named one by one. Of arrays PostgreSQL does not know the length when it plans, and takes a search by three
/// of them for dearer than a walk through the whole index; of more keys than these it may be right.
const FEW: usize = 2_000;

/// True of the rows of a drive, some weeks, units and indicators.
pub(crate) fn cells<'query>(
    drive: i64,
    weeks: impl Iterator<Item = i32> + Clone,
    units: &[i64],
    indicators: &[i64],
) -> Box<dyn BoxableExpression<rollup::table, Pg, SqlType = Bool> + 'query> {
    let count = weeks.clone().count() * units.len() * indicators.len();
    if count > FEW {
        let of_weeks = rollup::drive_id.eq(drive).and(among(rollup::week, weeks));
        let of_units = among(rollup::unit_id, units.iter().copied());
        return Box::new(of_weeks.and(of_units).and(among(rollup::indicator_id, indicators.iter().copied())));
    }
    let mut cells = Cells::default();
    for week in weeks {
        for unit in units {
            for indicator in indicators {
                cells.drives.push(drive);
                cells.weeks.push(week);
                cells.units.push(*unit);
                cells.indicators.push(*indicator);
            }
        }
    }
    Box::new(cells)
}

/// Keys, column by column.
#[derive(Default, Debug)]
struct Cells {
    drives: Vec<i64>,
    weeks: Vec<i32>,
    units: Vec<i64>,
    indicators: Vec<i64>,
}

impl Expression for Cells {
    type SqlType = Bool;
}

impl AppearsOnTable<rollup::table> for Cells {}

impl SelectableExpression<rollup::table> for Cells {}

impl ValidGrouping<()> for Cells {
    type IsAggregate = is_aggregate::No;
}

/// Known by its text.
impl QueryId for Cells {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Pg> for Cells {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("(rollup.drive_id, rollup.week, rollup.unit_id, rollup.indicator_id) IN (SELECT * FROM unnest(");
        out.push_bind_param::<Array<BigInt>, _>(&self.drives)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Integer>, _>(&self.weeks)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.units)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.indicators)?;
        out.push_sql("))");
        Ok(())
    }
}
