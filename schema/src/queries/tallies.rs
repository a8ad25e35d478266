//! Queries over tallies and reports.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use caodiem_domain::access::Permission;
use caodiem_domain::usecase::read_tallies::reports;

use crate::codes::{Coded, coded};
use crate::error::Result;
use crate::filter::filter;
use crate::guard::{self, Need};
use crate::ids::key_of;
use crate::inputs::progress::span;
use crate::inputs::tally::{TallyOrder, TallyWhere};
use crate::objects::tally::{Report, Tally};
use crate::page::{self, Connection, window};
use crate::request::read;
use crate::scalars::Date;

/// Queries over tallies.
#[derive(Default)]
pub(crate) struct TallyQueries;

#[Object]
impl TallyQueries {
    /// The standing figures reported to a drive whose credited unit is in scope.
    #[graphql(
        guard = "Need(Permission::ReadTallies)",
        visible = "guard::reads_tallies",
        complexity = "page::cost(first, last, child_complexity)"
    )]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection are flat")]
    async fn tallies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The drive.")] drive: ID,
        #[graphql(name = "where", desc = "Which ones; all when absent.")] condition: Option<TallyWhere>,
        #[graphql(desc = "In which order.", default_with = "TallyOrder::NewestDay")] order_by: TallyOrder,
        #[graphql(desc = "So many from the front, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Tally>> {
        let page = window(ctx, (first, after), (last, before))?;
        let drive = key_of(&drive).map_err(|problem| problem.at("drive"))?;
        let with = |codes: &_| filter(condition.clone().map(|condition| Coded(condition, Arc::clone(codes))));
        let (filter, order) = (coded(ctx, with).await??, order_by.into());
        let found = read(ctx, Permission::ReadTallies, move |actor, tx| {
            actor.require_for(drive)?;
            let rows = tx.list_tallies(&actor.scope, drive, &filter, order, &page.request)?;
            let total = page.counted.then(|| tx.count_tallies(&actor.scope, drive, &filter)).transpose()?;
            Ok((rows, total))
        });
        Ok(Connection::new(found.await?, Tally))
    }

    /// Who of a unit and its teams reported to a drive, by day. Who is not in it was silent.
    #[graphql(
        guard = "Need(Permission::ReadTallies)",
        visible = "guard::reads_tallies",
        complexity = "50 * child_complexity + 2"
    )]
    async fn reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The drive.")] drive: ID,
        #[graphql(desc = "The unit.")] unit: ID,
        #[graphql(desc = "First day; the drive's first when absent.")] from: Option<Date>,
        #[graphql(desc = "Last day; the drive's last when absent.")] to: Option<Date>,
    ) -> Result<Vec<Report>> {
        let drive = key_of(&drive).map_err(|problem| problem.at("drive"))?;
        let (unit, days) = (key_of(&unit).map_err(|problem| problem.at("unit"))?, span(from, to));
        let found = read(ctx, Permission::ReadTallies, move |actor, tx| reports(actor, tx, drive, unit, days));
        Ok(found.await?.into_iter().map(Report).collect())
    }
}
