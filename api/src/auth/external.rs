//! Tokens of other issuers (ID tokens of OIDC), judged as strictly as our own: one form of header, every claim
//! that we know of its type and once, exact issuer and audience, the configured algorithms alone, young.
//!
//! Keys come from files that the host keeps up to date: the server asks nobody over the network.

mod key_set;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use caodiem_domain::account::External;
use caodiem_domain::audit::hex;
use caodiem_domain::ports::ExternalToken;
use caodiem_domain::text::{ExternalSubject, Issuer};
use caodiem_domain::time::{Clock, Instant};
use chrono::DateTime;
use serde::Deserialize;
use serde_json::Value;

use crate::auth::jws::{Parts, given, members, object};
use crate::auth::token::{LEEWAY, MAX_BYTES, Refusal, live};
use crate::auth::watched::Watched;
use crate::config::external::{ExternalIssuer, Wanted};
use crate::failure::Failure;
use key_set::KeySet;

/// The header of a token: nothing beside these, so whoever names a key of its own (`jwk`, `jku`, `x5u`, `x5c`), compresses
/// or demands an extension (`zip`, `crit`) is refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    alg: String,
    kid: String,
    #[serde(default, deserialize_with = "given")]
    typ: Option<String>,
}

/// What a token says, each claim once.
struct Claims(BTreeMap<String, Value>);

/// The issuers that are trusted.
pub struct Issuers {
    trusted: Vec<Trusted>,
    clock: Arc<dyn Clock>,
}

/// An issuer with its keys.
struct Trusted {
    issuer: Issuer,
    settings: ExternalIssuer,
    keys: Watched<KeySet>,
}

impl Issuers {
    /// The configured ones. `clock` is the real one, whatever the service goes by.
    ///
    /// # Errors
    /// [`Failure`] when a file of keys cannot be read, holds none, or others may write it.
    pub fn open(settings: &[ExternalIssuer], clock: &Arc<dyn Clock>) -> Result<Self, Failure> {
        let open = |settings: &ExternalIssuer| {
            let issuer = Issuer::new(&settings.issuer).map_err(|_unfit| Failure::config("an issuer has no name"))?;
            let keys = Watched::new(settings.keys.clone(), Arc::clone(clock), KeySet::read)?;
            Ok(Trusted { issuer, settings: settings.clone(), keys })
        };
        let trusted = settings.iter().map(open).collect::<Result<_, Failure>>()?;
        Ok(Self { trusted, clock: Arc::clone(clock) })
    }

    /// Whether tokens of the issuer are taken at all.
    #[must_use]
    pub fn trusts(&self, issuer: &Issuer) -> bool {
        self.trusted.iter().any(|trusted| trusted.issuer == *issuer)
    }

    /// Judges a token.
    ///
    /// # Errors
    /// The reason, for the log.
    pub fn judge(&self, token: &str) -> Result<ExternalToken, Refusal> {
        if token.len() > MAX_BYTES {
            return Err(Refusal::TooLong);
        }
        let parts = Parts::of(token).ok_or(Refusal::Header("form"))?;
        let head: Head = object(&parts.head).ok_or(Refusal::Header("form"))?;
        let claims = Claims(members(&parts.payload).ok_or(Refusal::Claim("form"))?);
        let issuer = claims.text("iss")?;
        let trusted = self.trusted.iter().find(|trusted| trusted.settings.issuer == issuer);
        let trusted = trusted.ok_or(Refusal::Claim("iss"))?;
        trusted.verify(&head, &parts)?;
        trusted.read(&claims, &parts, self.clock.now())
    }
}

impl Trusted {
    /// The header's form, the key and the signature.
    fn verify(&self, head: &Head, parts: &Parts<'_>) -> Result<(), Refusal> {
        demand(head.typ.as_ref().is_none_or(|typ| typ.eq_ignore_ascii_case("JWT")), Refusal::Header("typ"))?;
        let algorithm = self.settings.algorithms.iter().find(|one| one.as_str() == head.alg);
        let algorithm = *algorithm.ok_or(Refusal::Header("alg"))?;
        let (keys, _) = self.keys.current(|file: &Path| KeySet::read(file));
        let key = keys.named(&head.kid).ok_or(Refusal::Header("kid"))?;
        demand(key.algorithm() == algorithm, Refusal::Header("alg"))?;
        let is_signed = key.is_signed(parts.input.as_bytes(), &parts.signature);
        demand(is_signed, Refusal::Unverified("the signature does not fit".to_owned()))
    }

    /// What a verified token says.
    fn read(&self, claims: &Claims, parts: &Parts<'_>, judged_at: Instant) -> Result<ExternalToken, Refusal> {
        let now = judged_at.timestamp();
        let latest_start = now.saturating_add(LEEWAY);
        let fits = |holds: bool, claim| demand(holds, Refusal::Claim(claim));
        let audience = self.settings.audience.as_str();
        fits(claims.is_for(audience), "aud")?;
        fits(claims.0.get("azp").is_none_or(|party| party.as_str() == Some(audience)), "azp")?;
        let (exp, iat) = (claims.moment("exp")?, claims.moment("iat")?);
        let youth_ends = iat.saturating_add(i64::from(self.settings.max_age_seconds));
        let end = exp.min(youth_ends);
        demand(live(exp, judged_at), Refusal::Expired)?;
        fits(iat <= latest_start && live(youth_ends, judged_at) && iat < exp, "iat")?;
        fits(!claims.0.contains_key("nbf") || claims.moment("nbf")? <= latest_start, "nbf")?;
        let text = claims.text("sub")?;
        let subject = ExternalSubject::new(text).ok().filter(|subject| subject.as_str() == text);
        fits(claims.meet(&self.settings.require), "required")?;
        Ok(ExternalToken {
            who: External { issuer: self.issuer.clone(), subject: subject.ok_or(Refusal::Claim("sub"))? },
            second_factor: !self.settings.second_factor.is_empty() && claims.meet(&self.settings.second_factor),
            mark: hex(digest(&SHA256, parts.input.as_bytes()).as_ref()),
            judged_at,
            expires_at: DateTime::from_timestamp(end.saturating_add(LEEWAY), 0).ok_or(Refusal::Claim("exp"))?,
        })
    }
}

impl Claims {
    fn text(&self, claim: &'static str) -> Result<&str, Refusal> {
        self.0.get(claim).and_then(Value::as_str).ok_or(Refusal::Claim(claim))
    }

    /// A second since 1970, in whole numbers.
    fn moment(&self, claim: &'static str) -> Result<i64, Refusal> {
        let moment = self.0.get(claim).and_then(Value::as_i64).filter(|moment| *moment >= 0);
        moment.ok_or(Refusal::Claim(claim))
    }

    /// For that audience and for no other.
    fn is_for(&self, audience: &str) -> bool {
        match self.0.get("aud") {
            Some(Value::String(only)) => only == audience,
            Some(Value::Array(all)) => matches!(all.as_slice(), [Value::String(only)] if only == audience),
            _ => false,
        }
    }

    /// Whether each claim that is wanted has one of the values.
    fn meet(&self, wanted: &Wanted) -> bool {
        wanted.iter().all(|(claim, values)| {
            let is_wanted = |value: &Value| value.as_str().is_some_and(|value| values.iter().any(|one| one == value));
            match self.0.get(claim) {
                Some(Value::Array(all)) => all.iter().any(is_wanted),
                Some(value) => is_wanted(value),
                None => false,
            }
        })
    }
}

fn demand(holds: bool, refusal: Refusal) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(refusal) }
}

#[cfg(test)]
mod tests;
