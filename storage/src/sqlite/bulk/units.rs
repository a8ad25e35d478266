//! Where units lie.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Integer, Text};

use super::Conn;
use crate::rows::unit::MoveRow;

/// Moves subtrees that do not overlap. One statement each, prepared once: joined with a batch, SQLite goes over all units
/// for each move instead of searching for its range.
pub(crate) fn move_paths(conn: &mut Conn, rows: &[MoveRow]) -> QueryResult<usize> {
    rows.iter().try_fold(0, |moved, row| {
        let statement = sql_query("UPDATE unit SET path = $1 || SUBSTR(path, $2) WHERE path >= $3 AND path < $4")
            .bind::<Text, _>(&row.to)
            .bind::<Integer, _>(row.rest)
            .bind::<Text, _>(&row.from)
            .bind::<Text, _>(&row.end);
        Ok(moved + statement.execute(conn)?)
    })
}
