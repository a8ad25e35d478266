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
use super::{Conn, OrFailed, Tx, stood};
use crate::rows::moment::{day_number, day_of, week_of};
use crate::rows::tally::RollupRow;
use crate::tables::{drive, rollup, tally};

/// True of what teams reported: said as it stands in the index of these.
pub(super) const OF_TEAMS: &str = "tally.reporter_kind = 2";

impl ReadRollup for Tx<'_> {
    fn totals(&mut self, question: &TotalsQuestion) -> Result<Vec<Total>, StoreError> {
        let (from, to) = bounds(question.days);
        let sums: Vec<WeekRow> = rollup::table
            .filter(rollup::drive_id.eq(question.drive.get()))
            .filter(among(rollup::week, week_of(from)..=week_of(to)))
            .filter(among(rollup::unit_id, question.units.iter().map(|unit| unit.get())))
            .filter(among(rollup::indicator_id, question.indicators.iter().map(|indicator| indicator.get())))
            .filter(rollup::day.between(from, to))
            .group_by((rollup::week, rollup::unit_id, rollup::indicator_id))
            .select((
                rollup::unit_id,
                rollup::indicator_id,
                sql::<BigInt>("CAST(SUM(rollup.total) AS BIGINT)"),
                sql::<BigInt>("CAST(SUM(rollup.own) AS BIGINT)"),
            ))
            .load(self.conn)
            .or_failed()?;
        Ok(over_weeks(sums))
    }

    fn daily_totals(&mut self, question: &TotalsQuestion) -> Result<Vec<Total>, StoreError> {
        let (from, to) = bounds(question.days);
        let rows: Vec<RollupRow> = rollup::table
            .filter(rollup::drive_id.eq(question.drive.get()))
            .filter(among(rollup::week, week_of(from)..=week_of(to)))
            .filter(among(rollup::unit_id, question.units.iter().map(|unit| unit.get())))
            .filter(among(rollup::indicator_id, question.indicators.iter().map(|indicator| indicator.get())))
            .filter(rollup::day.between(from, to))
            .load(self.conn)
            .or_failed()?;
        let total = |row: RollupRow| {
            Ok(Total {
                unit: UnitId::new(row.unit_id),
                indicator: IndicatorId::new(row.indicator_id),
                day: Some(day_of(row.day)?),
                total: row.total,
                own: row.own,
            })
        };
        let mut totals = rows.into_iter().map(total).collect::<Result<Vec<_>, StoreError>>()?;
        totals.sort_unstable_by_key(|total| (total.day, total.unit, total.indicator));
        Ok(totals)
    }

    fn own_totals(
        &mut self,
        drive: DriveId,
        indicators: &[IndicatorId],
        days: DayRange,
    ) -> Result<Vec<Total>, StoreError> {
        let (from, to) = bounds(days);
        let sums: Vec<WeekRow> = rollup::table
            .filter(rollup::drive_id.eq(drive.get()))
            .filter(rollup::week.between(week_of(from), week_of(to)))
            .filter(among(rollup::indicator_id, indicators.iter().map(|indicator| indicator.get())))
            .filter(rollup::day.between(from, to))
            .filter(rollup::own.ne(0))
            .group_by((rollup::week, rollup::unit_id, rollup::indicator_id))
            .select((
                rollup::unit_id,
                rollup::indicator_id,
                sql::<BigInt>("CAST(0 AS BIGINT)"),
                sql::<BigInt>("CAST(SUM(rollup.own) AS BIGINT)"),
            ))
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
        let (from, to) = bounds(days);
        let sums: Vec<(i64, i64, i64)> = tally::table
            .filter(sql::<Bool>(OF_TEAMS))
            .filter(among(tally::drive_id, drive_and_below(self.conn, drive)?.into_iter()))
            .filter(among(tally::day, from..=to))
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
        let last: Option<Day> = drive::table.select(max(drive::ends_on)).first(self.conn).or_failed()?;
        let (from, last) = (day_number(from), last.map_or(i32::MIN, day_number));
        let rows: Vec<RollupRow> = rollup::table
            .filter(rollup::drive_id.eq_any(drive::table.select(drive::id)))
            .filter(among(rollup::week, week_of(from)..=week_of(last)))
            .filter(among(rollup::unit_id, units.iter().map(|unit| unit.get())))
            .filter(rollup::day.ge(from))
            .order((rollup::drive_id, rollup::unit_id, rollup::indicator_id, rollup::day))
            .load(self.conn)
            .or_failed()?;
        rows.into_iter().map(TryInto::try_into).collect()
    }
}

/// Unit, indicator, total and own figure of a week.
type WeekRow = (i64, i64, i64, i64);

/// Sums of weeks as those of all of them, by unit and indicator. The database adds up within a week only, in the order of
/// its key: over weeks it would sort every row first.
fn over_weeks(rows: Vec<WeekRow>) -> Vec<Total> {
    let mut sums: BTreeMap<(i64, i64), (i64, i64)> = BTreeMap::new();
    for (unit, indicator, total, own) in rows {
        let sum = sums.entry((unit, indicator)).or_default();
        sum.0 += total;
        sum.1 += own;
    }
    let total = |((unit, indicator), (total, own))| Total {
        unit: UnitId::new(unit),
        indicator: IndicatorId::new(indicator),
        day: None,
        total,
        own,
    };
    sums.into_iter().map(total).collect()
}

fn bounds(days: DayRange) -> (i32, i32) {
    (day_number(days.from()), day_number(days.to()))
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
