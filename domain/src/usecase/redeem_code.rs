//! Using a one-time code: the first password of an account, a new one, or the sealed emergency entry.
//!
//! A reset makes every secret anew, the second factor included: whoever hands out the code has made sure of the person.

use crate::access::Role;
use crate::account::code::CodeText;
use crate::account::password::Password;
use crate::account::{AccountKind, AccountState, CodePurpose, Credentials};
use crate::error::Error;
use crate::ports::{Lock, ReadTx, Sessions, TotpKey, WriteTx};
use crate::problem::{Code, Problem};
use crate::session::SessionEnd;
use crate::text::{Subject, Title};
use crate::usecase::desk::{Desk, Known, Opened, hat};

const OPERATION: &str = "redeemCode";

/// A code that somebody was given. It shows no secret.
#[derive(Clone)]
pub struct RedeemCode {
    /// The code as it was typed.
    pub code: String,
    /// The password to be set; the emergency entry has none.
    pub new_password: Option<String>,
    /// What the client calls its device, for the emergency entry.
    pub device: Title,
}

/// What a code gave.
#[derive(Clone, Debug)]
pub struct Redeemed {
    /// Whose code it was.
    pub login: Subject,
    /// The second factor to be set up, where a role asks for one: its code is asked for at the first sign-in.
    pub totp: Option<TotpKey>,
    /// The emergency session.
    pub opened: Option<Opened>,
}

/// Uses a code up.
///
/// # Errors
/// [`Code::CodeRefused`]; to whoever has a code that counts, which is then not used up: [`Code::Empty`], [`Code::TooLong`],
/// [`Code::PasswordTooShort`] or [`Code::PasswordCommon`] at `newPassword`, [`Code::NoAssignment`].
pub fn redeem_code(desk: &Desk, command: &RedeemCode) -> Result<Redeemed, Error> {
    let hash = CodeText::read(&command.code).map(|code| code.hash(desk.crypto));
    let found = match hash {
        Some(hash) => desk.store.read(|tx| valid(desk, tx, hash))?,
        None => None,
    };
    let done = match found {
        Some(valid) if valid.purpose == CodePurpose::BreakGlass => enter(desk, command, &valid)?,
        Some(valid) => set_password(desk, command, &valid)?,
        None => None,
    };
    if done.is_none() {
        desk.store.write(|tx| {
            tx.record(vec![desk.entry(None, OPERATION, Some(Code::CodeRefused))?]);
            Ok(())
        })?;
    }
    Ok(done.ok_or_else(|| Problem::new(Code::CodeRefused).at("code"))?)
}

/// A code that counts, with its account.
struct Valid {
    hash: [u8; 32],
    purpose: CodePurpose,
    known: Known,
}

fn valid(desk: &Desk, tx: &mut dyn ReadTx, hash: [u8; 32]) -> Result<Option<Valid>, Error> {
    let Some(code) = tx.code_of(&hash)?.filter(|code| code.used_at.is_none() && desk.now < code.expires_at) else {
        return Ok(None);
    };
    let wanted = match code.purpose {
        CodePurpose::Activation => AccountState::Invited,
        CodePurpose::Reset | CodePurpose::BreakGlass => AccountState::Active,
    };
    let known = Known::by_id(tx, code.account)?;
    let known = known.filter(|known| known.account.state == wanted && known.account.kind == AccountKind::Person);
    Ok(known.map(|known| Valid { hash, purpose: code.purpose, known }))
}

/// The code once more, in the transaction that uses it up. `None` when somebody was first.
fn used(desk: &Desk, tx: &mut dyn WriteTx, hash: [u8; 32]) -> Result<Option<Valid>, Error> {
    tx.lock(&[Lock::Grants])?;
    let valid = valid(desk, tx.as_read(), hash)?;
    Ok(if tx.use_code(&hash, desk.now)? { valid } else { None })
}

/// The password of an activation or a reset.
fn set_password(desk: &Desk, command: &RedeemCode, found: &Valid) -> Result<Option<Redeemed>, Error> {
    let at = |problem: Problem| problem.at("newPassword");
    let typed = command.new_password.as_deref().unwrap_or_default();
    let password = Password::new(typed).map_err(at)?;
    let words = desk.store.read(|tx| found.known.words(tx))?;
    let today = desk.today();
    password.require(found.known.must_have_totp(today), &words).map_err(at)?;
    let hash = desk.crypto.hash_password(password.reveal(), found.known.cost(today))?;
    desk.store.write(|tx| {
        let Some(Valid { known, .. }) = used(desk, tx, found.hash)? else { return Ok(None) };
        let needs_totp = known.must_have_totp(today);
        password.require(needs_totp, &words).map_err(at)?;
        let totp = if needs_totp { Some(desk.fresh_totp(&known.account)?) } else { None };
        let (sealed, key) = totp.unzip();
        tx.put_credentials(&Credentials {
            account: known.account.id,
            password: Some(hash.clone()),
            totp: sealed,
            totp_confirmed: false,
            totp_step: 0,
            failures: 0,
            refused_until: None,
            version: known.credentials.as_ref().map_or(1, |secrets| secrets.version.saturating_add(1)),
        })?;
        activate(tx, &known)?;
        tx.end_sessions(Sessions::OfAccount(known.account.id, None), SessionEnd::Credentials, desk.now)?;
        tx.record(vec![desk.entry(Some(&known.account), OPERATION, None)?]);
        Ok(Some(Redeemed { login: known.account.login, totp: key, opened: None }))
    })
}

fn activate(tx: &mut dyn WriteTx, known: &Known) -> Result<(), Error> {
    if known.account.state == AccountState::Invited {
        let mut active = known.account.clone();
        active.state = AccountState::Active;
        active.version = active.version.saturating_add(1);
        tx.update_account(&active)?;
    }
    Ok(())
}

/// The sealed emergency entry: the code alone opens one short session (T23).
fn enter(desk: &Desk, command: &RedeemCode, found: &Valid) -> Result<Option<Redeemed>, Error> {
    let entered = desk.store.write(|tx| {
        let Some(Valid { known, .. }) = used(desk, tx, found.hash)? else { return Ok(None) };
        let emergency = known.in_force(desk.today()).find(|held| held.role == Role::BreakGlass).cloned();
        let emergency = emergency.ok_or_else(|| Problem::new(Code::NoAssignment))?;
        tx.touch_account(known.account.id, desk.now)?;
        let tokens = desk.open_session(tx, &emergency, &command.device)?;
        tx.record(vec![desk.entry_under(&known.account, &emergency, OPERATION)?]);
        let hat = hat(tx.as_read(), &emergency)?;
        Ok(Some((known.account, hat, tokens)))
    })?;
    let Some((account, hat, tokens)) = entered else { return Ok(None) };
    let opened = desk.hand_over(&account, hat, tokens)?;
    Ok(Some(Redeemed { login: account.login, totp: None, opened: Some(opened) }))
}
