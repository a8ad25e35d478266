//! Inspections: only ever added; which of them were overtaken is seen by the figures as they stand.

use std::collections::BTreeMap;

use caodiem_domain::access::Scope;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, IndicatorId, InspectionId, UnitId};
use caodiem_domain::inspection::{Inspection, InspectionPredicate, UntrueFigure, Verdict, VerifiedFigure};
use caodiem_domain::page::{Filter, Page, PageRequest};
use caodiem_domain::ports::{ReadInspections, WriteInspections};
use caodiem_domain::tally::Slot;
use caodiem_domain::time::DayRange;
use diesel::dsl::{InnerJoinQuerySource, exists, not, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::dialect::among;
use super::page::{Condition, cursor, meets, newest_first, page_of, part, place};
use super::rollup::drive_and_below;
use super::scope::{count_in_scope, in_scope, rows_in_scope, under_unit};
use super::{CHUNK, Conn, OrFailed, Tx, bulk};
use crate::rows::code::Stored;
use crate::rows::inspection::InspectionRow;
use crate::rows::moment::{day_number, day_of};
use crate::rows::tally::{SlotRow, reporter_of};
use crate::tables::{inspection, tally, unit};

/// Inspections with the unit that the figure is credited to.
type Source = InnerJoinQuerySource<inspection::table, unit::table>;

const NEWEST: &str = "inspection.newest";

/// The figure that an inspection is of, as it stands.
macro_rules! standing {
    () => {
        tally::table
            .filter(tally::book_id.eq(inspection::book_id))
            .filter(tally::unit_id.eq(inspection::unit_id))
            .filter(tally::day.eq(inspection::day))
            .filter(tally::indicator_id.eq(inspection::indicator_id))
            .filter(tally::reporter_kind.eq(inspection::reporter_kind))
            .filter(tally::reporter_id.eq(inspection::reporter_id))
    };
}

/// Later inspections of the same slot, by an alias of the table.
macro_rules! later {
    ($later:ident) => {
        $later
            .filter($later.field(inspection::book_id).eq(inspection::book_id))
            .filter($later.field(inspection::unit_id).eq(inspection::unit_id))
            .filter($later.field(inspection::day).eq(inspection::day))
            .filter($later.field(inspection::indicator_id).eq(inspection::indicator_id))
            .filter($later.field(inspection::reporter_kind).eq(inspection::reporter_kind))
            .filter($later.field(inspection::reporter_id).eq(inspection::reporter_id))
            .filter($later.field(inspection::id).gt(inspection::id))
    };
}

impl ReadInspections for Tx<'_> {
    fn inspections_by_id(
        &mut self,
        scope: &Scope,
        ids: &[InspectionId],
    ) -> Result<BTreeMap<InspectionId, Inspection>, StoreError> {
        let rows = rows_in_scope!(self.conn, scope, ids, inspection: InspectionRow);
        Ok(entities(self.conn, rows)?.into_iter().map(|one| (one.id, one)).collect())
    }

    fn latest_inspections(&mut self, slots: &[Slot]) -> Result<BTreeMap<Slot, Inspection>, StoreError> {
        let mut found = BTreeMap::new();
        let mut units: BTreeMap<(i64, i32), Vec<SlotRow>> = BTreeMap::new();
        for slot in slots.iter().map(SlotRow::from) {
            units.entry((slot.book_id, slot.day)).or_default().push(slot);
        }
        for ((book, day), slots) in units {
            for chunk in slots.chunks(CHUNK) {
                let rows: Vec<InspectionRow> = inspection::table
                    .filter(inspection::book_id.eq(book))
                    .filter(inspection::day.eq(day))
                    .filter(inspection::unit_id.eq_any(chunk.iter().map(|slot| slot.unit_id)))
                    .order(inspection::id)
                    .load(self.conn)
                    .or_failed()?;
                let rows = rows.into_iter().filter(|row| chunk.contains(&row.slot())).collect();
                // The later one takes the place of the earlier.
                found.extend(entities(self.conn, rows)?.into_iter().map(|one| (one.slot, one)));
            }
        }
        Ok(found)
    }

    fn list_inspections(
        &mut self,
        scope: &Scope,
        filter: &Filter<InspectionPredicate>,
        page: &PageRequest,
    ) -> Result<Page<Inspection>, StoreError> {
        let from = place(NEWEST, page)?.map(|[id]| part::<i64>(&id)).transpose()?;
        let query = inspection::table
            .inner_join(unit::table)
            .filter(in_scope::<Source>(scope))
            .filter(conditions(self.conn, filter)?)
            .select(inspection::all_columns)
            .into_boxed();
        let rows: Vec<InspectionRow> = newest_first!(query, page, from, inspection::id).load(self.conn).or_failed()?;
        page_of(entities(self.conn, rows)?, page, |one| Ok((cursor(NEWEST, &[&one.id.get()]), one)))
    }

    fn count_inspections(&mut self, scope: &Scope, filter: &Filter<InspectionPredicate>) -> Result<u64, StoreError> {
        count_in_scope!(self.conn, scope, conditions(self.conn, filter)?, inspection)
    }

    fn verified_figures(
        &mut self,
        drive: DriveId,
        indicators: &[IndicatorId],
        days: DayRange,
    ) -> Result<Vec<VerifiedFigure>, StoreError> {
        let drives = drive_and_below(self.conn, drive)?;
        let later = diesel::alias!(inspection as later);
        let is_latest = not(exists(later!(later)));
        let rows: Vec<(i64, i32, i64)> = inspection::table
            .filter(inspection::drive_id.eq_any(drives))
            .filter(inspection::indicator_id.eq_any(indicators.iter().map(|indicator| indicator.get())))
            .filter(inspection::day.between(day_number(days.from()), day_number(days.to())))
            .filter(inspection::verdict.eq(Verdict::True.word()))
            .filter(is_latest)
            .filter(exists(standing!().filter(tally::revision.eq(inspection::revision))))
            .group_by((inspection::unit_id, inspection::day))
            .select((inspection::unit_id, inspection::day, sql::<BigInt>("CAST(SUM(inspection.value) AS BIGINT)")))
            .load(self.conn)
            .or_failed()?;
        let figure = |(unit, day, value)| Ok(VerifiedFigure { unit: UnitId::new(unit), day: day_of(day)?, value });
        rows.into_iter().map(figure).collect()
    }

    fn untrue_figures(&mut self, drive: DriveId, days: DayRange) -> Result<Vec<UntrueFigure>, StoreError> {
        let drives = drive_and_below(self.conn, drive)?;
        let later = diesel::alias!(inspection as later);
        let rows: Vec<(i16, i64, i32)> = inspection::table
            .filter(among(inspection::drive_id, drives.into_iter()))
            .filter(inspection::day.between(day_number(days.from()), day_number(days.to())))
            .filter(inspection::verdict.eq(Verdict::Untrue.word()))
            .filter(not(exists(later!(later).filter(later.field(inspection::revision).eq(inspection::revision)))))
            .order(inspection::id)
            .select((inspection::reporter_kind, inspection::reporter_id, inspection::day))
            .load(self.conn)
            .or_failed()?;
        let figure = |(kind, id, day)| Ok(UntrueFigure { reporter: reporter_of(kind, id)?, day: day_of(day)? });
        rows.into_iter().map(figure).collect()
    }
}

