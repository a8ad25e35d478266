//! Looking after accounts: making them, changing, disabling, enabling and unlocking them, and ending their sessions.
//!
//! Accounts are looked after by whoever has the right over the account's unit and could have granted everything that the
//! account holds ([`crate::access::grant::may_manage`]): a reset code is a way in.

pub mod codes;
pub mod external;
pub mod keys;

use crate::access::Permission;
use crate::access::grant::Care;
use crate::account::{Account, AccountKind, AccountState, Credentials};
use crate::audit::Change;
use crate::error::Error;
use crate::id::{AccountId, AssignmentId, Sequence, SessionId, UnitId};
use crate::ports::{Lock, Sessions, WriteTx};
use crate::problem::{Code, Problem};
use crate::session::SessionEnd;
use crate::text::{Post, Reason, Subject};
use crate::usecase::grants::{end_all, require_care, standing, suspend_under};
use crate::usecase::{Act, allocate_one};

/// An account to be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CreateAccount {
    /// The name to sign in with; never changes.
    pub login: Subject,
    /// Person or machine.
    pub kind: AccountKind,
    /// The position, or the purpose of a machine.
    pub post: Post,
    /// The unit whose admins look after it.
    pub unit: UnitId,
}

/// A change of an account; what is `None` stays.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReviseAccount {
    /// Which.
    pub account: AccountId,
    /// The version it is based on.
    pub expected_version: i32,
    /// New position.
    pub post: Option<Post>,
    /// New unit that looks after it; in scope.
    pub unit: Option<UnitId>,
}

/// The end of an account, for good or for a while.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DisableAccount {
    /// Which.
    pub account: AccountId,
    /// The version it is based on.
    pub expected_version: i32,
    /// Why.
    pub reason: Reason,
}

/// The permission that accounts of a kind take.
#[must_use]
pub const fn permission_over(kind: AccountKind) -> Permission {
    match kind {
        AccountKind::Person => Permission::ManageAccounts,
        AccountKind::Service => Permission::ManageServices,
    }
}

/// Makes an account, invited: it permits nothing until it is activated and granted something.
///
/// # Errors
/// `Forbidden`, `NotFound` and `UnitNotValid` (the unit), `CodeTaken` (the login).
pub fn create_account(act: &Act, tx: &mut dyn WriteTx, command: &CreateAccount) -> Result<AccountId, Error> {
    act.actor.require(permission_over(command.kind))?;
    act.once(tx, |tx| {
        tx.lock(&[Lock::TreeShared, Lock::Grants])?;
        require_standing_unit(act, tx, command.unit)?;
        if tx.account_by_login(&command.login)?.is_some() {
            return Err(Problem::new(Code::CodeTaken).with("code", &command.login).at("login").into());
        }
        let account = Account {
            id: AccountId::new(allocate_one(tx, Sequence::Account)?),
            login: command.login.clone(),
            kind: command.kind,
            post: command.post.clone(),
            unit: command.unit,
            state: AccountState::Invited,
            disabled_for: None,
            demo: false,
            created_at: act.now,
            created_by: act.actor.subject.clone(),
            last_sign_in: None,
            version: 1,
        };
        tx.insert_account(&account)?;
        tx.changed(change_of(None, &account));
        Ok(account.id)
    })
}

fn require_standing_unit(act: &Act, tx: &mut dyn WriteTx, unit: UnitId) -> Result<(), Error> {
    let missing = || Problem::not_found("Unit", unit.get()).at("unit");
    let found = tx.units_by_id(&act.actor.scope, &[unit])?.remove(&unit).ok_or_else(missing)?;
    if found.closed_on.is_some_and(|end| end <= act.today()) {
        let problem = Problem::new(Code::UnitNotValid).with("unit", unit.get()).with("day", act.today());
        return Err(problem.at("unit").into());
    }
    Ok(())
}

/// An account in scope that the actor may look after, by its kind and by what it holds. Locks come first.
///
/// # Errors
/// `NotFound`, `Forbidden`, `GrantToSelf`, `AccountBeyondReach`.
fn in_care(act: &Act, tx: &mut dyn WriteTx, id: AccountId, care: Care) -> Result<Account, Error> {
    tx.lock(&[Lock::TreeShared, Lock::Grants])?;
    let missing = || Problem::not_found("Account", id.get()).at("account");
    let account = tx.accounts_by_id(&act.actor.scope, &[id])?.remove(&id).ok_or_else(missing)?;
    act.actor.require(permission_over(account.kind))?;
    require_care(&act.actor, tx.as_read(), &account, care, act.today()).map_err(|error| match error {
        Error::Refused(problems) => Error::Refused(problems.into_iter().map(|one| one.at("account")).collect()),
        failure @ Error::Store(_) => failure,
    })?;
    Ok(account)
}

