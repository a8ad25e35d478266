//! Decisions by two people: one proposes, another approves, and only then is it done (ASVS 2.3.5).

use sha2::{Digest, Sha256};

use crate::access::Permission;
use crate::audit::hex;
use crate::id::{AccountId, AssignmentId, ProposalId, UnitId};
use crate::text::Reason;
use crate::time::Instant;

/// How many days a proposal waits when it does not say.
pub const DAYS_DEFAULT: i64 = 7;
/// How many days a proposal may wait at most.
pub const DAYS_MAX: i64 = 30;

/// What may be proposed. Each is a mutation that, where two people are demanded, is refused without a proposal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Operation {
    /// Quotas of a drive that has opened.
    SetQuotas,
    /// A cascade in a drive that has opened.
    ApplyCascade,
    /// A root of the tree.
    FoundUnit,
    /// A new version of a root.
    ReviseUnit,
    /// A merger.
    MergeUnits,
    /// A split.
    SplitUnit,
    /// The closing of a root.
    CloseUnit,
    /// A system admin's assignment.
    GrantAssignment,
    /// Reports of closed days taken again.
    ReopenDay,
}

impl Operation {
    /// Every operation.
    pub const ALL: &'static [Self] = &[
        Self::SetQuotas,
        Self::ApplyCascade,
        Self::FoundUnit,
        Self::ReviseUnit,
        Self::MergeUnits,
        Self::SplitUnit,
        Self::CloseUnit,
        Self::GrantAssignment,
        Self::ReopenDay,
    ];

    /// The mutation that it is, by which it stands on record and in inputs.
    #[must_use]
    pub const fn mutation(self) -> &'static str {
        match self {
            Self::SetQuotas => "setQuotas",
            Self::ApplyCascade => "applyCascade",
            Self::FoundUnit => "foundUnit",
            Self::ReviseUnit => "reviseUnit",
            Self::MergeUnits => "mergeUnits",
            Self::SplitUnit => "splitUnit",
            Self::CloseUnit => "closeUnit",
            Self::GrantAssignment => "grantAssignment",
            Self::ReopenDay => "reopenDay",
        }
    }

    /// Where its input stands in the input of `proposeChange`.
    #[must_use]
    pub fn place(self) -> String {
        format!("change.{mutation}", mutation = self.mutation())
    }

    /// What both people need: the permission of the mutation itself; over roots and for a system admin's assignment also
    /// the right to reform, which only system admins have.
    #[must_use]
    pub const fn permissions(self) -> &'static [Permission] {
        match self {
            Self::SetQuotas | Self::ApplyCascade => &[Permission::ManageQuotas],
            Self::FoundUnit | Self::ReviseUnit | Self::CloseUnit => &[Permission::ManageUnits, Permission::ReformUnits],
            Self::MergeUnits | Self::SplitUnit => &[Permission::ReformUnits],
            Self::GrantAssignment => &[Permission::GrantRoles, Permission::ReformUnits],
            Self::ReopenDay => &[Permission::ManageReporting],
        }
    }
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

/// Where a proposal stands at a moment: what is stored, and whether its time is over.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Standing {
    /// Waits for another person.
    Open,
    /// Waited too long; nobody decided.
    Expired,
    /// Approved and done.
    Approved,
    /// Rejected.
    Rejected,
    /// Taken back.
    Withdrawn,
}

impl Standing {
    /// The word in messages and on record.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::Expired => "EXPIRED",
            Self::Approved => "APPROVED",
            Self::Rejected => "REJECTED",
            Self::Withdrawn => "WITHDRAWN",
        }
    }
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

impl Proposal {
    /// Whether it waited too long: nobody can approve or reject it any more.
    #[must_use]
    pub fn is_expired(&self, now: Instant) -> bool {
        self.state == ProposalState::Open && self.expires_at <= now
    }

    /// Where it stands at that moment.
    #[must_use]
    pub fn standing(&self, now: Instant) -> Standing {
        match self.state {
            ProposalState::Open if self.is_expired(now) => Standing::Expired,
            ProposalState::Open => Standing::Open,
            ProposalState::Approved => Standing::Approved,
            ProposalState::Rejected => Standing::Rejected,
            ProposalState::Withdrawn => Standing::Withdrawn,
        }
    }

    /// SHA-256, in hexadecimal, over everything that was proposed, each part with its length. It stands in the record of
    /// acts, so that a proposal that was changed in the database is not approved as what it was.
    #[must_use]
    pub fn digest(&self) -> String {
        let parts: [&str; 8] = [
            &self.id.get().to_string(),
            self.operation.mutation(),
            &self.input,
            &self.unit.get().to_string(),
            self.reason.as_str(),
            &format!("{proposer}/{assignment}", proposer = self.proposer.get(), assignment = self.assignment.get()),
            &self.proposed_at.timestamp_micros().to_string(),
            &self.expires_at.timestamp_micros().to_string(),
        ];
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hasher.update(part.as_bytes());
        }
        hex(&hasher.finalize())
    }
}

/// What lists of proposals can be narrowed by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ProposalPredicate {
    /// Standing in one of these ways at that moment.
    Standing(Vec<Standing>, Instant),
    /// One of these operations.
    Operation(Vec<Operation>),
    /// Of one of these accounts.
    Proposer(Vec<AccountId>),
    /// Concerning this unit or any under it.
    Under(UnitId),
}
