//! Decisions by two people.

use async_graphql::{Context, Object, SimpleObject, Value};
use caodiem_domain::error::Error;
use caodiem_domain::id::ProposalId;
use caodiem_domain::ports::WriteTx;
use caodiem_domain::proposal;
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::decide_proposal::{approve_proposal, reject_proposal, withdraw_proposal};
use caodiem_domain::usecase::propose_change::propose_change;
use caodiem_domain::usecase::read_proposals::proposals_by_id;

use crate::codes::{Codes, coded};
use crate::error::Result;
use crate::guard::{self, Decides};
use crate::inputs::proposal::{
    ApproveProposalInput, ProposeChangeInput, RejectProposalInput, WithdrawProposalInput, read_change,
};
use crate::objects::problem::UserError;
use crate::objects::proposal::Proposal;
use crate::request::{write, write_in_steps};

/// Decisions by two people.
#[derive(Default)]
pub(crate) struct ProposalMutations;

#[Object]
impl ProposalMutations {
    /// Proposes a change that takes two people (đề xuất). It is tried at once and undone, so that what could not be done
    /// is refused now, at its place under `change`. Nothing changes until another person approves it.
    #[graphql(guard = "Decides", visible = "guard::decides")]
    async fn propose_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change and why.")] input: ProposeChangeInput,
    ) -> Result<ProposeChangePayload> {
        let sent = sent_change(ctx);
        let command = coded(ctx, |codes| input.command(&sent, codes)).await?;
        let done = write_in_steps(ctx, &input.request_id, command, |store, act, command| {
            let id = propose_change(store, act, command)?;
            store.read(|tx| Ok(proposals_by_id(&act.actor, tx, &[id])?.remove(&id)))
        });
        let (proposal, errors) = done.await?;
        Ok(ProposeChangePayload { proposal: proposal.flatten().map(Proposal), errors })
    }

    /// Approves the proposal of another (duyệt). The change is done in the same transaction, as its proposer's act with
    /// the approver beside it; where it cannot be done any more, nothing is and the proposal stays open.
    #[graphql(guard = "Decides", visible = "guard::decides")]
    async fn approve_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: ApproveProposalInput,
    ) -> Result<ApproveProposalPayload> {
        let done = write(ctx, input, |act, tx, command| {
            let id = approve_proposal(act, tx, command, &|tx, proposal| {
                let codes = Codes::read(&act.actor, tx)?;
                read_change(proposal.operation, &proposal.input, &codes).map_err(Error::Refused)
            })?;
            shown(act, tx, id)
        });
        let (proposal, errors) = done.await?;
        Ok(ApproveProposalPayload { proposal: proposal.flatten().map(Proposal), errors })
    }

    /// Rejects the proposal of another (từ chối). Nothing is done.
    #[graphql(guard = "Decides", visible = "guard::decides")]
    async fn reject_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal and why not.")] input: RejectProposalInput,
    ) -> Result<RejectProposalPayload> {
        let done = write(ctx, input, |act, tx, command| {
            let id = reject_proposal(act, tx, command)?;
            shown(act, tx, id)
        });
        let (proposal, errors) = done.await?;
        Ok(RejectProposalPayload { proposal: proposal.flatten().map(Proposal), errors })
    }

    /// Takes one's own proposal back (rút đề xuất). Nothing is done.
    #[graphql(guard = "Decides", visible = "guard::decides")]
    async fn withdraw_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: WithdrawProposalInput,
    ) -> Result<WithdrawProposalPayload> {
        let done = write(ctx, input, |act, tx, command| {
            let id = withdraw_proposal(act, tx, command)?;
            shown(act, tx, id)
        });
        let (proposal, errors) = done.await?;
        Ok(WithdrawProposalPayload { proposal: proposal.flatten().map(Proposal), errors })
    }
}

/// The field `change` of the input as it was sent, variables filled in.
fn sent_change(ctx: &Context<'_>) -> Value {
    let arguments = ctx.field().arguments().unwrap_or_default();
    let input = arguments.into_iter().find(|(name, _)| name == "input");
    match input {
        Some((_, Value::Object(mut input))) => input.swap_remove("change").unwrap_or_default(),
        _ => Value::Null,
    }
}

/// The proposal after the decision, in the same transaction.
fn shown(act: &Act, tx: &mut dyn WriteTx, id: ProposalId) -> Result<Option<proposal::Proposal>, Error> {
    Ok(proposals_by_id(&act.actor, tx.as_read(), &[id])?.remove(&id))
}

/// What `proposeChange` gives.
#[derive(SimpleObject)]
pub(crate) struct ProposeChangePayload {
    /// The proposal; null when it was refused.
    proposal: Option<Proposal>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `approveProposal` gives.
#[derive(SimpleObject)]
pub(crate) struct ApproveProposalPayload {
    /// The proposal, approved and done; null when it was refused.
    proposal: Option<Proposal>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `rejectProposal` gives.
#[derive(SimpleObject)]
pub(crate) struct RejectProposalPayload {
    /// The proposal, rejected; null when it was refused.
    proposal: Option<Proposal>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `withdrawProposal` gives.
#[derive(SimpleObject)]
pub(crate) struct WithdrawProposalPayload {
    /// The proposal, withdrawn; null when it was refused.
    proposal: Option<Proposal>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}
