//! Who asks, and anything by its id.

use std::sync::Arc;

use async_graphql::futures_util::future::try_join_all;
use async_graphql::{Context, ID, Object};

use crate::error::Result;
use crate::guard::SignedIn;
use crate::ids::{Node, node};
use crate::inputs::Check;
use crate::objects::viewer::Viewer;
use crate::request::caller;

/// The most nodes of one field.
const NODES_MAX: usize = 100;

/// Queries over ids.
#[derive(Default)]
pub(crate) struct NodeQueries;

#[Object]
impl NodeQueries {
    /// The account that asks: its role, unit and scope.
    #[graphql(guard = "SignedIn")]
    #[expect(clippy::unused_async, reason = "resolvers are asynchronous")]
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Viewer> {
        Ok(Viewer(Arc::clone(caller(ctx)?)))
    }

    /// The object with that id; null when there is none in scope.
    #[graphql(guard = "SignedIn")]
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Result<Option<Node>> {
        node(ctx, &id).await
    }

    /// The objects with those ids, in their order; null where there is none in scope.
    #[graphql(guard = "SignedIn", complexity = "ids.len() * child_complexity + 2")]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Their ids, at most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        let mut check = Check::default();
        check.at_most("ids", &ids, NODES_MAX);
        check.done(|| Some(()))?;
        try_join_all(ids.iter().map(|id| node(ctx, id))).await
    }
}
