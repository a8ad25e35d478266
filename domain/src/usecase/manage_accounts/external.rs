//! Bindings of accounts to subjects of other issuers. Whoever binds one could make the account his own, so it takes what
//! handing out a code takes; nothing binds by itself, whatever a token says.

use super::{in_care, require_kind, require_state, store};
use crate::access::Permission;
use crate::access::grant::Care;
use crate::account::{AccountKind, AccountState, Bound, External};
use crate::audit::Change;
use crate::error::Error;
use crate::id::{AccountId, AssignmentId};
use crate::ports::{ExternalTokens, Sessions, WriteTx};
use crate::problem::{Code, Problem};
use crate::session::SessionEnd;
use crate::usecase::Act;
use crate::usecase::grants::standing;

/// How many subjects may be bound to one account.
pub const BINDINGS_MAX: usize = 5;

/// An account and a subject of another issuer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Binding {
    /// Which account.
    pub account: AccountId,
    /// Who its holder is to the issuer.
    pub who: External,
}

/// Binds a subject of an issuer that is trusted to a person's account, which is active from then on. It signs in to what the
/// account holds now; bound anew, to what it holds then.
///
/// # Errors
/// `Forbidden`, `NotFound` (the account, the issuer), `GrantToSelf`, `AccountBeyondReach`, `AccountKind` (a machine),
/// `AccountState` (disabled), `TooMany`, `ExternalTaken`.
pub fn bind_external(
    act: &Act,
    tx: &mut dyn WriteTx,
    tokens: &dyn ExternalTokens,
    command: &Binding,
) -> Result<AccountId, Error> {
    act.actor.require(Permission::ManageAccounts)?;
    act.once(tx, |tx| {
        let account = in_care(act, tx, command.account, Care::Open)?;
        require_kind(&account, AccountKind::Person)?;
        require_state(&account, |state| state != AccountState::Disabled)?;
        if !tokens.trusts(&command.who.issuer) {
            return Err(Problem::not_found("Issuer", &command.who.issuer).at("issuer").into());
        }
        match tx.account_by_external(&command.who)? {
            None => require_room(tx, account.id)?,
            Some((bound, _)) if bound.id == account.id => drop(tx.unbind_external(&command.who, account.id)?),
            Some(_) => return Err(Problem::new(Code::ExternalTaken).at("subject").into()),
        }
        let held = standing(tx.as_read(), account.id, act.today())?;
        let up_to = held.iter().map(|one| one.id).max().unwrap_or(AssignmentId::new(0));
        tx.bind_external(&Bound { who: command.who.clone(), up_to }, account.id)?;
        tx.changed(change_of(command, None, Some("bound")));
        if account.state == AccountState::Invited {
            let mut after = account.clone();
            after.state = AccountState::Active;
            store(tx, &account, after)?;
        }
        Ok(account.id)
    })
}

fn require_room(tx: &mut dyn WriteTx, account: AccountId) -> Result<(), Error> {
    let bound = tx.externals_of(&[account])?.remove(&account).unwrap_or_default().len();
    if bound < BINDINGS_MAX {
        return Ok(());
    }
    let problem = Problem::new(Code::TooMany).with("actual", bound + 1).with("max", BINDINGS_MAX);
    Err(problem.at("account").into())
}

/// Takes a binding away and ends the account's sessions: which of them began by it is not kept.
///
/// # Errors
/// `Forbidden`, `NotFound` (the account, or a binding of it), `GrantToSelf`, `AccountBeyondReach`.
pub fn unbind_external(act: &Act, tx: &mut dyn WriteTx, command: &Binding) -> Result<AccountId, Error> {
    act.actor.require(Permission::ManageAccounts)?;
    act.once(tx, |tx| {
        let account = in_care(act, tx, command.account, Care::Curb)?;
        if !tx.unbind_external(&command.who, account.id)? {
            return Err(Problem::not_found("External", &command.who.subject).at("subject").into());
        }
        tx.changed(change_of(command, Some("bound"), None));
        tx.end_sessions(Sessions::OfAccount(account.id, None), SessionEnd::Credentials, act.now)?;
        Ok(account.id)
    })
}

/// Takes every binding of an account away.
pub(super) fn unbind_all(tx: &mut dyn WriteTx, account: AccountId) -> Result<(), Error> {
    for Bound { who, .. } in tx.externals_of(&[account])?.remove(&account).unwrap_or_default() {
        tx.unbind_external(&who, account)?;
        tx.changed(change_of(&Binding { account, who }, Some("bound"), None));
    }
    Ok(())
}

fn change_of(binding: &Binding, before: Option<&str>, after: Option<&str>) -> Change {
    let External { issuer, subject } = &binding.who;
    let told = |state: &str| format!("{subject} of {issuer}, {state}");
    Change { kind: "Account", id: binding.account.get(), before: before.map(told), after: after.map(told) }
}
