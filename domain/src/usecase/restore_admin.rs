//! The one thing that the emergency entry may do: give one system admin back the way in (T23).

use crate::access::{Permission, Role, Scope};
use crate::account::{Account, AccountKind, AccountState, CodePurpose, OneTimeCode};
use crate::assignment::{Assignment, AssignmentState};
use crate::audit::Change;
use crate::error::Error;
use crate::id::{AccountId, AssignmentId, Sequence};
use crate::ports::{Lock, WriteTx};
use crate::problem::Problem;
use crate::text::Subject;
use crate::time::Instant;
use crate::usecase::Act;

/// Whom to restore.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RestoreAdmin {
    /// The login of an account that holds the role of system admin, or held it.
    pub login: Subject,
    /// SHA-256 of the code.
    pub code: [u8; 32],
    /// From when on the code counts no more.
    pub expires_at: Instant,
}

/// Makes a code by which a system admin gets in again: a reset, or an activation where the account was never activated. A
/// disabled account is opened again, and whoever holds the role no more is given it anew: those who were shut out by another
/// admin hold nothing, since disabling ends what an account holds. The entry is then used up: what it was granted ends.
///
/// # Errors
/// `Forbidden`, `NotFound` for an account that neither is nor was a system admin's.
pub fn restore_admin(act: &Act, tx: &mut dyn WriteTx, command: &RestoreAdmin) -> Result<AccountId, Error> {
    act.actor.require(Permission::RestoreAdmin)?;
    tx.lock(&[Lock::Grants])?;
    act.once(tx, |tx| {
        let (mut account, held) = admin(act, tx, &command.login)?;
        let purpose = match account.state {
            AccountState::Invited => CodePurpose::Activation,
            AccountState::Active => CodePurpose::Reset,
            AccountState::Disabled => reopen(tx, &mut account)?,
        };
        if held.state_on(act.today()) != AssignmentState::InForce {
            give_back(act, tx, held)?;
        }
        tx.put_code(&OneTimeCode {
            hash: command.code,
            account: account.id,
            purpose,
            expires_at: command.expires_at,
            used_at: None,
            created_by: act.actor.subject.clone(),
        })?;
        use_up(act, tx)?;
        Ok(account.id)
    })
}

/// The account, if it is a person's who is or was a system admin, with what says so: the assignment in force, otherwise the
/// latest.
fn admin(act: &Act, tx: &mut dyn WriteTx, login: &Subject) -> Result<(Account, Assignment), Error> {
    let missing = || Problem::not_found("Account", login).at("login");
    let account = tx.account_by_login(login)?.filter(|account| account.kind == AccountKind::Person);
    let account = account.ok_or_else(missing)?;
    let held = tx.assignments_of(&[account.id])?.remove(&account.id).unwrap_or_default();
    let today = act.today();
    let began = held.into_iter().filter(|held| held.role == Role::SystemAdmin && held.valid_from <= today);
    let best = began.max_by_key(|held| (held.state_on(today) == AssignmentState::InForce, held.id));
    Ok((account, best.ok_or_else(missing)?))
}

fn reopen(tx: &mut dyn WriteTx, account: &mut Account) -> Result<CodePurpose, Error> {
    let has_password = tx.credentials_of(account.id)?.is_some_and(|secrets| secrets.password.is_some());
    let (state, purpose) = if has_password {
        (AccountState::Active, CodePurpose::Reset)
    } else {
        (AccountState::Invited, CodePurpose::Activation)
    };
    account.state = state;
    account.disabled_for = None;
    account.version = account.version.saturating_add(1);
    tx.update_account(account)?;
    let (before, after) = (Some("Disabled".to_owned()), Some(format!("{state:?}")));
    tx.changed(Change { kind: "Account", id: account.id.get(), before, after });
    Ok(purpose)
}

/// Grants what was lost anew, for the reason that the entry was opened for; as on the host, under nothing that could be ended
/// and take it along.
fn give_back(act: &Act, tx: &mut dyn WriteTx, lost: Assignment) -> Result<(), Error> {
    let reason = entry(act, tx)?.map_or(lost.reason, |entry| entry.reason);
    let id = AssignmentId::new(super::allocate_one(tx, Sequence::Assignment)?);
    let anew = Assignment {
        id,
        valid_from: act.today(),
        valid_to: None,
        granted_under: None,
        chain: 0,
        granted_by: act.actor.subject.clone(),
        reason,
        granted_at: act.now,
        ended_at: None,
        ended_by: None,
        suspended_at: None,
        last_used_at: None,
        version: 1,
        ..lost
    };
    tx.insert_assignments(std::slice::from_ref(&anew))?;
    let after = Some(format!("{role} given back", role = anew.role.as_str()));
    tx.changed(Change { kind: "Assignment", id: id.get(), before: None, after });
    Ok(())
}

/// The assignment of the emergency entry.
fn entry(act: &Act, tx: &mut dyn WriteTx) -> Result<Option<Assignment>, Error> {
    let id = act.actor.assignment;
    Ok(tx.assignments_by_id(&Scope::Country, &[id])?.remove(&id))
}

/// Ends the assignment of the emergency entry: it restores one admin and no more.
fn use_up(act: &Act, tx: &mut dyn WriteTx) -> Result<(), Error> {
    let Some(mut own) = entry(act, tx)? else { return Ok(()) };
    own.ended_at = Some(act.now);
    own.ended_by = Some(act.actor.subject.clone());
    own.version = own.version.saturating_add(1);
    tx.update_assignments(std::slice::from_ref(&own))?;
    tx.changed(Change {
        kind: "Assignment",
        id: own.id.get(),
        before: Some("in force".into()),
        after: Some("ended".into()),
    });
    Ok(())
}
