//! Rows of requests that took effect. The fingerprint is kept in hexadecimal.

use caodiem_domain::audit::hex;
use caodiem_domain::error::StoreError;
use caodiem_domain::request::{RecordedRequest, RequestKey};
use caodiem_domain::time::Instant;
use diesel::prelude::*;

use super::moment::micros;

/// A request, in the order of its table.
#[derive(Queryable, Clone, Debug)]
pub(crate) struct RequestRow {
    pub(crate) subject: String,
    pub(crate) id: String,
    pub(crate) fingerprint: String,
    pub(crate) outcome: String,
    pub(crate) at: i64,
}

impl RequestRow {
    /// The row of a request and what it gave.
    pub(crate) fn new(key: &RequestKey, outcome: &str, at: Instant) -> Self {
        Self {
            subject: key.subject.to_string(),
            id: key.id.to_string(),
            fingerprint: hex(&key.fingerprint),
            outcome: outcome.to_owned(),
            at: micros(at),
        }
    }
}

impl TryFrom<RequestRow> for RecordedRequest {
    type Error = StoreError;

    fn try_from(row: RequestRow) -> Result<Self, StoreError> {
        let corrupt = || StoreError::Corrupt("request.fingerprint".to_owned());
        let mut fingerprint = [0; 32];
        if row.fingerprint.len() != 2 * fingerprint.len() {
            return Err(corrupt());
        }
        for (at, byte) in fingerprint.iter_mut().enumerate() {
            let pair = row.fingerprint.get(2 * at..2 * at + 2).ok_or_else(corrupt)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_not_hex| corrupt())?;
        }
        Ok(Self { fingerprint, outcome: row.outcome })
    }
}
