//! Proposing what two people have to decide.

use chrono::TimeDelta;

use crate::access::Actor;
use crate::audit::Change as Told;
use crate::error::Error;
use crate::id::{AccountId, DriveId, ProposalId, Sequence, UnitId};
use crate::ports::{ReadTx, Store, WriteTx};
use crate::problem::{Code, Problem};
use crate::proposal::{DAYS_DEFAULT, DAYS_MAX, Operation, Proposal, ProposalState};
use crate::text::Reason;
use crate::time::Instant;
use crate::usecase::apply_cascade::{ApplyCascade, apply_cascade};
use crate::usecase::grant_assignment::{GrantAssignment, grant_assignment};
use crate::usecase::reform_units::{CloseUnit, MergeUnits, SplitUnit, close_unit, merge_units, split_unit};
use crate::usecase::reopen_day::{ReopenDay, reopen_day};
use crate::usecase::revise_unit::{FoundUnit, ReviseUnit, found_unit, revise_unit};
use crate::usecase::set_quotas::{SetQuotas, set_quotas};
use crate::usecase::two_people::{Approval, Authority};
use crate::usecase::{Act, allocate_one, visible_drive};

/// What is proposed: the command of a mutation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// Quotas of a drive that has opened.
    SetQuotas(SetQuotas),
    /// A cascade in a drive that has opened.
    ApplyCascade(ApplyCascade),
    /// A root of the tree.
    FoundUnit(FoundUnit),
    /// A new version of a root.
    ReviseUnit(ReviseUnit),
    /// A merger.
    MergeUnits(MergeUnits),
    /// A split.
    SplitUnit(SplitUnit),
    /// The closing of a root.
    CloseUnit(CloseUnit),
    /// A system admin's assignment.
    GrantAssignment(GrantAssignment),
    /// Reports of closed days taken again.
    ReopenDay(ReopenDay),
}

/// A change that waits for another person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProposeChange {
    /// What is to be done.
    pub change: Change,
    /// The same as canonical JSON of the mutation's input: this is what is kept, shown and done.
    pub input: String,
    /// Why.
    pub reason: Reason,
    /// From when on nobody can approve it; after [`DAYS_DEFAULT`] days when absent.
    pub expires_at: Option<Instant>,
}

/// Proposes a change. It is first tried and rolled back, so that what could not be done is refused now, with the same
/// problems; only then the proposal is stored. Two transactions, because the first leaves nothing: whatever changes
/// between them and the approval is checked again by the approval.
///
/// # Errors
/// `Forbidden`, `NotFound`, `OutOfRange` at `expiresAt`, and whatever the change itself is refused for, at
/// `change.<mutation>`.
pub fn propose_change(store: &dyn Store, act: &Act, command: &ProposeChange) -> Result<ProposalId, Error> {
    let operation = command.change.operation();
    require_permissions(&act.actor, operation)?;
    let expires_at = command.expiry(act.now)?;
    store.rehearse(|tx| {
        let known = !tx.recorded_requests(std::slice::from_ref(&act.request))?.is_empty();
        if known { Ok(()) } else { command.change.run(&rehearsed(act, operation), tx) }
    })?;
    store.write(|tx| {
        act.once(tx, |tx| {
            let proposal = Proposal {
                id: ProposalId::new(allocate_one(tx, Sequence::Proposal)?),
                operation,
                input: command.input.clone(),
                unit: command.change.place(&act.actor, tx.as_read())?,
                reason: command.reason.clone(),
                proposer: act.actor.account,
                assignment: act.actor.assignment,
                proposed_at: act.now,
                expires_at,
                state: ProposalState::Open,
                decided_by: None,
                decided_at: None,
                note: None,
                version: 1,
            };
            tx.insert_proposal(&proposal)?;
            let after = format!("{what} sha256:{digest}", what = operation.mutation(), digest = proposal.digest());
            tx.changed(Told { kind: "Proposal", id: proposal.id.get(), before: None, after: Some(after) });
            Ok(proposal.id)
        })
    })
}

