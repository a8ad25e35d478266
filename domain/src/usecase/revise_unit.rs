//! Founding a unit, and giving it a new name, code, kind or parent from a day on.

use crate::error::Error;
use crate::id::UnitId;
use crate::ports::WriteTx;
use crate::text::{LegalBasis, UnitCode, UnitName};
use crate::time::Day;
use crate::unit::UnitKind;
use crate::usecase::Act;

/// A unit to be founded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FoundUnit {
    /// The unit above; `None` founds a root, which takes the right to reform.
    pub parent: Option<UnitId>,
    /// Official code.
    pub code: UnitCode,
    /// Name without kind.
    pub name: UnitName,
    /// What it is.
    pub kind: UnitKind,
    /// First day.
    pub valid_from: Day,
    /// The act it rests on.
    pub legal_basis: Option<LegalBasis>,
    /// Made up.
    pub synthetic: bool,
}

/// A new version of a unit; what is `None` stays.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReviseUnit {
    /// Which.
    pub unit: UnitId,
    /// The number of the version it is based on.
    pub expected_version: i32,
    /// First day of the new version; after the start of the present one.
    pub on: Day,
    /// New code.
    pub code: Option<UnitCode>,
    /// New name.
    pub name: Option<UnitName>,
    /// New kind.
    pub kind: Option<UnitKind>,
    /// New parent; the subtree moves along. Takes rights on the unit, the old and the new parent.
    pub parent: Option<UnitId>,
    /// The act it rests on.
    pub legal_basis: Option<LegalBasis>,
}

/// Founds a unit below one in scope.
///
/// # Errors
/// `Forbidden`, `NotFound`, `UnitKindMisplaced`, `UnitCodeTaken`, `UnitNotValid` (the parent on that day).
pub fn found_unit(act: &Act, tx: &mut dyn WriteTx, command: &FoundUnit) -> Result<UnitId, Error> {
    let _ = (act, tx, command);
    todo!()
}

/// Revises a unit from a day on. Tallies on and after that day are re-folded onto the new ancestors; earlier ones stay
/// where they were.
///
/// # Errors
/// `Forbidden`, `NotFound`, `StaleVersion`, `UnitVersionNotLater`, `UnitKindMisplaced`, `UnitCycle`, `UnitCodeTaken`.
pub fn revise_unit(act: &Act, tx: &mut dyn WriteTx, command: &ReviseUnit) -> Result<UnitId, Error> {
    let _ = (act, tx, command);
    todo!()
}
