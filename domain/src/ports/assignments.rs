//! Assignments.

use std::collections::BTreeMap;

use crate::access::Scope;
use crate::assignment::{Assignment, AssignmentPredicate};
use crate::error::StoreError;
use crate::id::{AccountId, AssignmentId};
use crate::page::{Filter, Page, PageRequest};
use crate::time::Instant;

/// Reading assignments.
pub trait ReadAssignments {
    /// Assignments whose unit is in scope, by id; missing ones are left out.
    fn assignments_by_id(
        &mut self,
        scope: &Scope,
        ids: &[AssignmentId],
    ) -> Result<BTreeMap<AssignmentId, Assignment>, StoreError>;

    /// All assignments of accounts, past ones included, by id. Unscoped.
    fn assignments_of(&mut self, accounts: &[AccountId]) -> Result<BTreeMap<AccountId, Vec<Assignment>>, StoreError>;

    /// Assignments granted directly under others and not ended. Unscoped.
    fn granted_under(&mut self, assignments: &[AssignmentId]) -> Result<Vec<Assignment>, StoreError>;

    /// A page of assignments whose unit is in scope, by id.
    fn list_assignments(
        &mut self,
        scope: &Scope,
        filter: &Filter<AssignmentPredicate>,
        page: &PageRequest,
    ) -> Result<Page<Assignment>, StoreError>;

    /// How many assignments in scope fit.
    fn count_assignments(&mut self, scope: &Scope, filter: &Filter<AssignmentPredicate>) -> Result<u64, StoreError>;
}

/// Writing assignments.
pub trait WriteAssignments {
    /// Adds assignments.
    fn insert_assignments(&mut self, assignments: &[Assignment]) -> Result<(), StoreError>;

    /// Replaces assignments, each where the stored version is one less.
    ///
    /// # Errors
    /// [`StoreError::Stale`].
    fn update_assignments(&mut self, assignments: &[Assignment]) -> Result<(), StoreError>;

    /// Notes when an assignment was used. No new version.
    fn touch_assignment(&mut self, id: AssignmentId, at: Instant) -> Result<(), StoreError>;
}
