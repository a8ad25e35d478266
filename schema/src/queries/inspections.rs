//! Queries over inspections and samples.

use async_graphql::{Context, ID, Object};
use caodiem_domain::access::Permission;
use caodiem_domain::usecase::read_inspections::{count_inspections, list_inspections, samples_of};

use crate::error::Result;
use crate::filter::filter;
use crate::guard::{self, Need};
use crate::ids::key_of;
use crate::inputs::inspection::InspectionWhere;
use crate::objects::inspection::Inspection;
use crate::objects::sample::Sample;
use crate::page::{self, Connection, window};
use crate::request::read;

/// Queries over inspections and samples.
#[derive(Default)]
pub(crate) struct InspectionQueries;

#[Object]
impl InspectionQueries {
    /// Inspections of figures in scope, newest first. With `overtaken: true`: those whose figure was corrected since, which
    /// are to be looked at again.
    #[graphql(
        guard = "Need(Permission::ReadTallies)",
        visible = "guard::reads_tallies",
        complexity = "page::cost(first, last, child_complexity)"
    )]
    async fn inspections(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Which ones; all when absent.")] condition: Option<InspectionWhere>,
        #[graphql(desc = "So many from the front, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Inspection>> {
        let page = window(ctx, (first, after), (last, before))?;
        let filter = filter(condition)?;
        let found = read(ctx, Permission::ReadTallies, move |actor, tx| {
            let rows = list_inspections(actor, tx, &filter, &page.request)?;
            let total = page.counted.then(|| count_inspections(actor, tx, &filter)).transpose()?;
            Ok((rows, total))
        });
        Ok(Connection::new(found.await?, Inspection))
    }

    /// The samples of a drive whose unit is in scope, newest first, at most 100.
    #[graphql(
        guard = "Need(Permission::VerifyTallies)",
        visible = "guard::verifies_tallies",
        complexity = "10 * child_complexity + 2"
    )]
    async fn samples(&self, ctx: &Context<'_>, #[graphql(desc = "The drive.")] drive: ID) -> Result<Vec<Sample>> {
        let drive = key_of(&drive).map_err(|problem| problem.at("drive"))?;
        let found = read(ctx, Permission::VerifyTallies, move |actor, tx| samples_of(actor, tx, drive));
        Ok(found.await?.into_iter().map(Sample).collect())
    }
}
