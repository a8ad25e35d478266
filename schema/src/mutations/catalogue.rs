//! Extensions of the catalogue.

use async_graphql::{Context, Object, SimpleObject};
use caodiem_domain::access::Permission;
use caodiem_domain::usecase::define_catalogue::{define_group, define_indicator};

use crate::codes::coded;
use crate::error::Result;
use crate::guard::{self, Need};
use crate::inputs::define_catalogue::{DefineGroupInput, DefineIndicatorInput};
use crate::objects::catalogue::{Group, Indicator};
use crate::objects::problem::UserError;
use crate::request::{write, write_command};

/// Extensions of the catalogue.
#[derive(Default)]
pub(crate) struct CatalogueMutations;

#[Object]
impl CatalogueMutations {
    /// Adds an indicator to the catalogue. Entries are never changed or taken away.
    #[graphql(guard = "Need(Permission::ManageCatalogue)", visible = "guard::manages_catalogue")]
    async fn define_indicator(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The indicator.")] input: DefineIndicatorInput,
    ) -> Result<DefineIndicatorPayload> {
        let command = coded(ctx, |codes| input.command(codes)).await?;
        let done = write_command(ctx, &input.request_id, command, |act, tx, command| {
            let id = define_indicator(act, tx, command)?;
            Ok(tx.indicators()?.into_iter().find(|indicator| indicator.id == id))
        });
        let (indicator, errors) = done.await?;
        Ok(DefineIndicatorPayload { indicator: indicator.flatten().map(Indicator::of), errors })
    }

    /// Adds a population group to the catalogue. Entries are never changed or taken away.
    #[graphql(guard = "Need(Permission::ManageCatalogue)", visible = "guard::manages_catalogue")]
    async fn define_group(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The group.")] input: DefineGroupInput,
    ) -> Result<DefineGroupPayload> {
        let done = write(ctx, input, |act, tx, command| {
            let id = define_group(act, tx, command)?;
            Ok(tx.groups()?.into_iter().find(|group| group.id == id))
        });
        let (group, errors) = done.await?;
        Ok(DefineGroupPayload { group: group.flatten().map(Group::of), errors })
    }
}

/// What `defineIndicator` gives.
#[derive(SimpleObject)]
pub(crate) struct DefineIndicatorPayload {
    /// The indicator; null when it was refused.
    indicator: Option<Indicator>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `defineGroup` gives.
#[derive(SimpleObject)]
pub(crate) struct DefineGroupPayload {
    /// The group; null when it was refused.
    group: Option<Group>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}
