//! Inputs that merge, split and close units.

use async_graphql::{ID, InputObject, OneofObject};
use caodiem_domain::exact::Exact;
use caodiem_domain::problem::Problem;
use caodiem_domain::text::{LegalBasis, UnitCode, UnitName};
use caodiem_domain::usecase::reform_units::{CloseUnit, MergeUnits, SplitUnit, Successor};

use crate::error::Result;
use crate::ids::key_of;
use crate::inputs::{Check, mutation_inputs};
use crate::objects::unit::UnitKind;
use crate::scalars::{Date, Decimal};

mutation_inputs! {
    MergeUnitsInput => MergeUnits,
    SplitUnitInput => SplitUnit,
    CloseUnitInput => CloseUnit,
}

/// What a unit goes into. Exactly one field.
#[derive(OneofObject)]
pub(crate) enum SuccessorInput {
    /// A unit that exists, and takes in.
    Existing(ID),
    /// A unit that is founded on the day of the reform.
    Founded(FoundedSuccessorInput),
}

/// A successor to be founded.
#[derive(InputObject)]
pub(crate) struct FoundedSuccessorInput {
    /// The unit above.
    parent: ID,
    /// Official code; may be one that a predecessor gives up that day.
    code: String,
    /// Name without the kind.
    name: String,
    /// What it is.
    kind: UnitKind,
}

impl TryFrom<SuccessorInput> for Successor {
    type Error = Vec<Problem>;

    fn try_from(input: SuccessorInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        match input {
            SuccessorInput::Existing(id) => {
                let unit = check.field("existing", key_of(&id));
                check.done(|| unit.map(Self::Existing))
            }
            SuccessorInput::Founded(founded) => {
                let parent = check.field("parent", key_of(&founded.parent));
                let code = check.field("code", UnitCode::new(&founded.code));
                let name = check.field("name", UnitName::new(&founded.name));
                let kind = founded.kind.into();
                check.done(|| Some(Self::Founded { parent: parent?, code: code?, name: name?, kind }))
            }
        }
    }
}

/// Units that end and go wholly into one (sáp nhập).
#[derive(InputObject)]
pub(crate) struct MergeUnitsInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// Those that end; at least one.
    from: Vec<ID>,
    /// What they go into. Units under them move along to it.
    into: SuccessorInput,
    /// First day of the new state.
    on: Date,
    /// The act it rests on (căn cứ pháp lý), at most 200 characters.
    legal_basis: Option<String>,
}

impl TryFrom<MergeUnitsInput> for MergeUnits {
    type Error = Vec<Problem>;

    fn try_from(input: MergeUnitsInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let from = check.each("from", input.from, |id| key_of(&id));
        let into = check.nested("into", input.into);
        let legal_basis = check.optional("legalBasis", input.legal_basis, |text| LegalBasis::new(text));
        check.done(|| Some(Self { from: from?, into: into?, on: input.on.0, legal_basis: legal_basis? }))
    }
}

/// A part of a unit that is split.
#[derive(InputObject)]
pub(crate) struct SplitPartInput {
    /// What it goes to.
    successor: SuccessorInput,
    /// Its share of the unit's figures, 0 to 1. Either all shares are given and add up to 1, or none is known.
    share: Option<Decimal>,
}

impl TryFrom<SplitPartInput> for (Successor, Option<Exact>) {
    type Error = Vec<Problem>;

    fn try_from(input: SplitPartInput) -> Result<Self, Vec<Problem>> {
        Ok((input.successor.try_into()?, input.share.map(|share| share.0)))
    }
}

/// A unit that ends and goes to several (chia tách).
#[derive(InputObject)]
pub(crate) struct SplitUnitInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The one that ends. It must hold no units that day: move them first.
    from: ID,
    /// What it goes to; at least two.
    into: Vec<SplitPartInput>,
    /// First day of the new state.
    on: Date,
    /// The act it rests on (căn cứ pháp lý), at most 200 characters.
    legal_basis: Option<String>,
}

impl TryFrom<SplitUnitInput> for SplitUnit {
    type Error = Vec<Problem>;

    fn try_from(input: SplitUnitInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let from = check.field("from", key_of(&input.from));
        let into = check.nested_each("into", input.into);
        let legal_basis = check.optional("legalBasis", input.legal_basis, |text| LegalBasis::new(text));
        check.done(|| Some(Self { from: from?, into: into?, on: input.on.0, legal_basis: legal_basis? }))
    }
}

/// A unit that ends without a successor (giải thể).
#[derive(InputObject)]
pub(crate) struct CloseUnitInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The unit.
    unit: ID,
    /// The `version` it was read at.
    expected_version: i32,
    /// First day on which it no longer exists.
    on: Date,
}

impl TryFrom<CloseUnitInput> for CloseUnit {
    type Error = Vec<Problem>;

    fn try_from(input: CloseUnitInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let unit = check.field("unit", key_of(&input.unit));
        check.done(|| Some(Self { unit: unit?, expected_version: input.expected_version, on: input.on.0 }))
    }
}
