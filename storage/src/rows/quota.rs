//! Rows of quotas and of their history.

use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, GroupId, IndicatorId, MemberId, PhaseId, QuotaId, TeamId, UnitId};
use caodiem_domain::quota::{Amendment, Holder, Quota, QuotaKey};
use caodiem_domain::text::{PlanNumber, Reason, Subject};
use caodiem_domain::time::Day;
use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{basis, corrupt, exact};
use crate::tables::{quota, quota_amendment};

/// The kind of a holder that is a unit.
pub(crate) const HELD_BY_UNIT: i16 = 1;
/// The kind of a holder that is a team.
pub(crate) const HELD_BY_TEAM: i16 = 2;
const HELD_BY_MEMBER: i16 = 3;

/// Kind and id of a holder.
pub(crate) const fn holder_key(holder: Holder) -> (i16, i64) {
    match holder {
        Holder::Unit(id) => (HELD_BY_UNIT, id.get()),
        Holder::Team(id) => (HELD_BY_TEAM, id.get()),
        Holder::Member(id) => (HELD_BY_MEMBER, id.get()),
    }
}

fn holder_of(kind: i16, id: i64) -> Result<Holder, StoreError> {
    match kind {
        HELD_BY_UNIT => Ok(Holder::Unit(UnitId::new(id))),
        HELD_BY_TEAM => Ok(Holder::Team(TeamId::new(id))),
        HELD_BY_MEMBER => Ok(Holder::Member(MemberId::new(id))),
        _ => Err(StoreError::Corrupt(format!("holder of kind {kind}"))),
    }
}

/// The whole drive is phase 0: a key that is part of a unique one cannot be NULL.
pub(crate) const fn phase_key(phase: Option<PhaseId>) -> i64 {
    match phase {
        Some(id) => id.get(),
        None => 0,
    }
}

/// A quota, in the order of its table.
#[derive(Queryable, Insertable, Clone, Debug)]
#[diesel(table_name = quota, treat_none_as_default_value = false)]
pub(crate) struct QuotaRow {
    pub(crate) id: i64,
    drive_id: i64,
    phase_id: i64,
    holder_kind: i16,
    holder_id: i64,
    pub(crate) unit_id: i64,
    indicator_id: i64,
    group_id: i64,
    pub(crate) basis: String,
    pub(crate) amount: String,
    pub(crate) due: Option<Day>,
    pub(crate) counts_opening: bool,
    pub(crate) version: i32,
}

impl QuotaRow {
    /// The row of a quota whose holder belongs to `unit`.
    pub(crate) fn new(quota: &Quota, unit: UnitId) -> Result<Self, StoreError> {
        let (holder_kind, holder_id) = holder_key(quota.key.holder);
        Ok(Self {
            id: quota.id.get(),
            drive_id: quota.key.drive.get(),
            phase_id: phase_key(quota.key.phase),
            holder_kind,
            holder_id,
            unit_id: unit.get(),
            indicator_id: quota.key.indicator.get(),
            group_id: quota.key.group.get(),
            basis: basis::encode(&quota.basis),
            amount: exact::encode(&quota.amount)?,
            due: quota.due,
            counts_opening: quota.counts_opening,
            version: quota.version,
        })
    }
}

impl TryFrom<QuotaRow> for Quota {
    type Error = StoreError;

    fn try_from(row: QuotaRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: QuotaId::new(row.id),
            key: QuotaKey {
                drive: DriveId::new(row.drive_id),
                phase: (row.phase_id != 0).then(|| PhaseId::new(row.phase_id)),
                holder: holder_of(row.holder_kind, row.holder_id)?,
                indicator: IndicatorId::new(row.indicator_id),
                group: GroupId::new(row.group_id),
            },
            basis: basis::decode(&row.basis)?,
            amount: exact::decode(&row.amount)?,
            due: row.due,
            counts_opening: row.counts_opening,
            version: row.version,
        })
    }
}

/// An amendment, in the order of its table.
#[derive(Queryable, Insertable, Clone, Debug)]
#[diesel(table_name = quota_amendment, treat_none_as_default_value = false)]
pub(crate) struct AmendmentRow {
    quota_id: i64,
    version: i32,
    amount: String,
    basis: String,
    explanation: String,
    reason: Option<String>,
    decision: Option<String>,
    author: String,
    at: NaiveDateTime,
}

impl TryFrom<&Amendment> for AmendmentRow {
    type Error = StoreError;

    fn try_from(amendment: &Amendment) -> Result<Self, StoreError> {
        Ok(Self {
            quota_id: amendment.quota.get(),
            version: amendment.version,
            amount: exact::encode(&amendment.amount)?,
            basis: basis::encode(&amendment.basis),
            explanation: amendment.explanation.clone(),
            reason: amendment.reason.as_ref().map(ToString::to_string),
            decision: amendment.decision.as_ref().map(ToString::to_string),
            author: amendment.author.to_string(),
            at: amendment.at.naive_utc(),
        })
    }
}

impl TryFrom<AmendmentRow> for Amendment {
    type Error = StoreError;

    fn try_from(row: AmendmentRow) -> Result<Self, StoreError> {
        let reason = row.reason.map(|text| Reason::new(&text)).transpose();
        let decision = row.decision.map(|text| PlanNumber::new(&text)).transpose();
        Ok(Self {
            quota: QuotaId::new(row.quota_id),
            version: row.version,
            amount: exact::decode(&row.amount)?,
            basis: basis::decode(&row.basis)?,
            explanation: row.explanation,
            reason: reason.map_err(corrupt("quota_amendment.reason"))?,
            decision: decision.map_err(corrupt("quota_amendment.decision"))?,
            author: Subject::new(&row.author).map_err(corrupt("quota_amendment.author"))?,
            at: row.at.and_utc(),
        })
    }
}
