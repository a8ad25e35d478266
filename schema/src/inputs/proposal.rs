//! Inputs about proposals, and how a stored input is read again.

use async_graphql::{ID, InputObject, InputType, Name, OneofObject, Value};
use caodiem_domain::problem::{Code, Problem};
use caodiem_domain::proposal::{Operation, ProposalPredicate};
use caodiem_domain::text::Reason;
use caodiem_domain::time::Instant;
use caodiem_domain::usecase::decide_proposal::Decide;
use caodiem_domain::usecase::propose_change::{Change, ProposeChange};

use crate::codes::Codes;
use crate::error::Result;
use crate::filter::{LIST_MAX, Parts, Where};
use crate::ids::key_of;
use crate::inputs::assignment::GrantAssignmentInput;
use crate::inputs::basis::inside;
use crate::inputs::cascade::ApplyCascadeInput;
use crate::inputs::quota::SetQuotasInput;
use crate::inputs::reform_units::{CloseUnitInput, MergeUnitsInput, SplitUnitInput};
use crate::inputs::reporting::ReopenDayInput;
use crate::inputs::revise_unit::{FoundUnitInput, ReviseUnitInput};
use crate::inputs::{Check, mutation_inputs};
use crate::objects::proposal::{ProposalOperation, ProposalState};
use crate::scalars::DateTime;

mutation_inputs! {
    ApproveProposalInput => Decide,
    RejectProposalInput => Decide,
    WithdrawProposalInput => Decide,
}

/// What is proposed: the input of exactly one mutation. Its `requestId` has to be there and is not used.
#[derive(OneofObject)]
pub(crate) enum ChangeInput {
    /// Quotas of a drive that has opened.
    SetQuotas(SetQuotasInput),
    /// A cascade in a drive that has opened.
    ApplyCascade(ApplyCascadeInput),
    /// A root of the tree.
    FoundUnit(FoundUnitInput),
    /// A new version of a root.
    ReviseUnit(ReviseUnitInput),
    /// A merger.
    MergeUnits(MergeUnitsInput),
    /// A split.
    SplitUnit(SplitUnitInput),
    /// The closing of a root.
    CloseUnit(CloseUnitInput),
    /// A system admin's assignment.
    GrantAssignment(GrantAssignmentInput),
    /// Reports of closed days taken again.
    ReopenDay(ReopenDayInput),
}

impl ChangeInput {
    const fn operation(&self) -> Operation {
        match self {
            Self::SetQuotas(_) => Operation::SetQuotas,
            Self::ApplyCascade(_) => Operation::ApplyCascade,
            Self::FoundUnit(_) => Operation::FoundUnit,
            Self::ReviseUnit(_) => Operation::ReviseUnit,
            Self::MergeUnits(_) => Operation::MergeUnits,
            Self::SplitUnit(_) => Operation::SplitUnit,
            Self::CloseUnit(_) => Operation::CloseUnit,
            Self::GrantAssignment(_) => Operation::GrantAssignment,
            Self::ReopenDay(_) => Operation::ReopenDay,
        }
    }

    fn change(self, codes: &Codes) -> Result<Change, Vec<Problem>> {
        match self {
            Self::SetQuotas(input) => input.command(codes).map(Change::SetQuotas),
            Self::ApplyCascade(input) => input.command(codes).map(Change::ApplyCascade),
            Self::FoundUnit(input) => input.try_into().map(Change::FoundUnit),
            Self::ReviseUnit(input) => input.try_into().map(Change::ReviseUnit),
            Self::MergeUnits(input) => input.try_into().map(Change::MergeUnits),
            Self::SplitUnit(input) => input.try_into().map(Change::SplitUnit),
            Self::CloseUnit(input) => input.try_into().map(Change::CloseUnit),
            Self::GrantAssignment(input) => input.try_into().map(Change::GrantAssignment),
            Self::ReopenDay(input) => input.try_into().map(Change::ReopenDay),
        }
    }
}

/// The change that a stored input is. What is proposed goes this way too, so that what was tried is what will be done.
///
/// # Errors
/// What is wrong with it, at `change.<mutation>`; `ProposalAltered` when it is no input of the mutation.
pub(crate) fn read_change(operation: Operation, json: &str, codes: &Codes) -> Result<Change, Vec<Problem>> {
    let altered = || vec![Problem::new(Code::ProposalAltered).at("proposal")];
    let stored = serde_json::from_str(json).ok().and_then(|json| Value::from_json(json).ok()).ok_or_else(altered)?;
    let tagged = Value::Object([(Name::new(operation.mutation()), stored)].into_iter().collect());
    let input = ChangeInput::parse(Some(tagged)).map_err(|_unreadable| altered())?;
    input.change(codes).map_err(|problems| inside(&operation.place(), problems))
}

