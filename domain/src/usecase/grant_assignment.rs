//! Granting an assignment, and trying a grant out.

use crate::access::delegation::permissions;
use crate::access::grant::{Case, Grant, needs_two, objections};
use crate::access::{Actor, Permission};
use crate::assignment::Assignment;
use crate::error::{Error, refuse_if_any};
use crate::id::{AssignmentId, Sequence};
use crate::ports::{Lock, ReadTx, WriteTx};
use crate::problem::Problem;
use crate::text::Reason;
use crate::time::Day;
use crate::usecase::grants::{change_of, facts, grantor};
use crate::usecase::{Act, allocate_one, two_people};

/// A grant with its reason.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GrantAssignment {
    /// What.
    pub grant: Grant,
    /// Why.
    pub reason: Reason,
}

/// What would come of a grant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GrantPreview {
    /// Everything that stands against it; empty when it would be granted.
    pub problems: Vec<Problem>,
    /// What the grantee could then do under it; empty when it would be refused.
    pub permissions: Vec<Permission>,
    /// Whether it takes two people.
    pub needs_two: bool,
}

/// Grants an assignment under the actor's own.
///
/// # Errors
/// `Forbidden`, and what the grantor rule says: see [`objections`]; `NeedsTwoPeople` for a system admin's assignment.
pub fn grant_assignment(act: &Act, tx: &mut dyn WriteTx, command: &GrantAssignment) -> Result<AssignmentId, Error> {
    act.actor.require(Permission::GrantRoles)?;
    act.once(tx, |tx| {
        tx.lock(&[Lock::TreeShared, Lock::Grants])?;
        let grantor = grantor(&act.actor, tx.as_read(), act.today())?;
        let facts = facts(&act.actor, tx.as_read(), &command.grant, None, act.today())?;
        let case = Case { grantor: &grantor, grant: &command.grant, facts: &facts, today: act.today() };
        let mut problems: Vec<Problem> = objections(&case).into_iter().map(|problem| problem.at("grant")).collect();
        // Told only of what could be granted at all: there is no use in proposing the rest.
        let proposable = problems.is_empty() && needs_two(command.grant.role);
        problems.extend(two_people::needs_two(act, proposable));
        refuse_if_any(problems)?;
        let id = AssignmentId::new(allocate_one(tx, Sequence::Assignment)?);
        let assignment = granted(act, id, grantor.chain, command);
        tx.insert_assignments(std::slice::from_ref(&assignment))?;
        tx.changed(change_of(None, &assignment));
        Ok(id)
    })
}

fn granted(act: &Act, id: AssignmentId, chain: i32, command: &GrantAssignment) -> Assignment {
    let grant = command.grant.clone();
    Assignment {
        id,
        account: grant.account,
        role: grant.role,
        unit: grant.unit,
        team: grant.team,
        drive: grant.drive,
        only: grant.only,
        valid_from: grant.valid_from,
        valid_to: grant.valid_to,
        granted_under: Some(act.actor.assignment).filter(|under| under.get() > 0),
        chain,
        granted_by: act.actor.subject.clone(),
        reason: command.reason.clone(),
        granted_at: act.now,
        ended_at: None,
        ended_by: None,
        suspended_at: None,
        last_used_at: None,
        version: 1,
    }
}

/// Tries a grant out: the same rule, all its problems, and nothing written.
///
/// # Errors
/// `Forbidden`.
pub fn preview_grant(actor: &Actor, tx: &mut dyn ReadTx, grant: &Grant, today: Day) -> Result<GrantPreview, Error> {
    actor.require(Permission::GrantRoles)?;
    let grantor = grantor(actor, tx, today)?;
    let facts = facts(actor, tx, grant, None, today)?;
    let problems = objections(&Case { grantor: &grantor, grant, facts: &facts, today });
    let permissions = if problems.is_empty() { permissions(grant.role, &grant.only) } else { Vec::new() };
    Ok(GrantPreview { problems, permissions, needs_two: needs_two(grant.role) })
}
