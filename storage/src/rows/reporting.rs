//! Rows of report discipline: excuses, reopened days, and what receipts are read as.

use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, ExcuseId, ReopeningId, TeamId, UnitId};
use caodiem_domain::reporting::excuse::{Excuse, Reopening, Withdrawal};
use caodiem_domain::text::{PlanNumber, Reason, Subject};
use caodiem_domain::time::{DayRange, Instant};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::corrupt;
use super::moment::{day_number, day_of, instant_of, micros};
use crate::tables::{reopening, report_excuse};

/// Somebody and two numbers: what questions about receipts give.
#[derive(QueryableByName, Clone, Copy, Debug)]
pub(crate) struct CountRow {
    #[diesel(sql_type = BigInt)]
    pub(crate) unit_id: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) team_id: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) one: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) two: i64,
}

/// An excuse, in the order of its table.
#[derive(Queryable, Insertable, AsChangeset, Clone, Debug)]
#[diesel(table_name = report_excuse, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct ExcuseRow {
    id: i64,
    drive_id: i64,
    unit_id: i64,
    team_id: Option<i64>,
    from_day: i32,
    to_day: i32,
    reason: String,
    author: String,
    at: i64,
    withdrawn_reason: Option<String>,
    withdrawn_by: Option<String>,
    withdrawn_at: Option<i64>,
    version: i32,
}

impl From<&Excuse> for ExcuseRow {
    fn from(excuse: &Excuse) -> Self {
        let withdrawn = excuse.withdrawn.as_ref();
        Self {
            id: excuse.id.get(),
            drive_id: excuse.drive.get(),
            unit_id: excuse.unit.get(),
            team_id: excuse.team.map(TeamId::get),
            from_day: day_number(excuse.days.from()),
            to_day: day_number(excuse.days.to()),
            reason: excuse.reason.to_string(),
            author: excuse.author.to_string(),
            at: micros(excuse.at),
            withdrawn_reason: withdrawn.map(|withdrawn| withdrawn.reason.to_string()),
            withdrawn_by: withdrawn.map(|withdrawn| withdrawn.author.to_string()),
            withdrawn_at: withdrawn.map(|withdrawn| micros(withdrawn.at)),
            version: excuse.version,
        }
    }
}

impl TryFrom<ExcuseRow> for Excuse {
    type Error = StoreError;

    fn try_from(row: ExcuseRow) -> Result<Self, StoreError> {
        let withdrawn = match (row.withdrawn_reason, row.withdrawn_by, row.withdrawn_at) {
            (Some(reason), Some(author), Some(at)) => Some(Withdrawal {
                reason: reason_of(&reason)?,
                author: Subject::new(&author).map_err(corrupt("report_excuse.withdrawn_by"))?,
                at: instant_of(at)?,
            }),
            _ => None,
        };
        Ok(Self {
            id: ExcuseId::new(row.id),
            drive: DriveId::new(row.drive_id),
            unit: UnitId::new(row.unit_id),
            team: row.team_id.map(TeamId::new),
            days: days_of(row.from_day, row.to_day)?,
            reason: reason_of(&row.reason)?,
            author: Subject::new(&row.author).map_err(corrupt("report_excuse.author"))?,
            at: instant_of(row.at)?,
            withdrawn,
            version: row.version,
        })
    }
}

/// Reopened days, in the order of their table.
#[derive(Queryable, Insertable, Clone, Debug)]
#[diesel(table_name = reopening)]
pub(crate) struct ReopeningRow {
    id: i64,
    drive_id: i64,
    unit_id: i64,
    from_day: i32,
    to_day: i32,
    until: i64,
    reason: String,
    decision: String,
    author: String,
    at: i64,
}

impl From<&Reopening> for ReopeningRow {
    fn from(reopening: &Reopening) -> Self {
        Self {
            id: reopening.id.get(),
            drive_id: reopening.drive.get(),
            unit_id: reopening.unit.get(),
            from_day: day_number(reopening.days.from()),
            to_day: day_number(reopening.days.to()),
            until: micros(reopening.until),
            reason: reopening.reason.to_string(),
            decision: reopening.decision.to_string(),
            author: reopening.author.to_string(),
            at: micros(reopening.at),
        }
    }
}

impl TryFrom<ReopeningRow> for Reopening {
    type Error = StoreError;

    fn try_from(row: ReopeningRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: ReopeningId::new(row.id),
            drive: DriveId::new(row.drive_id),
            unit: UnitId::new(row.unit_id),
            days: days_of(row.from_day, row.to_day)?,
            until: instant_of(row.until)?,
            reason: reason_of(&row.reason)?,
            decision: PlanNumber::new(&row.decision).map_err(corrupt("reopening.decision"))?,
            author: Subject::new(&row.author).map_err(corrupt("reopening.author"))?,
            at: instant_of(row.at)?,
        })
    }
}

fn reason_of(text: &str) -> Result<Reason, StoreError> {
    Reason::new(text).map_err(corrupt("reason"))
}

fn days_of(from: i32, to: i32) -> Result<DayRange, StoreError> {
    DayRange::new(day_of(from)?, day_of(to)?).map_err(corrupt("days"))
}

/// The moment of a count's first number.
pub(crate) fn first_of(row: &CountRow) -> Result<Instant, StoreError> {
    instant_of(row.one)
}
