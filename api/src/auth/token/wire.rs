//! The form of a token: exactly these members, each of exactly its type, each once.

use serde::{Deserialize, Serialize};

use crate::auth::jws::{Parts, given, object};

/// The header: nothing beside these, so whoever names a key of its own (`jwk`, `jku`, `x5u`, `x5c`), compresses or demands
/// an extension (`zip`, `crit`) is refused.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    pub(super) alg: String,
    pub(super) kid: String,
    pub(super) typ: String,
}

/// What a token says on the wire (RFC 9068).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Wire {
    pub(super) iss: String,
    pub(super) aud: String,
    pub(super) sub: String,
    pub(super) exp: i64,
    pub(super) iat: i64,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(super) nbf: Option<i64>,
    pub(super) jti: String,
    /// The account.
    pub(super) acc: i64,
    /// The assignment.
    pub(super) asg: i64,
    /// The session.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(super) sid: Option<i64>,
    /// The role of the assignment.
    pub(super) role: String,
    /// The unit of the assignment: `unit:181`.
    pub(super) scope: String,
    /// The login again, of a machine.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub(super) client_id: Option<String>,
}

/// The header of a token.
pub(super) fn head(token: &str) -> Option<Head> {
    object(&Parts::of(token)?.head)
}

/// The scope of a unit, as it is written.
pub(super) fn scope(unit: i64) -> String {
    format!("unit:{unit}")
}

/// The unit of a scope.
pub(crate) fn unit(scope: &str) -> Option<i64> {
    let unit = scope.strip_prefix("unit:")?.parse().ok()?;
    (unit > 0 && self::scope(unit) == scope).then_some(unit)
}
