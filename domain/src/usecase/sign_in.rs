//! Signing in with a password and, where a role or the account asks for it, a second factor.
//!
//! Whatever is wrong has one answer and costs the same work; only somebody who knows the password learns more. The
//! password is verified before the transaction that decides; that one looks at the account as it stands then, so that of
//! many attempts at once no more are looked at than of as many in a row.

use crate::account::password::Password;
use crate::account::throttle::Admission;
use crate::account::{AccountKind, AccountState, Credentials};
use crate::crypto::{Crypto, PasswordCost};
use crate::error::Error;
use crate::id::AssignmentId;
use crate::ports::{Lock, WriteTx};
use crate::problem::{Code, Problem};
use crate::text::{Subject, Title};
use crate::usecase::desk::{Desk, Hat, Known, Opened};
use crate::usecase::let_in::{Judged, Settled, Wish, choose, conclude, refuse, second_factor};

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
    let stand_in = stand_in(desk.crypto, &command.login);
    let fits = desk.crypto.verify_password(typed, hash.as_deref(), stand_in)? && password.is_some();
    let renewed = if fits { renewed_hash(desk, known.as_ref(), typed)? } else { None };
    let attempt = Attempt { login, verified: hash.filter(|_| fits), renewed };
    let wish = Wish {
        operation: OPERATION,
        refusal: Code::SignInRefused,
        input: String::new(),
        totp: command.totp.as_deref(),
        assignment: command.assignment,
        up_to: None,
        device: &command.device,
    };
    desk.store.write(|tx| settle(desk, tx, &wish, &attempt))?.finish(desk)
}

/// Of so many logins without a password one costs as much as an admin's.
const AS_AN_ADMIN: u8 = 8;

/// What an attempt costs where there is no password to be verified. Admins' passwords cost more than others', so some of
/// the logins that do not exist do so, too, and always the same ones: a slow refusal does not say that there is an admin, and
/// a quick one does not say that there is anybody (T12).
fn stand_in(crypto: &dyn Crypto, login: &str) -> PasswordCost {
    let [draw, ..] = crypto.keyed("stand-in", login.as_bytes());
    if draw % AS_AN_ADMIN == 0 { PasswordCost::High } else { PasswordCost::Usual }
}

/// An attempt whose password was looked at.
struct Attempt {
    login: Option<Subject>,
    /// The hash that the password fits.
    verified: Option<String>,
    /// The password's hash at today's cost, where that stored one cost less.
    renewed: Option<String>,
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

fn settle(desk: &Desk, tx: &mut dyn WriteTx, wish: &Wish, attempt: &Attempt) -> Result<Settled, Error> {
    tx.lock(&[Lock::Grants])?;
    let known = match &attempt.login {
        Some(login) => Known::by_login(tx.as_read(), login)?,
        None => None,
    };
    let Some(known) = known else { return refuse(desk, tx, wish, None, Problem::new(Code::SignInRefused)) };
    let judged = judge(desk, wish, attempt, &known);
    conclude(desk, tx, wish, known, judged, attempt.renewed.as_ref())
}

/// Decides by the account as it stands: nothing here writes.
fn judge(desk: &Desk, wish: &Wish, attempt: &Attempt, known: &Known) -> Judged {
    let Some(secrets) = usable(desk, known) else { return Judged::Unseen };
    if attempt.verified.is_none() || attempt.verified != secrets.password {
        return Judged::Wrong;
    }
    let step = if known.asks_for_totp(desk.today()) { second_factor(desk, wish, known).map(Some) } else { Ok(None) };
    step.map_or_else(|judged| judged, |step| choose(desk, wish, known, step))
}
