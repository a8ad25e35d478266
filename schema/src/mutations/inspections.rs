//! Recording inspections, committing and drawing samples.

use async_graphql::{Context, Object, SimpleObject};
use caodiem_domain::access::Permission;
use caodiem_domain::usecase::draw_sample::{commit_sample, draw_sample};
use caodiem_domain::usecase::inspect_tallies::inspect_tallies;

use crate::error::Result;
use crate::guard::{self, Need};
use crate::inputs::inspection::{CommitSampleInput, DrawSampleInput, RecordInspectionsInput};
use crate::objects::inspection::Inspection;
use crate::objects::problem::UserError;
use crate::objects::sample::Sample;
use crate::request::{gateway, write};

/// Recording inspections, committing and drawing samples.
#[derive(Default)]
pub(crate) struct InspectionMutations;

#[Object]
impl InspectionMutations {
    /// Records what was found of figures that were checked, all or none. Nobody checks what they, their team or their own
    /// office reported.
    #[graphql(guard = "Need(Permission::VerifyTallies)", visible = "guard::verifies_tallies")]
    async fn record_inspections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was found.")] input: RecordInspectionsInput,
    ) -> Result<RecordInspectionsPayload> {
        let (found, errors) = write(ctx, input, |act, tx, command| {
            let ids = inspect_tallies(act, tx, command)?;
            let mut found = tx.inspections_by_id(&act.actor.scope, &ids)?;
            Ok(ids.iter().filter_map(|id| found.remove(id)).collect::<Vec<_>>())
        })
        .await?;
        let inspections = found.unwrap_or_default().into_iter().map(Inspection).collect();
        Ok(RecordInspectionsPayload { inspections, errors })
    }

    /// Commits a sample of figures that are still to come: the digest of its seed goes on record, nobody sees the seed.
    #[graphql(guard = "Need(Permission::VerifyTallies)", visible = "guard::verifies_tallies")]
    async fn commit_sample(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The sample.")] input: CommitSampleInput,
    ) -> Result<CommitSamplePayload> {
        let crypto = gateway(ctx)?.crypto();
        let (sample, errors) = write(ctx, input, move |act, tx, command| {
            let id = commit_sample(act, tx, crypto.as_ref(), command)?;
            Ok(tx.samples_by_id(&act.actor.scope, &[id])?.remove(&id))
        })
        .await?;
        Ok(CommitSamplePayload { sample: sample.flatten().map(Sample), errors })
    }

    /// Draws a sample after its days are over. It is drawn once; asked again, it is the same.
    #[graphql(guard = "Need(Permission::VerifyTallies)", visible = "guard::verifies_tallies")]
    async fn draw_sample(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The sample.")] input: DrawSampleInput,
    ) -> Result<DrawSamplePayload> {
        let crypto = gateway(ctx)?.crypto();
        let (sample, errors) = write(ctx, input, move |act, tx, id| {
            draw_sample(act, tx, crypto.as_ref(), *id)?;
            Ok(tx.samples_by_id(&act.actor.scope, &[*id])?.remove(id))
        })
        .await?;
        Ok(DrawSamplePayload { sample: sample.flatten().map(Sample), errors })
    }
}

/// What `recordInspections` gives.
#[derive(SimpleObject)]
pub(crate) struct RecordInspectionsPayload {
    /// The inspections, in the order they were sent; empty when they were refused.
    inspections: Vec<Inspection>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `commitSample` gives.
#[derive(SimpleObject)]
pub(crate) struct CommitSamplePayload {
    /// The sample; null when it was refused.
    sample: Option<Sample>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `drawSample` gives.
#[derive(SimpleObject)]
pub(crate) struct DrawSamplePayload {
    /// The sample with what it drew; null when it was refused.
    sample: Option<Sample>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}
