//! The roll-up: sums that exist already, for every unit, day and indicator.

use std::collections::{BTreeMap, BTreeSet};

use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, IndicatorId, TeamId, UnitId};
use caodiem_domain::ports::ReadRollup;
use caodiem_domain::tally::{RollupDelta, RollupKey, Total, TotalsQuestion};
use caodiem_domain::time::{Day, DayRange};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::{CHUNK, Conn, OrFailed, Tx};
use crate::rows::moment::{day_number, day_of};
use crate::rows::tally::RollupRow;
use crate::tables::{drive, rollup, tally};

impl ReadRollup for Tx<'_> {
    fn totals(&mut self, question: &TotalsQuestion) -> Result<Vec<Total>, StoreError> {
        let (from, to) = bounds(question.days);
        let indicators = raw_indicators(&question.indicators);
        let mut totals = Vec::with_capacity(question.units.len() * indicators.len());
        for units in question.units.chunks(CHUNK) {
            let sums: Vec<(i64, i64, i64, i64)> = rollup::table
                .filter(rollup::drive_id.eq(question.drive.get()))
                .filter(rollup::unit_id.eq_any(units.iter().map(|unit| unit.get())))
                .filter(rollup::indicator_id.eq_any(&indicators))
                .filter(rollup::day.between(from, to))
                .group_by((rollup::unit_id, rollup::indicator_id))
                .order((rollup::unit_id, rollup::indicator_id))
                .select((
                    rollup::unit_id,
                    rollup::indicator_id,
                    sql::<BigInt>("CAST(SUM(rollup.total) AS BIGINT)"),
                    sql::<BigInt>("CAST(SUM(rollup.own) AS BIGINT)"),
                ))
                .load(self.conn)
                .or_failed()?;
            totals.extend(sums.into_iter().map(|(unit, indicator, total, own)| Total {
                unit: UnitId::new(unit),
                indicator: IndicatorId::new(indicator),
                day: None,
                total,
                own,
            }));
        }
        Ok(totals)
    }

    fn daily_totals(&mut self, question: &TotalsQuestion) -> Result<Vec<Total>, StoreError> {
        let (from, to) = bounds(question.days);
        let indicators = raw_indicators(&question.indicators);
        let mut totals = Vec::new();
        for units in question.units.chunks(CHUNK) {
            let rows: Vec<RollupRow> = rollup::table
                .filter(rollup::drive_id.eq(question.drive.get()))
                .filter(rollup::unit_id.eq_any(units.iter().map(|unit| unit.get())))
                .filter(rollup::indicator_id.eq_any(&indicators))
                .filter(rollup::day.between(from, to))
                .load(self.conn)
                .or_failed()?;
            for row in rows {
                totals.push(Total {
                    unit: UnitId::new(row.unit_id),
                    indicator: IndicatorId::new(row.indicator_id),
                    day: Some(day_of(row.day)?),
                    total: row.total,
                    own: row.own,
                });
            }
        }
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
        let sums: Vec<(i64, i64, i64)> = rollup::table
            .filter(rollup::drive_id.eq(drive.get()))
            .filter(rollup::indicator_id.eq_any(raw_indicators(indicators)))
            .filter(rollup::day.between(from, to))
            .filter(rollup::own.ne(0))
            .group_by((rollup::unit_id, rollup::indicator_id))
            .order((rollup::unit_id, rollup::indicator_id))
            .select((rollup::unit_id, rollup::indicator_id, sql::<BigInt>("CAST(SUM(rollup.own) AS BIGINT)")))
            .load(self.conn)
            .or_failed()?;
        let total = |(unit, indicator, own)| Total {
            unit: UnitId::new(unit),
            indicator: IndicatorId::new(indicator),
            day: None,
            total: 0,
            own,
        };
        Ok(sums.into_iter().map(total).collect())
    }

    fn team_totals(
        &mut self,
        drive: DriveId,
        indicators: &[IndicatorId],
        teams: &[TeamId],
        days: DayRange,
    ) -> Result<BTreeMap<(TeamId, IndicatorId), i64>, StoreError> {
        let (from, to) = bounds(days);
        let drives = drive_and_below(self.conn, drive)?;
        let indicators = raw_indicators(indicators);
        let mut totals = BTreeMap::new();
        for teams in teams.chunks(CHUNK) {
            let sums: Vec<(i64, i64, i64)> = tally::table
                .filter(tally::reporter_kind.eq(2))
                .filter(tally::reporter_id.eq_any(teams.iter().map(|team| team.get())))
                .filter(tally::drive_id.eq_any(&drives))
                .filter(tally::indicator_id.eq_any(&indicators))
                .filter(tally::day.between(from, to))
                .group_by((tally::reporter_id, tally::indicator_id))
                .select((tally::reporter_id, tally::indicator_id, sql::<BigInt>("CAST(SUM(tally.value) AS BIGINT)")))
                .load(self.conn)
                .or_failed()?;
            totals.extend(
                sums.into_iter().map(|(team, indicator, sum)| ((TeamId::new(team), IndicatorId::new(indicator)), sum)),
            );
        }
        Ok(totals)
    }

    fn rollup_rows(&mut self, unit: UnitId, from: Day) -> Result<Vec<(RollupKey, RollupDelta)>, StoreError> {
        let rows: Vec<RollupRow> = rollup::table
            .filter(rollup::drive_id.eq_any(drive::table.select(drive::id)))
            .filter(rollup::unit_id.eq(unit.get()))
            .filter(rollup::day.ge(day_number(from)))
            .order((rollup::drive_id, rollup::indicator_id, rollup::day))
            .load(self.conn)
            .or_failed()?;
        rows.into_iter().map(TryInto::try_into).collect()
    }
}

fn bounds(days: DayRange) -> (i32, i32) {
    (day_number(days.from()), day_number(days.to()))
}

fn raw_indicators(indicators: &[IndicatorId]) -> Vec<i64> {
    indicators.iter().map(|indicator| indicator.get()).collect()
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
