//! What grants, their ends and the care for accounts have in common: the facts that the grantor rule asks for.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::grant::{
    Care, Case, Facts, Grant, Grantee, Grantor, Held, could_have_granted, may_manage, needs_two,
};
use crate::access::{Actor, Permission, Scope};
use crate::account::Account;
use crate::assignment::{Assignment, AssignmentState};
use crate::audit::Change;
use crate::error::{Error, StoreError};
use crate::id::{AccountId, AssignmentId, DriveId, TeamId, UnitId};
use crate::ports::{ReadTx, WriteTx};
use crate::problem::{Code, Problem};
use crate::time::{Day, Instant};
use crate::unit::Unit;
use crate::usecase::Act;

/// The actor as a grantor, by what stands in storage now: a token may be older than the end of its assignment.
///
/// # Errors
/// [`Code::Forbidden`] when the assignment is not in force.
pub(super) fn grantor<'actor>(actor: &'actor Actor, tx: &mut dyn ReadTx, today: Day) -> Result<Grantor<'actor>, Error> {
    let path = tx.units_by_id(&Scope::Country, &[actor.unit])?.remove(&actor.unit).map(|unit| unit.path);
    if actor.assignment.get() == 0 {
        return Ok(Grantor { actor, path, valid_to: None, chain: 0 });
    }
    let held = tx.assignments_of(&[actor.account])?.remove(&actor.account).unwrap_or_default();
    let own = held.into_iter().find(|one| one.id == actor.assignment);
    let own = own.filter(|own| own.state_on(today) == AssignmentState::InForce).ok_or_else(|| {
        let refused = Problem::new(Code::Forbidden).with("role", actor.role.as_str());
        refused.with("permission", Permission::GrantRoles.as_str())
    })?;
    Ok(Grantor { actor, path, valid_to: own.valid_to, chain: own.chain.saturating_add(1) })
}

/// What is known of the things that a grant names; `besides` is the assignment in question, where there is one.
pub(super) fn facts(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    grant: &Grant,
    besides: Option<AssignmentId>,
    today: Day,
) -> Result<Facts, Error> {
    let unit = tx.units_by_id(&actor.scope, &[grant.unit])?.remove(&grant.unit);
    let account = tx.accounts_by_id(&actor.scope, &[grant.account])?.remove(&grant.account);
    let (Some(unit), Some(account)) = (&unit, &account) else {
        let grantee = account.as_ref().map(grantee);
        return Ok(Facts { place: unit.map(|unit| unit.path), grantee, ..unnamed(actor, tx, grant, None)? });
    };
    let held = standing(tx, grant.account, today)?;
    let held = held.into_iter().filter(|one| Some(one.id) != besides).collect::<Vec<_>>();
    Ok(Facts {
        place: Some(unit.path.clone()),
        closed: unit.closed_on.is_some_and(|end| end <= today),
        grantee: Some(grantee(account)),
        held: places_of(tx, &held)?,
        ..unnamed(actor, tx, grant, Some(unit))?
    })
}

const fn grantee(account: &Account) -> Grantee {
    Grantee { kind: account.kind, state: account.state }
}

/// The facts of the team and the drive alone.
fn unnamed(actor: &Actor, tx: &mut dyn ReadTx, grant: &Grant, unit: Option<&Unit>) -> Result<Facts, Error> {
    let mut facts = Facts::default();
    if let Some(team) = grant.team {
        facts.team_unit = tx.teams_by_id(&actor.scope, &[team])?.remove(&team).map(|team| team.unit);
    }
    if let Some(id) = grant.drive
        && let Some(drive) = tx.drives_by_id(&actor.scope, &[id])?.remove(&id)
    {
        let area = tx.units_by_id(&Scope::Country, &[drive.unit])?.remove(&drive.unit);
        let meet = |one: &Unit, other: &Unit| one.path.covers(&other.path) || other.path.covers(&one.path);
        facts.drive_concerns = area.as_ref().zip(unit).is_some_and(|(area, unit)| meet(area, unit));
        facts.book = Some(drive.book);
    }
    Ok(facts)
}

/// What an account holds and has not lost: in force, to come, or suspended.
pub(super) fn standing(tx: &mut dyn ReadTx, account: AccountId, today: Day) -> Result<Vec<Assignment>, StoreError> {
    let held = tx.assignments_of(&[account])?.remove(&account).unwrap_or_default();
    Ok(held.into_iter().filter(|one| one.state_on(today) != AssignmentState::Ended).collect())
}

fn places_of(tx: &mut dyn ReadTx, held: &[Assignment]) -> Result<Vec<Held>, StoreError> {
    let units: Vec<UnitId> = held.iter().map(|one| one.unit).collect();
    let drives: Vec<DriveId> = held.iter().filter_map(|one| one.drive).collect();
    let units = tx.units_by_id(&Scope::Country, &units)?;
    let drives = if drives.is_empty() { BTreeMap::new() } else { tx.drives_by_id(&Scope::Country, &drives)? };
    let place = |one: &Assignment| {
        let path = units.get(&one.unit)?.path.clone();
        let book = one.drive.and_then(|drive| drives.get(&drive)).map(|drive| drive.book);
        Some(Held { role: one.role, path, book, from: one.valid_from, to: one.valid_to })
    };
    Ok(held.iter().filter_map(place).collect())
}

