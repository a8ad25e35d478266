//! Inputs about settling figures, and what is tolerated.

use async_graphql::{Enum, ID, InputObject};
use caodiem_domain::count::Count;
use caodiem_domain::problem::Problem;
use caodiem_domain::settlement;
use caodiem_domain::text::Reason;
use caodiem_domain::usecase::settle_figure::{SetTolerance, SettleFigure};

use crate::codes::Codes;
use crate::error::Result;
use crate::ids::key_of;
use crate::inputs::{Check, mutation_inputs};
use crate::scalars::{BigInt, Date, Decimal};

/// What a figure is settled by.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "settlement::SettledBy")]
pub(crate) enum SettledBy {
    /// What was reported.
    Reported,
    /// What inspection confirmed.
    Verified,
    /// What the official figures say was done.
    Official,
    /// A figure of its own.
    Other,
}

/// Why figures differ.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "settlement::GapReason")]
pub(crate) enum GapReason {
    /// They do not.
    NoGap,
    /// The national database had not received them yet.
    LateSync,
    /// Records wait for approval.
    PendingApproval,
    /// They count for the unit of residence, not for the one that reported.
    OtherResidence,
    /// People were counted twice.
    Duplicate,
    /// A slip of the pen.
    EntryError,
    /// What was reported is not so.
    Untrue,
    /// The official figure is wrong.
    OfficialError,
    /// Anything else; the note says what.
    Other,
}

/// What is held to be true of a figure.
#[derive(InputObject)]
pub(crate) struct SettleFigureInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    pub(crate) request_id: String,
    /// The drive, open or closed.
    drive: ID,
    /// Whose figure.
    unit: ID,
    /// Code of the indicator, simple or composite.
    indicator: String,
    /// What was done from the drive's first day up to this one.
    day: Date,
    /// By what.
    by: SettledBy,
    /// How many, 0 to 10¹²; with OTHER only.
    value: Option<BigInt>,
    /// Why the figures differ.
    reason: GapReason,
    /// In words, at most 500 characters; has to be there where anything is OTHER.
    note: Option<String>,
}

impl SettleFigureInput {
    /// The command, or everything that is wrong.
    pub(crate) fn command(&self, codes: &Codes) -> Result<SettleFigure, Vec<Problem>> {
        let mut check = Check::default();
        let drive = check.field("drive", key_of(&self.drive));
        let unit = check.field("unit", key_of(&self.unit));
        let indicator = check.field("indicator", codes.indicator(&self.indicator));
        let value = check.optional("value", self.value, |value| Count::new(value.0));
        let note = check.optional("note", self.note.as_ref(), |text| Reason::new(text));
        check.done(|| {
            Some(SettleFigure {
                drive: drive?,
                unit: unit?,
                indicator: indicator?,
                day: self.day.0,
                by: self.by.into(),
                value: value?,
                reason: self.reason.into(),
                note: note?,
            })
        })
    }
}

/// How far apart the figures of a drive may lie.
#[derive(InputObject)]
pub(crate) struct SetToleranceInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The drive, not closed.
    drive: ID,
    /// In percent of the official figure, 0 to 100.
    percent: Decimal,
    /// In number, 0 to 10¹²; a gap within either is tolerated.
    absolute: BigInt,
}

mutation_inputs! { SetToleranceInput => SetTolerance }

impl TryFrom<SetToleranceInput> for SetTolerance {
    type Error = Vec<Problem>;

    fn try_from(input: SetToleranceInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let drive = check.field("drive", key_of(&input.drive));
        let absolute = check.field("absolute", Count::new(input.absolute.0));
        check.done(|| Some(Self { drive: drive?, percent: input.percent.0, absolute: absolute? }))
    }
}
