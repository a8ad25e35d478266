//! Queries over teams.

use async_graphql::{Context, Object};
use caodiem_domain::access::Permission;

use crate::error::Result;
use crate::filter::filter;
use crate::guard::{self, Need};
use crate::inputs::team::TeamWhere;
use crate::objects::team::Team;
use crate::page::{self, Connection, window};
use crate::request::read;

/// Queries over teams.
#[derive(Default)]
pub(crate) struct TeamQueries;

#[Object]
impl TeamQueries {
    /// Teams in scope, by name.
    #[graphql(
        guard = "Need(Permission::ReadTeams)",
        visible = "guard::reads_teams",
        complexity = "page::cost(first, last, child_complexity)"
    )]
    async fn teams(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Which ones; all when absent.")] condition: Option<TeamWhere>,
        #[graphql(desc = "So many from the front, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Team>> {
        let (page, filter) = (window(ctx, (first, after), (last, before))?, filter(condition)?);
        let found = read(ctx, Permission::ReadTeams, move |actor, tx| {
            let rows = tx.list_teams(&actor.scope, &filter, &page.request)?;
            let total = page.counted.then(|| tx.count_teams(&actor.scope, &filter)).transpose()?;
            Ok((rows, total))
        });
        Ok(Connection::new(found.await?, Team))
    }
}
