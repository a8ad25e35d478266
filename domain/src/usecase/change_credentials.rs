//! Changing one's own password and second factor. The present password is asked for each time, and guesses at it count like
//! those at signing in: a stolen session is not an account.

use crate::account::Credentials;
use crate::account::password::Password;
use crate::account::throttle::Admission;
use crate::audit::ActOutcome;
use crate::crypto::PasswordCost;
use crate::error::{Error, StoreError};
use crate::ports::{Lock, ReadTx, Sessions, TotpKey, WriteTx};
use crate::problem::{Code, Problem};
use crate::session::SessionEnd;
use crate::usecase::Act;
use crate::usecase::desk::{Desk, Known};
use crate::usecase::end_session::own_session;

/// What proves that the session's owner is at it. It shows no secret.
#[derive(Clone)]
pub struct Proof {
    /// The present password as it was typed.
    pub current_password: String,
    /// The code of the authenticator app; asked for where the second factor itself changes.
    pub totp: Option<String>,
}

/// Changes the password and ends every other session of the account.
///
/// # Errors
/// [`Code::Forbidden`] without a session; [`Code::PasswordRefused`] at `currentPassword`; [`Code::Empty`],
/// [`Code::TooLong`], [`Code::PasswordTooShort`] or [`Code::PasswordCommon`] at `newPassword`.
pub fn change_password(desk: &Desk, act: &Act, proof: &Proof, new_password: &str) -> Result<(), Error> {
    let session = own_session(&act.actor)?;
    let at = |problem: Problem| problem.at("newPassword");
    let password = Password::new(new_password).map_err(at)?;
    let proven = prove_once(desk, act, proof, Factors::Password)?;
    let hash = match &proven {
        Some(proven) => {
            password.require(proven.known.asks_for_totp(act.today()), &proven.words).map_err(at)?;
            desk.crypto.hash_password(password.reveal(), proven.known.cost(act.today()))?
        }
        None => String::new(),
    };
    desk.store.write(|tx| {
        tx.lock(&[Lock::Grants])?;
        act.once(tx, |tx| {
            let (_, secrets) = standing(desk, tx, act, proven.as_ref())?;
            tx.put_credentials(&Credentials { password: Some(hash.clone()), ..secrets.cleared() })?;
            end_others(act, tx, session)
        })
    })
}

/// Makes a new second factor, which counts once a code of it is shown: by [`confirm_totp`] or by signing in with it. One
/// that counts already has to be shown to be at hand. Each call makes another secret; the last one counts.
///
/// # Errors
/// [`Code::Forbidden`] without a session; [`Code::PasswordRefused`] at `currentPassword`; [`Code::TotpRefused`] at `totp`.
pub fn set_up_totp(desk: &Desk, act: &Act, proof: &Proof) -> Result<TotpKey, Error> {
    own_session(&act.actor)?;
    let proven = prove(desk, act, proof, Factors::BothWhereSetUp)?;
    desk.store.write(|tx| {
        tx.lock(&[Lock::Grants])?;
        let (known, secrets) = standing(desk, tx, act, Some(&proven))?;
        let (sealed, key) = desk.fresh_totp(&known.account)?;
        tx.put_credentials(&Credentials {
            totp: Some(sealed),
            totp_confirmed: false,
            totp_step: 0,
            ..secrets.cleared()
        })?;
        tx.record(vec![act.entry(ActOutcome::Done)]);
        Ok(key)
    })
}

/// Makes the new second factor count, by a code of it, and ends every other session of the account.
///
/// # Errors
/// [`Code::Forbidden`] without a session; [`Code::NotFound`] when none was set up; [`Code::TotpRefused`] at `totp`.
pub fn confirm_totp(desk: &Desk, act: &Act, totp: &str) -> Result<(), Error> {
    let session = own_session(&act.actor)?;
    desk.store.write(|tx| {
        tx.lock(&[Lock::Grants])?;
        act.once(tx, |tx| {
            let known = own(tx.as_read(), act)?;
            let pending = known.credentials.filter(|secrets| secrets.totp.is_some() && !secrets.totp_confirmed);
            let secrets = pending.ok_or_else(|| Problem::not_found("SecondFactor", &act.actor.subject))?;
            let refused = || Problem::new(Code::TotpRefused).at("totp");
            let step = desk.fresh_step(&secrets, totp).ok_or_else(refused)?;
            let version = secrets.version.saturating_add(1);
            tx.put_credentials(&Credentials { totp_confirmed: true, totp_step: step, version, ..secrets })?;
            end_others(act, tx, session)
        })
    })
}

