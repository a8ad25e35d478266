//! Request ids that took effect.

use std::collections::BTreeMap;

use crate::error::StoreError;
use crate::request::{RecordedRequest, RequestKey};
use crate::time::Instant;

/// Looking requests up.
pub trait ReadRequests {
    /// What is recorded under the subject and id of each key, whatever the fingerprint.
    fn recorded_requests(&mut self, keys: &[RequestKey]) -> Result<BTreeMap<RequestKey, RecordedRequest>, StoreError>;
}

/// Recording requests.
pub trait WriteRequests {
    /// Records what requests gave, with the acts at the end of the job.
    ///
    /// # Errors
    /// A conflict with [`crate::error::Constraint::RequestId`] when another process was first; it may show at the end of the
    /// job only.
    fn record_requests(&mut self, requests: &[(RequestKey, String, Instant)]) -> Result<(), StoreError>;
}
