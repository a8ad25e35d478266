//! Loaders of drives and of the catalogue.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use caodiem_domain::access::Permission;
use caodiem_domain::drive::Drive;
use caodiem_domain::error::Error;
use caodiem_domain::id::{DriveId, GroupId, IndicatorId};
use caodiem_domain::indicator::{Group, Indicator};
use caodiem_domain::usecase::visible_drives;

use super::{Batch, sorted};

/// A visible drive.
impl Loader<DriveId> for Batch {
    type Value = Arc<Drive>;
    type Error = Error;

    async fn load(&self, keys: &[DriveId]) -> Result<HashMap<DriveId, Arc<Drive>>, Error> {
        let ids = sorted(keys);
        let found =
            self.read_briefly(Permission::ReadDrives, move |actor, tx| Ok(visible_drives(actor, tx, &ids)?)).await?;
        Ok(found.into_iter().map(|(id, drive)| (id, Arc::new(drive))).collect())
    }
}

/// An indicator. The whole catalogue is read and kept, whichever entry was asked for.
impl Loader<IndicatorId> for Batch {
    type Value = Indicator;
    type Error = Error;

    async fn load(&self, _keys: &[IndicatorId]) -> Result<HashMap<IndicatorId, Indicator>, Error> {
        let found = self.read_briefly(Permission::ReadCatalogue, |_, tx| Ok(tx.indicators()?)).await?;
        Ok(found.into_iter().map(|indicator| (indicator.id, indicator)).collect())
    }
}

/// A group. The whole catalogue is read and kept, whichever entry was asked for.
impl Loader<GroupId> for Batch {
    type Value = Group;
    type Error = Error;

    async fn load(&self, _keys: &[GroupId]) -> Result<HashMap<GroupId, Group>, Error> {
        let found = self.read_briefly(Permission::ReadCatalogue, |_, tx| Ok(tx.groups()?)).await?;
        Ok(found.into_iter().map(|group| (group.id, group)).collect())
    }
}
