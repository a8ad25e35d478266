//! Access tokens: minting, and judging what a caller presents. Everything is demanded exactly; every refusal looks the
//! same from outside, its reason goes to the log.
//!
//! A token names an account under one of its assignments. Whether these still count is not for the token to say:
//! [`crate::auth::principal`] asks storage.

mod wire;

use std::sync::Arc;

use caodiem_domain::access::Role;
use caodiem_domain::account::AccountKind;
use caodiem_domain::id::{AccountId, AssignmentId, SessionId, UnitId};
use caodiem_domain::session::Claims;
use caodiem_domain::text::Subject;
use caodiem_domain::time::{Clock, Instant};
use jsonwebtoken::{Algorithm, Header, Validation};
use quick_cache::sync::Cache;
use uuid::Uuid;

use crate::auth::jws::Object;
use crate::auth::ring::Keyring;
use crate::failure::Failure;
use wire::Wire;
pub(crate) use wire::unit as unit_of;

/// The longest token that is looked at.
pub(crate) const MAX_BYTES: usize = 8 * 1_024;

/// How far clocks may differ, in seconds.
pub(crate) const LEEWAY: i64 = 5;

/// The longest life of a token, in seconds.
pub const MAX_LIFE: i64 = 24 * 3_600;

/// How many verified tokens are remembered: verifying ES256 costs a hundred times a look-up.
const REMEMBERED: usize = 10_000;

const TYPE: &str = "at+jwt";
const ALGORITHM: &str = "ES256";

/// Why a token was refused: for the log only.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    /// No token where one is needed.
    #[error("no bearer token")]
    Missing,
    /// Longer than any of ours.
    #[error("longer than {MAX_BYTES} bytes")]
    TooLong,
    /// The header names another algorithm, key or type than ours, or makes demands of its own.
    #[error("header: {0}")]
    Header(&'static str),
    /// Not readable, or the signature does not fit.
    #[error("{0}")]
    Unverified(String),
    /// A claim is missing or is not what it has to be.
    #[error("claim {0}")]
    Claim(&'static str),
    /// Past its end.
    #[error("expired")]
    Expired,
    /// The account, the assignment or the session does not count, or not any more.
    #[error("account, assignment or session is not in force")]
    NotInForce,
}

/// A token that was verified.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verified {
    /// What it says.
    pub claims: Claims,
    /// The second from which it counts no more.
    pub expires_at: i64,
}

/// A token that was verified, under the keys as they stood then.
struct Remembered {
    verified: Arc<Verified>,
    generation: u64,
}

/// Mints and judges tokens.
pub struct Tokens {
    keys: Arc<Keyring>,
    issuer: String,
    audience: String,
    validation: Validation,
    clock: Arc<dyn Clock>,
    remembered: Cache<String, Arc<Remembered>>,
}

