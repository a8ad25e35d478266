//! Queries over report discipline.

use async_graphql::{Context, ID, Object};
use caodiem_domain::access::Permission;
use caodiem_domain::usecase::read_compilation::{CompilationQuestion, compilation};
use caodiem_domain::usecase::read_reporting::{
    ReportingQuestion, StatusQuestion, chase_list, reopenings, report_excuses, report_statuses, reporting,
};

use crate::error::Result;
use crate::guard::{self, Need};
use crate::ids::key_of;
use crate::inputs::progress::span;
use crate::inputs::reporting::ReportWhere;
use crate::objects::compilation::Compilation;
use crate::objects::reporting::{Reopening, ReportExcuse, ReportKind, ReportSlot, Reporting, SilentReporter};
use crate::page::{self, Connection, window};
use crate::request::{caller, read};
use crate::scalars::Date;

/// Queries over report discipline.
#[derive(Default)]
pub(crate) struct ReportingQueries;

#[Object]
impl ReportingQueries {
    /// How a unit and those directly under it report to a drive: counts and rates. They are of daily reports only: weekly,
    /// phase and final ones are followed one by one, in `reportStatuses`.
    #[graphql(
        guard = "Need(Permission::ReadProgress)",
        visible = "guard::reads_progress",
        complexity = "child_complexity + 10"
    )]
    async fn reporting(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The drive.")] drive: ID,
        #[graphql(desc = "The unit, with all under it.")] unit: ID,
        #[graphql(desc = "First day; the drive's first when absent.")] from: Option<Date>,
        #[graphql(desc = "Last day; the drive's last when absent.")] to: Option<Date>,
    ) -> Result<Reporting> {
        let drive = key_of(&drive).map_err(|problem| problem.at("drive"))?;
        let unit = key_of(&unit).map_err(|problem| problem.at("unit"))?;
        let question = ReportingQuestion { drive, unit, days: span(from, to), now: caller(ctx)?.now };
        let found = read(ctx, Permission::ReadProgress, move |actor, tx| reporting(actor, tx, &question));
        Ok(Reporting { question, found: found.await? })
    }

    /// The reports of a day, each as it stands now: higher levels first, then in the order of the tree.
    #[graphql(
        guard = "Need(Permission::ReadTallies)",
        visible = "guard::reads_tallies",
        complexity = "page::cost(first, last, child_complexity) + 10"
    )]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection are flat")]
    async fn report_statuses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The drive.")] drive: ID,
        #[graphql(desc = "The unit, with all under it.")] unit: ID,
        #[graphql(desc = "The day, or the last one of a longer report.")] day: Date,
        #[graphql(name = "where", desc = "Which ones; all daily reports when absent.")] condition: Option<ReportWhere>,
        #[graphql(desc = "So many from the front, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<ReportSlot>> {
        let page = window(ctx, (first, after), (last, before))?;
        let question = status_question(ctx, (&drive, &unit, day), condition)?;
        let found = read(ctx, Permission::ReadTallies, move |actor, tx| {
            let (rows, total) = report_statuses(actor, tx, &question, &page.request)?;
            Ok((rows, page.counted.then_some(total)))
        });
        Ok(Connection::new(found.await?, ReportSlot))
    }

    /// Who has to be chased now (cần đôn đốc): whose report of a day is missing, the longest silence first.
    #[graphql(
        guard = "Need(Permission::ReadTallies)",
        visible = "guard::reads_tallies",
        complexity = "page::cost(first, last, child_complexity) + 10"
    )]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection are flat")]
    async fn chase_list(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The drive.")] drive: ID,
        #[graphql(desc = "The unit, with all under it.")] unit: ID,
        #[graphql(desc = "The day, or the last one of a longer report.")] day: Date,
        #[graphql(name = "where", desc = "Which ones; all daily reports when absent. Its status is not looked at.")]
        condition: Option<ReportWhere>,
        #[graphql(desc = "So many from the front, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<SilentReporter>> {
        let page = window(ctx, (first, after), (last, before))?;
        let question = status_question(ctx, (&drive, &unit, day), condition)?;
        let found = read(ctx, Permission::ReadTallies, move |actor, tx| {
            let (rows, total) = chase_list(actor, tx, &question, &page.request)?;
            Ok((rows, page.counted.then_some(total)))
        });
        Ok(Connection::new(found.await?, SilentReporter))
    }

    /// Where a unit's compilation of a day, week, phase or drive stands, and what the caller may do about it.
    #[graphql(
        guard = "Need(Permission::ReadTallies)",
        visible = "guard::reads_tallies",
        complexity = "child_complexity + 10"
    )]
    async fn compilation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The drive.")] drive: ID,
        #[graphql(desc = "The unit that confirms.")] unit: ID,
        #[graphql(desc = "The day, or the last one of a longer report.")] day: Date,
        #[graphql(desc = "The kind of report.", default_with = "ReportKind::Daily")] kind: ReportKind,
    ) -> Result<Compilation> {
        let drive = key_of(&drive).map_err(|problem| problem.at("drive"))?;
        let unit = key_of(&unit).map_err(|problem| problem.at("unit"))?;
        let question = CompilationQuestion { drive, unit, kind: kind.into(), day: day.0, now: caller(ctx)?.now };
        let found = read(ctx, Permission::ReadTallies, move |actor, tx| compilation(actor, tx, question));
        Ok(Compilation(found.await?))
    }

    /// Excuses of a drive whose unit is in scope, withdrawn ones included, oldest first.
    #[graphql(
        guard = "Need(Permission::ReadTallies)",
        visible = "guard::reads_tallies",
        complexity = "50 * child_complexity + 2"
    )]
    async fn report_excuses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The drive.")] drive: ID,
    ) -> Result<Vec<ReportExcuse>> {
        let drive = key_of(&drive).map_err(|problem| problem.at("drive"))?;
        let found = read(ctx, Permission::ReadTallies, move |actor, tx| report_excuses(actor, tx, drive));
        Ok(found.await?.into_iter().map(ReportExcuse).collect())
    }

    /// Reopened days of a drive whose unit is in scope, oldest first.
    #[graphql(
        guard = "Need(Permission::ReadTallies)",
        visible = "guard::reads_tallies",
        complexity = "50 * child_complexity + 2"
    )]
    async fn reopenings(&self, ctx: &Context<'_>, #[graphql(desc = "The drive.")] drive: ID) -> Result<Vec<Reopening>> {
        let drive = key_of(&drive).map_err(|problem| problem.at("drive"))?;
        let found = read(ctx, Permission::ReadTallies, move |actor, tx| reopenings(actor, tx, drive));
        Ok(found.await?.into_iter().map(Reopening).collect())
    }
}

fn status_question(
    ctx: &Context<'_>,
    (drive, unit, day): (&ID, &ID, Date),
    condition: Option<ReportWhere>,
) -> Result<StatusQuestion> {
    let drive = key_of(drive).map_err(|problem| problem.at("drive"))?;
    let unit = key_of(unit).map_err(|problem| problem.at("unit"))?;
    Ok(condition.unwrap_or_default().question(drive, unit, day.0, caller(ctx)?.now)?)
}
