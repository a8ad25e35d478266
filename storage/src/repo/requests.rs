//! Request ids that took effect.

use caodiem_domain::error::StoreError;
use caodiem_domain::ports::{ReadRequests, WriteRequests};
use caodiem_domain::request::{RecordedRequest, RequestKey};
use caodiem_domain::time::Instant;
use std::collections::BTreeMap;

use super::Tx;

impl ReadRequests for Tx<'_> {
    fn recorded_requests(&mut self, _keys: &[RequestKey]) -> Result<BTreeMap<RequestKey, RecordedRequest>, StoreError> {
        todo!()
    }
}

impl WriteRequests for Tx<'_> {
    fn record_requests(&mut self, _requests: &[(RequestKey, String, Instant)]) -> Result<(), StoreError> {
        todo!()
    }
}
