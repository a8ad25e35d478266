//! Loaders of figures by their slots.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use caodiem_domain::access::Permission;
use caodiem_domain::error::Error;
use caodiem_domain::tally::{Slot, Tally};
use caodiem_domain::usecase::read_tallies::{tallies_by_slot, tally_revisions};

use super::{Batch, sorted};

/// The standing figure of a slot in scope.
impl Loader<Slot> for Batch {
    type Value = Tally;
    type Error = Error;

    async fn load(&self, keys: &[Slot]) -> Result<HashMap<Slot, Tally>, Error> {
        let slots = sorted(keys);
        let found = self.read_briefly(Permission::ReadTallies, move |actor, tx| tallies_by_slot(actor, tx, &slots));
        Ok(found.await?.into_iter().collect())
    }
}

/// Every figure that stood in a slot in scope.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RevisionsOf(pub(crate) Slot);

impl Loader<RevisionsOf> for Batch {
    type Value = Vec<Tally>;
    type Error = Error;

    async fn load(&self, keys: &[RevisionsOf]) -> Result<HashMap<RevisionsOf, Vec<Tally>>, Error> {
        let slots: Vec<Slot> = sorted(keys).into_iter().map(|key| key.0).collect();
        let found =
            self.read_briefly(Permission::ReadTallies, move |actor, tx| tally_revisions(actor, tx, &slots)).await?;
        Ok(found.into_iter().map(|(slot, revisions)| (RevisionsOf(slot), revisions)).collect())
    }
}
