//! Samples and what they drew: only ever added.

use std::collections::BTreeMap;

use caodiem_domain::access::Scope;
use caodiem_domain::count::Count;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, SampleId, UnitId};
use caodiem_domain::ports::{ReadSamples, WriteSamples};
use caodiem_domain::sample::{Drawn, Sample};
use caodiem_domain::tally::Slot;
use caodiem_domain::time::DayRange;
use diesel::dsl::InnerJoinQuerySource;
use diesel::prelude::*;

use super::rollup::drive_and_below;
use super::scope::{in_scope, rows_in_scope, under_unit};
use super::{CHUNK, Conn, OrFailed, Tx};
use crate::rows::corrupt;
use crate::rows::moment::day_number;
use crate::rows::sample::{DrawnRow, SampleRow, SampleSlotRow};
use crate::rows::tally::SlotRow;
use crate::tables::{sample, sample_drawn, sample_slot, tally, unit};

/// Samples with their unit.
type Source = InnerJoinQuerySource<sample::table, unit::table>;

impl ReadSamples for Tx<'_> {
    fn samples_by_id(&mut self, scope: &Scope, ids: &[SampleId]) -> Result<BTreeMap<SampleId, Sample>, StoreError> {
        let rows = rows_in_scope!(self.conn, scope, ids, sample: SampleRow);
        Ok(with_drawn(self.conn, rows)?.into_iter().map(|sample| (sample.id, sample)).collect())
    }

    fn samples_of(&mut self, scope: &Scope, drive: DriveId, limit: u16) -> Result<Vec<Sample>, StoreError> {
        let rows: Vec<SampleRow> = sample::table
            .inner_join(unit::table)
            .filter(sample::drive_id.eq(drive.get()))
            .filter(in_scope::<Source>(scope))
            .select(sample::all_columns)
            .order(sample::id.desc())
            .limit(limit.into())
            .load(self.conn)
            .or_failed()?;
        with_drawn(self.conn, rows)
    }

    fn standing_under(
        &mut self,
        drive: DriveId,
        unit: UnitId,
        days: DayRange,
        limit: usize,
    ) -> Result<Vec<(Slot, i32, Count)>, StoreError> {
        let drives = drive_and_below(self.conn, drive)?;
        let under = under_unit::<InnerJoinQuerySource<tally::table, unit::table>>(self.conn, unit)?;
        let slot =
            (tally::book_id, tally::day, tally::unit_id, tally::indicator_id, tally::reporter_kind, tally::reporter_id);
        let rows: Vec<(SlotRow, i32, i64)> = tally::table
            .inner_join(unit::table)
            .filter(tally::drive_id.eq_any(drives))
            .filter(tally::day.between(day_number(days.from()), day_number(days.to())))
            .filter(under)
            .select((slot, tally::revision, tally::value))
            .order(slot)
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .load(self.conn)
            .or_failed()?;
        let value = |value| Count::new(value).map_err(corrupt("tally.value"));
        rows.into_iter().map(|(slot, revision, figure)| Ok((slot.try_into()?, revision, value(figure)?))).collect()
    }
}

impl WriteSamples for Tx<'_> {
    fn insert_sample(&mut self, sample: &Sample) -> Result<(), StoreError> {
        diesel::insert_into(sample::table).values(SampleRow::from(sample)).execute(self.conn).or_failed()?;
        Ok(())
    }

    fn insert_drawn(&mut self, sample: SampleId, drawn: &Drawn) -> Result<(), StoreError> {
        let row = DrawnRow::new(sample, drawn);
        diesel::insert_into(sample_drawn::table).values(row).execute(self.conn).or_failed()?;
        let slots = (1..).zip(&drawn.slots);
        let rows: Vec<SampleSlotRow> =
            slots.map(|(ordinal, (slot, revision))| SampleSlotRow::new(sample, ordinal, slot, *revision)).collect();
        for chunk in rows.chunks(CHUNK) {
            diesel::insert_into(sample_slot::table).values(chunk).execute(self.conn).or_failed()?;
        }
        Ok(())
    }
}

/// Samples in the order of their rows, by two statements more for what they drew.
fn with_drawn(conn: &mut Conn, rows: Vec<SampleRow>) -> Result<Vec<Sample>, StoreError> {
    let mut samples = rows.into_iter().map(Sample::try_from).collect::<Result<Vec<_>, _>>()?;
    let ids: Vec<i64> = samples.iter().map(|sample| sample.id.get()).collect();
    if ids.is_empty() {
        return Ok(samples);
    }
    let drawn: Vec<DrawnRow> =
        sample_drawn::table.filter(sample_drawn::sample_id.eq_any(&ids)).load(conn).or_failed()?;
    let slots: Vec<SampleSlotRow> = sample_slot::table
        .filter(sample_slot::sample_id.eq_any(&ids))
        .order((sample_slot::sample_id, sample_slot::ordinal))
        .load(conn)
        .or_failed()?;
    let mut by_sample: BTreeMap<i64, Vec<(Slot, i32)>> = BTreeMap::new();
    for row in &slots {
        by_sample.entry(row.sample_id).or_default().push(row.slot()?);
    }
    for row in drawn {
        let id = row.sample_id;
        let slots = by_sample.remove(&id).unwrap_or_default();
        if let Some(sample) = samples.iter_mut().find(|sample| sample.id.get() == id) {
            sample.drawn = Some(row.drawn(slots)?);
        }
    }
    Ok(samples)
}