/// Takes the second factor away, where no role asks for it and the password is one that stands alone; ends every other
/// session of the account.
///
/// # Errors
/// [`Code::Forbidden`] without a session; [`Code::PasswordRefused`], [`Code::PasswordTooShort`] or
/// [`Code::PasswordCommon`] at `currentPassword`; [`Code::TotpRefused`] at `totp`; [`Code::TotpDemanded`].
pub fn remove_totp(desk: &Desk, act: &Act, proof: &Proof) -> Result<(), Error> {
    let session = own_session(&act.actor)?;
    let proven = prove_once(desk, act, proof, Factors::BothWhereSetUp)?;
    if let Some(proven) = &proven {
        let alone = Password::new(&proof.current_password).and_then(|password| password.require(false, &proven.words));
        alone.map_err(|problem| problem.at("currentPassword"))?;
    }
    desk.store.write(|tx| {
        tx.lock(&[Lock::Grants])?;
        act.once(tx, |tx| {
            let (known, secrets) = standing(desk, tx, act, proven.as_ref())?;
            if known.must_have_totp(act.today()) {
                return Err(Problem::new(Code::TotpDemanded).into());
            }
            tx.put_credentials(&Credentials { totp: None, totp_confirmed: false, totp_step: 0, ..secrets.cleared() })?;
            end_others(act, tx, session)
        })
    })
}

/// What has to be shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Factors {
    /// The password.
    Password,
    /// The second factor, too, where it counts already.
    BothWhereSetUp,
}

/// What was shown to be known.
struct Proven {
    known: Known,
    /// The hash that the password fits.
    hash: String,
    /// The step of the second factor.
    step: Option<i64>,
    words: Vec<String>,
}

/// [`prove`], unless the request took effect before: then there is nothing to prove, and the old password fits no more.
fn prove_once(desk: &Desk, act: &Act, proof: &Proof, factors: Factors) -> Result<Option<Proven>, Error> {
    let key = std::slice::from_ref(&act.request);
    if desk.store.read(|tx| Ok(!tx.recorded_requests(key)?.is_empty()))? {
        return Ok(None);
    }
    prove(desk, act, proof, factors).map(Some)
}

fn prove(desk: &Desk, act: &Act, proof: &Proof, factors: Factors) -> Result<Proven, Error> {
    let (known, words) = desk.store.read(|tx| {
        let known = own(tx, act)?;
        let words = known.words(tx)?;
        Ok((known, words))
    })?;
    let secrets = known.credentials.clone();
    let hash = secrets.as_ref().and_then(|secrets| secrets.password.clone());
    let typed = Password::new(&proof.current_password).ok();
    let typed_text = typed.as_ref().map_or("", Password::reveal);
    let fits = desk.crypto.verify_password(typed_text, hash.as_deref(), PasswordCost::Usual)?;
    let open = secrets.filter(|secrets| secrets.admission(desk.now) == Admission::Open);
    let (Some(secrets), Some(hash), true) = (open, hash, fits && typed.is_some()) else {
        return Err(count(desk, act, Problem::new(Code::PasswordRefused).at("currentPassword")));
    };
    let step = proof.totp.as_deref().and_then(|code| desk.fresh_step(&secrets, code));
    if factors == Factors::BothWhereSetUp && secrets.totp_confirmed && step.is_none() {
        return Err(count(desk, act, Problem::new(Code::TotpRefused).at("totp")));
    }
    Ok(Proven { known, hash, step, words })
}

/// Counts a wrong attempt; gives the refusal, which goes on record like every other, or the failure to count.
fn count(desk: &Desk, act: &Act, problem: Problem) -> Error {
    let counted = desk.store.write(|tx| {
        tx.lock(&[Lock::Grants])?;
        let known = own(tx.as_read(), act)?;
        if let Some(secrets) = known.credentials.filter(|secrets| secrets.admission(desk.now) == Admission::Open) {
            tx.put_credentials(&secrets.after_failure(desk.now))?;
        }
        Ok(())
    });
    counted.err().unwrap_or_else(|| problem.into())
}

/// The account as it stands, when what was proven still holds: attempts at once count as many as in a row.
fn standing(
    desk: &Desk,
    tx: &mut dyn WriteTx,
    act: &Act,
    proven: Option<&Proven>,
) -> Result<(Known, Credentials), Error> {
    let proven = proven.ok_or_else(|| StoreError::Other("a recorded request is gone".to_owned()))?;
    let known = own(tx.as_read(), act)?;
    let refused = || Problem::new(Code::PasswordRefused).at("currentPassword");
    let holds = |secrets: &Credentials| {
        secrets.admission(desk.now) == Admission::Open
            && secrets.password.as_ref() == Some(&proven.hash)
            && proven.step.is_none_or(|step| step > secrets.totp_step)
    };
    let secrets = known.credentials.clone().filter(holds).ok_or_else(refused)?;
    Ok((known, secrets))
}

fn own(tx: &mut dyn ReadTx, act: &Act) -> Result<Known, Error> {
    let missing = || Problem::not_found("Account", act.actor.account.get());
    Ok(Known::by_id(tx, act.actor.account)?.ok_or_else(missing)?)
}

fn end_others(act: &Act, tx: &mut dyn WriteTx, session: crate::id::SessionId) -> Result<(), Error> {
    tx.end_sessions(Sessions::OfAccount(act.actor.account, Some(session)), SessionEnd::Credentials, act.now)?;
    Ok(())
}
