//! Queries over emulation.

use async_graphql::{Context, ID, Object};
use caodiem_domain::access::Permission;
use caodiem_domain::usecase::read_emulation::{count_emulation_lists, emulation, list_emulation_lists};

use crate::codes::coded;
use crate::error::Result;
use crate::filter::filter;
use crate::guard::{self, Need};
use crate::inputs::emulation::{EmulationInput, EmulationListWhere};
use crate::objects::emulation::{EmulationList, EmulationSheet};
use crate::page::{self, Connection, window};
use crate::request::{caller, read};

/// Queries over emulation.
#[derive(Default)]
pub(crate) struct EmulationQueries;

#[Object]
impl EmulationQueries {
    /// Who is to be commended and who criticised (thi đua, khen thưởng) as figures stand: the units of a unit, best place
    /// first, each with the reasons.
    #[graphql(
        guard = "Need(Permission::ReadEmulation)",
        visible = "guard::reads_emulation",
        complexity = "child_complexity + 2"
    )]
    async fn emulation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The unit whose units are the candidates.")] unit: ID,
        #[graphql(desc = "By what they are judged.")] input: EmulationInput,
    ) -> Result<EmulationSheet> {
        let (question, now) = (coded(ctx, |codes| input.question(codes, &unit)).await??, caller(ctx)?.now);
        let found = read(ctx, Permission::ReadEmulation, move |actor, tx| emulation(actor, tx, &question, now));
        Ok(EmulationSheet { sheet: found.await?, list: None })
    }

    /// One emulation list; null when there is none in scope.
    #[graphql(guard = "Need(Permission::ReadEmulation)", visible = "guard::reads_emulation")]
    async fn emulation_list(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: ID,
    ) -> Result<Option<EmulationList>> {
        EmulationList::find_by_id(ctx, &id).await
    }

    /// Emulation lists of units in scope, newest first.
    #[graphql(
        guard = "Need(Permission::ReadEmulation)",
        visible = "guard::reads_emulation",
        complexity = "page::cost(first, last, child_complexity)"
    )]
    async fn emulation_lists(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Which ones; all when absent.")] condition: Option<EmulationListWhere>,
        #[graphql(desc = "So many from the front, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<EmulationList>> {
        let (page, filter) = (window(ctx, (first, after), (last, before))?, filter(condition)?);
        let found = read(ctx, Permission::ReadEmulation, move |actor, tx| {
            let rows = list_emulation_lists(actor, tx, filter.clone(), &page.request)?;
            let total = page.counted.then(|| count_emulation_lists(actor, tx, filter.clone())).transpose()?;
            Ok((rows, total))
        });
        Ok(Connection::new(found.await?, EmulationList))
    }
}
