//! Proposals.

use std::collections::BTreeMap;

use crate::access::Scope;
use crate::error::StoreError;
use crate::id::ProposalId;
use crate::page::{Filter, Page, PageRequest};
use crate::proposal::{Proposal, ProposalPredicate};

/// Reading proposals.
pub trait ReadProposals {
    /// Proposals whose unit is in scope, by id; missing ones are left out.
    fn proposals_by_id(
        &mut self,
        scope: &Scope,
        ids: &[ProposalId],
    ) -> Result<BTreeMap<ProposalId, Proposal>, StoreError>;

    /// A page of proposals whose unit is in scope, newest first.
    fn list_proposals(
        &mut self,
        scope: &Scope,
        filter: &Filter<ProposalPredicate>,
        page: &PageRequest,
    ) -> Result<Page<Proposal>, StoreError>;

    /// How many proposals in scope fit.
    fn count_proposals(&mut self, scope: &Scope, filter: &Filter<ProposalPredicate>) -> Result<u64, StoreError>;
}

/// Writing proposals.
pub trait WriteProposals {
    /// Adds a proposal.
    fn insert_proposal(&mut self, proposal: &Proposal) -> Result<(), StoreError>;

    /// Replaces a proposal where the stored version is one less.
    ///
    /// # Errors
    /// [`StoreError::Stale`].
    fn update_proposal(&mut self, proposal: &Proposal) -> Result<(), StoreError>;
}
