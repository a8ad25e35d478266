//! What the domain asks of cryptography. Passwords are slow on purpose: they are hashed outside of any transaction.

use crate::error::StoreError;
use crate::session::Claims;
use crate::time::Instant;

/// How much work a password's hash costs: more for those whose account opens everything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PasswordCost {
    /// m = 19,456 KiB, t = 2, p = 1.
    Usual,
    /// m = 65,536 KiB, t = 3, p = 1: system admins and break-glass.
    High,
}

/// Hashing, sealing, chance and signing.
pub trait Crypto: Send + Sync {
    /// The argon2id hash of a password, in PHC form. Slow.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when too many wait.
    fn hash_password(&self, password: &str, cost: PasswordCost) -> Result<String, StoreError>;

    /// Whether a password fits a hash. Slow, and as slow without a hash: whether a login exists cannot be told by time.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when too many wait.
    fn verify_password(&self, password: &str, hash: Option<&str>) -> Result<bool, StoreError>;

    /// 256 random bits.
    fn random(&self) -> [u8; 32];

    /// SHA-256 of a secret that has enough bits of its own.
    fn digest(&self, secret: &[u8]) -> [u8; 32];

    /// Encrypts a secret for one place, such as `credentials.totp:17`: it cannot be opened in another (T21).
    fn seal(&self, plain: &[u8], place: &str) -> Vec<u8>;

    /// Decrypts what was sealed for that place.
    fn open(&self, sealed: &[u8], place: &str) -> Option<Vec<u8>>;

    /// The time step of a TOTP code (RFC 6238, SHA-1, 6 digits, 30 s), of now or one step before or after it.
    fn totp_step(&self, secret: &[u8], code: &str, now: Instant) -> Option<i64>;

    /// Signs an access token for so many seconds.
    ///
    /// # Errors
    /// [`StoreError::Other`] when there is no key to sign with.
    fn mint(&self, claims: &Claims, seconds: i64) -> Result<String, StoreError>;
}
