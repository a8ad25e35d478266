//! What the domain asks of cryptography. Passwords are slow on purpose: they are hashed outside of any transaction.

use crate::account::External;
use crate::error::StoreError;
use crate::session::Claims;
use crate::text::Issuer;
use crate::time::Instant;

/// How much work a password's hash costs: more for those whose account opens everything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PasswordCost {
    /// m = 19,456 KiB, t = 2, p = 1.
    Usual,
    /// m = 65,536 KiB, t = 3, p = 1: system admins and break-glass.
    High,
}

/// Hashing passwords.
pub trait Passwords: Send + Sync {
    /// The argon2id hash of a password, in PHC form. Slow.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when too many wait.
    fn hash_password(&self, password: &str, cost: PasswordCost) -> Result<String, StoreError>;

    /// Whether a password fits a hash. Slow; without a hash nothing fits, and it is as slow as one of the cost `stand_in`.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when too many wait.
    fn verify_password(&self, password: &str, hash: Option<&str>, stand_in: PasswordCost) -> Result<bool, StoreError>;

    /// Whether a hash cost at least that much: one that did not is made anew when its password is known.
    fn is_costly_enough(&self, hash: &str, cost: PasswordCost) -> bool;
}

/// A TOTP secret as an authenticator app takes it, shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpKey {
    /// In base 32, for typing.
    pub secret: String,
    /// As `otpauth://…`, for a QR code.
    pub uri: String,
}

impl std::fmt::Debug for TotpKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("TotpKey")
    }
}

/// Codes that change with time (RFC 6238: SHA-1, 6 digits, 30 s). They go by the real clock, like authenticator apps,
/// whatever the service goes by.
pub trait SecondFactor {
    /// The time step of a code: now, or one step before or after.
    fn totp_step(&self, secret: &[u8], code: &str) -> Option<i64>;

    /// A secret for the authenticator app of that login.
    fn totp_key(&self, secret: &[u8], login: &str) -> TotpKey;
}

/// A token of another issuer, verified: it is of an issuer that is trusted, for us, and young.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExternalToken {
    /// Whom it speaks of.
    pub who: External,
    /// Whether the issuer vouches for a second factor.
    pub second_factor: bool,
    /// What tells it from every other token, however it is signed again: at most 64 characters.
    pub mark: String,
    /// When it was judged, by the clock that tokens go by.
    pub judged_at: Instant,
    /// From when on it is refused whatever happens, by the same clock.
    pub expires_at: Instant,
}

/// Tokens of other issuers, as the configuration trusts them.
pub trait ExternalTokens {
    /// Whether tokens of the issuer are taken at all.
    fn trusts(&self, issuer: &Issuer) -> bool;

    /// What a token says; `None` for every token that is not exactly what it has to be.
    fn read_external(&self, token: &str) -> Option<ExternalToken>;
}

/// Hashing, sealing, chance and signing.
pub trait Crypto: Passwords + SecondFactor + ExternalTokens {
    /// 256 random bits.
    fn random(&self) -> [u8; 32];

    /// SHA-256 of a secret that has enough bits of its own.
    fn digest(&self, secret: &[u8]) -> [u8; 32];

    /// A hash under a key of ours, for one purpose: nobody else can make it.
    fn keyed(&self, purpose: &str, content: &[u8]) -> [u8; 32];

    /// Encrypts a secret for one place, such as `credentials.totp:17`: it cannot be opened in another (T21).
    ///
    /// # Errors
    /// [`StoreError::Other`] when it cannot be sealed.
    fn seal(&self, plain: &[u8], place: &str) -> Result<Vec<u8>, StoreError>;

    /// Decrypts what was sealed for that place.
    fn open(&self, sealed: &[u8], place: &str) -> Option<Vec<u8>>;

    /// Whether these bytes are a point of the curve P-256, uncompressed: what is none verifies nothing.
    fn is_point(&self, public: &[u8]) -> bool;

    /// Signs an access token for so many seconds.
    ///
    /// # Errors
    /// [`StoreError::Other`] when there is no key to sign with.
    fn mint(&self, claims: &Claims, seconds: i64) -> Result<String, StoreError>;
}
