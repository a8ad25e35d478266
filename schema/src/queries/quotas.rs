//! Queries over quotas, cascades and plan tables.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use caodiem_domain::access::Permission;
use caodiem_domain::problem::Problem;
use caodiem_domain::quota::QuotaPredicate;
use caodiem_domain::usecase::apply_cascade::preview_cascade;
use caodiem_domain::usecase::show_plan_table::show_plan_table;

use crate::codes::{Coded, coded};
use crate::error::Result;
use crate::filter::filter;
use crate::guard::{self, Need};
use crate::ids::key_of;
use crate::inputs::cascade::CascadeInput;
use crate::inputs::quota::QuotaWhere;
use crate::objects::cascade::CascadePreview;
use crate::objects::plan::PlanTable;
use crate::objects::quota::Quota;
use crate::page::{self, Connection, window};
use crate::request::{caller, read};

/// Queries over quotas.
#[derive(Default)]
pub(crate) struct QuotaQueries;

#[Object]
impl QuotaQueries {
    /// Quotas whose holder's unit is in scope, by place of that unit in the tree.
    #[graphql(
        guard = "Need(Permission::ReadQuotas)",
        visible = "guard::reads_quotas",
        complexity = "page::cost(first, last, child_complexity)"
    )]
    async fn quotas(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Which ones; all when absent.")] condition: Option<QuotaWhere>,
        #[graphql(desc = "So many from the front, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Quota>> {
        let page = window(ctx, (first, after), (last, before))?;
        let with = |codes: &_| filter(condition.clone().map(|condition| Coded(condition, Arc::clone(codes))));
        let filter = coded(ctx, with).await??.narrowed(caller(ctx)?.actor.drive.map(QuotaPredicate::Drive));
        let found = read(ctx, Permission::ReadQuotas, move |actor, tx| {
            let rows = tx.list_quotas(&actor.scope, &filter, &page.request)?;
            let total = page.counted.then(|| tx.count_quotas(&actor.scope, &filter)).transpose()?;
            Ok((rows, total))
        });
        Ok(Connection::new(found.await?, Quota))
    }

    /// What a cascade would change, with the explanation of each figure. Nothing is changed by asking; `applyCascade`
    /// takes the same plan.
    #[graphql(guard = "Need(Permission::ManageQuotas)", visible = "guard::manages_quotas")]
    async fn cascade_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cascade.")] input: CascadeInput,
    ) -> Result<CascadePreview> {
        let plan = coded(ctx, |codes| input.plan(codes)).await??;
        let preview = read(ctx, Permission::ManageQuotas, move |actor, tx| preview_cascade(actor, tx, &plan));
        Ok(CascadePreview(preview.await?))
    }

    /// A drive's quota table as its appendix prints it, for the units under one that are in scope.
    #[graphql(guard = "Need(Permission::ReadQuotas)", visible = "guard::reads_quotas")]
    async fn plan_table(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The drive.")] drive: ID,
        #[graphql(desc = "The unit whose children are the rows; the drive's own when absent.")] unit: Option<ID>,
    ) -> Result<PlanTable> {
        let drive = key_of(&drive).map_err(|problem| problem.at("drive"))?;
        let unit = unit.as_ref().map(key_of).transpose().map_err(|problem: Problem| problem.at("unit"))?;
        let table = read(ctx, Permission::ReadQuotas, move |actor, tx| show_plan_table(actor, tx, drive, unit));
        Ok(PlanTable(table.await?))
    }
}
