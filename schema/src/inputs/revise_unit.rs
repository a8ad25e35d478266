//! Inputs that found and revise units.

use async_graphql::{ID, InputObject, MaybeUndefined};
use caodiem_domain::problem::Problem;
use caodiem_domain::text::{LegalBasis, UnitCode, UnitName};
use caodiem_domain::usecase::revise_unit::{FoundUnit, ReviseUnit};

use crate::error::Result;
use crate::ids::key_of;
use crate::inputs::{Check, mutation_inputs};
use crate::objects::unit::UnitKind;
use crate::scalars::Date;

mutation_inputs! { FoundUnitInput => FoundUnit, ReviseUnitInput => ReviseUnit }

/// A unit to be founded.
#[derive(InputObject)]
pub(crate) struct FoundUnitInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The unit above; absent founds a root, which takes the right to reform the tree.
    parent: Option<ID>,
    /// Official code, 1 to 32 characters; free at that time.
    code: String,
    /// Name without the kind, 1 to 120 characters.
    name: String,
    /// What it is.
    kind: UnitKind,
    /// First day.
    valid_from: Date,
    /// The act it rests on (căn cứ pháp lý), at most 200 characters.
    legal_basis: Option<String>,
    /// Whether it is made up for tests or a demonstration.
    #[graphql(default)]
    synthetic: bool,
}

impl TryFrom<FoundUnitInput> for FoundUnit {
    type Error = Vec<Problem>;

    fn try_from(input: FoundUnitInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let parent = check.optional("parent", input.parent, key_of);
        let code = check.field("code", UnitCode::new(&input.code));
        let name = check.field("name", UnitName::new(&input.name));
        let legal_basis = check.optional("legalBasis", input.legal_basis, |text| LegalBasis::new(text));
        check.done(|| {
            Some(Self {
                parent: parent?,
                code: code?,
                name: name?,
                kind: input.kind.into(),
                valid_from: input.valid_from.0,
                legal_basis: legal_basis?,
                synthetic: input.synthetic,
            })
        })
    }
}

/// A new version of a unit from a day on. What is absent stays.
#[derive(InputObject)]
pub(crate) struct ReviseUnitInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The unit.
    unit: ID,
    /// The `version` it was read at.
    expected_version: i32,
    /// First day of the new version; after the start of the present one.
    on: Date,
    /// New official code.
    code: MaybeUndefined<String>,
    /// New name without the kind.
    name: MaybeUndefined<String>,
    /// New kind.
    kind: MaybeUndefined<UnitKind>,
    /// New unit above; everything under the unit moves along. Takes rights on the unit, the old and the new parent.
    parent: MaybeUndefined<ID>,
    /// The act it rests on (căn cứ pháp lý), at most 200 characters.
    legal_basis: Option<String>,
}

impl TryFrom<ReviseUnitInput> for ReviseUnit {
    type Error = Vec<Problem>;

    fn try_from(input: ReviseUnitInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let unit = check.field("unit", key_of(&input.unit));
        let code = check.kept("code", input.code, |text| UnitCode::new(text));
        let name = check.kept("name", input.name, |text| UnitName::new(text));
        let kind = check.kept("kind", input.kind, |kind| Ok((*kind).into()));
        let parent = check.kept("parent", input.parent, key_of);
        let legal_basis = check.optional("legalBasis", input.legal_basis, |text| LegalBasis::new(text));
        check.done(|| {
            Some(Self {
                unit: unit?,
                expected_version: input.expected_version,
                on: input.on.0,
                code: code?,
                name: name?,
                kind: kind?,
                parent: parent?,
                legal_basis: legal_basis?,
            })
        })
    }
}