/// An assignment as a grant.
pub(super) fn as_grant(assignment: &Assignment) -> Grant {
    Grant {
        account: assignment.account,
        role: assignment.role,
        unit: assignment.unit,
        team: assignment.team,
        drive: assignment.drive,
        only: assignment.only.clone(),
        valid_from: assignment.valid_from,
        valid_to: assignment.valid_to,
    }
}

/// Whether the grantor could have granted each of these, whatever their terms.
pub(super) fn each_could(
    grantor: &Grantor<'_>,
    tx: &mut dyn ReadTx,
    account: &Account,
    held: &[Assignment],
    today: Day,
) -> Result<Vec<Result<(), Problem>>, Error> {
    let units: BTreeSet<UnitId> = held.iter().map(|one| one.unit).collect();
    let units = tx.units_by_id(&grantor.actor.scope, &units.into_iter().collect::<Vec<_>>())?;
    let could = |one: &Assignment| {
        let facts = Facts {
            place: units.get(&one.unit).map(|unit| unit.path.clone()),
            grantee: Some(grantee(account)),
            team_unit: one.team.map(|_: TeamId| one.unit),
            book: one.drive,
            ..Facts::default()
        };
        could_have_granted(&Case { grantor, grant: &as_grant(one), facts: &facts, today })
    };
    Ok(held.iter().map(could).collect())
}

/// Demands that the account is the actor's to look after.
///
/// # Errors
/// `GrantToSelf`, `AccountBeyondReach`, `Forbidden`.
pub(super) fn require_care(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    account: &Account,
    care: Care,
    today: Day,
) -> Result<(), Error> {
    let grantor = grantor(actor, tx, today)?;
    let held = standing(tx, account.id, today)?;
    let could = each_could(&grantor, tx, account, &held, today)?;
    let held: Vec<_> = held.iter().map(|one| one.role).zip(could).collect();
    Ok(may_manage(actor, account.id, care, &held)?)
}

/// Suspends what was granted under these assignments, directly or further down, until somebody who could grant it
/// confirms it. What two people decided stands: it rests on both.
pub(super) fn suspend_under(tx: &mut dyn WriteTx, lost: &[AssignmentId], at: Instant) -> Result<(), Error> {
    let mut open: Vec<AssignmentId> = lost.to_vec();
    let mut seen: BTreeSet<AssignmentId> = lost.iter().copied().collect();
    while !open.is_empty() {
        let under = tx.granted_under(&open)?;
        let fresh: Vec<Assignment> =
            under.into_iter().filter(|one| !needs_two(one.role) && seen.insert(one.id)).collect();
        open = fresh.iter().map(|one| one.id).collect();
        suspend(tx, fresh, at)?;
    }
    Ok(())
}

/// Ends assignments at once.
pub(super) fn end_all(act: &Act, tx: &mut dyn WriteTx, held: Vec<Assignment>) -> Result<(), Error> {
    let ended: Vec<Assignment> = held
        .into_iter()
        .map(|one| {
            let (at, by) = (Some(act.now), Some(act.actor.subject.clone()));
            let after =
                Assignment { ended_at: at, ended_by: by, version: one.version.saturating_add(1), ..one.clone() };
            tx.changed(change_of(Some(&one), &after));
            after
        })
        .collect();
    Ok(tx.update_assignments(&ended)?)
}

/// Suspends assignments; what is suspended already stays as it is.
fn suspend(tx: &mut dyn WriteTx, held: Vec<Assignment>, at: Instant) -> Result<(), Error> {
    let standing = held.into_iter().filter(|one| one.suspended_at.is_none() && one.ended_at.is_none());
    let changed: Vec<Assignment> = standing
        .map(|one| {
            let after = Assignment { suspended_at: Some(at), version: one.version.saturating_add(1), ..one.clone() };
            tx.changed(change_of(Some(&one), &after));
            after
        })
        .collect();
    Ok(tx.update_assignments(&changed)?)
}

/// What became of an assignment, for the record of acts.
pub(super) fn change_of(before: Option<&Assignment>, after: &Assignment) -> Change {
    Change { kind: "Assignment", id: after.id.get(), before: before.map(told), after: Some(told(after)) }
}

fn told(one: &Assignment) -> String {
    let number = |id: Option<i64>| id.map_or_else(|| "-".to_owned(), |id| id.to_string());
    let state = match (one.ended_at, one.suspended_at) {
        (Some(_), _) => "ended",
        (None, Some(_)) => "suspended",
        (None, None) => "standing",
    };
    let only: Vec<&str> = one.only.iter().map(|permission| permission.as_str()).collect();
    format!(
        "{role} of account {account} over unit {unit}, team {team}, drive {drive}, only [{only}], {from} to {to}, under {under}, {state}",
        role = one.role.as_str(),
        account = one.account.get(),
        unit = one.unit.get(),
        team = number(one.team.map(TeamId::get)),
        drive = number(one.drive.map(DriveId::get)),
        only = only.join(", "),
        from = one.valid_from,
        to = one.valid_to.map_or_else(|| "-".to_owned(), |day| day.to_string()),
        under = number(one.granted_under.map(AssignmentId::get)),
    )
}
