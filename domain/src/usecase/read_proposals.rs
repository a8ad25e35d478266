//! Reading proposals: whoever could have proposed the same sees them, and everybody sees their own.

use std::collections::BTreeMap;

use crate::access::{Actor, Permission, Scope};
use crate::error::Error;
use crate::id::{AccountId, ProposalId};
use crate::page::{Filter, Page, PageRequest};
use crate::ports::ReadTx;
use crate::problem::Problem;
use crate::proposal::{Operation, Proposal, ProposalPredicate};
use crate::text::Subject;

/// Proposals that the actor sees, by id; missing ones are left out.
///
/// # Errors
/// `Forbidden`.
pub fn proposals_by_id(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    ids: &[ProposalId],
) -> Result<BTreeMap<ProposalId, Proposal>, Error> {
    require_decider(actor)?;
    let operations = decidable(actor);
    let mut found = tx.proposals_by_id(&actor.scope, ids)?;
    found.retain(|_, proposal| operations.contains(&proposal.operation) || is_own(actor, proposal));
    Ok(found)
}

/// A page of proposals that the actor sees, newest first.
///
/// # Errors
/// `Forbidden`, `BadCursor`.
pub fn list_proposals(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    filter: &Filter<ProposalPredicate>,
    page: &PageRequest,
) -> Result<Page<Proposal>, Error> {
    require_decider(actor)?;
    Ok(tx.list_proposals(&actor.scope, &seen(actor, filter), page)?)
}

/// How many proposals that the actor sees fit.
///
/// # Errors
/// `Forbidden`.
pub fn count_proposals(actor: &Actor, tx: &mut dyn ReadTx, filter: &Filter<ProposalPredicate>) -> Result<u64, Error> {
    require_decider(actor)?;
    Ok(tx.count_proposals(&actor.scope, &seen(actor, filter))?)
}

/// The logins of accounts that proposals which the actor sees name.
///
/// # Errors
/// `Forbidden`.
pub fn logins(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    accounts: &[AccountId],
) -> Result<BTreeMap<AccountId, Subject>, Error> {
    require_decider(actor)?;
    let found = tx.accounts_by_id(&Scope::Country, accounts)?;
    Ok(found.into_iter().map(|(id, account)| (id, account.login)).collect())
}

/// Demands that the role has anything to do with proposals.
pub(super) fn require_decider(actor: &Actor) -> Result<(), Error> {
    if operations(actor).next().is_some() { Ok(()) } else { actor.require(Permission::ManageQuotas) }
}

/// A proposal that the actor sees; any other equals one that does not exist.
pub(super) fn visible_proposal(actor: &Actor, tx: &mut dyn ReadTx, id: ProposalId) -> Result<Proposal, Error> {
    let found = proposals_by_id(actor, tx, &[id])?.remove(&id);
    Ok(found.ok_or_else(|| Problem::not_found("Proposal", id.get()).at("proposal"))?)
}

/// What the actor could propose.
fn operations(actor: &Actor) -> impl Iterator<Item = Operation> + '_ {
    let may = |operation: &Operation| operation.permissions().iter().all(|permission| actor.may(*permission));
    Operation::ALL.iter().copied().filter(may)
}

/// What the actor may decide on. An assignment for one drive only would see figures of others in their proposals, so it
/// sees and withdraws its own and decides on none.
fn decidable(actor: &Actor) -> Vec<Operation> {
    if actor.drive.is_some() { Vec::new() } else { operations(actor).collect() }
}

fn is_own(actor: &Actor, proposal: &Proposal) -> bool {
    actor.account.get() != 0 && proposal.proposer == actor.account
}

fn seen(actor: &Actor, filter: &Filter<ProposalPredicate>) -> Filter<ProposalPredicate> {
    let mut either = vec![Filter::Is(ProposalPredicate::Operation(decidable(actor)))];
    if actor.account.get() != 0 {
        either.push(Filter::Is(ProposalPredicate::Proposer(vec![actor.account])));
    }
    Filter::All(vec![filter.clone(), Filter::Any(either)])
}
