//! The keys of machines.

use chrono::Days;

use super::{in_care, require_kind, require_state, store};
use crate::access::Permission;
use crate::access::grant::Care;
use crate::account::{AccountKind, AccountState, ServiceKey};
use crate::audit::Change;
use crate::crypto::Crypto;
use crate::error::Error;
use crate::id::{AccountId, Sequence, ServiceKeyId};
use crate::ports::WriteTx;
use crate::problem::{Code, Problem};
use crate::text::Key;
use crate::time::Instant;
use crate::usecase::{Act, allocate_one};

/// How many days a key may count.
pub const KEY_DAYS_MAX: u64 = 365;

/// How many keys in use a machine may have: one to work with and one to change to.
pub const KEYS_MAX: usize = 5;

/// A key to be added.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AddServiceKey {
    /// Whose.
    pub account: AccountId,
    /// `kid`, unique within the account for all time.
    pub kid: Key,
    /// The P-256 point, uncompressed.
    pub public: Vec<u8>,
    /// From when on it counts no more; within a year.
    pub expires_at: Instant,
}

/// Adds a public key to a machine's account, which is active from then on.
///
/// # Errors
/// `Forbidden`, `NotFound`, `GrantToSelf`, `AccountBeyondReach`, `AccountKind`, `AccountState`, `OutOfRange` (the end),
/// `NoPublicKey` (at `x`), `TooMany`, `CodeTaken` (the `kid`).
pub fn add_service_key(
    act: &Act,
    tx: &mut dyn WriteTx,
    crypto: &dyn Crypto,
    command: &AddServiceKey,
) -> Result<ServiceKeyId, Error> {
    act.actor.require(Permission::ManageServices)?;
    act.once(tx, |tx| {
        let account = in_care(act, tx, command.account, Care::Open)?;
        require_kind(&account, AccountKind::Service)?;
        require_state(&account, |state| state != AccountState::Disabled)?;
        require_end(act, command.expires_at)?;
        if !crypto.is_point(&command.public) {
            return Err(Problem::new(Code::NoPublicKey).at("x").into());
        }
        let keys = tx.service_keys_of(&[account.id])?.remove(&account.id).unwrap_or_default();
        let in_use = keys.iter().filter(|key| key.revoked_at.is_none() && key.expires_at > act.now).count();
        if in_use >= KEYS_MAX {
            let problem = Problem::new(Code::TooMany).with("actual", in_use + 1).with("max", KEYS_MAX);
            return Err(problem.at("account").into());
        }
        if keys.iter().any(|key| key.kid == command.kid) {
            return Err(Problem::new(Code::CodeTaken).with("code", &command.kid).at("kid").into());
        }
        let key = ServiceKey {
            id: ServiceKeyId::new(allocate_one(tx, Sequence::ServiceKey)?),
            account: account.id,
            kid: command.kid.clone(),
            public: command.public.clone(),
            expires_at: command.expires_at,
            revoked_at: None,
            last_used_at: None,
        };
        tx.insert_service_key(&key)?;
        tx.changed(change_of(&key, None, Some("in use")));
        if account.state == AccountState::Invited {
            let mut after = account.clone();
            after.state = AccountState::Active;
            store(tx, &account, after)?;
        }
        Ok(key.id)
    })
}

fn require_end(act: &Act, end: Instant) -> Result<(), Problem> {
    let latest = act.now.checked_add_days(Days::new(KEY_DAYS_MAX)).unwrap_or(act.now);
    if act.now < end && end <= latest {
        return Ok(());
    }
    let problem = Problem::new(Code::OutOfRange).with("actual", end).with("min", act.now).with("max", latest);
    Err(problem.at("expiresAt"))
}

/// Withdraws a machine's key at once.
///
/// # Errors
/// `Forbidden`, `NotFound` (the account, or a key in use), `GrantToSelf`, `AccountBeyondReach`.
pub fn revoke_service_key(
    act: &Act,
    tx: &mut dyn WriteTx,
    (account, kid): (AccountId, &Key),
) -> Result<AccountId, Error> {
    act.actor.require(Permission::ManageServices)?;
    act.once(tx, |tx| {
        let account = in_care(act, tx, account, Care::Curb)?;
        let keys = tx.service_keys_of(&[account.id])?.remove(&account.id).unwrap_or_default();
        let key = keys.iter().find(|key| key.kid == *kid && key.revoked_at.is_none());
        let key = key.ok_or_else(|| Problem::not_found("ServiceKey", kid).at("kid"))?;
        revoke(act, tx, key)?;
        Ok(account.id)
    })
}

fn revoke(act: &Act, tx: &mut dyn WriteTx, key: &ServiceKey) -> Result<(), Error> {
    tx.revoke_service_key(key.account, &key.kid, act.now)?;
    tx.changed(change_of(key, Some("in use"), Some("withdrawn")));
    Ok(())
}

/// Withdraws every key of an account.
pub(super) fn revoke_all(act: &Act, tx: &mut dyn WriteTx, account: AccountId) -> Result<(), Error> {
    let keys = tx.service_keys_of(&[account])?.remove(&account).unwrap_or_default();
    keys.iter().filter(|key| key.revoked_at.is_none()).try_for_each(|key| revoke(act, tx, key))
}

fn change_of(key: &ServiceKey, before: Option<&str>, after: Option<&str>) -> Change {
    let told = |state: &str| format!("{kid} until {end}, {state}", kid = key.kid, end = key.expires_at);
    Change { kind: "ServiceKey", id: key.id.get(), before: before.map(told), after: after.map(told) }
}
