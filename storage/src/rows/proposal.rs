//! Rows of proposals.

use caodiem_domain::error::StoreError;
use caodiem_domain::id::{AccountId, AssignmentId, ProposalId, UnitId};
use caodiem_domain::proposal::{Operation, Proposal, ProposalState};
use caodiem_domain::text::Reason;
use diesel::prelude::*;

use super::code::Stored;
use super::corrupt;
use super::moment::{instant_of, micros};
use crate::tables::proposal;

/// A proposal, in the order of its table.
#[derive(Queryable, Insertable, AsChangeset, Clone, Debug)]
#[diesel(table_name = proposal, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct ProposalRow {
    id: i64,
    operation: String,
    input: String,
    unit_id: i64,
    reason: String,
    proposer_id: i64,
    assignment_id: i64,
    proposed_at: i64,
    expires_at: i64,
    state: String,
    decided_by: Option<i64>,
    decided_at: Option<i64>,
    note: Option<String>,
    version: i32,
}

impl From<&Proposal> for ProposalRow {
    fn from(proposal: &Proposal) -> Self {
        Self {
            id: proposal.id.get(),
            operation: proposal.operation.word().to_owned(),
            input: proposal.input.clone(),
            unit_id: proposal.unit.get(),
            reason: proposal.reason.to_string(),
            proposer_id: proposal.proposer.get(),
            assignment_id: proposal.assignment.get(),
            proposed_at: micros(proposal.proposed_at),
            expires_at: micros(proposal.expires_at),
            state: proposal.state.word().to_owned(),
            decided_by: proposal.decided_by.map(AccountId::get),
            decided_at: proposal.decided_at.map(micros),
            note: proposal.note.as_ref().map(ToString::to_string),
            version: proposal.version,
        }
    }
}

impl TryFrom<ProposalRow> for Proposal {
    type Error = StoreError;

    fn try_from(row: ProposalRow) -> Result<Self, StoreError> {
        let note = row.note.as_deref().map(Reason::new).transpose();
        Ok(Self {
            id: ProposalId::new(row.id),
            operation: Operation::from_word(&row.operation)?,
            input: row.input,
            unit: UnitId::new(row.unit_id),
            reason: Reason::new(&row.reason).map_err(corrupt("proposal.reason"))?,
            proposer: AccountId::new(row.proposer_id),
            assignment: AssignmentId::new(row.assignment_id),
            proposed_at: instant_of(row.proposed_at)?,
            expires_at: instant_of(row.expires_at)?,
            state: ProposalState::from_word(&row.state)?,
            decided_by: row.decided_by.map(AccountId::new),
            decided_at: row.decided_at.map(instant_of).transpose()?,
            note: note.map_err(corrupt("proposal.note"))?,
            version: row.version,
        })
    }
}