fn require_version(account: &Account, expected: i32) -> Result<(), Problem> {
    if account.version == expected {
        return Ok(());
    }
    let problem = Problem::new(Code::StaleVersion).with("actual", account.version).with("expected", expected);
    Err(problem.at("expectedVersion"))
}

fn require_state(account: &Account, fits: impl Fn(AccountState) -> bool) -> Result<(), Problem> {
    if fits(account.state) {
        return Ok(());
    }
    Err(Problem::new(Code::AccountState).with("actual", account.state.as_str()).at("account"))
}

fn require_kind(account: &Account, kind: AccountKind) -> Result<(), Problem> {
    if account.kind == kind {
        return Ok(());
    }
    Err(Problem::new(Code::AccountKind).with("actual", account.kind.as_str()).at("account"))
}

/// Stores a changed account and notes the change.
fn store(tx: &mut dyn WriteTx, before: &Account, mut after: Account) -> Result<AccountId, Error> {
    after.version = before.version.saturating_add(1);
    tx.update_account(&after)?;
    tx.changed(change_of(Some(before), &after));
    Ok(after.id)
}

/// Changes an account's position or the unit that looks after it.
///
/// # Errors
/// `Forbidden`, `NotFound`, `GrantToSelf`, `AccountBeyondReach`, `StaleVersion`, `UnitNotValid`.
pub fn revise_account(act: &Act, tx: &mut dyn WriteTx, command: &ReviseAccount) -> Result<AccountId, Error> {
    require_either(act)?;
    act.once(tx, |tx| {
        let before = in_care(act, tx, command.account, Care::Open)?;
        require_version(&before, command.expected_version)?;
        if let Some(unit) = command.unit {
            require_standing_unit(act, tx, unit)?;
        }
        let mut after = before.clone();
        after.post = command.post.clone().unwrap_or(after.post);
        after.unit = command.unit.unwrap_or(after.unit);
        store(tx, &before, after)
    })
}

/// Whoever may look after neither people nor machines gets no further.
fn require_either(act: &Act) -> Result<(), Error> {
    if act.actor.may(Permission::ManageServices) { Ok(()) } else { act.actor.require(Permission::ManageAccounts) }
}

/// Disables an account: its sessions, codes, keys, bindings and assignments end at once; what was granted under these is
/// suspended, until somebody who could grant it confirms it. Enabling it again gives back the account alone.
///
/// # Errors
/// `Forbidden`, `NotFound`, `GrantToSelf`, `AccountBeyondReach`, `StaleVersion`, `AccountState`.
pub fn disable_account(act: &Act, tx: &mut dyn WriteTx, command: &DisableAccount) -> Result<AccountId, Error> {
    require_either(act)?;
    act.once(tx, |tx| {
        let before = in_care(act, tx, command.account, Care::Curb)?;
        require_version(&before, command.expected_version)?;
        require_state(&before, |state| state != AccountState::Disabled)?;
        let mut after = before.clone();
        after.state = AccountState::Disabled;
        after.disabled_for = Some(command.reason.clone());
        store(tx, &before, after)?;
        tx.end_sessions(Sessions::OfAccount(before.id, None), SessionEnd::Disabled, act.now)?;
        tx.void_codes(before.id)?;
        keys::revoke_all(act, tx, before.id)?;
        external::unbind_all(tx, before.id)?;
        let held = standing(tx.as_read(), before.id, act.today())?;
        let ids: Vec<AssignmentId> = held.iter().map(|one| one.id).collect();
        end_all(act, tx, held)?;
        suspend_under(tx, &ids, act.now)?;
        Ok(before.id)
    })
}

