//! Queries over official figures, and what was reported held against them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use caodiem_domain::access::Permission;
use caodiem_domain::id::UnitId;
use caodiem_domain::problem::Problem;
use caodiem_domain::usecase::compare_figures::{ComparisonQuestion, compare_figures, official_figures};

use crate::codes::coded;
use crate::error::Result;
use crate::filter::filter;
use crate::guard::{self, Need};
use crate::ids::key_of;
use crate::inputs::Check;
use crate::inputs::extract::ExtractWhere;
use crate::inputs::progress::span;
use crate::objects::comparison::Comparison;
use crate::objects::extract::{Extract, OfficialFigure};
use crate::page::{self, Connection, window};
use crate::request::{caller, read};
use crate::scalars::Date;

/// Queries over official figures.
#[derive(Default)]
pub(crate) struct ExtractQueries;

#[Object]
impl ExtractQueries {
    /// Extracts that were loaded for units in scope, newest first.
    #[graphql(
        guard = "Need(Permission::ReadOfficial)",
        visible = "guard::reads_official",
        complexity = "page::cost(first, last, child_complexity)"
    )]
    async fn extracts(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Which ones; all when absent.")] condition: Option<ExtractWhere>,
        #[graphql(desc = "So many from the front, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Extract>> {
        let page = window(ctx, (first, after), (last, before))?;
        let filter = filter(condition)?;
        let found = read(ctx, Permission::ReadOfficial, move |actor, tx| {
            let rows = tx.list_extracts(&actor.scope, &filter, &page.request)?;
            let total = page.counted.then(|| tx.count_extracts(&actor.scope, &filter)).transpose()?;
            Ok((rows, total))
        });
        Ok(Connection::new(found.await?, Extract))
    }

    /// The official figures of units in an indicator that stand at the end of a day, each source for itself, in the order
    /// of the units and then the newest first.
    #[graphql(
        guard = "Need(Permission::ReadOfficial)",
        visible = "guard::reads_official",
        complexity = "units.len() * child_complexity + 2"
    )]
    async fn official_figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The units, at most 100.", validator(max_items = 100))] units: Vec<ID>,
        #[graphql(desc = "Code of the indicator.")] indicator: String,
        #[graphql(desc = "The day; today when absent.")] on: Option<Date>,
    ) -> Result<Vec<OfficialFigure>> {
        let units = ids(&units)?;
        let on = on.map_or(caller(ctx)?.today(), |day| day.0);
        let place = |problem: Problem| vec![problem.at("indicator")];
        let indicator = coded(ctx, |codes| codes.indicator(&indicator).map_err(place)).await??;
        let found = read(ctx, Permission::ReadOfficial, move |actor, tx| {
            let figures = official_figures(actor, tx, &units, indicator, on)?;
            let sources = tx.sources(&figures.iter().map(|figure| figure.source).collect::<Vec<_>>())?;
            Ok((figures, sources))
        });
        let (figures, sources) = found.await?;
        let with = |figure: caodiem_domain::extract::OfficialFigure| {
            let source = sources.get(&figure.source).cloned();
            OfficialFigure { figure, source }
        };
        Ok(figures.into_iter().map(with).collect())
    }

    /// Reported, verified and official figures of units side by side, per unit and day: units in the order asked, days
    /// ascending.
    #[graphql(
        guard = "Need(Permission::ReadOfficial)",
        visible = "guard::reads_official",
        complexity = "3 * units.len() * child_complexity + 2"
    )]
    async fn comparison(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The drive.")] drive: ID,
        #[graphql(desc = "The units, at most 100.", validator(max_items = 100))] units: Vec<ID>,
        #[graphql(desc = "Code of the indicator, simple or composite.")] indicator: String,
        #[graphql(desc = "First day, at most 31 before the last; the last when absent.")] from: Option<Date>,
        #[graphql(desc = "Last day; today, or the drive's last when that is over, when absent.")] to: Option<Date>,
    ) -> Result<Vec<Comparison>> {
        let drive = key_of(&drive).map_err(|problem| problem.at("drive"))?;
        let (units, today) = (ids(&units)?, caller(ctx)?.today());
        let place = |problem: Problem| vec![problem.at("indicator")];
        let indicator = coded(ctx, |codes| codes.indicator(&indicator).map_err(place)).await??;
        let question = ComparisonQuestion { drive, units, indicator, days: span(from, to), today };
        let found = read(ctx, Permission::ReadOfficial, move |actor, tx| {
            let found = compare_figures(actor, tx, &question)?;
            let official = found.iter().filter_map(|one| one.official.as_ref());
            let named: Vec<_> = official.flat_map(|official| official.sources.iter().copied()).collect();
            Ok((found, tx.sources(&named)?))
        });
        let (found, sources) = found.await?;
        let sources = Arc::new(sources);
        Ok(found.into_iter().map(|figures| Comparison { figures, sources: Arc::clone(&sources) }).collect())
    }
}

fn ids(units: &[ID]) -> Result<Vec<UnitId>, Vec<Problem>> {
    let mut check = Check::default();
    let units = check.each("units", units, key_of);
    check.done(|| units)
}
