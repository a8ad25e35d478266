//! Rows of the record of acts. What they hold is given back as it stands, also where somebody changed it: judging the
//! chain is the domain's.

use caodiem_domain::audit::{Checkpoint, Record};
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{AccountId, AssignmentId, UnitId};
use diesel::prelude::*;

use super::account::hash;
use super::moment::{instant_of, micros};
use crate::tables::audit_checkpoint;

/// A recorded act, in the order of its table.
#[derive(Queryable, Clone, Debug)]
pub(crate) struct RecordRow {
    pub(crate) seq: i64,
    pub(crate) at: i64,
    pub(crate) account_id: i64,
    pub(crate) subject: String,
    pub(crate) assignment_id: i64,
    pub(crate) role: Option<String>,
    pub(crate) operation: String,
    pub(crate) unit_id: Option<i64>,
    pub(crate) input: String,
    pub(crate) changes: String,
    pub(crate) outcome: String,
    pub(crate) request: String,
    pub(crate) previous: Vec<u8>,
    pub(crate) hash: Vec<u8>,
}

impl From<Record> for RecordRow {
    fn from(record: Record) -> Self {
        Self {
            seq: record.seq,
            at: micros(record.at),
            account_id: record.account.get(),
            subject: record.subject,
            assignment_id: record.assignment.get(),
            role: record.role,
            operation: record.operation,
            unit_id: record.unit.map(UnitId::get),
            input: record.input,
            changes: record.changes,
            outcome: record.outcome,
            request: record.request,
            previous: record.previous.to_vec(),
            hash: record.hash.to_vec(),
        }
    }
}

impl TryFrom<RecordRow> for Record {
    type Error = StoreError;

    fn try_from(row: RecordRow) -> Result<Self, StoreError> {
        Ok(Self {
            seq: row.seq,
            at: instant_of(row.at)?,
            account: AccountId::new(row.account_id),
            subject: row.subject,
            assignment: AssignmentId::new(row.assignment_id),
            role: row.role,
            operation: row.operation,
            unit: row.unit_id.map(UnitId::new),
            input: row.input,
            changes: row.changes,
            outcome: row.outcome,
            request: row.request,
            previous: hash(&row.previous, "audit.previous")?,
            hash: hash(&row.hash, "audit.hash")?,
        })
    }
}

/// A checkpoint, in the order of its table.
#[derive(Queryable, Insertable, Clone, Debug)]
#[diesel(table_name = audit_checkpoint)]
pub(crate) struct CheckpointRow {
    seq: i64,
    hash: Vec<u8>,
    at: i64,
    kid: String,
    signature: Vec<u8>,
}

impl From<&Checkpoint> for CheckpointRow {
    fn from(checkpoint: &Checkpoint) -> Self {
        Self {
            seq: checkpoint.seq,
            hash: checkpoint.hash.to_vec(),
            at: micros(checkpoint.at),
            kid: checkpoint.kid.clone(),
            signature: checkpoint.signature.clone(),
        }
    }
}

impl TryFrom<CheckpointRow> for Checkpoint {
    type Error = StoreError;

    fn try_from(row: CheckpointRow) -> Result<Self, StoreError> {
        Ok(Self {
            seq: row.seq,
            hash: hash(&row.hash, "audit_checkpoint.hash")?,
            at: instant_of(row.at)?,
            kid: row.kid,
            signature: row.signature,
        })
    }
}
