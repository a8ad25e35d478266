//! What somebody sees of the own account.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::access::{Actor, Role, Scope};
use crate::account::Account;
use crate::account::rigour::session_life;
use crate::assignment::{Assignment, AssignmentPredicate};
use crate::error::Error;
use crate::page::{Direction, Filter, PageRequest, PageSize};
use crate::ports::ReadTx;
use crate::problem::Problem;
use crate::session::Session;
use crate::time::{Instant, in_viet_nam};
use crate::usecase::desk::{Hat, Known, hats};

/// The own account.
#[derive(Clone)]
pub struct OwnAccount {
    /// The account.
    pub account: Account,
    /// Whether signing in asks for a code of the authenticator app.
    pub has_second_factor: bool,
    /// Whether a role asks for it, so that it cannot be taken away.
    pub needs_second_factor: bool,
}

/// The caller's own account.
///
/// # Errors
/// [`crate::problem::Code::NotFound`] for the host, which has none.
pub fn read_own_account(actor: &Actor, tx: &mut dyn ReadTx, now: Instant) -> Result<OwnAccount, Error> {
    let missing = || Problem::not_found("Account", actor.account.get());
    let known = Known::by_id(tx, actor.account)?.ok_or_else(missing)?;
    Ok(OwnAccount {
        has_second_factor: known.credentials.as_ref().is_some_and(|secrets| secrets.totp_confirmed),
        needs_second_factor: known.must_have_totp(in_viet_nam(now).0),
        account: known.account,
    })
}

/// The caller's assignments in force.
///
/// # Errors
/// A failure of storage.
pub fn read_own_assignments(actor: &Actor, tx: &mut dyn ReadTx, now: Instant) -> Result<Vec<Hat>, Error> {
    let Some(known) = Known::by_id(tx, actor.account)? else { return Ok(Vec::new()) };
    let held = known.in_force(in_viet_nam(now).0).cloned().collect();
    hats(tx, held)
}

/// The sessions of the caller's account that can still be refreshed, newest first, each with its assignment.
///
/// # Errors
/// A failure of storage.
pub fn read_own_sessions(actor: &Actor, tx: &mut dyn ReadTx, now: Instant) -> Result<Vec<(Session, Hat)>, Error> {
    let sessions = tx.sessions_of(actor.account, now)?;
    let ids: Vec<_> = sessions.iter().map(|session| session.assignment).collect();
    let mut assignments = tx.assignments_by_id(&Scope::Country, &ids)?;
    let used: Vec<_> = sessions.iter().filter_map(|session| assignments.remove(&session.assignment)).collect();
    let hats: BTreeMap<_, _> = hats(tx, used)?.into_iter().map(|hat| (hat.assignment.id, hat)).collect();
    let own =
        sessions.into_iter().filter_map(|session| hats.get(&session.assignment).cloned().map(|hat| (session, hat)));
    Ok(own.filter(|(session, hat)| now - session.rotated_at < session_life(hat.assignment.role).idle).collect())
}

/// How long system admins are told of an emergency entry.
const TOLD_FOR: TimeDelta = TimeDelta::days(30);

/// The emergency entries sealed within the last 30 days, newest first, used or not: every system admin is told of them, and
/// nobody else is (T23).
///
/// # Errors
/// A failure of storage.
pub fn recent_emergencies(actor: &Actor, tx: &mut dyn ReadTx, now: Instant) -> Result<Vec<Assignment>, Error> {
    if actor.role != Role::SystemAdmin {
        return Ok(Vec::new());
    }
    let emergency = Filter::Is(AssignmentPredicate::Role(vec![Role::BreakGlass]));
    let latest =
        PageRequest { size: PageSize::new(PageSize::MAX.into())?, direction: Direction::Backward, cursor: None };
    let found = tx.list_assignments(&Scope::Country, &emergency, &latest)?.rows.into_iter().map(|(_, one)| one);
    let mut told: Vec<Assignment> = found.filter(|one| now - one.granted_at <= TOLD_FOR).collect();
    told.sort_by_key(|one| std::cmp::Reverse((one.granted_at, one.id)));
    Ok(told)
}
