//! argon2id (RFC 9106) at the costs of `PasswordCost`, as many at once as there are cores: each takes tens of megabytes, and
//! whoever asks for more than the queue holds is told to come again.

use std::sync::{Condvar, Mutex, PoisonError};

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use caodiem_domain::error::StoreError;
use caodiem_domain::ports::PasswordCost;

/// How many may wait for a core.
const QUEUE: usize = 50;

/// How long a salt is, in bytes.
const SALT: usize = 16;

/// Hashes and verifies passwords.
pub(super) struct Hasher {
    turnstile: Turnstile,
    /// The hash of a password that nobody has, for logins that do not exist: at the usual cost, and at the high one.
    nobody: [String; 2],
}

impl Hasher {
    /// With so many at once.
    ///
    /// # Errors
    /// [`StoreError::Other`], which does not happen.
    pub(super) fn new(cores: usize) -> Result<Self, StoreError> {
        let nobody = uuid::Uuid::new_v4().to_string();
        let nobody = [hash(&nobody, PasswordCost::Usual)?, hash(&nobody, PasswordCost::High)?];
        Ok(Self { turnstile: Turnstile::new(cores.max(1), QUEUE), nobody })
    }

    pub(super) fn hash(&self, password: &str, cost: PasswordCost) -> Result<String, StoreError> {
        let _pass = self.turnstile.enter()?;
        hash(password, cost)
    }

    /// Without a hash it takes as long as one of the cost `stand_in`, and nothing fits.
    pub(super) fn verify(
        &self,
        password: &str,
        known: Option<&str>,
        stand_in: PasswordCost,
    ) -> Result<bool, StoreError> {
        let [usual, high] = &self.nobody;
        let nobody = if stand_in == PasswordCost::High { high } else { usual };
        let parsed = PasswordHash::new(known.unwrap_or(nobody));
        let parsed = parsed.map_err(|error| StoreError::Corrupt(format!("a password's hash: {error}")))?;
        let _pass = self.turnstile.enter()?;
        // The parameters are those of the hash, not these.
        let fits = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
        Ok(fits && known.is_some())
    }
}

/// Whether a hash cost at least that much.
pub(super) fn is_costly_enough(known: &str, cost: PasswordCost) -> bool {
    let used = PasswordHash::new(known).ok().and_then(|known| Params::try_from(&known).ok());
    let (Some(used), Ok(wanted)) = (used, params(cost)) else { return false };
    used.m_cost() >= wanted.m_cost() && used.t_cost() >= wanted.t_cost() && used.p_cost() >= wanted.p_cost()
}

fn params(cost: PasswordCost) -> Result<Params, StoreError> {
    let (memory, passes) = match cost {
        PasswordCost::Usual => (19_456, 2),
        PasswordCost::High => (65_536, 3),
    };
    Params::new(memory, passes, 1, Some(Params::DEFAULT_OUTPUT_LEN)).map_err(|error| failed(&error))
}

fn hash(password: &str, cost: PasswordCost) -> Result<String, StoreError> {
    let mut salt = [0; SALT];
    aws_lc_rs::rand::fill(&mut salt).map_err(|error| failed(&error))?;
    let salt = SaltString::encode_b64(&salt).map_err(|error| failed(&error))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params(cost)?);
    argon2.hash_password(password.as_bytes(), &salt).map(|hash| hash.to_string()).map_err(|error| failed(&error))
}

fn failed(why: &dyn std::fmt::Display) -> StoreError {
    StoreError::Other(format!("a password cannot be hashed: {why}"))
}

/// Lets a few through at a time, some wait, and sends the rest away.
struct Turnstile {
    places: usize,
    queue: usize,
    /// Inside and waiting.
    present: Mutex<(usize, usize)>,
    left: Condvar,
}

/// A place inside, given back when it is dropped.
struct Pass<'stile>(&'stile Turnstile);

impl Turnstile {
    const fn new(places: usize, queue: usize) -> Self {
        Self { places, queue, present: Mutex::new((0, 0)), left: Condvar::new() }
    }

    fn enter(&self) -> Result<Pass<'_>, StoreError> {
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        if present.0 >= self.places {
            if present.1 >= self.queue {
                return Err(StoreError::Busy);
            }
            present.1 += 1;
            present = self
                .left
                .wait_while(present, |present| present.0 >= self.places)
                .unwrap_or_else(PoisonError::into_inner);
            present.1 -= 1;
        }
        present.0 += 1;
        Ok(Pass(self))
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.0.present.lock().unwrap_or_else(PoisonError::into_inner).0 -= 1;
        self.0.left.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash_only() -> Result<(), StoreError> {
        let hasher = Hasher::new(1)?;
        let known = hasher.hash("con ngựa qua cầu", PasswordCost::Usual)?;
        assert!(known.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{known}");
        assert!(hasher.verify("con ngựa qua cầu", Some(&known), PasswordCost::Usual)?);
        assert!(!hasher.verify("con ngựa qua cau", Some(&known), PasswordCost::Usual)?);
        assert!(!hasher.verify("con ngựa qua cầu", None, PasswordCost::High)?);
        assert_ne!(known, hasher.hash("con ngựa qua cầu", PasswordCost::Usual)?, "each has a salt of its own");
        assert!(hasher.verify("x", Some("nothing"), PasswordCost::Usual).is_err());
        Ok(())
    }

    #[test]
    fn who_does_not_exist_costs_what_somebody_would() -> Result<(), StoreError> {
        let hasher = Hasher::new(1)?;
        for (nobody, cost) in hasher.nobody.iter().zip([PasswordCost::Usual, PasswordCost::High]) {
            let somebody = hasher.hash("x", cost)?;
            let of = |hash: &str| PasswordHash::new(hash).ok().and_then(|hash| Params::try_from(&hash).ok());
            assert_eq!(of(nobody), of(&somebody));
        }
        Ok(())
    }

    #[test]
    fn a_hash_that_cost_less_is_told_from_one_that_did_not() -> Result<(), StoreError> {
        let (usual, high) = (hash("x", PasswordCost::Usual)?, hash("x", PasswordCost::High)?);
        assert!(high.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"), "{high}");
        let enough = |known: &str| [PasswordCost::Usual, PasswordCost::High].map(|cost| is_costly_enough(known, cost));
        assert_eq!((enough(&usual), enough(&high)), ([true, false], [true, true]));
        let weak = usual.replace("m=19456", "m=12288");
        assert_eq!(enough(&weak), [false, false]);
        assert_eq!(enough("nothing"), [false, false]);
        Ok(())
    }

    #[test]
    fn who_finds_the_queue_full_is_sent_away() {
        let stile = Turnstile::new(1, 0);
        let inside = stile.enter();
        assert!(inside.is_ok());
        assert!(matches!(stile.enter(), Err(StoreError::Busy)));
        drop(inside);
        assert!(stile.enter().is_ok());
    }

    #[test]
    fn never_more_than_the_places_are_inside() {
        let stile = Turnstile::new(2, 50);
        let inside = std::sync::atomic::AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..20 {
                scope.spawn(|| {
                    let pass = stile.enter();
                    assert!(pass.is_ok());
                    let now = inside.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
                    assert!(now <= 2, "{now}");
                    std::thread::yield_now();
                    inside.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
                });
            }
        });
        assert_eq!(stile.present.lock().map(|present| *present).ok(), Some((0, 0)));
    }
}
