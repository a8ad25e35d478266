//! Signing in with a password and, where a role or the account asks for it, a second factor.
//!
//! Whatever is wrong has one answer and costs the same work; only somebody who knows the password learns more. The
//! password is verified before the transaction that decides; that one looks at the account as it stands then, so that of
//! many attempts at once no more are looked at than of as many in a row.

use crate::account::password::Password;
use crate::account::throttle::Admission;
use crate::account::{AccountKind, AccountState, Credentials};
use crate::assignment::Assignment;
use crate::error::Error;
use crate::id::AssignmentId;
use crate::ports::{Lock, WriteTx};
use crate::problem::{Code, Problem};
use crate::session::Session;
use crate::session::refresh::RefreshToken;
use crate::text::{Subject, Title};
use crate::usecase::desk::{Desk, Hat, Known, Opened, hat, hats};

const OPERATION: &str = "signIn";

/// Who wants to be let in. It shows no secret.
#[derive(Clone)]
pub struct SignIn {
    /// The login as it was typed; what can be none is an unknown one.
    pub login: String,
    /// The password as it was typed.
    pub password: String,
    /// The code of the authenticator app.
    pub totp: Option<String>,
    /// The assignment to act under; not needed by who holds one only.
    pub assignment: Option<AssignmentId>,
    /// What the client calls its device.
    pub device: Title,
}

/// What came of it.
pub enum SignedIn {
    /// A session.
    Opened(Box<Opened>),
    /// Login, password and second factor are right: one of these assignments has to be named.
    Choose(Vec<Hat>),
}

/// Lets somebody in.
///
/// # Errors
/// [`Code::SignInRefused`]; to who knows the password also [`Code::TotpRequired`], [`Code::TotpSetupRequired`]; to who has
/// the second factor, too, [`Code::NoAssignment`], and [`Code::NotFound`] for an assignment that is not his.
pub fn sign_in(desk: &Desk, command: &SignIn) -> Result<SignedIn, Error> {
    let login = Subject::new(&command.login).ok();
    let password = Password::new(&command.password).ok();
    let typed = password.as_ref().map_or("", Password::reveal);
    let known =
        desk.store.read(|tx| Ok(login.as_ref().map(|login| Known::by_login(tx, login)).transpose()?.flatten()))?;
    let hash = known.as_ref().and_then(|known| known.credentials.as_ref()?.password.clone());
    let fits = desk.crypto.verify_password(typed, hash.as_deref())? && password.is_some();
    let renewed = if fits { renewed_hash(desk, known.as_ref(), typed)? } else { None };
    let attempt = Attempt { command, login, verified: hash.filter(|_| fits), renewed };
    match desk.store.write(|tx| settle(desk, tx, &attempt))? {
        Settled::Refused(problem) => Err(problem.into()),
        Settled::Choose(hats) => Ok(SignedIn::Choose(hats)),
        Settled::Opened(admitted) => {
            let (known, hat, tokens) = *admitted;
            Ok(SignedIn::Opened(Box::new(desk.hand_over(&known.account, hat, tokens)?)))
        }
    }
}

/// An attempt whose password was looked at.
struct Attempt<'attempt> {
    command: &'attempt SignIn,
    login: Option<Subject>,
    /// The hash that the password fits.
    verified: Option<String>,
    /// The password's hash at today's cost, where that stored one cost less.
    renewed: Option<String>,
}

/// What an attempt comes to, by the account as it stands.
enum Judged {
    /// Not looked at, so it does not count.
    Unseen,
    /// Wrong; it counts.
    Wrong,
    /// The password is right, but that is not enough.
    Held(Box<Problem>),
    /// Right, but one of several assignments has to be named.
    Choose,
    /// Right. With the step of the second factor.
    Right(Box<Assignment>, Option<i64>),
}

fn held(problem: Problem) -> Judged {
    Judged::Held(Box::new(problem))
}

enum Settled {
    Refused(Problem),
    Choose(Vec<Hat>),
    Opened(Box<(Known, Hat, (Session, RefreshToken))>),
}

/// A hash at today's cost of a password that is right, where the stored one cost less.
fn renewed_hash(desk: &Desk, known: Option<&Known>, password: &str) -> Result<Option<String>, Error> {
    let Some((known, secrets)) = known.and_then(|known| Some((known, usable(desk, known)?))) else { return Ok(None) };
    let cost = known.cost(desk.today());
    if secrets.password.as_ref().is_none_or(|hash| desk.crypto.is_costly_enough(hash, cost)) {
        return Ok(None);
    }
    Ok(Some(desk.crypto.hash_password(password, cost)?))
}

