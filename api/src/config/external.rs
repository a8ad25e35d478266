//! Other issuers whose tokens sign in: `[[external_issuers]]` of the file, or one array in the environment.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use caodiem_domain::text::Issuer;
use serde::Deserialize;

/// Claims, each with the values of which one is wanted.
pub type Wanted = BTreeMap<String, Vec<String>>;

/// The bounds of [`ExternalIssuer::max_age_seconds`].
const AGE: std::ops::RangeInclusive<u32> = 30..=3_600;

/// An algorithm that another issuer may sign with. There is none with a shared secret, and not `none`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
pub enum Algorithm {
    /// ECDSA on P-256.
    #[serde(rename = "ES256")]
    Es256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// RSA (PKCS #1 v1.5) of 3,072 bits or more.
    #[serde(rename = "RS256")]
    Rs256,
}

impl Algorithm {
    /// As headers name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
            Self::Rs256 => "RS256",
        }
    }
}

/// An issuer whose tokens sign in to the accounts that admins bound to its subjects.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExternalIssuer {
    /// `iss` of its tokens, exactly.
    pub issuer: String,
    /// `aud` of its tokens: what it knows us as.
    pub audience: String,
    /// The file with its public keys (a JWKS), read anew when it has changed.
    pub keys: PathBuf,
    /// What it may sign with.
    #[serde(default = "usual_algorithms")]
    pub algorithms: Vec<Algorithm>,
    /// Claims without which none of its tokens counts.
    #[serde(default)]
    pub require: Wanted,
    /// Claims by which it says that there was a second factor; where there are none, it never does.
    #[serde(default)]
    pub second_factor: Wanted,
    /// How old a token may be, in seconds.
    #[serde(default = "usual_age")]
    pub max_age_seconds: u32,
}

fn usual_algorithms() -> Vec<Algorithm> {
    vec![Algorithm::Es256]
}

const fn usual_age() -> u32 {
    600
}

/// What is wrong with the issuers, beside the service's own name.
pub(super) fn complaints(issuers: &[ExternalIssuer], own: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    issuers.iter().flat_map(|one| of_one(one, seen.insert(&one.issuer), own)).collect()
}

fn of_one(one: &ExternalIssuer, is_first: bool, own: &str) -> Vec<String> {
    let says_nothing = |wanted: &Wanted| wanted.values().any(Vec::is_empty);
    let named = Issuer::new(&one.issuer).is_ok_and(|issuer| issuer.as_str() == one.issuer);
    let checks = [
        (named, "issuer has to be 1 to 200 ASCII characters without spaces"),
        (is_first, "it is named twice"),
        (one.issuer != own, "that is the issuer of our own tokens"),
        (!one.audience.is_empty(), "audience must not be empty"),
        (!one.algorithms.is_empty(), "algorithms must not be empty"),
        (!says_nothing(&one.require), "require: a claim has to list values"),
        (!says_nothing(&one.second_factor), "second_factor: a claim has to list values"),
        (AGE.contains(&one.max_age_seconds), "max_age_seconds has to be 30 to 3600"),
    ];
    let wrong = checks.into_iter().filter(|(fits, _)| !fits);
    wrong.map(|(_, complaint)| format!("{issuer}: {complaint}", issuer = one.issuer)).collect()
}
