//! Queries over assignments.

use async_graphql::{Context, ID, Object};
use caodiem_domain::access::Permission;
use caodiem_domain::access::grant::Grant;
use caodiem_domain::usecase::grant_assignment::preview_grant;
use caodiem_domain::usecase::read_accounts::who_can;

use crate::error::Result;
use crate::filter::filter;
use crate::guard::{self, Need};
use crate::ids::key_of;
use crate::inputs::assignment::{AssignmentWhere, GrantInput};
use crate::objects::assignment::Assignment;
use crate::objects::right::{GrantPreview, Holders};
use crate::objects::viewer;
use crate::page::{self, Connection, window};
use crate::request::{caller, read};

/// Queries over assignments.
#[derive(Default)]
pub(crate) struct AssignmentQueries;

#[Object]
impl AssignmentQueries {
    /// Assignments over units in scope, by unit.
    #[graphql(
        guard = "Need(Permission::ReadAccounts)",
        visible = "guard::reads_accounts",
        complexity = "page::cost(first, last, child_complexity)"
    )]
    async fn assignments(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Which ones; all when absent.")] condition: Option<AssignmentWhere>,
        #[graphql(desc = "So many from the front, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Assignment>> {
        let (page, filter) = (window(ctx, (first, after), (last, before))?, filter(condition)?);
        let found = read(ctx, Permission::ReadAccounts, move |actor, tx| {
            let rows = tx.list_assignments(&actor.scope, &filter, &page.request)?;
            let total = page.counted.then(|| tx.count_assignments(&actor.scope, &filter)).transpose()?;
            Ok((rows, total))
        });
        Ok(Connection::new(found.await?, Assignment))
    }

    /// Who may do something at a unit today, by which assignment. Only assignments over units in scope are told.
    #[graphql(
        guard = "Need(Permission::ReadAccounts)",
        visible = "guard::reads_accounts",
        complexity = "50 * child_complexity + 2"
    )]
    async fn who_can_see(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit.")] unit: ID,
        #[graphql(desc = "What.")] permission: viewer::Permission,
    ) -> Result<Holders> {
        let unit = key_of(&unit).map_err(|problem| problem.at("unit"))?;
        let (asked, today) = ((unit, permission.into()), caller(ctx)?.today());
        Ok(Holders(read(ctx, Permission::ReadAccounts, move |actor, tx| who_can(actor, tx, asked, today)).await?))
    }

    /// Tries a grant out without granting it: everything that stands against it, or what the grantee could then do.
    #[graphql(guard = "Need(Permission::GrantRoles)", visible = "guard::grants_roles")]
    async fn preview_grant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What would be granted.")] input: GrantInput,
    ) -> Result<GrantPreview> {
        let (grant, today) = (Grant::try_from(input)?, caller(ctx)?.today());
        Ok(GrantPreview(
            read(ctx, Permission::GrantRoles, move |actor, tx| preview_grant(actor, tx, &grant, today)).await?,
        ))
    }
}
