//! Queries over proposals.

use async_graphql::{Context, Object};
use caodiem_domain::access::Permission;
use caodiem_domain::usecase::read_proposals::{count_proposals, list_proposals};

use crate::error::Result;
use crate::filter::filter;
use crate::guard::{self, Decides};
use crate::inputs::proposal::{AsOf, ProposalWhere};
use crate::objects::proposal::Proposal;
use crate::page::{self, Connection, window};
use crate::request::{caller, read};

/// Queries over proposals.
#[derive(Default)]
pub(crate) struct ProposalQueries;

#[Object]
impl ProposalQueries {
    /// Proposals that the caller could have made, or made, newest first.
    #[graphql(guard = "Decides", visible = "guard::decides", complexity = "page::cost(first, last, child_complexity)")]
    async fn proposals(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Which ones; all when absent.")] condition: Option<ProposalWhere>,
        #[graphql(desc = "So many from the front, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Proposal>> {
        let page = window(ctx, (first, after), (last, before))?;
        let now = caller(ctx)?.now;
        let filter = filter(condition.map(|condition| AsOf(condition, now)))?;
        let found = read(ctx, Permission::ReadUnits, move |actor, tx| {
            let rows = list_proposals(actor, tx, &filter, &page.request)?;
            let total = page.counted.then(|| count_proposals(actor, tx, &filter)).transpose()?;
            Ok((rows, total))
        });
        Ok(Connection::new(found.await?, Proposal))
    }
}
