//! Granting, confirming and ending assignments.

use async_graphql::{Context, Object, SimpleObject};
use caodiem_domain::access::Permission;
use caodiem_domain::usecase::end_assignment::{confirm_assignments, end_assignment};
use caodiem_domain::usecase::grant_assignment::grant_assignment;

use crate::error::Result;
use crate::guard::{self, Need};
use crate::inputs::assignment::{ConfirmAssignmentsInput, EndAssignmentInput, GrantAssignmentInput};
use crate::objects::assignment::Assignment;
use crate::objects::problem::UserError;
use crate::request::write;

/// Changes of assignments.
#[derive(Default)]
pub(crate) struct AssignmentMutations;

#[Object]
impl AssignmentMutations {
    /// Grants an assignment under the caller's own. The rule: the caller may grant over the unit; the role's rights are
    /// the caller's own, or the role is one that the caller's role appoints to; admins strictly below; no longer than the
    /// caller's own; never to oneself; nobody reports and verifies over the same units for the same drive. `previewGrant`
    /// tries it out.
    #[graphql(guard = "Need(Permission::GrantRoles)", visible = "guard::grants_roles")]
    async fn grant_assignment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What, and why.")] input: GrantAssignmentInput,
    ) -> Result<GrantAssignmentPayload> {
        let (assignment, errors) = write(ctx, input, |act, tx, command| {
            let id = grant_assignment(act, tx, command)?;
            Ok(tx.assignments_by_id(&act.actor.scope, &[id])?.remove(&id))
        })
        .await?;
        Ok(GrantAssignmentPayload { assignment: assignment.flatten().map(Assignment), errors })
    }

    /// Ends an assignment at once, with its sessions, for whoever could have granted it. What was granted under it is
    /// suspended until it is confirmed, and over after 7 days.
    #[graphql(guard = "Need(Permission::GrantRoles)", visible = "guard::grants_roles")]
    async fn end_assignment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why.")] input: EndAssignmentInput,
    ) -> Result<EndAssignmentPayload> {
        let (assignment, errors) = write(ctx, input, |act, tx, command| {
            let id = end_assignment(act, tx, command)?;
            Ok(tx.assignments_by_id(&act.actor.scope, &[id])?.remove(&id))
        })
        .await?;
        Ok(EndAssignmentPayload { assignment: assignment.flatten().map(Assignment), errors })
    }

    /// Confirms suspended assignments, all or none, for whoever could grant them today: they stand under the caller's own
    /// from now on. What was granted under them stays suspended until it is confirmed as well.
    #[graphql(guard = "Need(Permission::GrantRoles)", visible = "guard::grants_roles")]
    async fn confirm_assignments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: ConfirmAssignmentsInput,
    ) -> Result<ConfirmAssignmentsPayload> {
        let (assignments, errors) = write(ctx, input, |act, tx, ids| {
            let ids = confirm_assignments(act, tx, ids)?;
            let mut found = tx.assignments_by_id(&act.actor.scope, &ids)?;
            Ok(ids.iter().filter_map(|id| found.remove(id)).collect::<Vec<_>>())
        })
        .await?;
        let assignments = assignments.unwrap_or_default().into_iter().map(Assignment).collect();
        Ok(ConfirmAssignmentsPayload { assignments, errors })
    }
}

/// What `grantAssignment` gives.
#[derive(SimpleObject)]
pub(crate) struct GrantAssignmentPayload {
    /// The assignment; null when it was refused.
    assignment: Option<Assignment>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `endAssignment` gives.
#[derive(SimpleObject)]
pub(crate) struct EndAssignmentPayload {
    /// The assignment; null when it was refused.
    assignment: Option<Assignment>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `confirmAssignments` gives.
#[derive(SimpleObject)]
pub(crate) struct ConfirmAssignmentsPayload {
    /// The assignments, in the order of the input; empty when they were refused.
    assignments: Vec<Assignment>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}
