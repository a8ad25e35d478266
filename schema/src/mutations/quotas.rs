//! Setting, amending and cascading quotas.

use async_graphql::{Context, Object, SimpleObject};
use caodiem_domain::access::Permission;
use caodiem_domain::error::Error;
use caodiem_domain::id::QuotaId;
use caodiem_domain::ports::WriteTx;
use caodiem_domain::quota;
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::apply_cascade::apply_cascade;
use caodiem_domain::usecase::set_quotas::set_quotas;

use crate::codes::coded;
use crate::error::Result;
use crate::guard::{self, Need};
use crate::inputs::cascade::ApplyCascadeInput;
use crate::inputs::quota::SetQuotasInput;
use crate::objects::problem::UserError;
use crate::objects::quota::Quota;
use crate::request::write_command;

/// Changes of quotas.
#[derive(Default)]
pub(crate) struct QuotaMutations;

#[Object]
impl QuotaMutations {
    /// Sets or amends quotas of one decision, all or none. The earlier figures stay in each quota's history. Once the
    /// drive is open, a reason and the number of the decision are demanded.
    #[graphql(guard = "Need(Permission::ManageQuotas)", visible = "guard::manages_quotas")]
    async fn set_quotas(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The quotas.")] input: SetQuotasInput,
    ) -> Result<SetQuotasPayload> {
        let command = coded(ctx, |codes| input.command(codes)).await?;
        let shown = ctx.look_ahead().field("quotas").exists();
        let (done, errors) = write_command(ctx, &input.request_id, command, move |act, tx, command| {
            let ids = set_quotas(act, tx, command)?;
            standing(act, tx, &ids, shown)
        })
        .await?;
        let (count, quotas) = done.unwrap_or_default();
        Ok(SetQuotasPayload { count, quotas: quotas.into_iter().map(Quota).collect(), errors })
    }

    /// Applies a cascade as it was previewed, all or nothing. Every holder whose figure changes gets an amendment with
    /// its explanation.
    #[graphql(guard = "Need(Permission::ManageQuotas)", visible = "guard::manages_quotas")]
    async fn apply_cascade(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cascade.")] input: ApplyCascadeInput,
    ) -> Result<ApplyCascadePayload> {
        let command = coded(ctx, |codes| input.command(codes)).await?;
        let shown = ctx.look_ahead().field("quotas").exists();
        let (done, errors) = write_command(ctx, &input.request_id, command, move |act, tx, command| {
            let ids = apply_cascade(act, tx, command)?;
            standing(act, tx, &ids, shown)
        })
        .await?;
        let (count, quotas) = done.unwrap_or_default();
        Ok(ApplyCascadePayload { count, quotas: quotas.into_iter().map(Quota).collect(), errors })
    }
}

/// How many quotas there are, and the quotas themselves where they were selected: a cascade can make thousands.
fn standing(act: &Act, tx: &mut dyn WriteTx, ids: &[QuotaId], shown: bool) -> Result<(u32, Vec<quota::Quota>), Error> {
    let count = u32::try_from(ids.len()).unwrap_or(u32::MAX);
    if !shown {
        return Ok((count, Vec::new()));
    }
    let mut found = tx.quotas_by_id(&act.actor.scope, ids)?;
    Ok((count, ids.iter().filter_map(|id| found.remove(id)).collect()))
}

/// What `setQuotas` gives.
#[derive(SimpleObject)]
pub(crate) struct SetQuotasPayload {
    /// How many quotas were set; 0 when they were refused.
    count: u32,
    /// The quotas, in the order of the input; empty when they were refused.
    quotas: Vec<Quota>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `applyCascade` gives.
#[derive(SimpleObject)]
pub(crate) struct ApplyCascadePayload {
    /// How many quotas the cascade made; 0 when it was refused.
    count: u32,
    /// The quotas, in the order of the preview's lines; empty when it was refused.
    quotas: Vec<Quota>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}
