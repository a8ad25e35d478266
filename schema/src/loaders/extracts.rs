//! Loaders of extracts.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use caodiem_domain::access::Permission;
use caodiem_domain::error::Error;
use caodiem_domain::extract::Extract;
use caodiem_domain::id::ExtractId;

use super::{Batch, sorted};

/// An extract in scope.
impl Loader<ExtractId> for Batch {
    type Value = Extract;
    type Error = Error;

    async fn load(&self, keys: &[ExtractId]) -> Result<HashMap<ExtractId, Extract>, Error> {
        let ids = sorted(keys);
        let found = self.read(Permission::ReadOfficial, move |actor, tx| Ok(tx.extracts_by_id(&actor.scope, &ids)?));
        Ok(found.await?.into_iter().collect())
    }
}
