//! Who could report, and what came after a moment.

use std::collections::{BTreeMap, BTreeSet};

use caodiem_domain::access::Scope;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, TeamId, UnitId};
use caodiem_domain::ports::{ReadDrives, ReadReporters};
use caodiem_domain::tally::Reporter;
use caodiem_domain::team::Team;
use caodiem_domain::time::{Day, DayRange, Instant};
use diesel::dsl::{count_star, max};
use diesel::prelude::*;
use diesel::sql_query;

use super::dialect::among;
use super::literal::{listed, of_days};
use super::scope::in_scope;
use super::{OrFailed, Tx};
use crate::rows::moment::{day_number, day_numbers, instant_of, micros};
use crate::rows::reporting::CountRow;
use crate::rows::tally::reporter_of;
use crate::rows::team::TeamRow;
use crate::tables::{report, tally, team, unit};

impl ReadReporters for Tx<'_> {
    fn teams_within(&mut self, units: &[UnitId], days: DayRange) -> Result<Vec<Team>, StoreError> {
        let rows: Vec<TeamRow> = team::table
            .filter(among(team::unit_id, units.iter().map(|unit| unit.get())))
            .filter(team::valid_from.le(days.to()))
            .filter(team::valid_to.is_null().or(team::valid_to.gt(days.from())))
            .order((team::unit_id, team::id))
            .load(self.conn)
            .or_failed()?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    fn units_in_scope(&mut self, scope: &Scope, units: &[UnitId]) -> Result<BTreeSet<UnitId>, StoreError> {
        let ids: Vec<i64> = unit::table
            .filter(among(unit::id, units.iter().map(|unit| unit.get())))
            .filter(in_scope::<unit::table>(scope))
            .select(unit::id)
            .load(self.conn)
            .or_failed()?;
        Ok(ids.into_iter().map(UnitId::new).collect())
    }

    fn changes_after(
        &mut self,
        drives: &[DriveId],
        units: &[UnitId],
        days: DayRange,
        after: Instant,
    ) -> Result<BTreeMap<UnitId, u64>, StoreError> {
        let books: Vec<i64> = self.books_of(drives)?.into_iter().map(DriveId::get).collect();
        // A revision is where it stands or, once replaced, in history.
        let told = |table: &str| {
            format!(
                "SELECT unit_id FROM {table} WHERE book_id IN ({books}) AND drive_id IN ({drives}) AND {days} \
                 AND received_at > {after}",
                books = listed(&books),
                drives = listed(drives.iter().map(|drive| drive.get())),
                days = of_days(days, Some(units)),
                after = micros(after),
            )
        };
        let rows: Vec<CountRow> = sql_query(format!(
            "SELECT unit_id, CAST(0 AS BIGINT) AS team_id, COUNT(*) AS one, CAST(0 AS BIGINT) AS two \
             FROM ({standing} UNION ALL {replaced}) AS told GROUP BY unit_id",
            standing = told("tally"),
            replaced = told("tally_revision"),
        ))
        .load(self.conn)
        .or_failed()?;
        let asked: BTreeSet<UnitId> = units.iter().copied().collect();
        let counts = rows.into_iter().map(|row| (UnitId::new(row.unit_id), row.one.unsigned_abs()));
        Ok(counts.filter(|(unit, _)| asked.contains(unit)).collect())
    }

    fn corrected(&mut self, drives: &[DriveId], units: &[UnitId], days: DayRange) -> Result<u64, StoreError> {
        let books = self.books_of(drives)?;
        let count: i64 = tally::table
            .filter(among(tally::book_id, books.into_iter().map(DriveId::get)))
            .filter(among(tally::drive_id, drives.iter().map(|drive| drive.get())))
            .filter(among(tally::day, day_numbers(days)))
            .filter(among(tally::unit_id, units.iter().map(|unit| unit.get())))
            .filter(tally::revision.gt(1))
            .select(count_star())
            .first(self.conn)
            .or_failed()?;
        Ok(count.unsigned_abs())
    }

    fn last_words(
        &mut self,
        drives: &[DriveId],
        units: &[UnitId],
        day: Day,
    ) -> Result<BTreeMap<(UnitId, Option<TeamId>), Instant>, StoreError> {
        let mut found = BTreeMap::new();
        let rows: Vec<(i64, i16, i64, Option<i64>)> = report::table
            .filter(among(report::drive_id, drives.iter().map(|drive| drive.get())))
            .filter(report::day.eq(day_number(day)))
            .filter(among(report::unit_id, units.iter().map(|unit| unit.get())))
            .group_by((report::unit_id, report::reporter_kind, report::reporter_id))
            .select((report::unit_id, report::reporter_kind, report::reporter_id, max(report::last_received_at)))
            .load(self.conn)
            .or_failed()?;
        for (unit, kind, reporter, last) in rows {
            let team = match reporter_of(kind, reporter)? {
                Reporter::Unit(_) => None,
                Reporter::Team(team) => Some(team),
            };
            if let Some(last) = last {
                found.insert((UnitId::new(unit), team), instant_of(last)?);
            }
        }
        Ok(found)
    }
}
