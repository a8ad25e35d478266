//! Deciding on proposals: another person approves or rejects, the proposer may withdraw.

use sha2::{Digest, Sha256};

use crate::access::{Actor, Scope};
use crate::audit::Change as Told;
use crate::error::Error;
use crate::id::ProposalId;
use crate::ports::{Lock, ReadTx, WriteTx};
use crate::problem::{Code, Problem};
use crate::proposal::{Operation, Proposal, ProposalState};
use crate::request::RequestKey;
use crate::session::Claims;
use crate::text::{Reason, RequestId};
use crate::usecase::Act;
use crate::usecase::on_record::is_on_record;
use crate::usecase::propose_change::Change;
use crate::usecase::read_proposals::{require_decider, visible_proposal};
use crate::usecase::resolve_actor::resolve_actor;
use crate::usecase::two_people::{Approval, Authority};

/// A decision on a proposal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decide {
    /// Which.
    pub proposal: ProposalId,
    /// The version it was read at.
    pub expected_version: i32,
    /// What the decider has to say.
    pub note: Option<Reason>,
}

/// Reads a stored input as the change that it is: how clients write inputs is no matter of the domain.
pub type ReadChange<'a> = dyn Fn(&mut dyn ReadTx, &Proposal) -> Result<Change, Error> + 'a;

/// Approves a proposal and does what it proposes, in one transaction: under the assignment of the proposer, who is its
/// author, with the approver beside them on record. When the change cannot be done any more, nothing is, and the
/// proposal stays open.
///
/// # Errors
/// `Forbidden`, `NotFound` (out of scope, or an operation the actor lacks permissions for), `ProposalState`,
/// `StaleVersion`, `OwnProposal`, `ProposalAltered`, `ProposerLeft`, `GrantToSelf`, and whatever the change itself is refused for, at
/// `change.<mutation>`.
pub fn approve_proposal(
    act: &Act,
    tx: &mut dyn WriteTx,
    command: &Decide,
    read: &ReadChange<'_>,
) -> Result<ProposalId, Error> {
    require_decider(&act.actor)?;
    let operation = visible_proposal(&act.actor, tx.as_read(), command.proposal)?.operation;
    tx.lock(locks(operation))?;
    act.once(tx, |tx| {
        let proposal = open_proposal(act, tx, command)?;
        require_other(act, &proposal)?;
        require_recorded(tx.as_read(), &proposal)?;
        let proposer = proposer_of(act, tx.as_read(), &proposal)?;
        let change = read(tx.as_read(), &proposal)?;
        if change.grantee() == Some(act.actor.account) {
            return Err(Problem::new(Code::GrantToSelf).at("proposal").into());
        }
        change.run(&approved(act, proposer, &proposal)?, tx)?;
        settle(act, tx, proposal, ProposalState::Approved, command)
    })
}

/// Rejects a proposal; nothing is done.
///
/// # Errors
/// `Forbidden`, `NotFound`, `ProposalState`, `StaleVersion`, `OwnProposal`.
pub fn reject_proposal(act: &Act, tx: &mut dyn WriteTx, command: &Decide) -> Result<ProposalId, Error> {
    require_decider(&act.actor)?;
    tx.lock(&[Lock::Grants])?;
    act.once(tx, |tx| {
        let proposal = open_proposal(act, tx, command)?;
        require_other(act, &proposal)?;
        settle(act, tx, proposal, ProposalState::Rejected, command)
    })
}

/// Takes one's own proposal back; nothing is done.
///
/// # Errors
/// `Forbidden`, `NotFound`, `ProposalState`, `StaleVersion`, `NotProposer`.
pub fn withdraw_proposal(act: &Act, tx: &mut dyn WriteTx, command: &Decide) -> Result<ProposalId, Error> {
    require_decider(&act.actor)?;
    tx.lock(&[Lock::Grants])?;
    act.once(tx, |tx| {
        let proposal = open_proposal(act, tx, command)?;
        if proposal.proposer != act.actor.account {
            return Err(Problem::new(Code::NotProposer).at("proposal").into());
        }
        settle(act, tx, proposal, ProposalState::Withdrawn, command)
    })
}

