//! Cryptography for tests: as strict as the product's, quick, and under a clock of the test's own. It counts what it verifies.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ParsedPublicKey};
use caodiem_domain::account::External;
use caodiem_domain::crypto::{Crypto, ExternalToken, ExternalTokens, PasswordCost, Passwords, SecondFactor, TotpKey};
use caodiem_domain::error::StoreError;
use caodiem_domain::session::Claims;
use caodiem_domain::text::{ExternalSubject, Issuer};
use caodiem_domain::time::Instant;

/// Where the code of a time step is written plainly.
#[derive(Debug, Default)]
pub struct Vault {
    /// How many passwords were verified.
    pub verified: AtomicU64,
    /// How many of them, without a hash, at the high cost.
    pub as_an_admin: AtomicU64,
    /// The time step that authenticator apps are at.
    pub step: AtomicI64,
    /// How many seconds after 1970 tokens of other issuers are judged.
    pub seconds: AtomicI64,
    chance: AtomicU64,
}

/// 256 bits that follow from the content.
fn mixed(content: &[u8]) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (turn, part) in bytes.chunks_mut(8).enumerate() {
        let mut hasher = DefaultHasher::new();
        (turn, content).hash(&mut hasher);
        part.copy_from_slice(&hasher.finish().to_be_bytes());
    }
    bytes
}

/// The hash of a password at a cost.
pub fn hashed(password: &str, cost: &str) -> String {
    format!("$argon2id${cost}${password}")
}

/// The code of a secret at a time step.
pub fn code_at(secret: &[u8], step: i64) -> String {
    let number = mixed(&[secret, &step.to_be_bytes()].concat());
    format!("{:06}", u32::from_be_bytes([0, number[0], number[1], number[2]]) % 1_000_000)
}

impl Passwords for Vault {
    fn hash_password(&self, password: &str, cost: PasswordCost) -> Result<String, StoreError> {
        Ok(hashed(password, if cost == PasswordCost::High { "high" } else { "usual" }))
    }

    fn verify_password(&self, password: &str, hash: Option<&str>, stand_in: PasswordCost) -> Result<bool, StoreError> {
        self.verified.fetch_add(1, Ordering::SeqCst);
        if hash.is_none() && stand_in == PasswordCost::High {
            self.as_an_admin.fetch_add(1, Ordering::SeqCst);
        }
        Ok(hash.and_then(|hash| hash.rsplit_once('$')).is_some_and(|(_, known)| known == password))
    }

    fn is_costly_enough(&self, hash: &str, cost: PasswordCost) -> bool {
        hash.starts_with("$argon2id$high$") || (cost == PasswordCost::Usual && hash.starts_with("$argon2id$usual$"))
    }
}

impl SecondFactor for Vault {
    fn totp_step(&self, secret: &[u8], code: &str) -> Option<i64> {
        let now = self.step.load(Ordering::SeqCst);
        (now - 1..=now + 1).find(|step| code_at(secret, *step) == code)
    }

    fn totp_key(&self, secret: &[u8], login: &str) -> TotpKey {
        let secret = secret.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        TotpKey { uri: format!("otpauth://totp/{login}?secret={secret}"), secret }
    }
}

/// The issuer that is trusted.
pub const ISSUER: &str = "https://id.example.org";

/// A token of [`ISSUER`]: who, how often one was made before, and whether there was a second factor. It ends so many seconds
/// after 1970.
pub fn external_token(subject: &str, number: u32, second_factor: bool, end: i64) -> String {
    format!("{ISSUER} {subject} {number} {second_factor} {end}")
}

impl ExternalTokens for Vault {
    fn trusts(&self, issuer: &Issuer) -> bool {
        issuer.as_str() == ISSUER
    }

    fn read_external(&self, token: &str) -> Option<ExternalToken> {
        let parts: Vec<&str> = token.split(' ').collect();
        let [issuer, subject, _, second_factor, end] = parts.as_slice() else { return None };
        let who = External { issuer: Issuer::new(issuer).ok()?, subject: ExternalSubject::new(subject).ok()? };
        let judged_at = Instant::from_timestamp(self.seconds.load(Ordering::SeqCst), 0)?;
        let expires_at = Instant::from_timestamp(end.parse().ok()?, 0)?;
        let second_factor = *second_factor == "true";
        let mark = format!("{:x}", u64::from_be_bytes(mixed(token.as_bytes())[..8].try_into().ok()?));
        let token = ExternalToken { who, second_factor, mark, judged_at, expires_at };
        (self.trusts(&token.who.issuer) && judged_at < expires_at).then_some(token)
    }
}

impl Crypto for Vault {
    fn random(&self) -> [u8; 32] {
        mixed(&self.chance.fetch_add(1, Ordering::SeqCst).to_be_bytes())
    }

    fn digest(&self, secret: &[u8]) -> [u8; 32] {
        mixed(secret)
    }

    fn keyed(&self, purpose: &str, content: &[u8]) -> [u8; 32] {
        mixed(&[b"a key", purpose.as_bytes(), &[0], content].concat())
    }

    fn seal(&self, plain: &[u8], place: &str) -> Result<Vec<u8>, StoreError> {
        Ok([place.as_bytes(), &[0], plain].concat())
    }

    fn open(&self, sealed: &[u8], place: &str) -> Option<Vec<u8>> {
        Some(sealed.strip_prefix(place.as_bytes())?.strip_prefix(&[0])?.to_vec())
    }

    fn is_point(&self, public: &[u8]) -> bool {
        public.len() == 65 && ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public).is_ok()
    }

    fn mint(&self, claims: &Claims, seconds: i64) -> Result<String, StoreError> {
        Ok(format!("{} {:?} {seconds}", claims.subject, claims.session))
    }
}
