//! How accounts get in, for whoever looks after them: their wrong attempts, and their open sessions with the devices.

use std::collections::BTreeMap;

use crate::access::{Actor, Permission, Scope};
use crate::account::rigour::session_life;
use crate::account::throttle::Attempts;
use crate::error::Error;
use crate::id::{AccountId, AssignmentId};
use crate::ports::ReadTx;
use crate::session::Session;
use crate::time::Instant;

/// The wrong attempts in a row of the accounts in scope; of one that never had a password there is nothing.
///
/// # Errors
/// `Forbidden`.
pub fn attempts_in_scope(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    accounts: &[AccountId],
) -> Result<BTreeMap<AccountId, Attempts>, Error> {
    let seen = seen(actor, tx, accounts)?;
    Ok(tx.attempts_of(&seen)?)
}

/// The sessions of the accounts in scope that can still be refreshed, newest first.
///
/// # Errors
/// `Forbidden`.
pub fn sessions_in_scope(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    accounts: &[AccountId],
    now: Instant,
) -> Result<BTreeMap<AccountId, Vec<Session>>, Error> {
    let seen = seen(actor, tx, accounts)?;
    let mut open = tx.sessions_of_accounts(&seen, now)?;
    let used: Vec<AssignmentId> = open.values().flatten().map(|session| session.assignment).collect();
    let used = tx.assignments_by_id(&Scope::Country, &used)?;
    for sessions in open.values_mut() {
        sessions.retain(|session| {
            let idle = used.get(&session.assignment).map(|under| session_life(under.role).idle);
            idle.is_some_and(|idle| now - session.rotated_at < idle)
        });
    }
    Ok(open)
}

/// Those in scope, for who may look after accounts.
fn seen(actor: &Actor, tx: &mut dyn ReadTx, accounts: &[AccountId]) -> Result<Vec<AccountId>, Error> {
    actor.require(Permission::ManageAccounts)?;
    Ok(tx.accounts_by_id(&actor.scope, accounts)?.into_keys().collect())
}
