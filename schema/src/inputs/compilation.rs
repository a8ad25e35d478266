//! Inputs that confirm and return reports.

use async_graphql::{ID, InputObject};
use caodiem_domain::count::Count;
use caodiem_domain::problem::Problem;
use caodiem_domain::tally::Reporter;
use caodiem_domain::text::Reason;
use caodiem_domain::usecase::confirm_day::{ConfirmDay, ReturnDay};

use crate::codes::Codes;
use crate::error::Result;
use crate::ids::key_of;
use crate::inputs::tally::ReporterInput;
use crate::inputs::{Check, mutation_inputs};
use crate::objects::reporting::ReportKind;
use crate::scalars::{BigInt, Date};

mutation_inputs! { ReturnDayInput => ReturnDay }

/// What those below reported, to be confirmed.
#[derive(InputObject)]
pub(crate) struct ConfirmDayInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    pub(crate) request_id: String,
    /// The drive.
    drive: ID,
    /// The unit that confirms.
    unit: ID,
    /// The kind of report.
    #[graphql(default_with = "ReportKind::Daily")]
    kind: ReportKind,
    /// The day, or the last one of a longer report.
    day: Date,
    /// Each of those below that is silent, at most 1,000: all of them have to be named, and nobody else.
    #[graphql(default, validator(max_items = 1000))]
    gaps: Vec<ReporterInput>,
    /// Totals that the unit states itself, at most 100: shown beside the sum of the parts, never added.
    #[graphql(default, validator(max_items = 100))]
    stated: Vec<StatedTotalInput>,
    /// What there is to say, at most 500 characters.
    reason: Option<String>,
}

/// A total that a level states itself.
#[derive(InputObject)]
pub(crate) struct StatedTotalInput {
    /// Code of the indicator, a simple one.
    indicator: String,
    /// The total, 0 to 10¹².
    total: BigInt,
}

impl ConfirmDayInput {
    /// The command, or everything that is wrong.
    pub(crate) fn command(&self, codes: &Codes) -> Result<ConfirmDay, Vec<Problem>> {
        let mut check = Check::default();
        let drive = check.field("drive", key_of(&self.drive));
        let unit = check.field("unit", key_of(&self.unit));
        let gaps = check.each("gaps", &self.gaps, |gap| match gap {
            ReporterInput::Team(id) => key_of(id).map(Reporter::Team),
            ReporterInput::Unit(id) => key_of(id).map(Reporter::Unit),
        });
        let stated = check.each("stated", &self.stated, |stated| {
            let indicator = codes.indicator(&stated.indicator).map_err(|problem| problem.at("indicator"))?;
            Ok((indicator, Count::new(stated.total.0).map_err(|problem| problem.at("total"))?))
        });
        let reason = check.optional("reason", self.reason.as_deref(), |text| Reason::new(text));
        check.done(|| {
            Some(ConfirmDay {
                drive: drive?,
                unit: unit?,
                kind: self.kind.into(),
                day: self.day.0,
                gaps: gaps?,
                stated: stated?,
                reason: reason?,
            })
        })
    }
}

/// A report to be sent back.
#[derive(InputObject)]
pub(crate) struct ReturnDayInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The drive.
    drive: ID,
    /// The unit that has to look at it again.
    unit: ID,
    /// The kind of report.
    #[graphql(default_with = "ReportKind::Daily")]
    kind: ReportKind,
    /// The day, or the last one of a longer report.
    day: Date,
    /// Why, at most 500 characters.
    reason: String,
}

impl TryFrom<ReturnDayInput> for ReturnDay {
    type Error = Vec<Problem>;

    fn try_from(input: ReturnDayInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let drive = check.field("drive", key_of(&input.drive));
        let unit = check.field("unit", key_of(&input.unit));
        let reason = check.field("reason", Reason::new(&input.reason));
        check.done(|| {
            Some(Self { drive: drive?, unit: unit?, kind: input.kind.into(), day: input.day.0, reason: reason? })
        })
    }
}
