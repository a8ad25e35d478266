//! Sums over a stretch of days, worked out by the database over rows of the roll-up, each of which holds a week.
//!
//! The first week and the last may be asked for in part, all between are whole. The text of a statement depends on no more
//! than where the two are cut, so that it can be kept prepared.

use std::marker::PhantomData;
use std::ops::RangeInclusive;

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Integer, SingleValue};

use super::Db;
use crate::rows::moment::{WEEK, week_of};
use crate::tables::rollup;

/// A stretch of days, both included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) from: i32,
    pub(super) to: i32,
}

impl Span {
    /// The weeks that hold its days.
    pub(super) const fn weeks(self) -> RangeInclusive<i32> {
        week_of(self.from).0..=week_of(self.to).0
    }

    /// Whether it holds a day.
    pub(super) const fn holds(self, day: i32) -> bool {
        self.from <= day && day <= self.to
    }

    /// What the units themselves did on these days of a row's week.
    pub(super) fn own(self) -> OverDays<BigInt> {
        self.over(|days| plus(named("own", days)))
    }

    /// What was done in all.
    pub(super) fn total(self) -> OverDays<BigInt> {
        self.over(|days| plus(named("own", days.clone()).chain(named("below", days))))
    }

    /// Whether anything was said on one of these days.
    pub(super) fn said(self) -> OverDays<Bool> {
        let names = |days: RangeInclusive<i32>| named("own", days.clone()).chain(named("below", days));
        self.over(|days| format!("COALESCE({}) IS NOT NULL", names(days).collect::<Vec<_>>().join(", ")))
    }

    fn over<Sql>(self, of: impl Fn(RangeInclusive<i32>) -> String) -> OverDays<Sql> {
        let ((first, from), (last, to)) = (week_of(self.from), week_of(self.to));
        let whole = of(0..=WEEK - 1);
        let cut = if first == last {
            vec![(first, of(from..=to))]
        } else {
            vec![(first, of(from..=WEEK - 1)), (last, of(0..=to))]
        };
        OverDays { cut: cut.into_iter().filter(|(_, sql)| *sql != whole).collect(), whole, gives: PhantomData }
    }
}

/// Columns of a row.
fn named(what: &'static str, days: RangeInclusive<i32>) -> impl Iterator<Item = String> {
    days.map(move |day| format!("rollup.{what}_{day}"))
}

fn plus(columns: impl Iterator<Item = String>) -> String {
    columns.map(|column| format!("COALESCE({column}, 0)")).collect::<Vec<_>>().join(" + ")
}

/// An expression that is another one in the weeks that are cut.
#[derive(Debug)]
pub(super) struct OverDays<Sql> {
    cut: Vec<(i32, String)>,
    whole: String,
    gives: PhantomData<Sql>,
}

impl<Sql: SingleValue> Expression for OverDays<Sql> {
    type SqlType = Sql;
}

impl<Sql> AppearsOnTable<rollup::table> for OverDays<Sql> where Self: Expression {}

impl<Sql> SelectableExpression<rollup::table> for OverDays<Sql> where Self: AppearsOnTable<rollup::table> {}

impl<Sql> ValidGrouping<()> for OverDays<Sql> {
    type IsAggregate = is_aggregate::No;
}

/// Known by its text.
impl<Sql> QueryId for OverDays<Sql> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Sql> QueryFragment<Db> for OverDays<Sql> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        if self.cut.is_empty() {
            out.push_sql(&self.whole);
            return Ok(());
        }
        out.push_sql("CASE rollup.week");
        for (week, sql) in &self.cut {
            out.push_sql(" WHEN ");
            out.push_bind_param::<Integer, _>(week)?;
            out.push_sql(" THEN ");
            out.push_sql(sql);
        }
        out.push_sql(" ELSE ");
        out.push_sql(&self.whole);
        out.push_sql(" END");
        Ok(())
    }
}
