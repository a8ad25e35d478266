//! Queries over units.

use async_graphql::{Context, Object};
use caodiem_domain::access::Permission;
use caodiem_domain::problem::Kind;
use caodiem_domain::text::{UnitCode, UnitName};
use caodiem_domain::time::Day;
use caodiem_domain::usecase::read_units::{find_unit_by_path, find_units_by_name};

use crate::error::Result;
use crate::filter::filter;
use crate::guard::{self, Need};
use crate::inputs::Check;
use crate::inputs::unit::{UnitCodeSelector, UnitOrder, UnitPathSelector, UnitSelector, UnitWhere};
use crate::objects::unit::{Unit, UnitMatches};
use crate::page::{self, Connection, window};
use crate::request::{caller, read};
use crate::scalars::Date;

/// The most names of a path: one per tier.
const PATH_MAX: usize = 6;

/// Queries over units.
#[derive(Default)]
pub(crate) struct UnitQueries;

#[Object]
impl UnitQueries {
    /// One unit; null when there is none in scope.
    #[graphql(guard = "Need(Permission::ReadUnits)", visible = "guard::reads_units")]
    async fn unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How it is named.")] by: UnitSelector,
    ) -> Result<Option<Unit>> {
        match by {
            UnitSelector::Id(id) => Unit::read_by_id(ctx, &id).await,
            UnitSelector::Code(by) => by_code(ctx, by).await,
            UnitSelector::Path(by) => by_path(ctx, by).await,
        }
    }

    /// The unit that had an official code on a day; null when there was none in scope.
    #[graphql(guard = "Need(Permission::ReadUnits)", visible = "guard::reads_units")]
    async fn unit_by_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Official code with leading zeros.")] code: String,
        #[graphql(desc = "On which day; today when absent.")] on: Option<Date>,
    ) -> Result<Option<Unit>> {
        by_code(ctx, UnitCodeSelector { code, on }).await
    }

    /// Units in scope that are valid on a day.
    #[graphql(
        guard = "Need(Permission::ReadUnits)",
        visible = "guard::reads_units",
        complexity = "page::cost(first, last, child_complexity)"
    )]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection are flat")]
    async fn units(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Which ones; all when absent.")] condition: Option<UnitWhere>,
        #[graphql(desc = "In which order.", default_with = "UnitOrder::Code")] order_by: UnitOrder,
        #[graphql(desc = "On which day; today when absent.")] on: Option<Date>,
        #[graphql(desc = "So many from the front, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Unit>> {
        let (page, filter) = (window(ctx, (first, after), (last, before))?, filter(condition)?);
        let (order, shown) = (order_by.into(), on.map(|date| date.0));
        let day = day(ctx, on)?;
        let found = read(ctx, Permission::ReadUnits, move |actor, tx| {
            let rows = tx.list_units(&actor.scope, &filter, order, &page.request, day)?;
            let total = page.counted.then(|| tx.count_units(&actor.scope, &filter, day)).transpose()?;
            Ok((rows, total))
        });
        Ok(Connection::new(found.await?, |unit| Unit::on(unit, shown)))
    }

    /// Units in scope by name, without regard to case and diacritics; what may have been meant is offered beside.
    #[graphql(
        guard = "Need(Permission::ReadUnits)",
        visible = "guard::reads_units",
        complexity = "20 * child_complexity + 2"
    )]
    async fn unit_search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The name; a kind before it (xã, huyện) narrows the search.")] name: String,
        #[graphql(desc = "On which day; today when absent.")] on: Option<Date>,
    ) -> Result<UnitMatches> {
        let (day, shown) = (day(ctx, on)?, on.map(|date| date.0));
        let name = UnitName::new(&name).map_err(|problem| problem.at("name"))?;
        let found =
            read(ctx, Permission::ReadUnits, move |actor, tx| find_units_by_name(actor, tx, &name, day)).await?;
        let wrap = |units: Vec<_>| units.into_iter().map(|unit| Unit::on(unit, shown)).collect();
        Ok(UnitMatches { matches: wrap(found.matches), near: wrap(found.near) })
    }
}

fn day(ctx: &Context<'_>, on: Option<Date>) -> Result<Day> {
    Ok(on.map_or(caller(ctx)?.today(), |date| date.0))
}

async fn by_code(ctx: &Context<'_>, by: UnitCodeSelector) -> Result<Option<Unit>> {
    let (day, shown) = (day(ctx, by.on)?, by.on.map(|date| date.0));
    let codes = [UnitCode::new(&by.code).map_err(|problem| problem.at("code"))?];
    let found = read(ctx, Permission::ReadUnits, move |actor, tx| Ok(tx.units_by_code(&actor.scope, &codes, day)?));
    Ok(found.await?.into_iter().next().map(|unit| Unit::on(unit, shown)))
}

async fn by_path(ctx: &Context<'_>, by: UnitPathSelector) -> Result<Option<Unit>> {
    let (day, shown) = (day(ctx, by.on)?, by.on.map(|date| date.0));
    let mut check = Check::default();
    check.at_most("names", &by.names, PATH_MAX);
    let names: Option<Vec<_>> = check.each("names", &by.names, |name| UnitName::new(name));
    let names = check.done(|| names)?;
    let found = read(ctx, Permission::ReadUnits, move |actor, tx| match find_unit_by_path(actor, tx, &names, day) {
        Err(error) if error.kind() == Some(Kind::NotFound) => Ok(None),
        found => found.map(Some),
    });
    Ok(found.await?.map(|unit| Unit::on(unit, shown)))
}
