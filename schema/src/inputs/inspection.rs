//! Inputs about inspections and samples.

use async_graphql::{Enum, ID, InputObject};
use caodiem_domain::count::Count;
use caodiem_domain::id::SampleId;
use caodiem_domain::inspection::{self, InspectionPredicate};
use caodiem_domain::problem::{Code, Problem};
use caodiem_domain::text::Reason;
use caodiem_domain::time::DayRange;
use caodiem_domain::usecase::draw_sample::CommitSample;
use caodiem_domain::usecase::inspect_tallies::Finding;

use crate::error::Result;
use crate::filter::{LIST_MAX, Parts, Where};
use crate::ids::key_of;
use crate::inputs::tally::DaysInput;
use crate::inputs::{Check, mutation_inputs};
use crate::scalars::BigInt;

/// What came of checking a figure.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "inspection::Verdict")]
pub(crate) enum Verdict {
    /// It is so: everything that was checked was confirmed.
    True,
    /// It is not so.
    Untrue,
    /// It could not be checked.
    Unreachable,
}

/// Narrows a list of inspections. All given fields hold together.
#[derive(InputObject)]
pub(crate) struct InspectionWhere {
    /// All of these hold.
    and: Option<Vec<InspectionWhere>>,
    /// At least one of these holds.
    or: Option<Vec<InspectionWhere>>,
    /// This does not hold.
    not: Option<Box<InspectionWhere>>,
    /// Of figures reported to this drive.
    drive: Option<ID>,
    /// Of figures credited to this unit or any under it, by the tree as it stands.
    under: Option<ID>,
    /// With one of these verdicts.
    verdict: Option<Vec<Verdict>>,
    /// Of figures of these days.
    days: Option<DaysInput>,
    /// Of figures that were corrected since, and so are unverified again; or of those that were not.
    overtaken: Option<bool>,
}

impl Where for InspectionWhere {
    type Predicate = InspectionPredicate;

    fn parts(self, check: &mut Check) -> Parts<Self, InspectionPredicate> {
        check.at_most("verdict", self.verdict.as_deref().unwrap_or_default(), LIST_MAX);
        let drive = check.optional("drive", self.drive, key_of).flatten();
        let under = check.optional("under", self.under, key_of).flatten();
        let days = check.optional("days", self.days, DaysInput::range).flatten();
        let verdicts = self.verdict.map(|list| list.into_iter().map(Into::into).collect());
        let is = [
            drive.map(InspectionPredicate::Drive),
            under.map(InspectionPredicate::Under),
            verdicts.map(InspectionPredicate::Verdict),
            days.map(InspectionPredicate::Days),
            self.overtaken.map(InspectionPredicate::Overtaken),
        ];
        Parts { and: self.and, or: self.or, not: self.not, is: is.into_iter().flatten().collect() }
    }
}

/// What was found of figures that were checked.
#[derive(InputObject)]
pub(crate) struct RecordInspectionsInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// One for each figure, 1 to 100.
    #[graphql(validator(max_items = 100))]
    inspections: Vec<InspectionInput>,
}

/// What was found of a figure.
#[derive(InputObject)]
pub(crate) struct InspectionInput {
    /// The figure.
    tally: ID,
    /// The revision that was checked; refused when another stands meanwhile.
    revision: i32,
    /// What came of it.
    verdict: Verdict,
    /// How many of them were checked, at most as many as were reported.
    checked: BigInt,
    /// How many of those were confirmed.
    confirmed: BigInt,
    /// What was seen and where the evidence lies, at most 500 characters; no names of citizens.
    note: String,
}

mutation_inputs! {
    RecordInspectionsInput => Vec<Finding>,
    CommitSampleInput => CommitSample,
    DrawSampleInput => SampleId,
}

impl TryFrom<RecordInspectionsInput> for Vec<Finding> {
    type Error = Vec<Problem>;

    fn try_from(input: RecordInspectionsInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let found = check.nested_each("inspections", input.inspections);
        check.done(|| found)
    }
}

impl TryFrom<InspectionInput> for Finding {
    type Error = Vec<Problem>;

    fn try_from(input: InspectionInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let slot = check.field("tally", key_of(&input.tally));
        let checked = check.field("checked", Count::new(input.checked.0));
        let confirmed = check.field("confirmed", Count::new(input.confirmed.0));
        let note = check.field("note", Reason::new(&input.note));
        check.done(|| {
            Some(Self {
                slot: slot?,
                revision: input.revision,
                verdict: input.verdict.into(),
                checked: checked?,
                confirmed: confirmed?,
                note: note?,
            })
        })
    }
}

/// A sample of figures that are still to come.
#[derive(InputObject)]
pub(crate) struct CommitSampleInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The drive.
    drive: ID,
    /// Of figures credited to this unit or any under it.
    unit: ID,
    /// Of these days, none of which has begun.
    days: DaysInput,
    /// How many figures, 1 to 1,000.
    size: i32,
}

impl TryFrom<CommitSampleInput> for CommitSample {
    type Error = Vec<Problem>;

    fn try_from(input: CommitSampleInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let drive = check.field("drive", key_of(&input.drive));
        let unit = check.field("unit", key_of(&input.unit));
        let days: Option<DayRange> = check.field("days", input.days.range());
        let size = u32::try_from(input.size).map_err(|_negative| {
            Problem::new(Code::OutOfRange).with("actual", input.size).with("min", 1).with("max", 1_000)
        });
        let size = check.field("size", size);
        check.done(|| Some(Self { drive: drive?, unit: unit?, days: days?, size: size? }))
    }
}

/// A sample to be drawn.
#[derive(InputObject)]
pub(crate) struct DrawSampleInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The sample; its days are over.
    sample: ID,
}

impl TryFrom<DrawSampleInput> for SampleId {
    type Error = Vec<Problem>;

    fn try_from(input: DrawSampleInput) -> Result<Self, Vec<Problem>> {
        key_of(&input.sample).map_err(|problem| vec![problem.at("sample")])
    }
}
