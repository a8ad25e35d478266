//! Signing in of machines: an assertion signed with the machine's own key (RFC 7523), no shared secret, no refresh.
//!
//! The signature is verified between the two steps, outside of any transaction.

use crate::account::{Account, AccountKind, AccountState, ServiceKey};
use crate::assignment::{Assignment, AssignmentState};
use crate::audit::{ActOutcome, Entry};
use crate::error::Error;
use crate::id::{AccountId, AssignmentId, UnitId};
use crate::ports::{ReadTx, WriteTx};
use crate::problem::Code;
use crate::session::Claims;
use crate::text::{Key, Subject};
use crate::time::{Instant, in_viet_nam};

/// The operation's name on record.
const OPERATION: &str = "signInService";

/// Whom an assertion claims to be of, verified or not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claimed {
    /// The login it speaks for; `None` where it names none that could be one.
    pub login: Option<Subject>,
    /// The key that it says signed it.
    pub kid: Option<Key>,
    /// When the request arrived.
    pub now: Instant,
    /// The request's id in the log.
    pub request: String,
}

/// An assertion that is right but for its signature, which has to be verified first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignInService {
    /// The login it speaks for.
    pub login: Subject,
    /// The key that signed it.
    pub kid: Key,
    /// Its own id: each counts once.
    pub jti: String,
    /// When it ends.
    pub expires_at: Instant,
    /// When it was judged, by the clock that its end goes by.
    pub judged_at: Instant,
    /// The unit whose assignment is wanted, of a machine that holds several.
    pub unit: Option<UnitId>,
    /// When the request arrived.
    pub now: Instant,
    /// The request's id in the log.
    pub request: String,
}

impl SignInService {
    /// Whom it claims to be of.
    fn claimed(&self) -> Claimed {
        let (login, kid) = (Some(self.login.clone()), Some(self.kid.clone()));
        Claimed { login, kid, now: self.now, request: self.request.clone() }
    }
}

/// What came of an assertion.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ServiceSignIn {
    /// What the token is to say.
    Admitted(Claims),
    /// Not let in; why is nobody's business.
    Refused,
    /// Let in, but it has to say for which unit, or has none there.
    WhichUnit,
}

/// The key of a machine by its name, if it counts.
///
/// # Errors
/// A failure of storage.
pub fn service_key(
    tx: &mut dyn ReadTx,
    (login, kid): (&Subject, &Key),
    now: Instant,
) -> Result<Option<(Account, ServiceKey)>, Error> {
    let is_machine = |account: &Account| account.kind == AccountKind::Service && account.state == AccountState::Active;
    let Some(account) = tx.account_by_login(login)?.filter(is_machine) else { return Ok(None) };
    let keys = tx.service_keys_of(&[account.id])?.remove(&account.id).unwrap_or_default();
    let counts = |key: &ServiceKey| key.kid == *kid && key.revoked_at.is_none() && now < key.expires_at;
    Ok(keys.into_iter().find(counts).map(|key| (account, key)))
}

/// Lets a machine in whose assertion was verified, and puts it on record; a refusal, too.
///
/// # Errors
/// A failure of storage.
pub fn sign_in_service(tx: &mut dyn WriteTx, command: &SignInService) -> Result<ServiceSignIn, Error> {
    let Some((account, key)) = service_key(tx.as_read(), (&command.login, &command.kid), command.now)? else {
        return refuse_service(tx, &command.claimed());
    };
    if !tx.spend_assertion(account.id, &command.jti, command.expires_at, command.judged_at)? {
        return refuse_service(tx, &command.claimed());
    }
    let held = tx.assignments_of(&[account.id])?.remove(&account.id).unwrap_or_default();
    let today = in_viet_nam(command.now).0;
    let mut open = held.into_iter().filter(|held| {
        held.state_on(today) == AssignmentState::InForce && command.unit.is_none_or(|unit| held.unit == unit)
    });
    let (Some(assignment), None) = (open.next(), open.next()) else {
        let refused = ActOutcome::Refused(Code::NotFound.as_str().to_owned());
        tx.record(vec![entry(&command.claimed(), Some(&account), None, refused)?]);
        return Ok(ServiceSignIn::WhichUnit);
    };
    tx.touch_service_key(key.id, command.now)?;
    tx.touch_assignment(assignment.id, command.now)?;
    tx.record(vec![entry(&command.claimed(), Some(&account), Some(&assignment), ActOutcome::Done)?]);
    Ok(ServiceSignIn::Admitted(Claims::of(&account, &assignment, None)))
}

/// Puts on record that a machine was not let in. A login that does not exist is not told, as anybody can make one up, but
/// costs the same work.
///
/// # Errors
/// A failure of storage.
pub fn refuse_service(tx: &mut dyn WriteTx, claimed: &Claimed) -> Result<ServiceSignIn, Error> {
    let account = match &claimed.login {
        Some(login) => tx.account_by_login(login)?,
        None => None,
    };
    let refused = ActOutcome::Refused(Code::Forbidden.as_str().to_owned());
    tx.record(vec![entry(claimed, account.as_ref(), None, refused)?]);
    Ok(ServiceSignIn::Refused)
}

fn entry(
    claimed: &Claimed,
    account: Option<&Account>,
    assignment: Option<&Assignment>,
    outcome: ActOutcome,
) -> Result<Entry, Error> {
    let kid = claimed.kid.as_ref().filter(|_| account.is_some());
    Ok(Entry {
        at: claimed.now,
        account: account.map_or(AccountId::new(0), |account| account.id),
        subject: account.map_or_else(|| Subject::new("unknown"), |account| Ok(account.login.clone()))?,
        assignment: assignment.map_or(AssignmentId::new(0), |held| held.id),
        role: assignment.map(|held| held.role),
        operation: OPERATION.to_owned(),
        unit: assignment.map(|held| held.unit).or_else(|| account.map(|account| account.unit)),
        input: kid.map(|kid| format!("kid {kid}")).unwrap_or_default(),
        changes: Vec::new(),
        outcome,
        request: claimed.request.clone(),
    })
}
