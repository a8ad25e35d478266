//! Grants made by commands on the host: whoever may run them holds the machine, so no grantor rule binds them. They are on
//! record like every other grant.

use crate::access::{Permission, Role};
use crate::account::{Account, AccountKind, AccountState};
use crate::assignment::{Assignment, AssignmentState};
use crate::audit::Change;
use crate::error::Error;
use crate::id::{AccountId, AssignmentId, Sequence, TeamId, UnitId};
use crate::ports::{Lock, WriteTx};
use crate::problem::{Code, Problem};
use crate::text::{Post, Reason, Subject};
use crate::time::Day;
use crate::usecase::Act;
use crate::usecase::resolve_actor::scope_of;

/// An assignment to be made, with its account where there is none of that login.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GrantFromHost {
    /// The account's login.
    pub login: Subject,
    /// Person or machine, for a new account.
    pub kind: AccountKind,
    /// The position, for a new account.
    pub post: Post,
    /// Whether a new account is made for the demonstration.
    pub demo: bool,
    /// The role.
    pub role: Role,
    /// The unit.
    pub unit: UnitId,
    /// The team, of a reporter who reports for no other.
    pub team: Option<TeamId>,
    /// The first day.
    pub valid_from: Day,
    /// The day after the last.
    pub valid_to: Option<Day>,
    /// Why.
    pub reason: Reason,
}

/// Makes the assignment, and the account where it is missing: active, without a password. One that is in force already is
/// given again.
///
/// # Errors
/// [`Code::Forbidden`] to anybody but the host, [`Code::AccountNotActive`], [`Code::NotADemonstration`] for a demo account in a
/// real database, [`Code::NotFound`] for the unit or the team.
pub fn grant_from_host(act: &Act, tx: &mut dyn WriteTx, command: &GrantFromHost) -> Result<AssignmentId, Error> {
    require_host(act)?;
    tx.lock(&[Lock::TreeShared, Lock::Grants])?;
    act.once(tx, |tx| {
        require_places(tx, command)?;
        let known = tx.account_by_login(&command.login)?;
        let account = match known {
            Some(account) if account.state == AccountState::Active => account,
            Some(account) => {
                return Err(Problem::new(Code::AccountNotActive).with("login", account.login).at("login").into());
            }
            None if command.demo && !tx.is_demonstration()? => {
                return Err(Problem::new(Code::NotADemonstration).into());
            }
            None => open_account(act, tx, command, AccountState::Active)?,
        };
        if let Some(standing) = standing(act, tx, account.id, command)? {
            return Ok(standing);
        }
        insert_assignment(act, tx, account.id, command)
    })
}

/// Demands that the act is the host's.
///
/// # Errors
/// [`Code::Forbidden`].
pub(super) fn require_host(act: &Act) -> Result<(), Error> {
    act.actor.require(Permission::GrantRoles)?;
    if act.actor.account == AccountId::new(0) {
        return Ok(());
    }
    Err(Problem::new(Code::Forbidden).with("role", act.actor.role.as_str()).with("permission", "host").into())
}

fn require_places(tx: &mut dyn WriteTx, command: &GrantFromHost) -> Result<(), Error> {
    let scope = scope_of(tx.as_read(), command.role, command.unit)?;
    let Some(team) = command.team else { return Ok(()) };
    if tx.teams_by_id(&scope, &[team])?.contains_key(&team) {
        return Ok(());
    }
    Err(Problem::not_found("Team", team.get()).at("team").into())
}

/// Makes the account of a grant, without any secret.
///
/// # Errors
/// A failure of storage.
pub(super) fn open_account(
    act: &Act,
    tx: &mut dyn WriteTx,
    command: &GrantFromHost,
    state: AccountState,
) -> Result<Account, Error> {
    let account = Account {
        id: AccountId::new(super::allocate_one(tx, Sequence::Account)?),
        login: command.login.clone(),
        kind: command.kind,
        post: command.post.clone(),
        unit: command.unit,
        state,
        disabled_for: None,
        demo: command.demo,
        created_at: act.now,
        created_by: act.actor.subject.clone(),
        last_sign_in: None,
        version: 1,
    };
    tx.insert_account(&account)?;
    let after = format!("{login}, {state:?}, unit {unit}", login = account.login, unit = account.unit.get());
    tx.changed(Change { kind: "Account", id: account.id.get(), before: None, after: Some(after) });
    Ok(account)
}

/// The same assignment, where it is in force.
fn standing(
    act: &Act,
    tx: &mut dyn WriteTx,
    account: AccountId,
    command: &GrantFromHost,
) -> Result<Option<AssignmentId>, Error> {
    let held = tx.assignments_of(&[account])?.remove(&account).unwrap_or_default();
    let same = held.into_iter().find(|held| {
        (held.role, held.unit, held.team) == (command.role, command.unit, command.team)
            && held.drive.is_none()
            && held.only.is_empty()
            && held.state_on(act.today()) == AssignmentState::InForce
    });
    Ok(same.map(|held| held.id))
}

/// Stores the assignment and puts it on record.
///
/// # Errors
/// A failure of storage.
pub(super) fn insert_assignment(
    act: &Act,
    tx: &mut dyn WriteTx,
    account: AccountId,
    command: &GrantFromHost,
) -> Result<AssignmentId, Error> {
    let id = AssignmentId::new(super::allocate_one(tx, Sequence::Assignment)?);
    let assignment = Assignment {
        id,
        account,
        role: command.role,
        unit: command.unit,
        team: command.team,
        drive: None,
        only: Vec::new(),
        valid_from: command.valid_from,
        valid_to: command.valid_to,
        granted_under: None,
        chain: 0,
        granted_by: act.actor.subject.clone(),
        reason: command.reason.clone(),
        granted_at: act.now,
        ended_at: None,
        ended_by: None,
        suspended_at: None,
        last_used_at: None,
        version: 1,
    };
    tx.insert_assignments(std::slice::from_ref(&assignment))?;
    let after = format!(
        "{role} of {login} over unit {unit}",
        role = command.role.as_str(),
        login = command.login,
        unit = command.unit.get()
    );
    tx.changed(Change { kind: "Assignment", id: id.get(), before: None, after: Some(after) });
    Ok(id)
}
