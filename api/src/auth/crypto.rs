//! The rules' cryptography: argon2id, AES-256-GCM, TOTP, chance, and access tokens.

mod passwords;

use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ParsedPublicKey};
use caodiem_domain::error::StoreError;
use caodiem_domain::ports::{Crypto, ExternalToken, ExternalTokens, PasswordCost, Passwords, SecondFactor, TotpKey};
use caodiem_domain::session::Claims;
use caodiem_domain::text::Issuer;
use caodiem_domain::time::Clock;
use totp_rs::{Builder, Totp};

use crate::auth::crypto::passwords::{Hasher, is_costly_enough};
use crate::auth::external::Issuers;
use crate::auth::seal::SealingKey;
use crate::auth::token::Tokens;
use crate::failure::Failure;

/// Under which name an authenticator app lists the service.
const ISSUER: &str = "Caodiem";

/// How many bytes an uncompressed point has.
const POINT: usize = 65;

/// The gateway's cryptography.
pub struct ApiCrypto {
    tokens: Arc<Tokens>,
    sealing: SealingKey,
    hasher: Hasher,
    issuers: Issuers,
    clock: Arc<dyn Clock>,
}

impl ApiCrypto {
    /// With the sealing key of that file, which is made when it is missing, and the other issuers that are trusted. `clock` is
    /// the real one, whatever the service goes by: authenticator apps go by it.
    ///
    /// # Errors
    /// [`Failure`] when the key cannot be had.
    pub fn new(
        tokens: Arc<Tokens>,
        sealing_key: &Path,
        issuers: Issuers,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Failure> {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let hasher = Hasher::new(cores).map_err(|error| Failure::failed("passwords cannot be hashed", error))?;
        Ok(Self { tokens, sealing: SealingKey::load_or_make(sealing_key)?, hasher, issuers, clock })
    }
}

impl Passwords for ApiCrypto {
    fn hash_password(&self, password: &str, cost: PasswordCost) -> Result<String, StoreError> {
        self.hasher.hash(password, cost)
    }

    fn verify_password(&self, password: &str, hash: Option<&str>, stand_in: PasswordCost) -> Result<bool, StoreError> {
        self.hasher.verify(password, hash, stand_in)
    }

    fn is_costly_enough(&self, hash: &str, cost: PasswordCost) -> bool {
        is_costly_enough(hash, cost)
    }
}

impl SecondFactor for ApiCrypto {
    fn totp_step(&self, secret: &[u8], code: &str) -> Option<i64> {
        let code: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
        if code.len() != 6 || !code.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let now = u64::try_from(self.clock.now().timestamp()).ok()?;
        i64::try_from(totp(secret, "")?.check(&code, now)?).ok()
    }

    fn totp_key(&self, secret: &[u8], login: &str) -> TotpKey {
        // A colon parts issuer and name in the label.
        let totp = totp(secret, &login.replace(':', "."));
        let uri = totp.as_ref().and_then(|totp| totp.to_url().ok()).unwrap_or_default();
        TotpKey { secret: totp.map(|totp| totp.secret().to_base32()).unwrap_or_default(), uri }
    }
}

impl ExternalTokens for ApiCrypto {
    fn trusts(&self, issuer: &Issuer) -> bool {
        self.issuers.trusts(issuer)
    }

    fn read_external(&self, token: &str) -> Option<ExternalToken> {
        let judged = self.issuers.judge(token);
        judged.map_err(|reason| tracing::info!(%reason, "a token of another issuer is refused")).ok()
    }
}

impl Crypto for ApiCrypto {
    fn random(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        if aws_lc_rs::rand::fill(&mut bytes).is_err() {
            tracing::error!("the system has no randomness: nothing can be kept secret");
            std::process::abort();
        }
        bytes
    }

    fn digest(&self, secret: &[u8]) -> [u8; 32] {
        <[u8; 32]>::try_from(digest(&SHA256, secret).as_ref()).unwrap_or_default()
    }

    fn keyed(&self, purpose: &str, content: &[u8]) -> [u8; 32] {
        self.sealing.keyed(purpose, content)
    }

    fn seal(&self, plain: &[u8], place: &str) -> Result<Vec<u8>, StoreError> {
        self.sealing.seal(plain, place)
    }

    fn open(&self, sealed: &[u8], place: &str) -> Option<Vec<u8>> {
        self.sealing.open(sealed, place)
    }

    fn is_point(&self, public: &[u8]) -> bool {
        // A compressed point is one, too, but of another length.
        public.len() == POINT && ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public).is_ok()
    }

    fn mint(&self, claims: &Claims, seconds: i64) -> Result<String, StoreError> {
        self.tokens.mint(claims, seconds).map_err(|failure| StoreError::Other(failure.to_string()))
    }
}

/// SHA-1, 6 digits, 30 s, one step before or after: what every authenticator app takes.
fn totp(secret: &[u8], login: &str) -> Option<Totp> {
    let builder = Builder::new().with_secret(secret.to_vec()).with_account_name(login).with_issuer(Some(ISSUER));
    builder.build().ok()
}

#[cfg(test)]
mod tests;
