//! The keys that sign checkpoints: those of tokens.

use std::sync::Arc;

use caodiem_domain::error::StoreError;
use caodiem_domain::ports::CheckpointKeys;

use crate::auth::ring::Keyring;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::failure::Failure;

/// The configured keys.
///
/// # Errors
/// [`Failure`] when they cannot be had.
pub fn checkpoint_keys(config: &Config) -> Result<Arc<dyn CheckpointKeys>, Failure> {
    let clock = Arc::new(SystemClock::default());
    Ok(Arc::new(Keyring::open(&config.keys_dir, &config.old_signing_key(), clock)?))
}

impl CheckpointKeys for Keyring {
    fn sign(&self, statement: &[u8]) -> Result<(String, Vec<u8>), StoreError> {
        let signed = Self::sign(self, statement);
        signed.map_err(|failure| StoreError::Other(format!("a checkpoint cannot be signed: {failure}")))
    }

    fn verifies(&self, kid: &str, statement: &[u8], signature: &[u8]) -> bool {
        self.verify(kid, statement, signature)
    }
}
