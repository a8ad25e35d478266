//! Loaders of assignments.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use caodiem_domain::access::Permission;
use caodiem_domain::assignment::Assignment;
use caodiem_domain::error::Error;
use caodiem_domain::id::{AccountId, AssignmentId};
use caodiem_domain::usecase::read_accounts::assignments_in_scope;

use super::{Batch, sorted};

/// An assignment over a unit in scope.
impl Loader<AssignmentId> for Batch {
    type Value = Assignment;
    type Error = Error;

    async fn load(&self, keys: &[AssignmentId]) -> Result<HashMap<AssignmentId, Assignment>, Error> {
        let ids = sorted(keys);
        let found = self.read(Permission::ReadAccounts, move |actor, tx| Ok(tx.assignments_by_id(&actor.scope, &ids)?));
        Ok(found.await?.into_iter().collect())
    }
}

/// The assignments of an account over units in scope, past ones included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AssignmentsOf(pub(crate) AccountId);

impl Loader<AssignmentsOf> for Batch {
    type Value = Vec<Assignment>;
    type Error = Error;

    async fn load(&self, keys: &[AssignmentsOf]) -> Result<HashMap<AssignmentsOf, Vec<Assignment>>, Error> {
        let ids: Vec<AccountId> = sorted(keys).into_iter().map(|key| key.0).collect();
        let found = self.read(Permission::ReadAccounts, move |actor, tx| assignments_in_scope(actor, tx, &ids)).await?;
        Ok(found.into_iter().map(|(id, held)| (AssignmentsOf(id), held)).collect())
    }
}
