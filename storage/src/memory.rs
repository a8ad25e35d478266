//! What the transactions of one store keep in memory and share.

use crate::drives::Drives;
use crate::trees::Trees;

/// Trees with the indicators, and drives. Neither is ever older than the transaction that is answered from it.
#[derive(Default)]
pub(crate) struct Memory {
    /// Whole trees and the indicators, by epoch.
    pub(crate) trees: Trees,
    /// Whole drives, by version.
    pub(crate) drives: Drives,
}
