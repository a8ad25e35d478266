//! Acknowledged findings.

use std::collections::BTreeMap;

use crate::consistency::Acknowledgement;
use crate::error::StoreError;

/// Reading acknowledgements. Unscoped: a use case asks only for findings that it has derived in scope.
pub trait ReadAcknowledgements {
    /// Those of these findings that were acknowledged.
    fn acknowledgements(&mut self, digests: &[[u8; 32]]) -> Result<BTreeMap<[u8; 32], Acknowledgement>, StoreError>;
}

/// Acknowledging findings.
pub trait WriteAcknowledgements {
    /// Adds an acknowledgement.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the finding was acknowledged already.
    fn insert_acknowledgement(&mut self, acknowledgement: &Acknowledgement) -> Result<(), StoreError>;
}
