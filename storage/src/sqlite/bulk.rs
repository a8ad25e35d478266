//! Statements over whole batches: one JSON array of rows, taken apart by `jsonb_each`. One text per statement, so that
//! it is prepared once, and no limit of bound values. `pg/bulk.rs` has the same functions over arrays.

use std::fmt::Write;

use super::Conn;

/// Declares a statement over a batch: the JSON is bound between two pieces of SQL.
macro_rules! statement {
    ($(#[$doc:meta])* $name:ident -> $gives:ty { $before:literal, $($after:expr),+ }) => {
        $(#[$doc])*
        #[derive(QueryId)]
        struct $name(String);

        impl Query for $name {
            type SqlType = $gives;
        }

        impl RunQueryDsl<Conn> for $name {}

        impl QueryFragment<Sqlite> for $name {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
                out.push_sql($before);
                out.push_bind_param::<Text, _>(&self.0)?;
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

/// `[[…],[…]]`: each row as `write` writes it.
fn json<R>(rows: &[R], write: impl Fn(&R, &mut String)) -> String {
    let mut out = String::with_capacity(rows.len() * 64 + 2);
    out.push('[');
    for row in rows {
        out.push_str(if out.len() > 1 { ",[" } else { "[" });
        write(row, &mut out);
        out.push(']');
    }
    out.push(']');
    out
}

fn numbers(values: &[i64], out: &mut String) {
    for value in values {
        next(out);
        // Writing into a String cannot fail.
        let _ = write!(out, "{value}");
    }
}

fn number_or_null(value: Option<i64>, out: &mut String) {
    match value {
        Some(number) => numbers(&[number], out),
        None => text(None, out),
    }
}

fn text(value: Option<&str>, out: &mut String) {
    next(out);
    let _ = write!(out, "{}", serde_json::Value::from(value));
}

fn next(out: &mut String) {
    if !out.ends_with('[') {
        out.push(',');
    }
}