/// Decisions stand one after another. What the change itself locks is locked before, in the same order as elsewhere; the
/// book, which comes after, no job holds that then waits for this lock.
const fn locks(operation: Operation) -> &'static [Lock] {
    match operation {
        Operation::SetQuotas | Operation::ApplyCascade | Operation::GrantAssignment | Operation::ReopenDay => {
            &[Lock::TreeShared, Lock::Grants]
        }
        Operation::FoundUnit
        | Operation::ReviseUnit
        | Operation::MergeUnits
        | Operation::SplitUnit
        | Operation::CloseUnit => &[Lock::Tree, Lock::Grants],
    }
}

/// The proposal, when it can be decided on. To be called under the lock.
fn open_proposal(act: &Act, tx: &mut dyn WriteTx, command: &Decide) -> Result<Proposal, Error> {
    let proposal = visible_proposal(&act.actor, tx.as_read(), command.proposal)?;
    if proposal.state != ProposalState::Open || proposal.is_expired(act.now) {
        let over = Problem::new(Code::ProposalState).with("actual", proposal.standing(act.now).as_str());
        return Err(over.at("proposal").into());
    }
    if proposal.version != command.expected_version {
        let stale = Problem::new(Code::StaleVersion).with("actual", proposal.version);
        return Err(stale.with("expected", command.expected_version).at("expectedVersion").into());
    }
    Ok(proposal)
}

/// Another person: another account, whatever the assignment.
fn require_other(act: &Act, proposal: &Proposal) -> Result<(), Error> {
    if act.actor.account.get() == 0 || act.actor.account == proposal.proposer {
        return Err(Problem::new(Code::OwnProposal).at("proposal").into());
    }
    Ok(())
}

/// What is stored has to be what stands on record as proposed at that moment by that account.
fn require_recorded(tx: &mut dyn ReadTx, proposal: &Proposal) -> Result<(), Error> {
    if is_on_record(tx, proposal.proposer, proposal.proposed_at, &proposal.digest())? {
        return Ok(());
    }
    Err(Problem::new(Code::ProposalAltered).at("proposal").into())
}

/// The proposer as they stand now, under the assignment that they proposed it under: in force, of an account in use.
fn proposer_of(act: &Act, tx: &mut dyn ReadTx, proposal: &Proposal) -> Result<Actor, Error> {
    let left = || Problem::new(Code::ProposerLeft).at("proposal");
    let held = tx.assignments_by_id(&Scope::Country, &[proposal.assignment])?.remove(&proposal.assignment);
    let held = held.filter(|held| held.account == proposal.proposer).ok_or_else(left)?;
    let account = tx.accounts_by_id(&Scope::Country, &[held.account])?.remove(&held.account).ok_or_else(left)?;
    match resolve_actor(tx, &Claims::of(&account, &held, None), act.now) {
        Err(Error::Refused(_)) => Err(left().into()),
        resolved => resolved,
    }
}

/// The act of the proposer, approved. Its request id follows from the proposal, so it can be done once only.
fn approved(act: &Act, proposer: Actor, proposal: &Proposal) -> Result<Act, Error> {
    let mutation = proposal.operation.mutation();
    let request = RequestKey {
        subject: proposer.subject.clone(),
        id: RequestId::new(&format!("proposal-{id}", id = proposal.id.get()))?,
        fingerprint: Sha256::digest(format!("{mutation}{input}", input = proposal.input)).into(),
    };
    let authority = Authority::Approved(Approval::new(proposal.id, act.actor.subject.clone()));
    Ok(Act { authority, ..Act::new(proposer, act.now, request, mutation, proposal.input.clone()) })
}

fn settle(
    act: &Act,
    tx: &mut dyn WriteTx,
    proposal: Proposal,
    state: ProposalState,
    command: &Decide,
) -> Result<ProposalId, Error> {
    let decided = Proposal {
        state,
        decided_by: Some(act.actor.account),
        decided_at: Some(act.now),
        note: command.note.clone(),
        version: proposal.version.saturating_add(1),
        ..proposal
    };
    tx.update_proposal(&decided)?;
    let what = decided.operation.mutation();
    let before = format!("OPEN {what}, proposed by account {proposer}", proposer = decided.proposer.get());
    let after = format!("{state} by {who}", state = decided.standing(act.now).as_str(), who = act.actor.subject);
    tx.changed(Told { kind: "Proposal", id: decided.id.get(), before: Some(before), after: Some(after) });
    Ok(decided.id)
}
