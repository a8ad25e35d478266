//! Rows of settlements and tolerances.

use caodiem_domain::comparison::Tolerance;
use caodiem_domain::count::Count;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{AccountId, DriveId, IndicatorId, SettlementId, UnitId};
use caodiem_domain::settlement::Settlement;
use caodiem_domain::text::{Reason, Subject};
use diesel::prelude::*;

use super::code::Stored;
use super::moment::{day_number, day_of, instant_of, micros};
use super::{corrupt, exact};
use crate::tables::{settlement, tolerance};

/// A settlement, in the order of its table.
#[derive(Queryable, Insertable, Clone, Debug)]
#[diesel(table_name = settlement, treat_none_as_default_value = false)]
pub(crate) struct SettlementRow {
    id: i64,
    drive_id: i64,
    unit_id: i64,
    indicator_id: i64,
    day: i32,
    basis: String,
    value: i64,
    reported: Option<i64>,
    verified: Option<i64>,
    official: Option<i64>,
    reason: String,
    note: Option<String>,
    author: String,
    account_id: i64,
    at: i64,
}

impl From<&Settlement> for SettlementRow {
    fn from(settlement: &Settlement) -> Self {
        Self {
            id: settlement.id.get(),
            drive_id: settlement.drive.get(),
            unit_id: settlement.unit.get(),
            indicator_id: settlement.indicator.get(),
            day: day_number(settlement.day),
            basis: settlement.by.word().to_owned(),
            value: settlement.value.get(),
            reported: settlement.reported,
            verified: settlement.verified,
            official: settlement.official,
            reason: settlement.reason.word().to_owned(),
            note: settlement.note.as_ref().map(ToString::to_string),
            author: settlement.author.to_string(),
            account_id: settlement.account.get(),
            at: micros(settlement.at),
        }
    }
}

impl TryFrom<SettlementRow> for Settlement {
    type Error = StoreError;

    fn try_from(row: SettlementRow) -> Result<Self, StoreError> {
        let note = row.note.map(|text| Reason::new(&text)).transpose();
        Ok(Self {
            id: SettlementId::new(row.id),
            drive: DriveId::new(row.drive_id),
            unit: UnitId::new(row.unit_id),
            indicator: IndicatorId::new(row.indicator_id),
            day: day_of(row.day)?,
            by: Stored::from_word(&row.basis)?,
            value: Count::new(row.value).map_err(corrupt("settlement.value"))?,
            reported: row.reported,
            verified: row.verified,
            official: row.official,
            reason: Stored::from_word(&row.reason)?,
            note: note.map_err(corrupt("settlement.note"))?,
            author: Subject::new(&row.author).map_err(corrupt("settlement.author"))?,
            account: AccountId::new(row.account_id),
            at: instant_of(row.at)?,
        })
    }
}

/// A tolerance, in the order of its table.
#[derive(Queryable, Insertable, Clone, Debug)]
#[diesel(table_name = tolerance)]
pub(crate) struct ToleranceRow {
    drive_id: i64,
    version: i32,
    percent: String,
    absolute: i64,
    author: String,
    at: i64,
}

impl TryFrom<&Tolerance> for ToleranceRow {
    type Error = StoreError;

    fn try_from(tolerance: &Tolerance) -> Result<Self, StoreError> {
        Ok(Self {
            drive_id: tolerance.drive.get(),
            version: tolerance.version,
            percent: exact::encode(&tolerance.percent)?,
            absolute: tolerance.absolute.get(),
            author: tolerance.author.to_string(),
            at: micros(tolerance.at),
        })
    }
}

impl TryFrom<ToleranceRow> for Tolerance {
    type Error = StoreError;

    fn try_from(row: ToleranceRow) -> Result<Self, StoreError> {
        Ok(Self {
            drive: DriveId::new(row.drive_id),
            version: row.version,
            percent: exact::decode(&row.percent)?,
            absolute: Count::new(row.absolute).map_err(corrupt("tolerance.absolute"))?,
            author: Subject::new(&row.author).map_err(corrupt("tolerance.author"))?,
            at: instant_of(row.at)?,
        })
    }
}
