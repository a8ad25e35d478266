//! The roll-up: sums that exist already, for every unit, day and indicator.

use std::collections::{BTreeMap, BTreeSet};

use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, IndicatorId, TeamId, UnitId};
use caodiem_domain::ports::ReadRollup;
use caodiem_domain::tally::{KnownQuestion, RollupDelta, RollupKey, Total, TotalsQuestion};
use caodiem_domain::time::{Day, DayRange};
use diesel::dsl::{max, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

use super::dialect::among;
use super::over_days::Span;
use super::page::Condition;
use super::{Conn, OrFailed, Tx, cells, stood};
use crate::rows::moment::{day_number, day_numbers, day_of};
use crate::rows::rollup::{COLUMNS, RollupRow, key_of};
use crate::tables::{drive, rollup, tally};

/// True of what teams reported: said as it stands in the index of these.
pub(super) const OF_TEAMS: &str = "tally.reporter_kind = 2";

impl ReadRollup for Tx<'_> {
    fn totals(&mut self, question: &TotalsQuestion) -> Result<Vec<Total>, StoreError> {
        self.settle_sums()?;
        let span = span_of(question.days);
        let sums: Vec<WeekRow> = rollup::table
            .filter(asked(question, span))
            .filter(span.said())
            .select((rollup::unit_id, rollup::indicator_id, span.total(), span.own()))
            .load(self.conn)
            .or_failed()?;
        Ok(over_weeks(sums))
    }

    fn daily_totals(&mut self, question: &TotalsQuestion) -> Result<Vec<Total>, StoreError> {
        self.settle_sums()?;
        let span = span_of(question.days);
        let rows: Vec<RollupRow> =
            rollup::table.filter(asked(question, span)).select(COLUMNS).load(self.conn).or_failed()?;
        let sums = rows.iter().flat_map(RollupRow::sums).filter(|((.., day), _)| span.holds(*day));
        let total = |((_, unit, indicator, day), RollupDelta { total, own })| {
            let (unit, indicator) = (UnitId::new(unit), IndicatorId::new(indicator));
            Ok(Total { unit, indicator, day: Some(day_of(day)?), total, own })
        };
        let mut totals = sums.map(total).collect::<Result<Vec<_>, StoreError>>()?;
        totals.sort_unstable_by_key(|total| (total.day, total.unit, total.indicator));
        Ok(totals)
    }

    fn own_totals(
        &mut self,
        drive: DriveId,
        indicators: &[IndicatorId],
        days: DayRange,
    ) -> Result<Vec<Total>, StoreError> {
        self.settle_sums()?;
        let span = span_of(days);
        let sums: Vec<WeekRow> = rollup::table
            .filter(rollup::drive_id.eq(drive.get()))
            .filter(rollup::week.between(*span.weeks().start(), *span.weeks().end()))
            .filter(among(rollup::indicator_id, indicators.iter().map(|indicator| indicator.get())))
            .filter(span.own().ne(0))
            .select((rollup::unit_id, rollup::indicator_id, 0.into_sql::<BigInt>(), span.own()))
            .load(self.conn)
            .or_failed()?;
        Ok(over_weeks(sums))
    }

    fn figures_known_at(&mut self, question: &KnownQuestion) -> Result<Vec<Total>, StoreError> {
        stood::figures(self, question)
    }

    fn team_totals(
        &mut self,
        drive: DriveId,
        indicators: &[IndicatorId],
        teams: &[TeamId],
        days: DayRange,
    ) -> Result<BTreeMap<(TeamId, IndicatorId), i64>, StoreError> {
        let sums: Vec<(i64, i64, i64)> = tally::table
            .filter(sql::<Bool>(OF_TEAMS))
            .filter(among(tally::drive_id, drive_and_below(self.conn, drive)?.into_iter()))
            .filter(among(tally::day, day_numbers(days)))
            .filter(among(tally::reporter_id, teams.iter().map(|team| team.get())))
            .filter(among(tally::indicator_id, indicators.iter().map(|indicator| indicator.get())))
            .group_by((tally::reporter_id, tally::indicator_id))
            .select((tally::reporter_id, tally::indicator_id, sql::<BigInt>("CAST(SUM(tally.value) AS BIGINT)")))
            .load(self.conn)
            .or_failed()?;
        let by_key = |(team, indicator, sum)| ((TeamId::new(team), IndicatorId::new(indicator)), sum);
        Ok(sums.into_iter().map(by_key).collect())
    }

    fn rollup_rows(&mut self, units: &[UnitId], from: Day) -> Result<Vec<(RollupKey, RollupDelta)>, StoreError> {
        self.settle_sums()?;
        let last: Option<Day> = drive::table.select(max(drive::ends_on)).first(self.conn).or_failed()?;
        let span = Span { from: day_number(from), to: last.map_or(i32::MIN, day_number) };
        let rows: Vec<RollupRow> = rollup::table
            .filter(rollup::drive_id.eq_any(drive::table.select(drive::id)))
            .filter(among(rollup::week, span.weeks()))
            .filter(among(rollup::unit_id, units.iter().map(|unit| unit.get())))
            .order((rollup::drive_id, rollup::unit_id, rollup::indicator_id, rollup::week))
            .select(COLUMNS)
            .load(self.conn)
            .or_failed()?;
        let sums = rows.iter().flat_map(RollupRow::sums).filter(|((.., day), _)| span.holds(*day));
        sums.map(|(cell, delta)| Ok((key_of(cell)?, delta))).collect()
    }
}

