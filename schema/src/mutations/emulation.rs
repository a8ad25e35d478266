//! Drawing up emulation lists, and the council's decisions.

use async_graphql::{Context, Object, SimpleObject};
use caodiem_domain::access::Permission;
use caodiem_domain::usecase::decide_emulation::decide_emulation;
use caodiem_domain::usecase::draw_up_emulation::draw_up_emulation;
use caodiem_domain::usecase::read_emulation::emulation_lists_by_id;

use crate::codes::coded;
use crate::error::Result;
use crate::guard::{self, Need};
use crate::inputs::emulation::{DecideEmulationInput, DrawUpEmulationListInput};
use crate::objects::emulation::EmulationList;
use crate::objects::problem::UserError;
use crate::request::{write, write_in_steps};

/// Drawing up emulation lists, and the council's decisions.
#[derive(Default)]
pub(crate) struct EmulationMutations;

#[Object]
impl EmulationMutations {
    /// Draws an emulation list up (lập danh sách thi đua): worked out as figures stand, and frozen. Only of days that are
    /// over, by the planner of the drive's own unit or of one above it.
    #[graphql(guard = "Need(Permission::DrawUpEmulation)", visible = "guard::draws_up_emulation")]
    async fn draw_up_emulation_list(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose candidates, and by what they are judged.")] input: DrawUpEmulationListInput,
    ) -> Result<DrawUpEmulationListPayload> {
        let command = coded(ctx, |codes| input.command(codes)).await?;
        let done = write_in_steps(ctx, &input.request_id, command, |store, act, command| {
            let id = draw_up_emulation(store, act, command)?;
            store.read(|tx| Ok(emulation_lists_by_id(&act.actor, tx, &[id])?.remove(&id)))
        });
        let (list, errors) = done.await?;
        Ok(DrawUpEmulationListPayload { list: list.flatten().map(EmulationList), errors })
    }

    /// Puts in what the council decided on a candidate (khen thưởng, phê bình). What was decided before stays on record.
    #[graphql(guard = "Need(Permission::DecideEmulation)", visible = "guard::decides_on_emulation")]
    async fn decide_emulation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The decision.")] input: DecideEmulationInput,
    ) -> Result<DecideEmulationPayload> {
        let done = write(ctx, input, |act, tx, command| {
            let id = decide_emulation(act, tx, command)?;
            Ok(emulation_lists_by_id(&act.actor, tx.as_read(), &[id])?.remove(&id))
        });
        let (list, errors) = done.await?;
        Ok(DecideEmulationPayload { list: list.flatten().map(EmulationList), errors })
    }
}

/// What `drawUpEmulationList` gives.
#[derive(SimpleObject)]
pub(crate) struct DrawUpEmulationListPayload {
    /// The list; null when it was refused.
    list: Option<EmulationList>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `decideEmulation` gives.
#[derive(SimpleObject)]
pub(crate) struct DecideEmulationPayload {
    /// The list with the decision; null when it was refused.
    list: Option<EmulationList>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}
