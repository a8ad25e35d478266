//! From what a token says to an [`Actor`] with a scope. What counts is what stands in storage now: a token of an account,
//! assignment or session that has ended since is refused.

use std::collections::{BTreeSet, HashMap};

use crate::access::{Actor, Role, Scope};
use crate::account::AccountState;
use crate::assignment::{Assignment, AssignmentState};
use crate::error::{Error, StoreError};
use crate::id::UnitId;
use crate::ports::ReadTx;
use crate::problem::Problem;
use crate::session::Claims;
use crate::time::{Instant, in_viet_nam};
use crate::unit::{LineageMode, Unit, UnitPath};

/// The most subtrees a scope is made of: each is a range condition in every statement. What goes beyond is out of scope.
const ROOTS_MAX: usize = 256;

/// Who a token speaks for, as storage knows it now.
///
/// # Errors
/// `NotFound`, always with the same words, unless the account is active under that login, the assignment is its own, in
/// force today and of the role and unit that the token says, its team stands within the scope, and the session, if the
/// token names one, is the account's and neither ended nor over.
pub fn resolve_actor(tx: &mut dyn ReadTx, claims: &Claims, now: Instant) -> Result<Actor, Error> {
    let assignment = assignment_in_force(tx, claims, now)?;
    if let Some(id) = claims.session {
        let session = tx.session(id)?.filter(|session| session.account == claims.account && session.is_live(now));
        session.ok_or_else(|| not_in_force(claims))?;
    }
    let scope = scope_of(tx, assignment.role, assignment.unit)?;
    if let Some(team) = assignment.team
        && !tx.teams_by_id(&scope, &[team])?.contains_key(&team)
    {
        return Err(not_in_force(claims).into());
    }
    Ok(Actor {
        subject: claims.subject.clone(),
        account: claims.account,
        assignment: assignment.id,
        session: claims.session,
        role: assignment.role,
        unit: assignment.unit,
        team: assignment.team,
        drive: assignment.drive,
        only: assignment.only,
        scope,
    })
}

/// The assignment that the claims name, when it and its account count today.
fn assignment_in_force(tx: &mut dyn ReadTx, claims: &Claims, now: Instant) -> Result<Assignment, Error> {
    let account = tx.account_by_login(&claims.subject)?.filter(|account| {
        account.id == claims.account && account.kind == claims.kind && account.state == AccountState::Active
    });
    account.ok_or_else(|| not_in_force(claims))?;
    let assignment = tx.assignments_by_id(&Scope::Country, &[claims.assignment])?.remove(&claims.assignment);
    let assignment = assignment.filter(|assignment| {
        assignment.account == claims.account
            && assignment.role == claims.role
            && assignment.unit == claims.unit
            && assignment.state_on(in_viet_nam(now).0) == AssignmentState::InForce
    });
    Ok(assignment.ok_or_else(|| not_in_force(claims))?)
}

/// One answer for every cause: which of them it was is nobody's business.
fn not_in_force(claims: &Claims) -> Problem {
    Problem::not_found("Assignment", claims.assignment.get())
}

/// The scope of a role over a unit: the unit's subtree as it stands, and the subtrees of units that went wholly into it or
/// into a unit under it, so that a successor sees what its predecessors did. System admins see every unit (and no figures).
///
/// # Errors
/// `NotFound` when the unit does not exist.
pub fn scope_of(tx: &mut dyn ReadTx, role: Role, unit: UnitId) -> Result<Scope, Error> {
    let found = tx.units_by_id(&Scope::Country, &[unit])?.remove(&unit);
    let found = found.ok_or_else(|| Problem::not_found("Unit", unit.get()))?;
    if role == Role::SystemAdmin {
        return Ok(Scope::Country);
    }
    Ok(Scope::Subtrees(roots(tx, &found)?))
}

/// The unit's own path, then those of its predecessors.
fn roots(tx: &mut dyn ReadTx, unit: &Unit) -> Result<Vec<UnitPath>, StoreError> {
    let predecessors: Vec<UnitId> = predecessors(tx, unit)?.into_iter().collect();
    let mut paths = Vec::new();
    if !predecessors.is_empty() {
        paths.extend(tx.units_by_id(&Scope::Country, &predecessors)?.into_values().map(|found| found.path));
    }
    Ok(outermost(unit.path.clone(), paths))
}

/// `own`, and of `paths` those that nothing else covers; shallow ones first where there are too many.
fn outermost(own: UnitPath, mut paths: Vec<UnitPath>) -> Vec<UnitPath> {
    paths.sort_by(|one, other| one.depth().cmp(&other.depth()).then_with(|| one.cmp(other)));
    let mut roots = vec![own];
    for path in paths {
        if roots.len() < ROOTS_MAX && !roots.iter().any(|root| root.covers(&path)) {
            roots.push(path);
        }
    }
    roots
}

/// Everything that went wholly, in one step or several, into the unit or into a unit under it.
fn predecessors(tx: &mut dyn ReadTx, unit: &Unit) -> Result<BTreeSet<UnitId>, StoreError> {
    let lineage = tx.lineage()?;
    let mut went_into: HashMap<UnitId, Vec<UnitId>> = HashMap::new();
    for edge in lineage.iter().filter(|edge| edge.mode == LineageMode::Merge) {
        went_into.entry(edge.to).or_default().push(edge.from);
    }
    if went_into.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut open: Vec<UnitId> = vec![unit.id];
    let mut closed: Vec<UnitId> = went_into.keys().copied().collect();
    if let Some(latest) = tx.change_days()?.last().copied() {
        let standing = tx.tree(latest)?;
        if standing.subtree(unit.id).count() == standing.len() {
            // Everything stands under it, and what ended there lies under its path: only other roots can lie outside.
            closed.clear();
        } else {
            open.extend(standing.subtree(unit.id).map(|below| below.id));
            closed.retain(|id| standing.get(*id).is_none());
        }
    }
    if !closed.is_empty() {
        closed.sort_unstable();
        open.extend(tx.units_by_id(&Scope::Subtrees(vec![unit.path.clone()]), &closed)?.into_keys());
    }
    let mut found = BTreeSet::new();
    while let Some(successor) = open.pop() {
        for from in went_into.remove(&successor).unwrap_or_default() {
            found.insert(from);
            open.push(from);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(ids: &[i64]) -> UnitPath {
        let mut ids = ids.iter().map(|id| UnitId::new(*id));
        let first = UnitPath::under(None, ids.next().unwrap_or(UnitId::new(0)));
        ids.fold(first, |above, id| UnitPath::under(Some(&above), id))
    }

    #[test]
    fn covered_subtrees_are_no_roots_of_their_own() {
        let roots = outermost(path(&[1, 5]), vec![path(&[1, 2, 3]), path(&[1, 5, 6]), path(&[1, 2]), path(&[1, 4, 4])]);
        assert_eq!(roots, [path(&[1, 5]), path(&[1, 2]), path(&[1, 4, 4])]);
    }

    #[test]
    fn a_scope_is_bounded_and_keeps_the_own_unit() {
        let roots = outermost(path(&[1, 5]), (10..1_000).map(|id| path(&[1, id])).collect());
        assert_eq!((roots.len(), roots.first()), (ROOTS_MAX, Some(&path(&[1, 5]))));
    }
}
