//! The keys that sign checkpoints: those of tokens.

use caodiem_domain::error::StoreError;
use caodiem_domain::ports::CheckpointKeys;

use crate::auth::ring::Keyring;

impl CheckpointKeys for Keyring {
    fn sign(&self, statement: &[u8]) -> Result<(String, Vec<u8>), StoreError> {
        let signed = Self::sign(self, statement);
        signed.map_err(|failure| StoreError::Other(format!("a checkpoint cannot be signed: {failure}")))
    }

    fn verifies(&self, kid: &str, statement: &[u8], signature: &[u8]) -> bool {
        self.verify(kid, statement, signature)
    }
}
