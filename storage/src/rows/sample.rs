//! Rows of samples and what they drew.

use caodiem_domain::error::StoreError;
use caodiem_domain::id::{AccountId, DriveId, SampleId, UnitId};
use caodiem_domain::sample::{Drawn, Sample};
use caodiem_domain::tally::Slot;
use caodiem_domain::text::Subject;
use caodiem_domain::time::DayRange;
use diesel::prelude::*;

use super::corrupt;
use super::moment::{day_number, day_of, instant_of, micros};
use super::tally::SlotRow;
use crate::tables::{sample, sample_drawn, sample_slot};

/// A sample, in the order of its table.
#[derive(Queryable, Insertable, Clone, Debug)]
#[diesel(table_name = sample)]
pub(crate) struct SampleRow {
    id: i64,
    drive_id: i64,
    unit_id: i64,
    from_day: i32,
    to_day: i32,
    size: i32,
    commitment: Vec<u8>,
    sealed: Vec<u8>,
    author: String,
    account_id: i64,
    committed_at: i64,
}

impl From<&Sample> for SampleRow {
    fn from(sample: &Sample) -> Self {
        Self {
            id: sample.id.get(),
            drive_id: sample.drive.get(),
            unit_id: sample.unit.get(),
            from_day: day_number(sample.days.from()),
            to_day: day_number(sample.days.to()),
            size: i32::try_from(sample.size).unwrap_or(i32::MAX),
            commitment: sample.commitment.to_vec(),
            sealed: sample.sealed.clone(),
            author: sample.author.to_string(),
            account_id: sample.account.get(),
            committed_at: micros(sample.committed_at),
        }
    }
}

impl TryFrom<SampleRow> for Sample {
    type Error = StoreError;

    fn try_from(row: SampleRow) -> Result<Self, StoreError> {
        let days = DayRange::new(day_of(row.from_day)?, day_of(row.to_day)?);
        Ok(Self {
            id: SampleId::new(row.id),
            drive: DriveId::new(row.drive_id),
            unit: UnitId::new(row.unit_id),
            days: days.map_err(corrupt("sample.to_day"))?,
            size: row.size.unsigned_abs(),
            commitment: row.commitment.try_into().map_err(corrupt("sample.commitment"))?,
            sealed: row.sealed,
            author: Subject::new(&row.author).map_err(corrupt("sample.author"))?,
            account: AccountId::new(row.account_id),
            committed_at: instant_of(row.committed_at)?,
            drawn: None,
        })
    }
}

/// That a sample was drawn, in the order of its table.
#[derive(Queryable, Insertable, Clone, Debug)]
#[diesel(table_name = sample_drawn)]
pub(crate) struct DrawnRow {
    pub(crate) sample_id: i64,
    seed: Vec<u8>,
    population: i32,
    author: String,
    at: i64,
}

impl DrawnRow {
    /// The row of what a sample drew.
    pub(crate) fn new(sample: SampleId, drawn: &Drawn) -> Self {
        Self {
            sample_id: sample.get(),
            seed: drawn.seed.to_vec(),
            population: i32::try_from(drawn.population).unwrap_or(i32::MAX),
            author: drawn.author.to_string(),
            at: micros(drawn.at),
        }
    }

    /// What was drawn, with its figures in order.
    pub(crate) fn drawn(self, slots: Vec<(Slot, i32)>) -> Result<Drawn, StoreError> {
        Ok(Drawn {
            seed: self.seed.try_into().map_err(corrupt("sample_drawn.seed"))?,
            population: self.population.unsigned_abs(),
            author: Subject::new(&self.author).map_err(corrupt("sample_drawn.author"))?,
            at: instant_of(self.at)?,
            slots,
        })
    }
}

/// A drawn figure, in the order of its table.
#[derive(Queryable, Insertable, Clone, Debug)]
#[diesel(table_name = sample_slot)]
pub(crate) struct SampleSlotRow {
    pub(crate) sample_id: i64,
    ordinal: i32,
    book_id: i64,
    unit_id: i64,
    day: i32,
    indicator_id: i64,
    reporter_kind: i16,
    reporter_id: i64,
    revision: i32,
}

impl SampleSlotRow {
    /// The row of the figure that was drawn as that one, from 1.
    pub(crate) fn new(sample: SampleId, ordinal: i32, slot: &Slot, revision: i32) -> Self {
        let SlotRow { book_id, day, unit_id, indicator_id, reporter_kind, reporter_id } = SlotRow::from(slot);
        let sample_id = sample.get();
        Self { sample_id, ordinal, book_id, unit_id, day, indicator_id, reporter_kind, reporter_id, revision }
    }

    /// The figure with its revision.
    pub(crate) fn slot(&self) -> Result<(Slot, i32), StoreError> {
        let Self { book_id, day, unit_id, indicator_id, reporter_kind, reporter_id, revision, .. } = *self;
        let slot = SlotRow { book_id, day, unit_id, indicator_id, reporter_kind, reporter_id };
        Ok((slot.try_into()?, revision))
    }
}