impl Tokens {
    /// Tokens of one issuer for one audience. `clock` is the real one, whatever the service goes by.
    #[must_use]
    pub fn new(keys: Arc<Keyring>, issuer: &str, audience: &str, clock: Arc<dyn Clock>) -> Self {
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        // Times are judged here, by the injected clock.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self {
            keys,
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            validation,
            clock,
            remembered: Cache::new(REMEMBERED),
        }
    }

    /// The time by which tokens are judged.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// The keys.
    pub const fn keys(&self) -> &Arc<Keyring> {
        &self.keys
    }

    /// Mints a token for so many seconds, at most [`MAX_LIFE`].
    ///
    /// # Errors
    /// [`Failure::Failed`] when there is no key that signs.
    pub fn mint(&self, claims: &Claims, seconds: i64) -> Result<String, Failure> {
        let now = self.clock.now().timestamp();
        let wire = Wire {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: claims.subject.to_string(),
            exp: now + seconds.min(MAX_LIFE),
            iat: now,
            nbf: None,
            jti: Uuid::new_v4().to_string(),
            acc: claims.account.get(),
            asg: claims.assignment.get(),
            sid: claims.session.map(SessionId::get),
            role: claims.role.as_str().to_owned(),
            scope: wire::scope(claims.unit.get()),
            client_id: (claims.kind == AccountKind::Service).then(|| claims.subject.to_string()),
        };
        let (ring, _) = self.keys.current();
        let key = ring.signing().ok_or_else(|| Failure::Failed("there is no active key".to_owned()))?;
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(key.id.clone());
        let signed = jsonwebtoken::encode(&header, &wire, &key.signs);
        signed.map_err(|error| Failure::failed("the token cannot be signed", error))
    }

    /// Judges a token.
    ///
    /// # Errors
    /// The reason, for the log.
    pub fn verify(&self, token: &str) -> Result<Arc<Verified>, Refusal> {
        if token.len() > MAX_BYTES {
            return Err(Refusal::TooLong);
        }
        let now = self.clock.now();
        let (ring, generation) = self.keys.current();
        if let Some(known) = self.remembered.get(token).filter(|known| known.generation == generation) {
            return if live(known.verified.expires_at, now) {
                Ok(Arc::clone(&known.verified))
            } else {
                Err(Refusal::Expired)
            };
        }
        let kid = judge_header(token)?;
        let key = ring.verifying(&kid).ok_or(Refusal::Header("kid"))?;
        let Object(wire) = jsonwebtoken::decode::<Object<Wire>>(token, &key.verifies, &self.validation)
            .map_err(|error| Refusal::Unverified(error.to_string()))?
            .claims;
        let verified = Arc::new(read_claims(&wire, now)?);
        let remembered = Remembered { verified: Arc::clone(&verified), generation };
        self.remembered.insert(token.to_owned(), Arc::new(remembered));
        Ok(verified)
    }
}

/// The name of the key, of a header that is exactly of our form.
fn judge_header(token: &str) -> Result<String, Refusal> {
    let head = wire::head(token).ok_or(Refusal::Header("form"))?;
    demand(head.alg == ALGORITHM, Refusal::Header("alg"))?;
    demand(head.typ.eq_ignore_ascii_case(TYPE), Refusal::Header("typ"))?;
    Ok(head.kid)
}

/// Refuses unless it holds. Tests take single checks out, to show that each of them is needed.
fn demand(holds: bool, refusal: Refusal) -> Result<(), Refusal> {
    #[cfg(test)]
    if tests::is_taken_out(&refusal) {
        return Ok(());
    }
    if holds { Ok(()) } else { Err(refusal) }
}

/// Whether what ends at that second counts still.
pub(crate) fn live(expires_at: i64, now: Instant) -> bool {
    now.timestamp() < expires_at.saturating_add(LEEWAY)
}

/// Checks times and forms; issuer and audience are checked with the signature.
fn read_claims(wire: &Wire, now: Instant) -> Result<Verified, Refusal> {
    let latest_start = now.timestamp().saturating_add(LEEWAY);
    let fits = |holds: bool, claim| demand(holds, Refusal::Claim(claim));
    demand(live(wire.exp, now), Refusal::Expired)?;
    fits(wire.iat >= 0 && wire.iat <= latest_start, "iat")?;
    fits(wire.nbf.is_none_or(|start| (0..=latest_start).contains(&start)), "nbf")?;
    fits(wire.exp > wire.iat && wire.exp.saturating_sub(wire.iat) <= MAX_LIFE, "exp")?;
    fits(!wire.jti.is_empty() && wire.jti.len() <= 64, "jti")?;
    fits(wire.acc > 0, "acc")?;
    fits(wire.asg > 0, "asg")?;
    fits(wire.sid.is_none_or(|session| session > 0), "sid")?;
    fits(wire.client_id.as_ref().is_none_or(|client| *client == wire.sub), "client_id")?;
    let kind = if wire.client_id.is_some() { AccountKind::Service } else { AccountKind::Person };
    let claims = Claims {
        subject: Subject::new(&wire.sub).map_err(|_unfit| Refusal::Claim("sub"))?,
        account: AccountId::new(wire.acc),
        kind,
        assignment: AssignmentId::new(wire.asg),
        role: Role::from_name(&wire.role).ok_or(Refusal::Claim("role"))?,
        unit: UnitId::new(wire::unit(&wire.scope).ok_or(Refusal::Claim("scope"))?),
        session: wire.sid.map(SessionId::new),
    };
    Ok(Verified { claims, expires_at: wire.exp })
}

#[cfg(test)]
mod tests;
