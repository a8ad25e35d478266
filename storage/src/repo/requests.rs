//! Request ids that took effect.

use std::collections::BTreeMap;

use caodiem_domain::error::StoreError;
use caodiem_domain::ports::{ReadRequests, WriteRequests};
use caodiem_domain::request::{RecordedRequest, RequestKey};
use caodiem_domain::time::Instant;

use super::{OrFailed, Tx, bulk};
use crate::rows::request::RequestRow;

impl ReadRequests for Tx<'_> {
    fn recorded_requests(&mut self, keys: &[RequestKey]) -> Result<BTreeMap<RequestKey, RecordedRequest>, StoreError> {
        let known: BTreeMap<(String, String), RequestRow> = bulk::known_requests(self.conn, keys)
            .or_failed()?
            .into_iter()
            .map(|row| ((row.subject.clone(), row.id.clone()), row))
            .collect();
        let asked = keys.iter().filter_map(|key| {
            let row = known.get(&(key.subject.to_string(), key.id.to_string()))?;
            Some(RecordedRequest::try_from(row.clone()).map(|recorded| (key.clone(), recorded)))
        });
        asked.collect()
    }
}

impl WriteRequests for Tx<'_> {
    fn record_requests(&mut self, requests: &[(RequestKey, String, Instant)]) -> Result<(), StoreError> {
        self.noted.requests.extend(requests.iter().map(|(key, outcome, at)| RequestRow::new(key, outcome, *at)));
        Ok(())
    }
}