/// The secrets of an account that may sign in now.
fn usable<'known>(desk: &Desk, known: &'known Known) -> Option<&'known Credentials> {
    let is_open = known.account.state == AccountState::Active && known.account.kind == AccountKind::Person;
    let secrets = known.credentials.as_ref().filter(|secrets| is_open && secrets.password.is_some());
    secrets.filter(|secrets| secrets.admission(desk.now) == Admission::Open)
}

fn settle(desk: &Desk, tx: &mut dyn WriteTx, attempt: &Attempt) -> Result<Settled, Error> {
    tx.lock(&[Lock::Grants])?;
    let known = match &attempt.login {
        Some(login) => Known::by_login(tx.as_read(), login)?,
        None => None,
    };
    let (judged, known) = match known {
        Some(known) => (judge(desk, attempt, &known), known),
        None => return refuse(desk, tx, None, Problem::new(Code::SignInRefused)),
    };
    match judged {
        Judged::Unseen => refuse(desk, tx, Some(&known), Problem::new(Code::SignInRefused)),
        Judged::Wrong => {
            if let Some(secrets) = &known.credentials {
                tx.put_credentials(&secrets.after_failure(desk.now))?;
            }
            refuse(desk, tx, Some(&known), Problem::new(Code::SignInRefused))
        }
        Judged::Held(problem) => refuse(desk, tx, Some(&known), *problem),
        Judged::Choose => {
            let open = known.in_force(desk.today()).cloned().collect();
            Ok(Settled::Choose(hats(tx.as_read(), open)?))
        }
        Judged::Right(assignment, step) => admit(desk, tx, attempt, known, &assignment, step),
    }
}

/// Decides by the account as it stands: nothing here writes.
fn judge(desk: &Desk, attempt: &Attempt, known: &Known) -> Judged {
    let Some(secrets) = usable(desk, known) else { return Judged::Unseen };
    if attempt.verified.is_none() || attempt.verified != secrets.password {
        return Judged::Wrong;
    }
    let step = match second_factor(desk, attempt, known, secrets) {
        Ok(step) => step,
        Err(judged) => return judged,
    };
    let open: Vec<&Assignment> = known.in_force(desk.today()).collect();
    match (attempt.command.assignment, open.as_slice()) {
        (_, []) => held(Problem::new(Code::NoAssignment)),
        (None, [only]) => Judged::Right(Box::new((*only).clone()), step),
        (None, _) => Judged::Choose,
        (Some(id), open) => match open.iter().find(|assignment| assignment.id == id) {
            Some(chosen) => Judged::Right(Box::new((*chosen).clone()), step),
            None => held(Problem::not_found("Assignment", id.get()).at("assignment")),
        },
    }
}

/// The step of the second factor, `None` where none is asked for. A code of a secret that was never confirmed confirms it.
fn second_factor(desk: &Desk, attempt: &Attempt, known: &Known, secrets: &Credentials) -> Result<Option<i64>, Judged> {
    if !known.asks_for_totp(desk.today()) {
        return Ok(None);
    }
    if secrets.totp.is_none() {
        return Err(held(Problem::new(Code::TotpSetupRequired)));
    }
    let Some(code) = &attempt.command.totp else {
        return Err(held(Problem::new(Code::TotpRequired).at("totp")));
    };
    desk.fresh_step(secrets, code).map(Some).ok_or(Judged::Wrong)
}

fn refuse(desk: &Desk, tx: &mut dyn WriteTx, known: Option<&Known>, problem: Problem) -> Result<Settled, Error> {
    let entry = desk.entry(known.map(|known| &known.account), OPERATION, Some(problem.code()))?;
    tx.record(vec![entry]);
    Ok(Settled::Refused(problem))
}

fn admit(
    desk: &Desk,
    tx: &mut dyn WriteTx,
    attempt: &Attempt,
    known: Known,
    assignment: &Assignment,
    step: Option<i64>,
) -> Result<Settled, Error> {
    if let Some(secrets) = &known.credentials {
        let mut secrets = secrets.cleared();
        secrets.password = attempt.renewed.clone().or(secrets.password);
        secrets.totp_confirmed |= step.is_some();
        secrets.totp_step = step.unwrap_or(secrets.totp_step);
        tx.put_credentials(&secrets)?;
    }
    tx.touch_account(known.account.id, desk.now)?;
    let tokens = desk.open_session(tx, assignment, &attempt.command.device)?;
    tx.record(vec![desk.entry_under(&known.account, assignment, OPERATION)?]);
    let hat = hat(tx.as_read(), assignment)?;
    Ok(Settled::Opened(Box::new((known, hat, tokens))))
}
