//! Statements over whole batches: arrays, unnested. One round trip however many rows, and one text per statement, so
//! that it is prepared once. `sqlite/bulk.rs` has the same functions over JSON.

use super::Conn;

/// Declares a statement over columns of batches: their arrays are bound one after the other between pieces of SQL.
macro_rules! statement {
    ($(#[$doc:meta])* $name:ident -> $gives:ty {
        $($before:literal, $($column:ident: $sql:ty = $rust:ty),+);+ => $($after:expr),+
    }) => {
        $(#[$doc])*
        #[derive(QueryId)]
        struct $name { $($($column: Vec<$rust>),+),+ }

        impl Query for $name {
            type SqlType = $gives;
        }

        impl RunQueryDsl<Conn> for $name {}

        impl QueryFragment<Pg> for $name {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
                $(
                    let mut between = $before;
                    $(
                        out.push_sql(between);
                        out.push_bind_param::<Array<$sql>, _>(&self.$column)?;
                        between = ", ";
                    )+
                    let _ = between;
                )+
                $(out.push_sql($after);)+
                Ok(())
            }
        }
    };
}

mod extracts;
mod quotas;
mod requests;
mod seal;
mod tallies;
mod units;

pub(crate) use extracts::{insert_official_figures, official_figures};
pub(crate) use quotas::amend_quotas;
pub(crate) use requests::known_requests;
pub(crate) use seal::{add_to_rollup, seal};
pub(crate) use tallies::{insert_tallies, put_reports, replace_tallies, standing_tallies, tally_revisions};
pub(crate) use units::move_paths;

fn column<R, T>(rows: &[R], of: impl Fn(&R) -> T) -> Vec<T> {
    rows.iter().map(of).collect()
}
