//! Queries over baselines.

use std::sync::Arc;

use async_graphql::{Context, Object};
use caodiem_domain::access::Permission;

use crate::codes::{Coded, coded};
use crate::error::Result;
use crate::filter::filter;
use crate::guard::{self, Need};
use crate::inputs::baseline::BaselineWhere;
use crate::objects::baseline::Baseline;
use crate::page::{self, Connection, window};
use crate::request::read;

/// Queries over baselines.
#[derive(Default)]
pub(crate) struct BaselineQueries;

#[Object]
impl BaselineQueries {
    /// The standing baselines in scope, newest recorded first.
    #[graphql(
        guard = "Need(Permission::ReadBaselines)",
        visible = "guard::reads_baselines",
        complexity = "page::cost(first, last, child_complexity)"
    )]
    async fn baselines(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Which ones; all when absent.")] condition: Option<BaselineWhere>,
        #[graphql(desc = "So many from the front, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Baseline>> {
        let page = window(ctx, (first, after), (last, before))?;
        let with = |codes: &_| filter(condition.clone().map(|condition| Coded(condition, Arc::clone(codes))));
        let filter = coded(ctx, with).await??;
        let found = read(ctx, Permission::ReadBaselines, move |actor, tx| {
            let rows = tx.list_baselines(&actor.scope, &filter, &page.request)?;
            let total = page.counted.then(|| tx.count_baselines(&actor.scope, &filter)).transpose()?;
            Ok((rows, total))
        });
        Ok(Connection::new(found.await?, Baseline))
    }
}
