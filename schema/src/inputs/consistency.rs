//! Inputs about consistency findings.

use async_graphql::{ID, InputObject};
use caodiem_domain::audit::unhex;
use caodiem_domain::problem::Problem;
use caodiem_domain::text::Reason;
use caodiem_domain::usecase::check_consistency::AcknowledgeFinding;

use crate::ids::key_of;
use crate::inputs::{Check, mutation_inputs};
use crate::scalars::Date;

/// A finding that may stand, and why.
#[derive(InputObject)]
pub(crate) struct AcknowledgeFindingInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The drive.
    drive: ID,
    /// The unit that the finding names.
    unit: ID,
    /// The day that the finding names.
    day: Date,
    /// The finding's `digest`.
    finding: String,
    /// Why it may stand, at most 500 characters.
    reason: String,
}

mutation_inputs! { AcknowledgeFindingInput => AcknowledgeFinding }

impl TryFrom<AcknowledgeFindingInput> for AcknowledgeFinding {
    type Error = Vec<Problem>;

    fn try_from(input: AcknowledgeFindingInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let drive = check.field("drive", key_of(&input.drive));
        let unit = check.field("unit", key_of(&input.unit));
        let digest = unhex(&input.finding).ok_or_else(|| Problem::not_found("Finding", &input.finding));
        let digest = check.field("finding", digest);
        let reason = check.field("reason", Reason::new(&input.reason));
        check.done(|| Some(Self { drive: drive?, unit: unit?, day: input.day.0, digest: digest?, reason: reason? }))
    }
}
