//! Ending assignments, and confirming those that an end has suspended.

use crate::access::Permission;
use crate::access::grant::{Case, needs_two, objections};
use crate::assignment::{Assignment, AssignmentState};
use crate::error::{Error, StoreError, refuse_if_any};
use crate::id::AssignmentId;
use crate::ports::{Lock, Sessions, WriteTx};
use crate::problem::{Code, Problem};
use crate::session::SessionEnd;
use crate::text::Reason;
use crate::usecase::Act;
use crate::usecase::grants::{as_grant, change_of, each_could, end_all, facts, grantor, suspend_under};

/// The end of an assignment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EndAssignment {
    /// Which.
    pub assignment: AssignmentId,
    /// The version it is based on.
    pub expected_version: i32,
    /// Why; goes on record with the act.
    pub reason: Reason,
}

/// The most assignments confirmed at once.
pub const MAX_CONFIRMED: usize = 100;

/// Ends an assignment at once, for whoever could have granted it, with its sessions. What was granted under it is
/// suspended.
///
/// # Errors
/// `Forbidden`, `NotFound`, `StaleVersion`, `AssignmentState`, `GrantToSelf`, `RoleNotGrantable`, `GrantNotBelow`,
/// `GrantNotTop`, `GrantWider`.
pub fn end_assignment(act: &Act, tx: &mut dyn WriteTx, command: &EndAssignment) -> Result<AssignmentId, Error> {
    act.actor.require(Permission::GrantRoles)?;
    act.once(tx, |tx| {
        tx.lock(&[Lock::TreeShared, Lock::Grants])?;
        let before = in_sight(act, tx, command.assignment)?;
        if before.version != command.expected_version {
            let problem = Problem::new(Code::StaleVersion).with("actual", before.version);
            return Err(problem.with("expected", command.expected_version).at("expectedVersion").into());
        }
        require_state(act, &before, |state| state != AssignmentState::Ended, "IN_FORCE")?;
        require_reach(act, tx, &before)?;
        let id = before.id;
        end_all(act, tx, vec![before])?;
        tx.end_sessions(Sessions::OfAssignment(id), SessionEnd::Ended, act.now)?;
        suspend_under(tx, &[id], act.now)?;
        Ok(id)
    })
}

fn in_sight(act: &Act, tx: &mut dyn WriteTx, id: AssignmentId) -> Result<Assignment, Error> {
    let missing = || Problem::not_found("Assignment", id.get()).at("assignment");
    Ok(tx.assignments_by_id(&act.actor.scope, &[id])?.remove(&id).ok_or_else(missing)?)
}

fn require_state(
    act: &Act,
    assignment: &Assignment,
    fits: impl Fn(AssignmentState) -> bool,
    expected: &str,
) -> Result<(), Problem> {
    let state = assignment.state_on(act.today());
    if fits(state) {
        return Ok(());
    }
    let problem = Problem::new(Code::AssignmentState).with("actual", state.as_str()).with("expected", expected);
    Err(problem.at("assignment"))
}

/// Only what one could have granted. The account may live out of scope: the assignment is what is ended.
fn require_reach(act: &Act, tx: &mut dyn WriteTx, assignment: &Assignment) -> Result<(), Error> {
    let everywhere = crate::access::Scope::Country;
    let account = tx.accounts_by_id(&everywhere, &[assignment.account])?.remove(&assignment.account);
    let account = account.ok_or_else(|| StoreError::Corrupt("an assignment of nobody".to_owned()))?;
    let grantor = grantor(&act.actor, tx.as_read(), act.today())?;
    let held = std::slice::from_ref(assignment);
    let could = each_could(&grantor, tx.as_read(), &account, held, act.today())?;
    Ok(could.into_iter().collect::<Result<(), Problem>>()?)
}

/// Confirms suspended assignments, all or none; at most [`MAX_CONFIRMED`]. Each has to be one that the actor could grant
/// today, and stands under the actor's own assignment from now on. What was granted under it stays suspended until it is
/// confirmed as well.
///
/// # Errors
/// `Forbidden`, `TooMany`; at `assignments.<index>`: `NotFound`, `AssignmentState`, and what the grantor rule says.
pub fn confirm_assignments(
    act: &Act,
    tx: &mut dyn WriteTx,
    assignments: &[AssignmentId],
) -> Result<Vec<AssignmentId>, Error> {
    act.actor.require(Permission::GrantRoles)?;
    if assignments.len() > MAX_CONFIRMED {
        let problem = Problem::new(Code::TooMany).with("actual", assignments.len()).with("max", MAX_CONFIRMED);
        return Err(problem.at("assignments").into());
    }
    act.once(tx, |tx| {
        tx.lock(&[Lock::TreeShared, Lock::Grants])?;
        let (mut problems, mut confirmed) = (Vec::new(), Vec::new());
        for (index, id) in assignments.iter().enumerate() {
            match confirm_one(act, tx, *id) {
                Ok(()) => confirmed.push(*id),
                Err(Error::Refused(found)) => {
                    problems.extend(found.into_iter().map(|one| one.at(format_args!("assignments.{index}"))));
                }
                Err(failure) => return Err(failure),
            }
        }
        refuse_if_any(problems)?;
        Ok(confirmed)
    })
}

fn confirm_one(act: &Act, tx: &mut dyn WriteTx, id: AssignmentId) -> Result<(), Error> {
    let before = in_sight(act, tx, id)?;
    require_state(act, &before, |state| state == AssignmentState::Suspended, "SUSPENDED")?;
    if needs_two(before.role) {
        let problem = Problem::new(Code::RoleNotGrantable).with("grantor", act.actor.role.as_str());
        return Err(problem.with("role", before.role.as_str()).into());
    }
    let grantor = grantor(&act.actor, tx.as_read(), act.today())?;
    let grant = as_grant(&before);
    let facts = facts(&act.actor, tx.as_read(), &grant, Some(id), act.today())?;
    refuse_if_any(objections(&Case { grantor: &grantor, grant: &grant, facts: &facts, today: act.today() }))?;
    let after = Assignment {
        suspended_at: None,
        granted_under: Some(act.actor.assignment).filter(|under| under.get() > 0),
        granted_by: act.actor.subject.clone(),
        chain: grantor.chain,
        version: before.version.saturating_add(1),
        ..before.clone()
    };
    tx.update_assignments(std::slice::from_ref(&after))?;
    tx.changed(change_of(Some(&before), &after));
    Ok(())
}
