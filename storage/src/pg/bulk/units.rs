//! Where units lie.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, Integer, Text};

use super::{Conn, column};
use crate::rows::unit::MoveRow;

statement! {
    MovePaths -> () {
        "UPDATE unit SET path = move.target || SUBSTR(unit.path, move.rest) FROM unnest(",
        from: Text = String, end: Text = String, to: Text = String, rest: Integer = i32 =>
        ") AS move (low, high, target, rest) WHERE unit.path >= move.low AND unit.path < move.high"
    }
}

/// Moves subtrees that do not overlap.
pub(crate) fn move_paths(conn: &mut Conn, rows: &[MoveRow]) -> QueryResult<usize> {
    MovePaths {
        from: column(rows, |row| row.from.clone()),
        end: column(rows, |row| row.end.clone()),
        to: column(rows, |row| row.to.clone()),
        rest: column(rows, |row| row.rest),
    }
    .execute(conn)
}