/// The rows that a question is about.
fn asked(question: &TotalsQuestion, span: Span) -> Condition<'static, rollup::table> {
    let units: Vec<i64> = question.units.iter().map(|unit| unit.get()).collect();
    let indicators: Vec<i64> = question.indicators.iter().map(|indicator| indicator.get()).collect();
    cells(question.drive.get(), span.weeks(), &units, &indicators)
}

/// Unit, indicator, total and own figure of a week.
type WeekRow = (i64, i64, i64, i64);

/// Sums of weeks as those of all of them, by unit and indicator. The database adds up within a row only: over rows it would
/// sort each of them first.
fn over_weeks(mut weeks: Vec<WeekRow>) -> Vec<Total> {
    weeks.sort_unstable_by_key(|(unit, indicator, ..)| (*unit, *indicator));
    let of_one = weeks.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1));
    let total = |weeks: &[WeekRow]| {
        let (unit, indicator, ..) = *weeks.first()?;
        Some(Total {
            unit: UnitId::new(unit),
            indicator: IndicatorId::new(indicator),
            day: None,
            total: weeks.iter().map(|(.., total, _)| total).sum(),
            own: weeks.iter().map(|(.., own)| own).sum(),
        })
    };
    of_one.filter_map(total).collect()
}

fn span_of(days: DayRange) -> Span {
    Span { from: day_number(days.from()), to: day_number(days.to()) }
}

/// The drive and every drive under it: what is reported to these counts for it.
pub(crate) fn drive_and_below(conn: &mut Conn, top: DriveId) -> Result<Vec<i64>, StoreError> {
    let this = diesel::alias!(drive as this);
    let book = this.filter(this.field(drive::id).eq(top.get())).select(this.field(drive::book_id));
    let family: Vec<(i64, Option<i64>)> = drive::table
        .filter(drive::book_id.eq_any(book))
        .select((drive::id, drive::parent_id))
        .load(conn)
        .or_failed()?;
    let mut below = BTreeSet::from([top.get()]);
    loop {
        let known = below.len();
        let children = family.iter().filter(|(_, parent)| parent.is_some_and(|parent| below.contains(&parent)));
        let children: Vec<i64> = children.map(|(id, _)| *id).collect();
        below.extend(children);
        if below.len() == known {
            return Ok(below.into_iter().collect());
        }
    }
}
