//! Rows of tallies and reports: primitives, with days and moments as integers.

use caodiem_domain::count::Count;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, IndicatorId, TeamId, UnitId};
use caodiem_domain::tally::{Report, Reporter, Slot, SlotChange, Tally};
use caodiem_domain::text::{Reason, Subject};
use diesel::prelude::*;

use super::corrupt;
use super::moment::{day_number, day_of, instant_of, micros};

/// Kind and id of a reporter: 1 is a unit, 2 a team.
pub(crate) const fn reporter_key(reporter: Reporter) -> (i16, i64) {
    match reporter {
        Reporter::Unit(id) => (1, id.get()),
        Reporter::Team(id) => (2, id.get()),
    }
}

/// The reporter of that kind and id.
pub(crate) fn reporter_of(kind: i16, id: i64) -> Result<Reporter, StoreError> {
    match kind {
        1 => Ok(Reporter::Unit(UnitId::new(id))),
        2 => Ok(Reporter::Team(TeamId::new(id))),
        _ => Err(StoreError::Corrupt(format!("reporter of kind {kind}"))),
    }
}

/// A slot as its key columns, in the order of the primary key.
#[derive(Queryable, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct SlotRow {
    pub(crate) book_id: i64,
    pub(crate) day: i32,
    pub(crate) unit_id: i64,
    pub(crate) indicator_id: i64,
    pub(crate) reporter_kind: i16,
    pub(crate) reporter_id: i64,
}

impl From<&Slot> for SlotRow {
    fn from(slot: &Slot) -> Self {
        let (reporter_kind, reporter_id) = reporter_key(slot.reporter);
        Self {
            book_id: slot.book.get(),
            day: day_number(slot.day),
            unit_id: slot.credited.get(),
            indicator_id: slot.indicator.get(),
            reporter_kind,
            reporter_id,
        }
    }
}

impl TryFrom<SlotRow> for Slot {
    type Error = StoreError;

    fn try_from(row: SlotRow) -> Result<Self, StoreError> {
        Ok(Self {
            book: DriveId::new(row.book_id),
            credited: UnitId::new(row.unit_id),
            day: day_of(row.day)?,
            indicator: IndicatorId::new(row.indicator_id),
            reporter: reporter_of(row.reporter_kind, row.reporter_id)?,
        })
    }
}

/// A revision: the one that stands in `tally` (without `prev`), or a replaced one of `tally_revision`.
#[derive(Queryable, Clone, Debug)]
pub(crate) struct TallyRow {
    pub(crate) slot: SlotRow,
    pub(crate) drive_id: i64,
    pub(crate) revision: i32,
    pub(crate) value: i64,
    pub(crate) author: String,
    pub(crate) received_at: i64,
    pub(crate) device_at: Option<i64>,
    pub(crate) reason: Option<String>,
}

impl From<&Tally> for TallyRow {
    fn from(tally: &Tally) -> Self {
        Self {
            slot: SlotRow::from(&tally.slot),
            drive_id: tally.drive.get(),
            revision: tally.revision,
            value: tally.value.get(),
            author: tally.author.to_string(),
            received_at: micros(tally.received_at),
            device_at: tally.device_at.map(micros),
            reason: tally.reason.as_ref().map(ToString::to_string),
        }
    }
}

impl TryFrom<TallyRow> for Tally {
    type Error = StoreError;

    fn try_from(row: TallyRow) -> Result<Self, StoreError> {
        Ok(Self {
            slot: row.slot.try_into()?,
            drive: DriveId::new(row.drive_id),
            revision: row.revision,
            value: Count::new(row.value).map_err(corrupt("tally.value"))?,
            author: Subject::new(&row.author).map_err(corrupt("tally.author"))?,
            received_at: instant_of(row.received_at)?,
            device_at: row.device_at.map(instant_of).transpose()?,
            reason: row.reason.map(|text| Reason::new(&text)).transpose().map_err(corrupt("tally.reason"))?,
        })
    }
}

/// What the replacement of a tally gives back.
#[derive(Queryable, Clone, Copy, Debug)]
pub(crate) struct ChangeRow {
    slot: SlotRow,
    before: i64,
    after: i64,
}

impl TryFrom<ChangeRow> for SlotChange {
    type Error = StoreError;

    fn try_from(row: ChangeRow) -> Result<Self, StoreError> {
        Ok(Self { slot: row.slot.try_into()?, before: row.before, after: row.after })
    }
}

/// A report, in the order of its table.
#[derive(Queryable, Clone, Debug)]
pub(crate) struct ReportRow {
    pub(crate) drive_id: i64,
    pub(crate) day: i32,
    pub(crate) reporter_kind: i16,
    pub(crate) reporter_id: i64,
    pub(crate) unit_id: i64,
    pub(crate) nil: bool,
    pub(crate) first_received_at: i64,
    pub(crate) last_received_at: i64,
    pub(crate) late_reason: Option<String>,
}

impl ReportRow {
    /// What a report is of.
    pub(crate) const fn key(&self) -> (i64, i32, i16, i64) {
        (self.drive_id, self.day, self.reporter_kind, self.reporter_id)
    }

    /// The two as one, as the table itself would merge them.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.nil &= other.nil;
        if other.first_received_at < self.first_received_at {
            self.late_reason.clone_from(&other.late_reason);
        }
        self.first_received_at = self.first_received_at.min(other.first_received_at);
        self.last_received_at = self.last_received_at.max(other.last_received_at);
    }
}

impl From<&Report> for ReportRow {
    fn from(report: &Report) -> Self {
        let (reporter_kind, reporter_id) = reporter_key(report.reporter);
        Self {
            drive_id: report.drive.get(),
            day: day_number(report.day),
            reporter_kind,
            reporter_id,
            unit_id: report.unit.get(),
            nil: report.nil,
            first_received_at: micros(report.first_received_at),
            last_received_at: micros(report.last_received_at),
            late_reason: report.late_reason.as_ref().map(ToString::to_string),
        }
    }
}

impl TryFrom<ReportRow> for Report {
    type Error = StoreError;

    fn try_from(row: ReportRow) -> Result<Self, StoreError> {
        Ok(Self {
            drive: DriveId::new(row.drive_id),
            reporter: reporter_of(row.reporter_kind, row.reporter_id)?,
            unit: UnitId::new(row.unit_id),
            day: day_of(row.day)?,
            nil: row.nil,
            first_received_at: instant_of(row.first_received_at)?,
            last_received_at: instant_of(row.last_received_at)?,
            late_reason: reason_of(row.late_reason.as_deref())?,
        })
    }
}

fn reason_of(text: Option<&str>) -> Result<Option<Reason>, StoreError> {
    text.map(Reason::new).transpose().map_err(corrupt("report.late_reason"))
}