/// Enables a disabled account: active where it has a password, otherwise invited. Its assignments stay ended and are granted
/// anew where they are wanted; a machine needs a new key.
///
/// # Errors
/// `Forbidden`, `NotFound`, `GrantToSelf`, `AccountBeyondReach`, `StaleVersion`, `AccountState`.
pub fn enable_account(
    act: &Act,
    tx: &mut dyn WriteTx,
    (account, expected_version): (AccountId, i32),
) -> Result<AccountId, Error> {
    require_either(act)?;
    act.once(tx, |tx| {
        let before = in_care(act, tx, account, Care::Open)?;
        require_version(&before, expected_version)?;
        require_state(&before, |state| state == AccountState::Disabled)?;
        let credentials = tx.credentials_of(account)?;
        let has_password = credentials.is_some_and(|secrets| secrets.password.is_some());
        let mut after = before.clone();
        after.state = if has_password { AccountState::Active } else { AccountState::Invited };
        after.disabled_for = None;
        store(tx, &before, after)
    })
}

/// Forgets the wrong attempts of an account, so that it may try to sign in again.
///
/// # Errors
/// `Forbidden`, `NotFound`, `GrantToSelf`, `AccountBeyondReach`.
pub fn unlock_account(act: &Act, tx: &mut dyn WriteTx, account: AccountId) -> Result<AccountId, Error> {
    act.actor.require(Permission::ManageAccounts)?;
    act.once(tx, |tx| {
        let account = in_care(act, tx, account, Care::Open)?;
        if let Some(secrets) = tx.credentials_of(account.id)? {
            let before = format!("{failures} wrong attempts", failures = secrets.failures);
            let version = secrets.version.saturating_add(1);
            tx.put_credentials(&Credentials { failures: 0, refused_until: None, version, ..secrets })?;
            let after = Some("unlocked".to_owned());
            tx.changed(Change { kind: "Account", id: account.id.get(), before: Some(before), after });
        }
        Ok(account.id)
    })
}

/// Ends one session of an account, or all of them.
///
/// # Errors
/// `Forbidden`, `NotFound` (the account; a session that is not its own, or over), `GrantToSelf`, `AccountBeyondReach`.
pub fn end_sessions_of(
    act: &Act,
    tx: &mut dyn WriteTx,
    (account, session): (AccountId, Option<SessionId>),
) -> Result<i64, Error> {
    require_either(act)?;
    act.once(tx, |tx| {
        let account = in_care(act, tx, account, Care::Curb)?;
        let which = match session {
            Some(one) if tx.sessions_of(account.id, act.now)?.iter().any(|open| open.id == one) => Sessions::One(one),
            Some(other) => return Err(Problem::not_found("Session", other.get()).at("session").into()),
            None => Sessions::OfAccount(account.id, None),
        };
        let ended = tx.end_sessions(which, SessionEnd::Ended, act.now)?;
        note_ended(tx, "Account", account.id.get(), ended);
        Ok(count(ended))
    })
}

/// Ends all sessions under assignments over a unit or any under it: everybody there signs in anew.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn force_sign_in(act: &Act, tx: &mut dyn WriteTx, unit: UnitId) -> Result<i64, Error> {
    act.actor.require(Permission::ManageAccounts)?;
    act.once(tx, |tx| {
        tx.lock(&[Lock::TreeShared, Lock::Grants])?;
        let missing = || Problem::not_found("Unit", unit.get()).at("unit");
        tx.units_by_id(&act.actor.scope, &[unit])?.remove(&unit).ok_or_else(missing)?;
        let ended = tx.end_sessions(Sessions::UnderUnit(unit), SessionEnd::Ended, act.now)?;
        note_ended(tx, "Unit", unit.get(), ended);
        Ok(count(ended))
    })
}

fn note_ended(tx: &mut dyn WriteTx, kind: &'static str, id: i64, ended: u64) {
    tx.changed(Change { kind, id, before: Some(format!("{ended} sessions")), after: Some("none".to_owned()) });
}

fn count(ended: u64) -> i64 {
    i64::try_from(ended).unwrap_or(i64::MAX)
}

/// What became of an account, for the record of acts.
fn change_of(before: Option<&Account>, after: &Account) -> Change {
    let told = |one: &Account| {
        format!(
            "{login}, {kind}, {post}, unit {unit}, {state}",
            login = one.login,
            kind = one.kind.as_str(),
            post = one.post,
            unit = one.unit.get(),
            state = one.state.as_str(),
        )
    };
    Change { kind: "Account", id: after.id.get(), before: before.map(told), after: Some(told(after)) }
}
