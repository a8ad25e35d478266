//! Loaders of emulation lists and decisions.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use caodiem_domain::access::Permission;
use caodiem_domain::emulation::decision::Decision;
use caodiem_domain::emulation::list::EmulationList;
use caodiem_domain::error::Error;
use caodiem_domain::id::EmulationListId;
use caodiem_domain::usecase::read_emulation::{emulation_decisions, emulation_lists_by_id};

use super::{Batch, sorted};

/// A list that the caller sees.
impl Loader<EmulationListId> for Batch {
    type Value = EmulationList;
    type Error = Error;

    async fn load(&self, keys: &[EmulationListId]) -> Result<HashMap<EmulationListId, EmulationList>, Error> {
        let ids = sorted(keys);
        let found = self.read(Permission::ReadEmulation, move |actor, tx| emulation_lists_by_id(actor, tx, &ids));
        Ok(found.await?.into_iter().collect())
    }
}

/// All decisions on the candidates of a list that the caller sees.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct DecisionsOn(pub(crate) EmulationListId);

impl Loader<DecisionsOn> for Batch {
    type Value = Vec<Decision>;
    type Error = Error;

    async fn load(&self, keys: &[DecisionsOn]) -> Result<HashMap<DecisionsOn, Vec<Decision>>, Error> {
        let lists: Vec<EmulationListId> = sorted(keys).into_iter().map(|key| key.0).collect();
        let found = self.read(Permission::ReadEmulation, move |actor, tx| emulation_decisions(actor, tx, &lists));
        Ok(found.await?.into_iter().map(|(list, decisions)| (DecisionsOn(list), decisions)).collect())
    }
}
