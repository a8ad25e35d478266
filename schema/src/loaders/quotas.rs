//! Loaders of quotas, their history and pace.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use caodiem_domain::access::Permission;
use caodiem_domain::error::Error;
use caodiem_domain::id::QuotaId;
use caodiem_domain::quota::pace::Pace;
use caodiem_domain::quota::{Amendment, Quota, QuotaKey};
use caodiem_domain::usecase::read_quotas::quota_paces;

use super::{Batch, sorted};

/// A quota in scope.
impl Loader<QuotaId> for Batch {
    type Value = Quota;
    type Error = Error;

    async fn load(&self, keys: &[QuotaId]) -> Result<HashMap<QuotaId, Quota>, Error> {
        let ids = sorted(keys);
        let found = self.read_briefly(Permission::ReadQuotas, move |actor, tx| {
            let mut found = tx.quotas_by_id(&actor.scope, &ids)?;
            found.retain(|_, quota| actor.is_for(quota.key.drive));
            Ok(found)
        });
        Ok(found.await?.into_iter().collect())
    }
}

/// The quota of a holder that the caller sees.
impl Loader<QuotaKey> for Batch {
    type Value = Quota;
    type Error = Error;

    async fn load(&self, keys: &[QuotaKey]) -> Result<HashMap<QuotaKey, Quota>, Error> {
        let keys: Vec<QuotaKey> = sorted(keys).into_iter().filter(|key| self.caller.actor.is_for(key.drive)).collect();
        let found = self.read_briefly(Permission::ReadQuotas, move |_, tx| Ok(tx.quotas_by_key(&keys)?));
        Ok(found.await?.into_iter().collect())
    }
}

/// The history of a quota that the caller sees.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct HistoryOf(pub(crate) QuotaId);

impl Loader<HistoryOf> for Batch {
    type Value = Vec<Amendment>;
    type Error = Error;

    async fn load(&self, keys: &[HistoryOf]) -> Result<HashMap<HistoryOf, Vec<Amendment>>, Error> {
        let ids: Vec<QuotaId> = sorted(keys).into_iter().map(|key| key.0).collect();
        let found = self.read_briefly(Permission::ReadQuotas, move |_, tx| Ok(tx.amendments(&ids)?)).await?;
        Ok(found.into_iter().map(|(id, history)| (HistoryOf(id), history)).collect())
    }
}

/// The pace of a quota that the caller sees.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PaceOf(pub(crate) QuotaId);

impl Loader<PaceOf> for Batch {
    type Value = Pace;
    type Error = Error;

    async fn load(&self, keys: &[PaceOf]) -> Result<HashMap<PaceOf, Pace>, Error> {
        let ids: Vec<QuotaId> = sorted(keys).into_iter().map(|key| key.0).collect();
        let today = self.caller.today();
        let found = self.read(Permission::ReadQuotas, move |actor, tx| quota_paces(actor, tx, &ids, today)).await?;
        Ok(found.into_iter().map(|(id, pace)| (PaceOf(id), pace)).collect())
    }
}
