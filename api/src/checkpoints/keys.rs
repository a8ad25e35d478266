//! The keys that sign checkpoints: those of tokens.

use std::sync::Arc;

use caodiem_domain::error::StoreError;
use caodiem_domain::ports::CheckpointKeys;
use jsonwebtoken::{Algorithm, crypto};

use crate::auth::keys::SigningKey;
use crate::config::Config;
use crate::failure::Failure;

/// The configured keys.
///
/// # Errors
/// [`Failure`] when they cannot be had.
pub fn checkpoint_keys(config: &Config) -> Result<Arc<dyn CheckpointKeys>, Failure> {
    Ok(Arc::new(SigningKey::load_or_make(&config.signing_key)?))
}

impl CheckpointKeys for SigningKey {
    fn sign(&self, statement: &[u8]) -> Result<(String, Vec<u8>), StoreError> {
        let signed = crypto::sign(statement, &self.signs, Algorithm::ES256);
        let signature = signed.map_err(|error| StoreError::Other(format!("a checkpoint cannot be signed: {error}")))?;
        Ok((self.id.clone(), signature.into_bytes()))
    }

    fn verifies(&self, kid: &str, statement: &[u8], signature: &[u8]) -> bool {
        let verify = |signature| crypto::verify(signature, statement, &self.verifies, Algorithm::ES256);
        kid == self.id && std::str::from_utf8(signature).is_ok_and(|signature| verify(signature).unwrap_or(false))
    }
}
