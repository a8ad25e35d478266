//! The roll-up.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;

use super::{Conn, json, number_or_null, numbers};
use crate::rows::rollup::{ADD_UP, RollupRow};

statement! {
    AddToRollup -> () {
        "INSERT INTO rollup (drive_id, week, unit_id, indicator_id, own_0, own_1, own_2, own_3, own_4, own_5, own_6,
            below_0, below_1, below_2, below_3, below_4, below_5, below_6)
        SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
            value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, value ->> 13, value ->> 14, value ->> 15,
            value ->> 16, value ->> 17
        FROM jsonb_each(",
        ") WHERE TRUE ",
        ADD_UP
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
