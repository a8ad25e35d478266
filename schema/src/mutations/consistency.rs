//! Acknowledging consistency findings.

use async_graphql::{Context, Object, SimpleObject};
use caodiem_domain::access::Permission;
use caodiem_domain::usecase::check_consistency::acknowledge_finding;

use crate::error::Result;
use crate::guard::{self, Need};
use crate::inputs::consistency::AcknowledgeFindingInput;
use crate::objects::problem::UserError;
use crate::request::write;

/// Acknowledging consistency findings.
#[derive(Default)]
pub(crate) struct ConsistencyMutations;

#[Object]
impl ConsistencyMutations {
    /// Says why a finding may stand. It is listed on, with that reason; once its figures change it is another finding.
    #[graphql(guard = "Need(Permission::VerifyTallies)", visible = "guard::verifies_tallies")]
    async fn acknowledge_finding(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The finding.")] input: AcknowledgeFindingInput,
    ) -> Result<AcknowledgeFindingPayload> {
        let (done, errors) = write(ctx, input, acknowledge_finding).await?;
        Ok(AcknowledgeFindingPayload { acknowledged: done.is_some(), errors })
    }
}

/// What `acknowledgeFinding` gives.
#[derive(SimpleObject)]
pub(crate) struct AcknowledgeFindingPayload {
    /// Whether it is acknowledged, by this request or before.
    acknowledged: bool,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}
