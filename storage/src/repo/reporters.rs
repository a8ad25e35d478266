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

use super::scope::in_scope;
use super::{CHUNK, OrFailed, Tx};
use crate::rows::moment::{day_number, instant_of, micros};
use crate::rows::tally::reporter_of;
use crate::rows::team::TeamRow;
use crate::tables::{report, tally, tally_revision, team, unit};

fn raw(ids: &[DriveId]) -> Vec<i64> {
    ids.iter().map(|id| id.get()).collect()
}

impl ReadReporters for Tx<'_> {
    fn teams_within(&mut self, units: &[UnitId], days: DayRange) -> Result<Vec<Team>, StoreError> {
        let mut found: Vec<Team> = Vec::new();
        for units in units.chunks(CHUNK) {
            let rows: Vec<TeamRow> = team::table
                .filter(team::unit_id.eq_any(units.iter().map(|unit| unit.get())))
                .filter(team::valid_from.le(days.to()))
                .filter(team::valid_to.is_null().or(team::valid_to.gt(days.from())))
                .load(self.conn)
                .or_failed()?;
            for row in rows {
                found.push(row.try_into()?);
            }
        }
        found.sort_unstable_by_key(|team| (team.unit, team.id));
        Ok(found)
    }

    fn units_in_scope(&mut self, scope: &Scope, units: &[UnitId]) -> Result<BTreeSet<UnitId>, StoreError> {
        let mut found = BTreeSet::new();
        for units in units.chunks(CHUNK) {
            let ids: Vec<i64> = unit::table
                .filter(unit::id.eq_any(units.iter().map(|unit| unit.get())))
                .filter(in_scope::<unit::table>(scope))
                .select(unit::id)
                .load(self.conn)
                .or_failed()?;
            found.extend(ids.into_iter().map(UnitId::new));
        }
        Ok(found)
    }

    fn changes_after(
        &mut self,
        drives: &[DriveId],
        units: &[UnitId],
        days: DayRange,
        after: Instant,
    ) -> Result<BTreeMap<UnitId, u64>, StoreError> {
        let books: Vec<i64> = self.books_of(drives)?.into_iter().map(DriveId::get).collect();
        let drives = raw(drives);
        let mut found = BTreeMap::new();
        for units in units.chunks(CHUNK) {
            let rows: Vec<(i64, i64)> = tally_revision::table
                .filter(tally_revision::book_id.eq_any(&books))
                .filter(tally_revision::drive_id.eq_any(&drives))
                .filter(tally_revision::unit_id.eq_any(units.iter().map(|unit| unit.get())))
                .filter(tally_revision::day.between(day_number(days.from()), day_number(days.to())))
                .filter(tally_revision::received_at.gt(micros(after)))
                .group_by(tally_revision::unit_id)
                .select((tally_revision::unit_id, count_star()))
                .load(self.conn)
                .or_failed()?;
            found.extend(rows.into_iter().map(|(unit, count)| (UnitId::new(unit), count.unsigned_abs())));
        }
        Ok(found)
    }

    fn corrected(&mut self, drives: &[DriveId], units: &[UnitId], days: DayRange) -> Result<u64, StoreError> {
        let books: Vec<i64> = self.books_of(drives)?.into_iter().map(DriveId::get).collect();
        let drives = raw(drives);
        let mut count = 0;
        for units in units.chunks(CHUNK) {
            let found: i64 = tally::table
                .filter(tally::book_id.eq_any(&books))
                .filter(tally::drive_id.eq_any(&drives))
                .filter(tally::unit_id.eq_any(units.iter().map(|unit| unit.get())))
                .filter(tally::day.between(day_number(days.from()), day_number(days.to())))
                .filter(tally::revision.gt(1))
                .select(count_star())
                .first(self.conn)
                .or_failed()?;
            count += found.unsigned_abs();
        }
        Ok(count)
    }

    fn last_words(
        &mut self,
        drives: &[DriveId],
        units: &[UnitId],
        day: Day,
    ) -> Result<BTreeMap<(UnitId, Option<TeamId>), Instant>, StoreError> {
        let mut found = BTreeMap::new();
        for units in units.chunks(CHUNK) {
            let rows: Vec<(i64, i16, i64, Option<i64>)> = report::table
                .filter(report::drive_id.eq_any(raw(drives)))
                .filter(report::unit_id.eq_any(units.iter().map(|unit| unit.get())))
                .filter(report::day.eq(day_number(day)))
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
        }
        Ok(found)
    }
}
