//! Loaders of proposals.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use caodiem_domain::access::Permission;
use caodiem_domain::error::Error;
use caodiem_domain::id::{AccountId, ProposalId};
use caodiem_domain::proposal::Proposal;
use caodiem_domain::text::Subject;
use caodiem_domain::usecase::read_proposals::{logins, proposals_by_id};

use super::{Batch, sorted};

/// A proposal that the caller sees.
impl Loader<ProposalId> for Batch {
    type Value = Proposal;
    type Error = Error;

    async fn load(&self, keys: &[ProposalId]) -> Result<HashMap<ProposalId, Proposal>, Error> {
        let ids = sorted(keys);
        let found = self.read(Permission::ReadUnits, move |actor, tx| proposals_by_id(actor, tx, &ids));
        Ok(found.await?.into_iter().collect())
    }
}

/// The login of an account that a proposal names which the caller sees.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct LoginOf(pub(crate) AccountId);

impl Loader<LoginOf> for Batch {
    type Value = Subject;
    type Error = Error;

    async fn load(&self, keys: &[LoginOf]) -> Result<HashMap<LoginOf, Subject>, Error> {
        let ids: Vec<AccountId> = sorted(keys).into_iter().map(|key| key.0).collect();
        let found = self.read(Permission::ReadUnits, move |actor, tx| logins(actor, tx, &ids)).await?;
        Ok(found.into_iter().map(|(id, login)| (LoginOf(id), login)).collect())
    }
}
