//! The one thing that the emergency entry may do: give one system admin back the way in (T23).

use crate::access::{Permission, Role, Scope};
use crate::account::{Account, AccountKind, AccountState, CodePurpose, OneTimeCode};
use crate::assignment::AssignmentState;
use crate::audit::Change;
use crate::error::Error;
use crate::id::AccountId;
use crate::ports::{Lock, WriteTx};
use crate::problem::Problem;
use crate::text::Subject;
use crate::time::Instant;
use crate::usecase::Act;

/// Whom to restore.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RestoreAdmin {
    /// The login of an account that holds the role of system admin today.
    pub login: Subject,
    /// SHA-256 of the code.
    pub code: [u8; 32],
    /// From when on the code counts no more.
    pub expires_at: Instant,
}

/// Makes a code by which a system admin gets in again: a reset, or an activation where the account was never activated. A
/// disabled account is opened again. The entry is then used up: what it was granted ends.
///
/// # Errors
/// `Forbidden`, `NotFound` for an account that is no system admin's.
pub fn restore_admin(act: &Act, tx: &mut dyn WriteTx, command: &RestoreAdmin) -> Result<AccountId, Error> {
    act.actor.require(Permission::RestoreAdmin)?;
    tx.lock(&[Lock::Grants])?;
    act.once(tx, |tx| {
        let mut account = admin(act, tx, &command.login)?;
        let purpose = match account.state {
            AccountState::Invited => CodePurpose::Activation,
            AccountState::Active => CodePurpose::Reset,
            AccountState::Disabled => reopen(tx, &mut account)?,
        };
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

/// The account, if it is a person's who holds the role of system admin today.
fn admin(act: &Act, tx: &mut dyn WriteTx, login: &Subject) -> Result<Account, Error> {
    let missing = || Problem::not_found("Account", login).at("login");
    let account = tx.account_by_login(login)?.filter(|account| account.kind == AccountKind::Person);
    let account = account.ok_or_else(missing)?;
    let held = tx.assignments_of(&[account.id])?.remove(&account.id).unwrap_or_default();
    let today = act.today();
    let is_admin =
        held.iter().any(|held| held.role == Role::SystemAdmin && held.state_on(today) == AssignmentState::InForce);
    if is_admin { Ok(account) } else { Err(missing().into()) }
}

fn reopen(tx: &mut dyn WriteTx, account: &mut Account) -> Result<CodePurpose, Error> {
    let has_secrets = tx.credentials_of(account.id)?.is_some();
    let (state, purpose) = if has_secrets {
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

/// Ends the assignment of the emergency entry: it restores one admin and no more.
fn use_up(act: &Act, tx: &mut dyn WriteTx) -> Result<(), Error> {
    let id = act.actor.assignment;
    let Some(mut own) = tx.assignments_by_id(&Scope::Country, &[id])?.remove(&id) else { return Ok(()) };
    own.ended_at = Some(act.now);
    own.ended_by = Some(act.actor.subject.clone());
    own.version = own.version.saturating_add(1);
    tx.update_assignments(&[own])?;
    tx.changed(Change {
        kind: "Assignment",
        id: id.get(),
        before: Some("in force".into()),
        after: Some("ended".into()),
    });
    Ok(())
}
