//! What signing in and the like stand on. They take several steps: a short read, slow hashing outside of any transaction,
//! and a short write that decides by what stands then.

use crate::access::Scope;
use crate::account::rigour::{holds_everything, needs_second_factor, password_cost, session_life, token_seconds};
use crate::account::{Account, Credentials, External};
use crate::assignment::{Assignment, AssignmentState};
use crate::audit::{ActOutcome, Entry};
use crate::error::Error;
use crate::id::{AccountId, AssignmentId, Sequence, SessionId};
use crate::ports::{Crypto, PasswordCost, ReadTx, Store, TotpKey, WriteTx};
use crate::problem::Code;
use crate::session::refresh::RefreshToken;
use crate::session::{Claims, Session};
use crate::text::{Subject, Title};
use crate::time::{Day, Instant, in_viet_nam};
use crate::unit::Unit;
use crate::usecase::allocate_one;

/// How many random bytes a TOTP secret has: as many as the hash gives (RFC 4226, 4).
const TOTP_BYTES: usize = 20;

/// Where somebody is let in: the store, cryptography, and the moment.
#[derive(Clone, Copy)]
pub struct Desk<'desk> {
    /// The store.
    pub store: &'desk dyn Store,
    /// Cryptography.
    pub crypto: &'desk dyn Crypto,
    /// When the request arrived.
    pub now: Instant,
    /// The request's id, of the client or in the log.
    pub request: &'desk str,
}

/// An account with all that signing in looks at.
#[derive(Clone)]
pub struct Known {
    /// The account.
    pub account: Account,
    /// Its secrets; none yet, of an account that was never activated.
    pub credentials: Option<Credentials>,
    /// Its assignments, past ones included.
    pub held: Vec<Assignment>,
}

/// An assignment as its holder chooses among several.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hat {
    /// The assignment.
    pub assignment: Assignment,
    /// Its unit.
    pub unit: Option<Unit>,
}

/// What somebody who was let in gets.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The access token.
    pub access: String,
    /// When that token ends.
    pub access_until: Instant,
    /// The refresh token, told once.
    pub refresh: RefreshToken,
    /// The session.
    pub session: Session,
    /// Under which assignment.
    pub hat: Hat,
}

impl Known {
    /// The account of a login with its secrets.
    ///
    /// # Errors
    /// A failure of storage.
    pub fn by_login(tx: &mut dyn ReadTx, login: &Subject) -> Result<Option<Self>, Error> {
        tx.account_by_login(login)?.map(|account| Self::with(tx, account)).transpose()
    }

    /// The account that another issuer's subject is bound to, with its secrets, and the youngest assignment that the
    /// subject signs in to.
    ///
    /// # Errors
    /// A failure of storage.
    pub fn by_external(tx: &mut dyn ReadTx, who: &External) -> Result<Option<(Self, AssignmentId)>, Error> {
        let Some((account, up_to)) = tx.account_by_external(who)? else { return Ok(None) };
        Ok(Some((Self::with(tx, account)?, up_to)))
    }

    /// An account with its secrets.
    ///
    /// # Errors
    /// A failure of storage.
    pub fn by_id(tx: &mut dyn ReadTx, id: AccountId) -> Result<Option<Self>, Error> {
        let account = tx.accounts_by_id(&Scope::Country, &[id])?.remove(&id);
        account.map(|account| Self::with(tx, account)).transpose()
    }

    fn with(tx: &mut dyn ReadTx, account: Account) -> Result<Self, Error> {
        let credentials = tx.credentials_of(account.id)?;
        let held = tx.assignments_of(&[account.id])?.remove(&account.id).unwrap_or_default();
        Ok(Self { account, credentials, held })
    }

    /// Whether a role asks for a second factor.
    #[must_use]
    pub fn must_have_totp(&self, today: Day) -> bool {
        needs_second_factor(&self.held, today)
    }

    /// Whether signing in asks for a code: because a role does, or because the account has set it up.
    #[must_use]
    pub fn asks_for_totp(&self, today: Day) -> bool {
        self.must_have_totp(today) || self.credentials.as_ref().is_some_and(|secrets| secrets.totp_confirmed)
    }

    /// What the hash of its password has to cost.
    #[must_use]
    pub fn cost(&self, today: Day) -> PasswordCost {
        password_cost(&self.held, today)
    }

    /// Whether a role opens everything: nobody comes to that by another issuer's word.
    #[must_use]
    pub fn opens_everything(&self, today: Day) -> bool {
        holds_everything(&self.held, today)
    }

    /// Its assignments in force.
    pub fn in_force(&self, today: Day) -> impl Iterator<Item = &Assignment> {
        self.held.iter().filter(move |assignment| assignment.state_on(today) == AssignmentState::InForce)
    }

    /// The words that its password may not be made of: its login, and the names of its unit and those above.
    ///
    /// # Errors
    /// A failure of storage.
    pub fn words(&self, tx: &mut dyn ReadTx) -> Result<Vec<String>, Error> {
        let mut words = vec![self.account.login.to_string()];
        if let Some(unit) = tx.units_by_id(&Scope::Country, &[self.account.unit])?.remove(&self.account.unit) {
            let above: Vec<_> = unit.path.ids().collect();
            let units = tx.units_by_id(&Scope::Country, &above)?;
            words.extend(units.into_values().map(|unit| unit.version.name.to_string()));
        }
        Ok(words)
    }
}

