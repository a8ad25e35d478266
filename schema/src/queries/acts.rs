//! Queries over the record of acts.

use async_graphql::{Context, Object};
use caodiem_domain::usecase::read_acts::{Whose, list_acts};

use crate::error::Result;
use crate::filter::filter;
use crate::guard::SignedIn;
use crate::inputs::act::ActWhere;
use crate::objects::act::Act;
use crate::page::{self, Connection, window};
use crate::request::read_own;

/// Queries over acts.
#[derive(Default)]
pub(crate) struct ActQueries;

#[Object]
impl ActQueries {
    /// The record of acts, newest first. An auditor reads the acts under the own unit, over the whole country also those
    /// of no unit; a unit's admin the acts of admins under it (units, teams, accounts, assignments); everybody else, and
    /// whoever asks for `mine`, the own acts.
    #[graphql(guard = "SignedIn", complexity = "page::cost(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection are flat")]
    async fn acts(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Which ones; all when absent.")] condition: Option<ActWhere>,
        #[graphql(desc = "Only one's own.", default)] mine: bool,
        #[graphql(desc = "So many from the front, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Act>> {
        let page = window(ctx, (first, after), (last, before))?;
        let filter = filter(condition)?;
        let whose = if mine { Whose::Own } else { Whose::Anybody };
        let found = read_own(ctx, move |actor, tx| list_acts(actor, tx, whose, &filter, &page.request, page.counted));
        Ok(Connection::new(found.await?, Act))
    }
}
