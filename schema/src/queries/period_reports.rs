//! Queries over period reports.

use async_graphql::{Context, ID, Object};
use caodiem_domain::access::Permission;
use caodiem_domain::usecase::read_reports::{count_period_reports, list_period_reports};

use crate::error::Result;
use crate::filter::filter;
use crate::guard::{self, Need};
use crate::inputs::period_report::PeriodReportWhere;
use crate::objects::period_report::PeriodReport;
use crate::page::{self, Connection, window};
use crate::request::read;

/// Queries over period reports.
#[derive(Default)]
pub(crate) struct PeriodReportQueries;

#[Object]
impl PeriodReportQueries {
    /// One period report; null when there is none in scope.
    #[graphql(guard = "Need(Permission::ReadReports)", visible = "guard::reads_reports")]
    async fn period_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: ID,
    ) -> Result<Option<PeriodReport>> {
        PeriodReport::find_by_id(ctx, &id).await
    }

    /// Period reports of units in scope, newest first.
    #[graphql(
        guard = "Need(Permission::ReadReports)",
        visible = "guard::reads_reports",
        complexity = "page::cost(first, last, child_complexity)"
    )]
    async fn period_reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Which ones; all when absent.")] condition: Option<PeriodReportWhere>,
        #[graphql(desc = "So many from the front, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<PeriodReport>> {
        let (page, filter) = (window(ctx, (first, after), (last, before))?, filter(condition)?);
        let found = read(ctx, Permission::ReadReports, move |actor, tx| {
            let rows = list_period_reports(actor, tx, filter.clone(), &page.request)?;
            let total = page.counted.then(|| count_period_reports(actor, tx, filter.clone())).transpose()?;
            Ok((rows, total))
        });
        Ok(Connection::new(found.await?, PeriodReport))
    }
}
