//! The public keys of another issuer, as it publishes them (RFC 7517), in a file.

use std::collections::BTreeMap;
use std::path::Path;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;

use crate::auth::jws::given;
use crate::config::external::Algorithm;
use crate::failure::Failure;

/// The largest file that is read, in bytes.
const FILE_MAX: u64 = 256 * 1_024;

/// The longest name of a key.
const KID_MAX: usize = 200;

/// The shortest RSA modulus, in bits (ASVS 11.2.3: 128 bits of security).
const RSA_BITS: usize = 3_072;

/// Keys by their names.
pub(super) struct KeySet(BTreeMap<String, PublicKey>);

/// A key that verifies.
pub(super) enum PublicKey {
    Es256(ParsedPublicKey),
    EdDsa(ParsedPublicKey),
    Rs256(RsaPublicKeyComponents<Vec<u8>>),
}

#[derive(Deserialize)]
struct Posted {
    keys: Vec<Value>,
}

/// A key as it is written. What else stands in it says nothing to us.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    #[serde(default, deserialize_with = "given")]
    kid: Option<String>,
    #[serde(default, deserialize_with = "given", rename = "use")]
    purpose: Option<String>,
    #[serde(default, deserialize_with = "given")]
    alg: Option<String>,
    #[serde(default, deserialize_with = "given")]
    crv: Option<String>,
    #[serde(default, deserialize_with = "given")]
    x: Option<String>,
    #[serde(default, deserialize_with = "given")]
    y: Option<String>,
    #[serde(default, deserialize_with = "given")]
    n: Option<String>,
    #[serde(default, deserialize_with = "given")]
    e: Option<String>,
}

impl KeySet {
    /// Reads a file that only its owner may write. Keys of other kinds are left out.
    ///
    /// # Errors
    /// [`Failure::Config`] when it is no set of public keys, holds none that counts or one twice, or others may write it;
    /// [`Failure::Failed`] when it cannot be read.
    pub(super) fn read(file: &Path) -> Result<Self, Failure> {
        let shown = file.display();
        let fail = |error: std::io::Error| Failure::failed(&format!("{shown} cannot be read"), error);
        let metadata = std::fs::metadata(file).map_err(fail)?;
        if metadata.len() > FILE_MAX {
            return Err(Failure::config(format!("{shown}: it is larger than {FILE_MAX} bytes")));
        }
        refuse_shared(file, &metadata)?;
        let text = std::fs::read(file).map_err(fail)?;
        Self::of(&text).map_err(|why| Failure::config(format!("{shown}: {why}")))
    }

    /// The keys of a set.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn of(text: &[u8]) -> Result<Self, String> {
        let posted: Posted = serde_json::from_slice(text).map_err(|error| format!("it is no JWKS: {error}"))?;
        let mut keys = BTreeMap::new();
        for (number, written) in posted.keys.iter().enumerate() {
            if ["d", "k", "p", "q"].iter().any(|secret| written.get(secret).is_some()) {
                return Err(format!("key {number} is a secret; public keys belong here"));
            }
            match named(written) {
                Ok((kid, key)) => {
                    if keys.insert(kid.clone(), key).is_some() {
                        return Err(format!("{kid} stands twice"));
                    }
                }
                Err(why) => tracing::info!(number, why, "a key of another issuer is left out"),
            }
        }
        if keys.is_empty() {
            return Err(
                "it holds no key that counts: ES256, EdDSA (Ed25519) or RS256 of 3,072 bits, with a kid".to_owned()
            );
        }
        Ok(Self(keys))
    }

    /// The key of that name.
    pub(super) fn named(&self, kid: &str) -> Option<&PublicKey> {
        self.0.get(kid)
    }
}

impl PublicKey {
    /// The one algorithm that it is for.
    pub(super) const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Es256(_) => Algorithm::Es256,
            Self::EdDsa(_) => Algorithm::EdDsa,
            Self::Rs256(_) => Algorithm::Rs256,
        }
    }

    /// Whether the signature over the bytes is of this key.
    pub(super) fn is_signed(&self, bytes: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Es256(key) | Self::EdDsa(key) => key.verify_sig(bytes, signature).is_ok(),
            Self::Rs256(key) => key.verify(&RSA_PKCS1_2048_8192_SHA256, bytes, signature).is_ok(),
        }
    }
}

/// A key with its name, or why it does not count.
fn named(written: &Value) -> Result<(String, PublicKey), &'static str> {
    let jwk = Jwk::deserialize(written).map_err(|_malformed| "its form")?;
    let kid = jwk.kid.clone().filter(|kid| (1..=KID_MAX).contains(&kid.len())).ok_or("it has no kid")?;
    if jwk.purpose.as_ref().is_some_and(|purpose| purpose != "sig") {
        return Err("it is not for signatures");
    }
    let key = key_of(&jwk)?;
    if jwk.alg.as_ref().is_some_and(|alg| alg != key.algorithm().as_str()) {
        return Err("its algorithm");
    }
    Ok((kid, key))
}

fn key_of(jwk: &Jwk) -> Result<PublicKey, &'static str> {
    let bytes = |part: &Option<String>| BASE64_URL_SAFE_NO_PAD.decode(part.as_deref()?).ok();
    let sized = |part: &Option<String>| bytes(part).filter(|bytes| bytes.len() == 32).ok_or("its point");
    match (jwk.kty.as_str(), jwk.crv.as_deref()) {
        ("EC", Some("P-256")) => {
            let point = [vec![4], sized(&jwk.x)?, sized(&jwk.y)?].concat();
            let key = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
            key.map(PublicKey::Es256).map_err(|_rejected| "its point")
        }
        ("OKP", Some("Ed25519")) => {
            let key = ParsedPublicKey::new(&ED25519, sized(&jwk.x)?);
            key.map(PublicKey::EdDsa).map_err(|_rejected| "its point")
        }
        ("RSA", None) => {
            let (n, e) = bytes(&jwk.n).zip(bytes(&jwk.e)).ok_or("its modulus")?;
            let zeros = n.first().map_or(8, |first| usize::try_from(first.leading_zeros()).unwrap_or(8));
            if n.len().saturating_mul(8).saturating_sub(zeros) < RSA_BITS {
                return Err("its modulus is too short");
            }
            Ok(PublicKey::Rs256(RsaPublicKeyComponents { n, e }))
        }
        _ => Err("its kind"),
    }
}

/// Whoever writes the file says who everybody is, so nobody else may.
#[cfg(unix)]
fn refuse_shared(file: &Path, metadata: &std::fs::Metadata) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata.permissions().mode();
    if mode & 0o022 == 0 {
        return Ok(());
    }
    let file = file.display();
    Err(Failure::config(format!("{file}: others may write it (mode {mode:o}); run: chmod go-w {file}")))
}

#[cfg(not(unix))]
fn refuse_shared(_file: &Path, _metadata: &std::fs::Metadata) -> Result<(), Failure> {
    Ok(())
}
