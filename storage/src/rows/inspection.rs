//! Rows of inspections.

use caodiem_domain::count::Count;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{AccountId, DriveId, InspectionId};
use caodiem_domain::inspection::Inspection;
use caodiem_domain::text::{Reason, Subject};
use diesel::prelude::*;

use super::code::Stored;
use super::corrupt;
use super::moment::{instant_of, micros};
use super::tally::SlotRow;
use crate::tables::inspection;

/// An inspection, in the order of its table.
#[derive(Queryable, Insertable, Clone, Debug)]
#[diesel(table_name = inspection)]
pub(crate) struct InspectionRow {
    id: i64,
    drive_id: i64,
    book_id: i64,
    unit_id: i64,
    day: i32,
    indicator_id: i64,
    reporter_kind: i16,
    reporter_id: i64,
    revision: i32,
    value: i64,
    verdict: String,
    checked: i64,
    confirmed: i64,
    note: String,
    author: String,
    account_id: i64,
    at: i64,
}

impl InspectionRow {
    /// The place of the figure.
    pub(crate) const fn slot(&self) -> SlotRow {
        SlotRow {
            book_id: self.book_id,
            unit_id: self.unit_id,
            day: self.day,
            indicator_id: self.indicator_id,
            reporter_kind: self.reporter_kind,
            reporter_id: self.reporter_id,
        }
    }

    /// The inspection, of a figure whose standing revision is that.
    pub(crate) fn inspection(self, standing: i32) -> Result<Inspection, StoreError> {
        Ok(Inspection {
            id: InspectionId::new(self.id),
            drive: DriveId::new(self.drive_id),
            slot: self.slot().try_into()?,
            revision: self.revision,
            value: Count::new(self.value).map_err(corrupt("inspection.value"))?,
            verdict: Stored::from_word(&self.verdict)?,
            checked: Count::new(self.checked).map_err(corrupt("inspection.checked"))?,
            confirmed: Count::new(self.confirmed).map_err(corrupt("inspection.confirmed"))?,
            note: Reason::new(&self.note).map_err(corrupt("inspection.note"))?,
            author: Subject::new(&self.author).map_err(corrupt("inspection.author"))?,
            account: AccountId::new(self.account_id),
            at: instant_of(self.at)?,
            overtaken: standing > self.revision,
        })
    }
}

impl From<&Inspection> for InspectionRow {
    fn from(inspection: &Inspection) -> Self {
        let slot = SlotRow::from(&inspection.slot);
        Self {
            id: inspection.id.get(),
            drive_id: inspection.drive.get(),
            book_id: slot.book_id,
            unit_id: slot.unit_id,
            day: slot.day,
            indicator_id: slot.indicator_id,
            reporter_kind: slot.reporter_kind,
            reporter_id: slot.reporter_id,
            revision: inspection.revision,
            value: inspection.value.get(),
            verdict: inspection.verdict.word().to_owned(),
            checked: inspection.checked.get(),
            confirmed: inspection.confirmed.get(),
            note: inspection.note.to_string(),
            author: inspection.author.to_string(),
            account_id: inspection.account.get(),
            at: micros(inspection.at),
        }
    }
}