impl Desk<'_> {
    /// The day in Viet Nam.
    #[must_use]
    pub fn today(&self) -> Day {
        in_viet_nam(self.now).0
    }

    /// An act of somebody who is not, or not yet, let in. A login that does not exist is not put on record: people type
    /// their password there.
    ///
    /// # Errors
    /// Never.
    pub(super) fn entry(&self, who: Option<&Account>, operation: &str, refused: Option<Code>) -> Result<Entry, Error> {
        Ok(Entry {
            at: self.now,
            account: who.map_or(AccountId::new(0), |account| account.id),
            subject: who.map_or_else(|| Subject::new("unknown"), |account| Ok(account.login.clone()))?,
            assignment: AssignmentId::new(0),
            role: None,
            operation: operation.to_owned(),
            unit: who.map(|account| account.unit),
            input: String::new(),
            changes: Vec::new(),
            outcome: refused.map_or(ActOutcome::Done, |code| ActOutcome::Refused(code.as_str().to_owned())),
            request: self.request.to_owned(),
        })
    }

    /// [`Self::entry`] of somebody who was let in under an assignment.
    pub(super) fn entry_under(&self, who: &Account, hat: &Assignment, operation: &str) -> Result<Entry, Error> {
        let entry = self.entry(Some(who), operation, None)?;
        Ok(Entry { assignment: hat.id, role: Some(hat.role), unit: Some(hat.unit), ..entry })
    }

    /// Begins a session.
    pub(super) fn open_session(
        &self,
        tx: &mut dyn WriteTx,
        assignment: &Assignment,
        device: &Title,
    ) -> Result<(Session, RefreshToken), Error> {
        let id = SessionId::new(allocate_one(tx, Sequence::Session)?);
        let refresh = RefreshToken::first(self.crypto, id);
        let session = Session {
            id,
            account: assignment.account,
            assignment: assignment.id,
            device: device.clone(),
            refresh: refresh.hash(self.crypto),
            previous: None,
            rotated_at: self.now,
            created_at: self.now,
            expires_at: self.now + session_life(assignment.role).whole,
            ended_at: None,
            ended_for: None,
            version: 1,
        };
        tx.insert_session(&session)?;
        tx.touch_assignment(assignment.id, self.now)?;
        Ok((session, refresh))
    }

    /// Signs the access token of a session and hands both tokens over.
    pub(super) fn hand_over(
        &self,
        account: &Account,
        hat: Hat,
        (session, refresh): (Session, RefreshToken),
    ) -> Result<Opened, Error> {
        let seconds = token_seconds(hat.assignment.role).min((session.expires_at - self.now).num_seconds());
        let access = self.crypto.mint(&Claims::of(account, &hat.assignment, Some(session.id)), seconds)?;
        let access_until = self.now + chrono::TimeDelta::seconds(seconds);
        Ok(Opened { access, access_until, refresh, session, hat })
    }

    /// A fresh TOTP secret of an account, sealed for it, and as its authenticator app takes it.
    pub(super) fn fresh_totp(&self, account: &Account) -> Result<(Vec<u8>, TotpKey), Error> {
        let secret: Vec<u8> = self.crypto.random().into_iter().take(TOTP_BYTES).collect();
        let sealed = self.crypto.seal(&secret, &totp_place(account.id))?;
        Ok((sealed, self.crypto.totp_key(&secret, account.login.as_str())))
    }

    /// The time step of a TOTP code that was not used before; `None` for a wrong or a spent one.
    pub(super) fn fresh_step(&self, secrets: &Credentials, code: &str) -> Option<i64> {
        let secret = self.crypto.open(secrets.totp.as_deref()?, &totp_place(secrets.account))?;
        self.crypto.totp_step(&secret, code).filter(|step| *step > secrets.totp_step)
    }
}

/// Where a sealed TOTP secret may be opened.
fn totp_place(account: AccountId) -> String {
    format!("credentials.totp:{}", account.get())
}

/// Assignments with their units.
pub(super) fn hats(tx: &mut dyn ReadTx, assignments: Vec<Assignment>) -> Result<Vec<Hat>, Error> {
    let ids: Vec<_> = assignments.iter().map(|assignment| assignment.unit).collect();
    let units = tx.units_by_id(&Scope::Country, &ids)?;
    let hat = |assignment: Assignment| Hat { unit: units.get(&assignment.unit).cloned(), assignment };
    Ok(assignments.into_iter().map(hat).collect())
}

/// An assignment with its unit.
pub(super) fn hat(tx: &mut dyn ReadTx, assignment: &Assignment) -> Result<Hat, Error> {
    let unit = tx.units_by_id(&Scope::Country, &[assignment.unit])?.remove(&assignment.unit);
    Ok(Hat { assignment: assignment.clone(), unit })
}
