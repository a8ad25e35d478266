//! What an attempt to get in comes to once it was shown who it is, by a password or by another issuer's token: the second
//! factor, the choice among assignments, the session, and what goes on record.

use crate::account::Credentials;
use crate::assignment::Assignment;
use crate::error::Error;
use crate::id::AssignmentId;
use crate::ports::WriteTx;
use crate::problem::{Code, Problem};
use crate::session::Session;
use crate::session::refresh::RefreshToken;
use crate::text::Title;
use crate::usecase::desk::{Desk, Hat, Known, hat, hats};
use crate::usecase::sign_in::SignedIn;

/// What somebody asks for who wants to be let in.
pub(super) struct Wish<'wish> {
    /// The operation's name on record.
    pub(super) operation: &'static str,
    /// The one answer to whatever is wrong.
    pub(super) refusal: Code,
    /// What goes on record beside it.
    pub(super) input: String,
    /// The code of the authenticator app.
    pub(super) totp: Option<&'wish str>,
    /// The assignment to act under.
    pub(super) assignment: Option<AssignmentId>,
    /// The youngest assignment that may be acted under; `None` where each may.
    pub(super) up_to: Option<AssignmentId>,
    /// What the client calls its device.
    pub(super) device: &'wish Title,
}

impl Wish<'_> {
    /// The assignments to choose from.
    fn open<'known>(&self, desk: &Desk, known: &'known Known) -> Vec<&'known Assignment> {
        let in_reach = |one: &&Assignment| self.up_to.is_none_or(|youngest| one.id <= youngest);
        known.in_force(desk.today()).filter(in_reach).collect()
    }
}

/// What an attempt comes to, by the account as it stands.
pub(super) enum Judged {
    /// Not looked at, so it does not count.
    Unseen,
    /// Wrong; it counts.
    Wrong,
    /// Who it is was shown, but that is not enough.
    Held(Box<Problem>),
    /// Right, but one of several assignments has to be named.
    Choose,
    /// Right. With the step of the second factor.
    Right(Box<Assignment>, Option<i64>),
}

/// What came of it.
pub(super) enum Settled {
    /// Refused.
    Refused(Problem),
    /// One of these has to be named.
    Choose(Vec<Hat>),
    /// A session was begun.
    Opened(Box<(Known, Hat, (Session, RefreshToken))>),
}

fn held(problem: Problem) -> Judged {
    Judged::Held(Box::new(problem))
}

impl Settled {
    /// The answer, tokens signed.
    ///
    /// # Errors
    /// The refusal, or a failure to sign.
    pub(super) fn finish(self, desk: &Desk) -> Result<SignedIn, Error> {
        match self {
            Self::Refused(problem) => Err(problem.into()),
            Self::Choose(hats) => Ok(SignedIn::Choose(hats)),
            Self::Opened(admitted) => {
                let (known, hat, tokens) = *admitted;
                Ok(SignedIn::Opened(Box::new(desk.hand_over(&known.account, hat, tokens)?)))
            }
        }
    }
}

/// The step of the account's own second factor. A code of a secret that was never confirmed confirms it.
///
/// # Errors
/// What the attempt comes to without.
pub(super) fn second_factor(desk: &Desk, wish: &Wish, known: &Known) -> Result<i64, Judged> {
    let Some(secrets) = known.credentials.as_ref().filter(|secrets| secrets.totp.is_some()) else {
        return Err(held(Problem::new(Code::TotpSetupRequired)));
    };
    let Some(code) = wish.totp else {
        return Err(held(Problem::new(Code::TotpRequired).at("totp")));
    };
    desk.fresh_step(secrets, code).ok_or(Judged::Wrong)
}

/// The assignment to act under.
pub(super) fn choose(desk: &Desk, wish: &Wish, known: &Known, step: Option<i64>) -> Judged {
    let open = wish.open(desk, known);
    match (wish.assignment, open.as_slice()) {
        (_, []) => held(Problem::new(Code::NoAssignment)),
        (None, [only]) => Judged::Right(Box::new((*only).clone()), step),
        (None, _) => Judged::Choose,
        (Some(id), open) => match open.iter().find(|assignment| assignment.id == id) {
            Some(chosen) => Judged::Right(Box::new((*chosen).clone()), step),
            None => held(Problem::not_found("Assignment", id.get()).at("assignment")),
        },
    }
}

/// Does what follows, and puts it on record. `renewed` takes the place of the password's hash.
///
/// # Errors
/// A failure of storage.
pub(super) fn conclude(
    desk: &Desk,
    tx: &mut dyn WriteTx,
    wish: &Wish,
    known: Known,
    judged: Judged,
    renewed: Option<&String>,
) -> Result<Settled, Error> {
    match judged {
        Judged::Unseen => refuse(desk, tx, wish, Some(&known), Problem::new(wish.refusal)),
        Judged::Wrong => {
            if let Some(secrets) = &known.credentials {
                tx.put_credentials(&secrets.after_failure(desk.now))?;
            }
            refuse(desk, tx, wish, Some(&known), Problem::new(wish.refusal))
        }
        Judged::Held(problem) => refuse(desk, tx, wish, Some(&known), *problem),
        Judged::Choose => {
            let open = wish.open(desk, &known).into_iter().cloned().collect();
            Ok(Settled::Choose(hats(tx.as_read(), open)?))
        }
        Judged::Right(assignment, step) => {
            if let Some(secrets) = &known.credentials {
                tx.put_credentials(&after_success(secrets, renewed, step))?;
            }
            admit(desk, tx, wish, known, &assignment)
        }
    }
}

/// Refuses somebody, known or not.
///
/// # Errors
/// A failure of storage.
pub(super) fn refuse(
    desk: &Desk,
    tx: &mut dyn WriteTx,
    wish: &Wish,
    known: Option<&Known>,
    problem: Problem,
) -> Result<Settled, Error> {
    let mut entry = desk.entry(known.map(|known| &known.account), wish.operation, Some(problem.code()))?;
    entry.input.clone_from(&wish.input);
    tx.record(vec![entry]);
    Ok(Settled::Refused(problem))
}

fn after_success(secrets: &Credentials, renewed: Option<&String>, step: Option<i64>) -> Credentials {
    let mut secrets = secrets.cleared();
    secrets.password = renewed.cloned().or(secrets.password);
    secrets.totp_confirmed |= step.is_some();
    secrets.totp_step = step.unwrap_or(secrets.totp_step);
    secrets
}

fn admit(
    desk: &Desk,
    tx: &mut dyn WriteTx,
    wish: &Wish,
    known: Known,
    assignment: &Assignment,
) -> Result<Settled, Error> {
    tx.touch_account(known.account.id, desk.now)?;
    let tokens = desk.open_session(tx, assignment, wish.device)?;
    let mut entry = desk.entry_under(&known.account, assignment, wish.operation)?;
    entry.input.clone_from(&wish.input);
    tx.record(vec![entry]);
    let hat = hat(tx.as_read(), assignment)?;
    Ok(Settled::Opened(Box::new((known, hat, tokens))))
}
