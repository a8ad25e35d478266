//! Queries over the catalogue.

use async_graphql::{Context, Object};
use caodiem_domain::access::Permission;

use crate::error::Result;
use crate::guard::{self, Need};
use crate::objects::catalogue::{Group, Indicator};
use crate::request::read;

/// Queries over the catalogue.
#[derive(Default)]
pub(crate) struct CatalogueQueries;

#[Object]
impl CatalogueQueries {
    /// Every indicator by code: what is counted (chỉ tiêu). The catalogue is small and given whole.
    #[graphql(
        guard = "Need(Permission::ReadCatalogue)",
        visible = "guard::reads_catalogue",
        complexity = "50 * child_complexity + 2"
    )]
    async fn indicators(&self, ctx: &Context<'_>) -> Result<Vec<Indicator>> {
        let found = read(ctx, Permission::ReadCatalogue, |_, tx| Ok(tx.indicators()?)).await?;
        Ok(found.into_iter().map(Indicator::of).collect())
    }

    /// Every population group by code (nhóm đối tượng). The catalogue is small and given whole.
    #[graphql(
        guard = "Need(Permission::ReadCatalogue)",
        visible = "guard::reads_catalogue",
        complexity = "50 * child_complexity + 2"
    )]
    async fn groups(&self, ctx: &Context<'_>) -> Result<Vec<Group>> {
        let found = read(ctx, Permission::ReadCatalogue, |_, tx| Ok(tx.groups()?)).await?;
        Ok(found.into_iter().map(Group::of).collect())
    }
}
