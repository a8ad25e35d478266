//! The roll-up.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;

use super::{Conn, json, number_or_null, numbers};
use crate::rows::rollup::RollupRow;

statement! {
    AddToRollup -> () {
        "INSERT INTO rollup (drive_id, week, unit_id, indicator_id, own_0, own_1, own_2, own_3, own_4, own_5, own_6,
            below_0, below_1, below_2, below_3, below_4, below_5, below_6)
        SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
            value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, value ->> 13, value ->> 14, value ->> 15,
            value ->> 16, value ->> 17
        FROM jsonb_each(",
        ") WHERE TRUE
        ON CONFLICT (drive_id, week, unit_id, indicator_id) DO UPDATE SET
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
            below_6 = COALESCE(rollup.below_6 + excluded.below_6, excluded.below_6, rollup.below_6)"
    }
}

/// Adds to rows of the roll-up, sorted by key and each key once.
pub(crate) fn add_to_rollup(conn: &mut Conn, rows: &[RollupRow]) -> QueryResult<usize> {
    let batch = json(rows, |row, out| {
        numbers(&[row.drive_id, row.week.into(), row.unit_id, row.indicator_id], out);
        for sum in row.own.iter().chain(&row.below) {
            number_or_null(*sum, out);
        }
    });
    AddToRollup(batch).execute(conn)
}