/// A change that takes two people.
#[derive(InputObject)]
pub(crate) struct ProposeChangeInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    pub(crate) request_id: String,
    /// Why, at most 500 characters.
    reason: String,
    /// From when on nobody can approve it; after 7 days when absent, at most 30 days from now.
    expires_at: Option<DateTime>,
    /// What is to be done.
    change: ChangeInput,
}

impl ProposeChangeInput {
    /// The command, or everything that is wrong. `sent` is the field `change` as it was sent.
    pub(crate) fn command(&self, sent: &Value, codes: &Codes) -> Result<ProposeChange, Vec<Problem>> {
        let operation = self.change.operation();
        let mut check = Check::default();
        let reason = check.field("reason", Reason::new(&self.reason));
        let input = match sent {
            Value::Object(change) => change.get(operation.mutation()).cloned(),
            _ => None,
        };
        let input = input.and_then(|input| input.into_json().ok()).unwrap_or_default().to_string();
        let change = check.all(read_change(operation, &input, codes));
        check.done(|| {
            let expires_at = self.expires_at.map(|moment| moment.0);
            Some(ProposeChange { change: change?, input, reason: reason?, expires_at })
        })
    }
}

/// An approval: the change is done in the same moment.
#[derive(InputObject)]
pub(crate) struct ApproveProposalInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The proposal.
    proposal: ID,
    /// The `version` it was read at.
    expected_version: i32,
    /// What there is to say, at most 500 characters.
    note: Option<String>,
}

/// A rejection.
#[derive(InputObject)]
pub(crate) struct RejectProposalInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The proposal.
    proposal: ID,
    /// The `version` it was read at.
    expected_version: i32,
    /// Why, at most 500 characters.
    note: String,
}

/// The withdrawal of one's own proposal.
#[derive(InputObject)]
pub(crate) struct WithdrawProposalInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The proposal.
    proposal: ID,
    /// The `version` it was read at.
    expected_version: i32,
    /// What there is to say, at most 500 characters.
    note: Option<String>,
}

impl TryFrom<ApproveProposalInput> for Decide {
    type Error = Vec<Problem>;

    fn try_from(input: ApproveProposalInput) -> Result<Self, Vec<Problem>> {
        decide(&input.proposal, input.expected_version, input.note.as_deref())
    }
}

impl TryFrom<RejectProposalInput> for Decide {
    type Error = Vec<Problem>;

    fn try_from(input: RejectProposalInput) -> Result<Self, Vec<Problem>> {
        decide(&input.proposal, input.expected_version, Some(&input.note))
    }
}

impl TryFrom<WithdrawProposalInput> for Decide {
    type Error = Vec<Problem>;

    fn try_from(input: WithdrawProposalInput) -> Result<Self, Vec<Problem>> {
        decide(&input.proposal, input.expected_version, input.note.as_deref())
    }
}

fn decide(proposal: &ID, expected_version: i32, note: Option<&str>) -> Result<Decide, Vec<Problem>> {
    let mut check = Check::default();
    let proposal = check.field("proposal", key_of(proposal));
    let note = check.optional("note", note, |text| Reason::new(text));
    check.done(|| Some(Decide { proposal: proposal?, expected_version, note: note? }))
}

/// Narrows a list of proposals. All given fields hold together.
#[derive(InputObject)]
pub(crate) struct ProposalWhere {
    /// All of these hold.
    and: Option<Vec<ProposalWhere>>,
    /// At least one of these holds.
    or: Option<Vec<ProposalWhere>>,
    /// This does not hold.
    not: Option<Box<ProposalWhere>>,
    /// Standing in one of these ways now.
    state: Option<Vec<ProposalState>>,
    /// One of these operations.
    operation: Option<Vec<ProposalOperation>>,
    /// Concerning this unit or any under it.
    under: Option<ID>,
}

/// A condition and the moment for which it is asked.
pub(crate) struct AsOf<W>(pub(crate) W, pub(crate) Instant);

impl Where for AsOf<ProposalWhere> {
    type Predicate = ProposalPredicate;

    fn parts(self, check: &mut Check) -> Parts<Self, ProposalPredicate> {
        let Self(input, now) = self;
        check.at_most("state", input.state.as_deref().unwrap_or_default(), LIST_MAX);
        check.at_most("operation", input.operation.as_deref().unwrap_or_default(), LIST_MAX);
        let under = check.optional("under", input.under, key_of).flatten();
        let states = input.state.map(|states| states.into_iter().map(Into::into).collect());
        let operations = input.operation.map(|operations| operations.into_iter().map(Into::into).collect());
        let is = [
            states.map(|states| ProposalPredicate::Standing(states, now)),
            operations.map(ProposalPredicate::Operation),
            under.map(ProposalPredicate::Under),
        ];
        let branches = |branches: Vec<ProposalWhere>| branches.into_iter().map(|input| Self(input, now)).collect();
        let not = input.not.map(|branch| Box::new(Self(*branch, now)));
        Parts { and: input.and.map(branches), or: input.or.map(branches), not, is: is.into_iter().flatten().collect() }
    }
}
