//! Access tokens: minting, and judging what a caller presents. Everything is demanded exactly; every refusal looks the
//! same from outside, its reason goes to the log.

use std::sync::Arc;

use caodiem_domain::access::Role;
use caodiem_domain::id::{TeamId, UnitId};
use caodiem_domain::text::Subject;
use caodiem_domain::time::{Clock, Instant};
use caodiem_domain::usecase::resolve_actor::Claims;
use jsonwebtoken::{Algorithm, Header, Validation};
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::auth::keys::SigningKey;

/// The longest token that is looked at.
const MAX_BYTES: usize = 8 * 1_024;

/// How far clocks may differ, in seconds.
const LEEWAY: i64 = 5;

/// The longest life of a token, in seconds.
pub const MAX_LIFE: i64 = 24 * 3_600;

/// How many verified tokens are remembered: verifying ES256 costs a hundred times a look-up.
const REMEMBERED: usize = 10_000;

const TYPE: &str = "at+jwt";

/// What a token says on the wire (RFC 9068).
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Wire {
    iss: String,
    aud: String,
    sub: String,
    exp: i64,
    iat: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    jti: String,
    role: String,
    unit: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    team: Option<i64>,
}

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
    /// The unit or the team does not exist any more.
    #[error("unit or team is unknown")]
    UnknownPlace,
}

/// A token that was verified.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verified {
    /// What it says.
    pub claims: Claims,
    /// The second from which it counts no more.
    pub expires_at: i64,
}

/// Mints and judges tokens.
pub struct Tokens {
    key: SigningKey,
    issuer: String,
    audience: String,
    validation: Validation,
    clock: Arc<dyn Clock>,
    remembered: Cache<String, Arc<Verified>>,
}

impl Tokens {
    /// Tokens of one issuer for one audience, under one key. `clock` is the real one, whatever the service goes by.
    #[must_use]
    pub fn new(key: SigningKey, issuer: &str, audience: &str, clock: Arc<dyn Clock>) -> Self {
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        // Times are judged here, by the injected clock.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self {
            key,
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            validation,
            clock,
            remembered: Cache::new(REMEMBERED),
        }
    }

    /// Mints a token for so many seconds, at most [`MAX_LIFE`].
    ///
    /// # Errors
    /// What the signer says.
    pub fn mint(&self, claims: &Claims, seconds: i64) -> Result<String, jsonwebtoken::errors::Error> {
        let now = self.clock.now().timestamp();
        let wire = Wire {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: claims.subject.to_string(),
            exp: now + seconds.min(MAX_LIFE),
            iat: now,
            nbf: None,
            jti: Uuid::new_v4().to_string(),
            role: claims.role.as_str().to_owned(),
            unit: claims.unit.get(),
            team: claims.team.map(TeamId::get),
        };
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(self.key.id.clone());
        jsonwebtoken::encode(&header, &wire, &self.key.signs)
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
        if let Some(known) = self.remembered.get(token) {
            return if live(known.expires_at, now) { Ok(known) } else { Err(Refusal::Expired) };
        }
        self.judge_header(token)?;
        let wire = jsonwebtoken::decode::<Wire>(token, &self.key.verifies, &self.validation)
            .map_err(|error| Refusal::Unverified(error.to_string()))?
            .claims;
        let verified = Arc::new(read_claims(&wire, now)?);
        self.remembered.insert(token.to_owned(), Arc::clone(&verified));
        Ok(verified)
    }

    fn judge_header(&self, token: &str) -> Result<(), Refusal> {
        let header = jsonwebtoken::decode_header(token).map_err(|error| Refusal::Unverified(error.to_string()))?;
        let exact = |fits: bool, what| if fits { Ok(()) } else { Err(Refusal::Header(what)) };
        exact(header.alg == Algorithm::ES256, "alg")?;
        exact(header.kid.as_deref() == Some(self.key.id.as_str()), "kid")?;
        exact(header.typ.as_deref().is_some_and(|typ| typ.eq_ignore_ascii_case(TYPE)), "typ")?;
        // Parsed by the library and not enforced: whoever demands an extension of us is refused.
        exact(header.crit.is_none(), "crit")?;
        exact(header.zip.is_none() && header.enc.is_none(), "zip or enc")
    }
}

fn live(expires_at: i64, now: Instant) -> bool {
    now.timestamp() < expires_at.saturating_add(LEEWAY)
}

/// Checks times and forms; issuer and audience are checked with the signature.
fn read_claims(wire: &Wire, now: Instant) -> Result<Verified, Refusal> {
    let latest_start = now.timestamp().saturating_add(LEEWAY);
    if !live(wire.exp, now) {
        return Err(Refusal::Expired);
    }
    let fits = |holds: bool, claim| if holds { Ok(()) } else { Err(Refusal::Claim(claim)) };
    fits(wire.iat >= 0 && wire.iat <= latest_start, "iat")?;
    fits(wire.nbf.is_none_or(|start| start <= latest_start), "nbf")?;
    fits(wire.exp > wire.iat && wire.exp.saturating_sub(wire.iat) <= MAX_LIFE, "exp")?;
    fits(!wire.jti.is_empty() && wire.jti.len() <= 64, "jti")?;
    fits(wire.unit > 0, "unit")?;
    fits(wire.team.is_none_or(|team| team > 0), "team")?;
    let role = Role::from_name(&wire.role).ok_or(Refusal::Claim("role"))?;
    fits(wire.team.is_none() || matches!(role, Role::Reporter | Role::Integrator), "team")?;
    let subject = Subject::new(&wire.sub).map_err(|_unfit| Refusal::Claim("sub"))?;
    let claims = Claims { subject, role, unit: UnitId::new(wire.unit), team: wire.team.map(TeamId::new) };
    Ok(Verified { claims, expires_at: wire.exp })
}

#[cfg(test)]
mod tests;
