//! Queries over progress.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use caodiem_domain::access::Permission;
use caodiem_domain::exact::Exact;
use caodiem_domain::id::UnitId;
use caodiem_domain::problem::Problem;
use caodiem_domain::usecase::read_progress::{brief_progress, progress};

use crate::codes::coded;
use crate::error::Result;
use crate::guard::{self, Need};
use crate::ids::key_of;
use crate::inputs::Check;
use crate::inputs::progress::ProgressInput;
use crate::loaders::progress::Ranking;
use crate::objects::progress::{FigureBasis, Peers, Progress, Rank, RankMeasure};
use crate::request::{caller, read, read_briefly};
use crate::scalars::Decimal;

/// Queries over progress.
#[derive(Default)]
pub(crate) struct ProgressQueries;

#[Object]
impl ProgressQueries {
    /// Quota against what was done, of units of any size, in the order asked. It rests on reported tallies alone: what was
    /// verified and what official figures say stands in `comparison`, beside it and never in it.
    #[graphql(
        guard = "Need(Permission::ReadProgress)",
        visible = "guard::reads_progress",
        complexity = "units.len() * child_complexity + 2"
    )]
    async fn progress(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The units, at most 100.", validator(max_items = 100))] units: Vec<ID>,
        #[graphql(desc = "What is asked for.")] input: ProgressInput,
    ) -> Result<Vec<Progress>> {
        let (units, today, now) = (ids(&units)?, caller(ctx)?.today(), caller(ctx)?.now);
        let measure = coded(ctx, |codes| input.measure(codes, now)).await??;
        let question = Arc::new(measure.of(units, today));
        let same = Arc::clone(&question);
        let found = read_briefly(
            ctx,
            Permission::ReadProgress,
            move |actor, tx| brief_progress(actor, tx, &same),
            move |actor, tx| progress(actor, tx, &question),
        );
        Ok(found.await?.into_iter().map(|figures| Progress { measure, figures }).collect())
    }

    /// The ranking of a unit's peers that are in scope, best first, always with the unit itself. Units that tie share the
    /// better place and the next place is skipped. What inspection confirmed and what the official figures say is ranked for
    /// who may see official figures.
    #[graphql(
        guard = "Need(Permission::ReadProgress)",
        visible = "guard::reads_progress",
        complexity = "100 * child_complexity + 2"
    )]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a field are flat")]
    async fn ranking(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit whose peers are ranked.")] unit: ID,
        #[graphql(desc = "What is asked for.")] input: ProgressInput,
        #[graphql(desc = "Among whom.", default_with = "Peers::Siblings")] peers: Peers,
        #[graphql(desc = "By what.", default_with = "RankMeasure::Share")] measure: RankMeasure,
        #[graphql(
            desc = "Whose figure stands for what was done; units without one get no place.",
            default_with = "FigureBasis::Reported"
        )]
        basis: FigureBasis,
        #[graphql(desc = "Units with a smaller quota get no place; 0 when absent.")] min_quota: Option<Decimal>,
    ) -> Result<Vec<Rank>> {
        let unit = key_of(&unit).map_err(|problem| problem.at("unit"))?;
        let (peers, by, basis, today) = (peers.into(), measure.into(), basis.into(), caller(ctx)?.today());
        let min_quota = min_quota.map_or_else(Exact::zero, |least| least.0);
        let now = caller(ctx)?.now;
        let measure = coded(ctx, |codes| input.measure(codes, now)).await??;
        let ranking = Ranking { measure, peers, by, basis, min_quota };
        let found = read(ctx, Permission::ReadProgress, move |actor, tx| ranking.ask(actor, tx, unit, today));
        Ok(found.await?.into_iter().map(Rank).collect())
    }
}

fn ids(units: &[ID]) -> Result<Vec<UnitId>, Vec<Problem>> {
    let mut check = Check::default();
    let units = check.each("units", units, key_of);
    check.done(|| units)
}
