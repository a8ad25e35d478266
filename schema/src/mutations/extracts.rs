//! Importing official figures, and settling by them.

use async_graphql::{Context, Object, SimpleObject};
use caodiem_domain::access::Permission;
use caodiem_domain::usecase::compare_figures::{ComparisonQuestion, compare_figures};
use caodiem_domain::usecase::import_official::{ImportOutcome, import_official};
use caodiem_domain::usecase::settle_figure::{set_tolerance, settle_figure};

use crate::codes::coded;
use crate::error::Result;
use crate::guard::{self, Need};
use crate::inputs::extract::ImportOfficialFiguresInput;
use crate::inputs::progress::span;
use crate::inputs::settlement::{SetToleranceInput, SettleFigureInput};
use crate::objects::comparison::Tolerance;
use crate::objects::extract::{Extract, ImportNote};
use crate::objects::problem::UserError;
use crate::objects::settlement::Settlement;
use crate::refusal;
use crate::request::{write, write_command};
use crate::scalars::Date;

/// The most refusals of a file that are told as errors; its notes have more.
const ERRORS_MAX: usize = 100;

/// Importing official figures, and settling by them.
#[derive(Default)]
pub(crate) struct ExtractMutations;

#[Object]
impl ExtractMutations {
    /// Imports official figures of one source and moment from a CSV file; all or nothing unless `partial`. The same file of
    /// the same source and moment is loaded once: sent again, it gives the extract that was made then.
    #[graphql(guard = "Need(Permission::LoadExtracts)", visible = "guard::loads_extracts")]
    async fn import_official_figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file.")] input: ImportOfficialFiguresInput,
    ) -> Result<ImportOfficialFiguresPayload> {
        let (done, errors) = write(ctx, input, |act, tx, command| {
            let outcome = import_official(act, tx, command)?;
            let extract = outcome.extract.map(|id| tx.extracts_by_id(&act.actor.scope, &[id])).transpose()?;
            let extract = extract.and_then(|found| found.into_values().next());
            Ok((outcome, extract, command.dry_run))
        })
        .await?;
        let Some((outcome, extract, dry_run)) = done else {
            return Ok(ImportOfficialFiguresPayload { errors, ..Default::default() });
        };
        let refused = if outcome.extract.is_none() && !dry_run { outcome.refusals() } else { Vec::new() };
        refusal::record(ctx, &refused).await;
        let errors = refused.into_iter().take(ERRORS_MAX).map(UserError).collect();
        Ok(ImportOfficialFiguresPayload { extract: extract.map(Extract), errors, ..outcome.into() })
    }

    /// Sets how far apart the reported and the official figures of a drive may lie; what was set before stays on record.
    #[graphql(guard = "Need(Permission::ManageDrives)", visible = "guard::manages_drives")]
    async fn set_tolerance(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is tolerated.")] input: SetToleranceInput,
    ) -> Result<SetTolerancePayload> {
        let (tolerance, errors) = write(ctx, input, |act, tx, command| {
            let drive = set_tolerance(act, tx, command)?;
            Ok(tx.tolerance_of(drive)?)
        })
        .await?;
        Ok(SetTolerancePayload { tolerance: tolerance.flatten().map(Tolerance), errors })
    }

    /// Settles a figure: says what is held to be true, by what, and why the figures differ. What was settled before stays on
    /// record.
    #[graphql(guard = "Need(Permission::VerifyTallies)", visible = "guard::verifies_tallies")]
    async fn settle_figure(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The figure.")] input: SettleFigureInput,
    ) -> Result<SettleFigurePayload> {
        let command = coded(ctx, |codes| input.command(codes)).await?;
        let (settled, errors) = write_command(ctx, &input.request_id, command, |act, tx, command| {
            settle_figure(act, tx, command)?;
            let days = span(Some(Date(command.day)), Some(Date(command.day)));
            let (drive, units, indicator) = (command.drive, vec![command.unit], command.indicator);
            let question = ComparisonQuestion { drive, units, indicator, days, today: act.today() };
            let found = compare_figures(&act.actor, tx.as_read(), &question)?;
            Ok(found.into_iter().next().and_then(|found| found.settlement))
        })
        .await?;
        Ok(SettleFigurePayload { settlement: settled.flatten().map(Settlement), errors })
    }
}

/// What `importOfficialFigures` gives.
#[derive(SimpleObject, Default)]
pub(crate) struct ImportOfficialFiguresPayload {
    /// The extract; null when nothing was loaded.
    extract: Option<Extract>,
    /// Whether the file was loaded before: then nothing was written.
    known: bool,
    /// Rows of the file, the header aside.
    rows: u32,
    /// Rows that something is wrong with.
    refused: u32,
    /// Figures where none stood.
    created: u32,
    /// Figures that take another's place.
    updated: u32,
    /// Figures that stand already.
    unchanged: u32,
    /// What was noted, in the order of the file; at most 1,000.
    notes: Vec<ImportNote>,
    /// How much was noted altogether.
    note_count: u32,
    /// What has to be mended, at most 100; empty when it was loaded or only tried.
    errors: Vec<UserError>,
}

impl From<ImportOutcome> for ImportOfficialFiguresPayload {
    fn from(outcome: ImportOutcome) -> Self {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self {
            extract: None,
            known: outcome.known,
            rows: count(outcome.rows),
            refused: count(outcome.refused),
            created: count(outcome.created),
            updated: count(outcome.updated),
            unchanged: count(outcome.unchanged),
            notes: outcome.noted.into_iter().map(ImportNote).collect(),
            note_count: count(outcome.noted_total),
            errors: Vec::new(),
        }
    }
}

/// What `setTolerance` gives.
#[derive(SimpleObject)]
pub(crate) struct SetTolerancePayload {
    /// The tolerance as it stands; null when it was refused.
    tolerance: Option<Tolerance>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `settleFigure` gives.
#[derive(SimpleObject)]
pub(crate) struct SettleFigurePayload {
    /// The settlement; null when it was refused.
    settlement: Option<Settlement>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}
