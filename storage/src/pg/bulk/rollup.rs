//! The roll-up.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Integer, Nullable};

use super::{Conn, column};
use crate::rows::rollup::{ADD_UP, RollupRow};

statement! {
    AddToRollup -> () {
        "INSERT INTO rollup (drive_id, week, unit_id, indicator_id, own_0, own_1, own_2, own_3, own_4, own_5, own_6,
            below_0, below_1, below_2, below_3, below_4, below_5, below_6)
        SELECT * FROM unnest(",
        drive: BigInt = i64, week: Integer = i32, unit: BigInt = i64, indicator: BigInt = i64,
        own_0: Nullable<BigInt> = Option<i64>, own_1: Nullable<BigInt> = Option<i64>, own_2: Nullable<BigInt> = Option<i64>,
        own_3: Nullable<BigInt> = Option<i64>, own_4: Nullable<BigInt> = Option<i64>, own_5: Nullable<BigInt> = Option<i64>,
        own_6: Nullable<BigInt> = Option<i64>, below_0: Nullable<BigInt> = Option<i64>, below_1: Nullable<BigInt> = Option<i64>,
        below_2: Nullable<BigInt> = Option<i64>, below_3: Nullable<BigInt> = Option<i64>, below_4: Nullable<BigInt> = Option<i64>,
        below_5: Nullable<BigInt> = Option<i64>, below_6: Nullable<BigInt> = Option<i64> =>
        ") ",
        ADD_UP
    }
}

/// Adds to rows of the roll-up, sorted by key and each key once.
pub(crate) fn add_to_rollup(conn: &mut Conn, rows: &[RollupRow]) -> QueryResult<usize> {
    let own = |at: usize| column(rows, |row| row.own.get(at).copied().flatten());
    let below = |at: usize| column(rows, |row| row.below.get(at).copied().flatten());
    AddToRollup {
        drive: column(rows, |row| row.drive_id),
        week: column(rows, |row| row.week),
        unit: column(rows, |row| row.unit_id),
        indicator: column(rows, |row| row.indicator_id),
        own_0: own(0),
        own_1: own(1),
        own_2: own(2),
        own_3: own(3),
        own_4: own(4),
        own_5: own(5),
        own_6: own(6),
        below_0: below(0),
        below_1: below(1),
        below_2: below(2),
        below_3: below(3),
        below_4: below(4),
        below_5: below(5),
        below_6: below(6),
    }
    .execute(conn)
}