/// Demands everything that the operation takes, and an account: the host has no need to propose.
pub(super) fn require_permissions(actor: &Actor, operation: Operation) -> Result<(), Error> {
    for permission in operation.permissions() {
        actor.require(*permission)?;
    }
    if actor.account.get() == 0 {
        return Err(Problem::not_found("Account", &actor.subject).into());
    }
    Ok(())
}

/// The act as if it were approved. It is run in a transaction that is rolled back, and nowhere else.
fn rehearsed(act: &Act, operation: Operation) -> Act {
    let approval = Approval::new(ProposalId::new(0), act.actor.subject.clone());
    let operation = operation.mutation().to_owned();
    Act { operation, authority: Authority::Approved(approval), ..act.clone() }
}

impl ProposeChange {
    fn expiry(&self, now: Instant) -> Result<Instant, Error> {
        let after = |days: i64| now.checked_add_signed(TimeDelta::days(days)).unwrap_or(now);
        let expires_at = self.expires_at.unwrap_or_else(|| after(DAYS_DEFAULT));
        let most = after(DAYS_MAX);
        if now < expires_at && expires_at <= most {
            return Ok(expires_at);
        }
        let wrong = Problem::new(Code::OutOfRange).with("actual", expires_at.to_rfc3339());
        Err(wrong.with("min", now.to_rfc3339()).with("max", most.to_rfc3339()).at("expiresAt").into())
    }
}

impl Change {
    /// Which operation it is.
    #[must_use]
    pub const fn operation(&self) -> Operation {
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

    /// Whom it gives a role to: nobody approves that for themselves.
    pub(super) const fn grantee(&self) -> Option<AccountId> {
        match self {
            Self::GrantAssignment(command) => Some(command.grant.account),
            _ => None,
        }
    }

    /// Does it. What is refused is at its place in the input of `proposeChange`.
    pub(super) fn run(&self, act: &Act, tx: &mut dyn WriteTx) -> Result<(), Error> {
        let done = match self {
            Self::SetQuotas(command) => set_quotas(act, tx, command).map(drop),
            Self::ApplyCascade(command) => apply_cascade(act, tx, command).map(drop),
            Self::FoundUnit(command) => found_unit(act, tx, command).map(drop),
            Self::ReviseUnit(command) => revise_unit(act, tx, command).map(drop),
            Self::MergeUnits(command) => merge_units(act, tx, command).map(drop),
            Self::SplitUnit(command) => split_unit(act, tx, command).map(drop),
            Self::CloseUnit(command) => close_unit(act, tx, command).map(drop),
            Self::GrantAssignment(command) => grant_assignment(act, tx, command).map(drop),
            Self::ReopenDay(command) => reopen_day(act, tx, command).map(drop),
        };
        done.map_err(|error| error.at(self.operation().place()))
    }

    /// The unit that it concerns. Whoever has the same permissions over that unit could have done the same alone where
    /// one is enough, so they may approve it: for quotas the drive's unit, or the proposer's own in a drive of those
    /// above, where the drive's unit is not theirs to decide for.
    fn place(&self, actor: &Actor, tx: &mut dyn ReadTx) -> Result<UnitId, Error> {
        let unit = match self {
            Self::SetQuotas(command) => drive_unit(actor, tx, command.quotas.first().map(|setting| setting.key.drive))?,
            Self::ApplyCascade(command) => drive_unit(actor, tx, Some(command.plan.from.drive))?,
            Self::FoundUnit(command) => command.parent,
            Self::ReviseUnit(command) => Some(command.unit),
            Self::MergeUnits(command) => command.from.first().copied(),
            Self::SplitUnit(command) => Some(command.from),
            Self::CloseUnit(command) => Some(command.unit),
            Self::GrantAssignment(command) => Some(command.grant.unit),
            Self::ReopenDay(command) => drive_unit(actor, tx, Some(command.drive))?,
        };
        Ok(unit.unwrap_or(actor.unit))
    }
}

/// The unit of a drive, where it lies in scope.
fn drive_unit(actor: &Actor, tx: &mut dyn ReadTx, drive: Option<DriveId>) -> Result<Option<UnitId>, Error> {
    let Some(drive) = drive else { return Ok(None) };
    let unit = visible_drive(actor, tx, drive)?.unit;
    Ok(tx.units_by_id(&actor.scope, &[unit])?.contains_key(&unit).then_some(unit))
}
