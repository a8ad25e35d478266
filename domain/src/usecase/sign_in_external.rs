//! Signing in with a token of another issuer (OIDC), for accounts that an admin bound to its subject.
//!
//! Whatever is wrong has one answer. A token opens one session: it is spent when that begins, not when a second factor or an
//! assignment is asked for first. The issuer's second factor counts where the configuration says how it is told; otherwise
//! the account's own is asked for, as with a password. Only what the account held when it was bound can be acted under. Whoever
//! holds a role that opens everything does not come in this way.

use crate::account::throttle::Admission;
use crate::account::{AccountKind, AccountState};
use crate::error::Error;
use crate::id::AssignmentId;
use crate::ports::{ExternalToken, Lock, WriteTx};
use crate::problem::{Code, Problem};
use crate::text::Title;
use crate::usecase::desk::{Desk, Known};
use crate::usecase::let_in::{Judged, Settled, Wish, choose, conclude, refuse, second_factor};
use crate::usecase::sign_in::SignedIn;

const OPERATION: &str = "signInExternal";

/// Who wants to be let in. It shows no secret.
#[derive(Clone)]
pub struct SignInExternal {
    /// The issuer's token.
    pub token: String,
    /// The code of the authenticator app.
    pub totp: Option<String>,
    /// The assignment to act under; not needed by who holds one only.
    pub assignment: Option<AssignmentId>,
    /// What the client calls its device.
    pub device: Title,
}

/// Lets somebody in by the token of another issuer.
///
/// # Errors
/// [`Code::ExternalRefused`]; to who has a token that counts also [`Code::TotpRequired`], [`Code::TotpSetupRequired`]; to who
/// has the second factor, too, [`Code::NoAssignment`], and [`Code::NotFound`] for an assignment that is not his.
pub fn sign_in_external(desk: &Desk, command: &SignInExternal) -> Result<SignedIn, Error> {
    let token = desk.crypto.read_external(&command.token);
    let mut wish = Wish {
        operation: OPERATION,
        refusal: Code::ExternalRefused,
        input: token.as_ref().map(|token| format!("issuer {}", token.who.issuer)).unwrap_or_default(),
        totp: command.totp.as_deref(),
        assignment: command.assignment,
        up_to: Some(AssignmentId::new(0)),
        device: &command.device,
    };
    desk.store.write(|tx| settle(desk, tx, &mut wish, token.as_ref()))?.finish(desk)
}

fn settle(desk: &Desk, tx: &mut dyn WriteTx, wish: &mut Wish, token: Option<&ExternalToken>) -> Result<Settled, Error> {
    tx.lock(&[Lock::Grants])?;
    let known = match token {
        Some(token) => Known::by_external(tx.as_read(), &token.who)?,
        None => None,
    };
    let (Some(token), Some((known, up_to))) = (token, known) else {
        return refuse(desk, tx, wish, None, Problem::new(wish.refusal));
    };
    wish.up_to = Some(up_to);
    let id = known.account.id;
    let judged = if tx.is_spent(id, &token.mark)? { Judged::Unseen } else { judge(desk, wish, token, &known) };
    let is_right = matches!(judged, Judged::Right(..));
    if is_right && !tx.spend_assertion(id, &token.mark, token.expires_at, token.judged_at)? {
        return conclude(desk, tx, wish, known, Judged::Unseen, None);
    }
    conclude(desk, tx, wish, known, judged, None)
}

/// Decides by the account as it stands: nothing here writes.
fn judge(desk: &Desk, wish: &Wish, token: &ExternalToken, known: &Known) -> Judged {
    if !is_open(desk, known) {
        return Judged::Unseen;
    }
    let needs_own = known.asks_for_totp(desk.today()) && !token.second_factor;
    let step = if needs_own { second_factor(desk, wish, known).map(Some) } else { Ok(None) };
    step.map_or_else(|judged| judged, |step| choose(desk, wish, known, step))
}

/// Whether the account may be used in this way now.
fn is_open(desk: &Desk, known: &Known) -> bool {
    let is_person = known.account.state == AccountState::Active && known.account.kind == AccountKind::Person;
    let is_guarded = known.credentials.as_ref().is_some_and(|secrets| secrets.admission(desk.now) != Admission::Open);
    is_person && !is_guarded && !known.opens_everything(desk.today())
}