impl WriteInspections for Tx<'_> {
    fn insert_inspections(&mut self, inspections: &[Inspection]) -> Result<(), StoreError> {
        let rows: Vec<InspectionRow> = inspections.iter().map(InspectionRow::from).collect();
        for chunk in rows.chunks(CHUNK) {
            diesel::insert_into(inspection::table).values(chunk).execute(self.conn).or_failed()?;
        }
        Ok(())
    }
}

/// Inspections in the order of their rows, by one statement more for the figures as they stand.
fn entities(conn: &mut Conn, rows: Vec<InspectionRow>) -> Result<Vec<Inspection>, StoreError> {
    let mut slots: Vec<SlotRow> = rows.iter().map(InspectionRow::slot).collect();
    slots.sort_unstable();
    slots.dedup();
    let standing: BTreeMap<SlotRow, i32> = if slots.is_empty() {
        BTreeMap::new()
    } else {
        bulk::standing_tallies(conn, &slots).or_failed()?.into_iter().map(|row| (row.slot, row.revision)).collect()
    };
    let entity = |row: InspectionRow| {
        let revision = standing.get(&row.slot()).copied().unwrap_or(0);
        row.inspection(revision)
    };
    rows.into_iter().map(entity).collect()
}

fn conditions(conn: &mut Conn, filter: &Filter<InspectionPredicate>) -> Result<Condition<'static, Source>, StoreError> {
    meets(filter, &mut |predicate| {
        Ok(match predicate {
            InspectionPredicate::Drive(drive) => Box::new(inspection::drive_id.eq(drive.get())),
            InspectionPredicate::Under(unit) => under_unit(conn, *unit)?,
            InspectionPredicate::Verdict(verdicts) => {
                let words: Vec<&str> = verdicts.iter().map(|verdict| verdict.word()).collect();
                Box::new(inspection::verdict.eq_any(words))
            }
            InspectionPredicate::Days(days) => {
                Box::new(inspection::day.between(day_number(days.from()), day_number(days.to())))
            }
            InspectionPredicate::By(account) => Box::new(inspection::account_id.eq(account.get())),
            InspectionPredicate::Overtaken(overtaken) => {
                let later = exists(standing!().filter(tally::revision.gt(inspection::revision)));
                if *overtaken { Box::new(later) } else { Box::new(not(later)) }
            }
        })
    })
}
