//! Decisions by two people: one proposes, another approves, and only then is it done (ASVS 2.3.5).

use crate::id::{AccountId, AssignmentId, ProposalId, UnitId};
use crate::text::Reason;
use crate::time::Instant;

/// What may be proposed. Each is a mutation that, where two people are demanded, is refused without a proposal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Operation {
    /// Quotas of a drive that has opened.
    SetQuotas,
    /// A cascade in a drive that has opened.
    ApplyCascade,
    /// A root of the tree.
    FoundUnit,
    /// A merger.
    MergeUnits,
    /// A split.
    SplitUnit,
    /// The closing of a root.
    CloseUnit,
    /// A system admin's assignment.
    GrantAssignment,
}

/// Where a proposal stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ProposalState {
    /// Waits for another person.
    Open,
    /// Approved, and done in the same moment.
    Approved,
    /// Rejected by another person.
    Rejected,
    /// Taken back by its proposer.
    Withdrawn,
}

/// A proposal. The input is kept word for word, so that what is approved is what was proposed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposal {
    /// Its key.
    pub id: ProposalId,
    /// What is to be done.
    pub operation: Operation,
    /// With what: canonical JSON of the mutation's input.
    pub input: String,
    /// The unit it concerns: who sees the unit and may do the operation sees the proposal.
    pub unit: UnitId,
    /// Why.
    pub reason: Reason,
    /// Who proposed it.
    pub proposer: AccountId,
    /// Under which assignment.
    pub assignment: AssignmentId,
    /// When.
    pub proposed_at: Instant,
    /// From when on nobody can approve it any more.
    pub expires_at: Instant,
    /// Where it stands; an open one past its time is over too.
    pub state: ProposalState,
    /// Who approved, rejected or withdrew it.
    pub decided_by: Option<AccountId>,
    /// When.
    pub decided_at: Option<Instant>,
    /// What they said.
    pub note: Option<Reason>,
    /// Counted up by each change.
    pub version: i32,
}

/// What lists of proposals can be narrowed by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ProposalPredicate {
    /// In one of these states.
    State(Vec<ProposalState>),
    /// One of these operations.
    Operation(Vec<Operation>),
    /// Of one of these accounts.
    Proposer(Vec<AccountId>),
    /// Concerning this unit or any under it.
    Under(UnitId),
}
