//! Queries over consistency findings.

use async_graphql::{Context, ID, Object};
use caodiem_domain::access::Permission;
use caodiem_domain::usecase::check_consistency::{ConsistencyQuestion, check_consistency};

use crate::error::Result;
use crate::guard::{self, Need};
use crate::ids::key_of;
use crate::inputs::progress::span;
use crate::objects::consistency::ConsistencyFinding;
use crate::request::{caller, read};
use crate::scalars::Date;

/// The most findings of one answer.
const FINDINGS_MAX: usize = 1_000;

/// Queries over consistency findings.
#[derive(Default)]
pub(crate) struct ConsistencyQueries;

#[Object]
impl ConsistencyQueries {
    /// What is found in the figures of a drive credited to a unit or any under it, by day, unit and indicator; the first
    /// 1,000. Jumps, the same figure day after day, more than a team can do, more done than eligible, parts that do not add
    /// up.
    #[graphql(
        guard = "Need(Permission::ReadTallies)",
        visible = "guard::reads_tallies",
        complexity = "100 * child_complexity + 100"
    )]
    async fn consistency_findings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The drive.")] drive: ID,
        #[graphql(desc = "The unit; large ones are asked for part by part.")] unit: ID,
        #[graphql(desc = "First day, at most 31 before the last; the last when absent.")] from: Option<Date>,
        #[graphql(desc = "Last day; today, or the drive's last when that is over, when absent.")] to: Option<Date>,
        #[graphql(desc = "Acknowledged ones, or the others; both when absent.")] acknowledged: Option<bool>,
    ) -> Result<Vec<ConsistencyFinding>> {
        let drive = key_of(&drive).map_err(|problem| problem.at("drive"))?;
        let unit = key_of(&unit).map_err(|problem| problem.at("unit"))?;
        let question = ConsistencyQuestion { drive, unit, days: span(from, to), today: caller(ctx)?.today() };
        let found = read(ctx, Permission::ReadTallies, move |actor, tx| check_consistency(actor, tx, question)).await?;
        let wanted = found.into_iter().filter(|(_, by)| acknowledged.is_none_or(|wanted| wanted == by.is_some()));
        Ok(wanted.take(FINDINGS_MAX).map(|(found, by)| ConsistencyFinding(found, by)).collect())
    }
}
