//! Loaders of inspections and samples.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use caodiem_domain::access::Permission;
use caodiem_domain::error::Error;
use caodiem_domain::id::{InspectionId, SampleId};
use caodiem_domain::inspection::Inspection;
use caodiem_domain::sample::Sample;
use caodiem_domain::tally::Slot;
use caodiem_domain::usecase::read_inspections::{inspections_by_id, latest_inspections, samples_by_id};

use super::{Batch, sorted};

/// An inspection of a figure in scope.
impl Loader<InspectionId> for Batch {
    type Value = Inspection;
    type Error = Error;

    async fn load(&self, keys: &[InspectionId]) -> Result<HashMap<InspectionId, Inspection>, Error> {
        let ids = sorted(keys);
        let found = self.read(Permission::ReadTallies, move |actor, tx| inspections_by_id(actor, tx, &ids));
        Ok(found.await?.into_iter().collect())
    }
}

/// The latest inspection of a figure in scope.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct InspectionOf(pub(crate) Slot);

impl Loader<InspectionOf> for Batch {
    type Value = Inspection;
    type Error = Error;

    async fn load(&self, keys: &[InspectionOf]) -> Result<HashMap<InspectionOf, Inspection>, Error> {
        let slots: Vec<Slot> = sorted(keys).into_iter().map(|key| key.0).collect();
        let found = self.read(Permission::ReadTallies, move |actor, tx| latest_inspections(actor, tx, &slots)).await?;
        Ok(found.into_iter().map(|(slot, inspection)| (InspectionOf(slot), inspection)).collect())
    }
}

/// A sample in scope.
impl Loader<SampleId> for Batch {
    type Value = Sample;
    type Error = Error;

    async fn load(&self, keys: &[SampleId]) -> Result<HashMap<SampleId, Sample>, Error> {
        let ids = sorted(keys);
        let found = self.read(Permission::VerifyTallies, move |actor, tx| samples_by_id(actor, tx, &ids));
        Ok(found.await?.into_iter().collect())
    }
}
