//! Recording baselines and printed figures.

use std::collections::BTreeMap;

use async_graphql::{Context, Object, SimpleObject};
use caodiem_domain::access::Permission;
use caodiem_domain::usecase::record_baselines::{record_baselines, record_printed_figures};

use crate::codes::coded;
use crate::error::Result;
use crate::guard::{self, Need};
use crate::inputs::baseline::{RecordBaselinesInput, RecordPrintedFiguresInput};
use crate::objects::baseline::Baseline;
use crate::objects::drive::Drive;
use crate::objects::problem::UserError;
use crate::request::{write, write_command};

/// Recording baselines.
#[derive(Default)]
pub(crate) struct BaselineMutations;

#[Object]
impl BaselineMutations {
    /// Records the baselines of one source, all or none. A figure that stands already is not recorded again; another
    /// figure for the same unit, group, indicator and day becomes its next revision.
    #[graphql(guard = "Need(Permission::RecordBaselines)", visible = "guard::records_baselines")]
    async fn record_baselines(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The baselines.")] input: RecordBaselinesInput,
    ) -> Result<RecordBaselinesPayload> {
        let command = coded(ctx, |codes| input.command(codes)).await?;
        let shown = ctx.look_ahead().field("baselines").exists();
        let (done, errors) = write_command(ctx, &input.request_id, command, move |act, tx, command| {
            let ids = record_baselines(act, tx, command)?;
            let mut found = if shown { tx.baselines_by_id(&act.actor.scope, &ids)? } else { BTreeMap::default() };
            Ok((ids.len(), ids.iter().filter_map(|id| found.remove(id)).collect::<Vec<_>>()))
        })
        .await?;
        let (count, baselines) = done.unwrap_or_default();
        let baselines = baselines.into_iter().map(Baseline).collect();
        Ok(RecordBaselinesPayload { count: u32::try_from(count).unwrap_or(u32::MAX), baselines, errors })
    }

    /// Records what a drive's source prints (totals mostly), apart from what the figures give: plan tables hold the two
    /// against each other.
    #[graphql(guard = "Need(Permission::RecordBaselines)", visible = "guard::records_baselines")]
    async fn record_printed_figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The figures.")] input: RecordPrintedFiguresInput,
    ) -> Result<RecordPrintedFiguresPayload> {
        let (drive, errors) = write(ctx, input, |act, tx, figures| {
            record_printed_figures(act, tx, figures)?;
            let Some(figure) = figures.first() else { return Ok(None) };
            Ok(tx.drives_by_id(&act.actor.scope, &[figure.drive])?.remove(&figure.drive))
        })
        .await?;
        Ok(RecordPrintedFiguresPayload { drive: drive.flatten().map(Drive::of), errors })
    }
}

/// What `recordBaselines` gives.
#[derive(SimpleObject)]
pub(crate) struct RecordBaselinesPayload {
    /// How many rows stand as they were sent; 0 when they were refused.
    count: u32,
    /// The standing baselines, in the order of the rows; empty when they were refused.
    baselines: Vec<Baseline>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `recordPrintedFigures` gives.
#[derive(SimpleObject)]
pub(crate) struct RecordPrintedFiguresPayload {
    /// The drive; null when the figures were refused.
    drive: Option<Drive>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}
