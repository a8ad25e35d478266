//! Granting an assignment, and trying a grant out.

use chrono::Days;

use crate::access::delegation::permissions;
use crate::access::grant::{Case, Grant, Grantor, needs_two, objections};
use crate::access::{Actor, Permission};
use crate::assignment::Assignment;
use crate::error::{Error, StoreError, refuse_if_any};
use crate::id::{AssignmentId, Sequence};
use crate::ports::{Lock, ReadTx, WriteTx};
use crate::problem::Problem;
use crate::text::Reason;
use crate::time::Day;
use crate::usecase::grants::{change_of, facts, grantor};
use crate::usecase::{Act, allocate_one, two_people};

/// How many days a grant for one drive outlasts the drive, where it names no end of its own.
pub const DAYS_AFTER_DRIVE: u64 = 30;

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
    /// The day after the last on which it would count; `None` without end.
    pub valid_to: Option<Day>,
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
        let grant = with_end(&grantor, tx.as_read(), command.grant.clone())?;
        let facts = facts(&act.actor, tx.as_read(), &grant, None, act.today())?;
        let case = Case { grantor: &grantor, grant: &grant, facts: &facts, today: act.today() };
        let mut problems: Vec<Problem> = objections(&case).into_iter().map(|problem| problem.at("grant")).collect();
        // Told only of what could be granted at all: there is no use in proposing the rest.
        let proposable = problems.is_empty() && needs_two(grant.role);
        problems.extend(two_people::needs_two(act, proposable));
        refuse_if_any(problems)?;
        let id = AssignmentId::new(allocate_one(tx, Sequence::Assignment)?);
        let assignment = granted(act, id, grantor.chain, (grant, command.reason.clone()));
        tx.insert_assignments(std::slice::from_ref(&assignment))?;
        tx.changed(change_of(None, &assignment));
        Ok(id)
    })
}

/// The grant with its end. One for a drive that names none lasts [`DAYS_AFTER_DRIVE`] days longer than the drive, for late
/// figures, and no longer than the grantor's own assignment.
fn with_end(grantor: &Grantor<'_>, tx: &mut dyn ReadTx, grant: Grant) -> Result<Grant, StoreError> {
    let (Some(id), None) = (grant.drive, grant.valid_to) else { return Ok(grant) };
    let drive = tx.drives_by_id(&grantor.actor.scope, &[id])?.remove(&id);
    // The day after the last.
    let after = drive.and_then(|drive| drive.days.to().checked_add_days(Days::new(DAYS_AFTER_DRIVE + 1)));
    let valid_to = after.map(|after| grantor.valid_to.map_or(after, |own| own.min(after)));
    Ok(Grant { valid_to, ..grant })
}

fn granted(act: &Act, id: AssignmentId, chain: i32, (grant, reason): (Grant, Reason)) -> Assignment {
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
        reason,
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
    let grant = with_end(&grantor, tx, grant.clone())?;
    let facts = facts(actor, tx, &grant, None, today)?;
    let problems = objections(&Case { grantor: &grantor, grant: &grant, facts: &facts, today });
    let permissions = if problems.is_empty() { permissions(grant.role, &grant.only) } else { Vec::new() };
    Ok(GrantPreview { problems, permissions, valid_to: grant.valid_to, needs_two: needs_two(grant.role) })
}
