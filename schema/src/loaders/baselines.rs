//! Loaders of baselines and their revisions.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use caodiem_domain::access::Permission;
use caodiem_domain::baseline::{Baseline, BaselineKey};
use caodiem_domain::error::Error;
use caodiem_domain::id::BaselineId;

use super::{Batch, sorted};

/// A baseline in scope, standing or revised since.
impl Loader<BaselineId> for Batch {
    type Value = Baseline;
    type Error = Error;

    async fn load(&self, keys: &[BaselineId]) -> Result<HashMap<BaselineId, Baseline>, Error> {
        let ids = sorted(keys);
        let found = self.read(Permission::ReadBaselines, move |actor, tx| Ok(tx.baselines_by_id(&actor.scope, &ids)?));
        Ok(found.await?.into_iter().collect())
    }
}

/// Every figure recorded under a key whose unit the caller sees, oldest first.
impl Loader<BaselineKey> for Batch {
    type Value = Vec<Baseline>;
    type Error = Error;

    async fn load(&self, keys: &[BaselineKey]) -> Result<HashMap<BaselineKey, Vec<Baseline>>, Error> {
        let keys = sorted(keys);
        let found = self.read(Permission::ReadBaselines, move |_, tx| Ok(tx.baseline_revisions(&keys)?));
        Ok(found.await?.into_iter().collect())
    }
}
