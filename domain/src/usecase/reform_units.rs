//! Reforms of the tree: merge, split, close.

use crate::error::Error;
use crate::exact::Exact;
use crate::id::UnitId;
use crate::ports::WriteTx;
use crate::text::{LegalBasis, UnitCode, UnitName};
use crate::time::Day;
use crate::unit::UnitKind;
use crate::usecase::Act;

/// A successor: one that exists, or one to be founded on the day of the reform.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Successor {
    /// It exists, and takes in.
    Existing(UnitId),
    /// It is founded.
    Founded {
        /// The unit above.
        parent: UnitId,
        /// Official code; may be one that a predecessor gives up that day.
        code: UnitCode,
        /// Name without kind.
        name: UnitName,
        /// What it is.
        kind: UnitKind,
    },
}

/// Units that end and go wholly into one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MergeUnits {
    /// Those that end.
    pub from: Vec<UnitId>,
    /// What they go into. Units under them move along to it.
    pub into: Successor,
    /// First day of the new state.
    pub on: Day,
    /// The act it rests on.
    pub legal_basis: Option<LegalBasis>,
}

/// A unit that ends and goes to several.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SplitUnit {
    /// The one that ends; it must hold no units that day (move them first).
    pub from: UnitId,
    /// What it goes to, each with its share: all known (adding up to 1) or all unknown.
    pub into: Vec<(Successor, Option<Exact>)>,
    /// First day of the new state.
    pub on: Day,
    /// The act it rests on.
    pub legal_basis: Option<LegalBasis>,
}

/// A unit that ends without a successor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CloseUnit {
    /// Which.
    pub unit: UnitId,
    /// The number of the version it is based on.
    pub expected_version: i32,
    /// First day no longer existing.
    pub on: Day,
}

/// Merges units; answers the successor.
///
/// # Errors
/// `Forbidden`, `NotFound`, `UnitNotValid`, `UnitHasLaterTallies`, `UnitKindMisplaced`, `UnitCodeTaken`.
pub fn merge_units(act: &Act, tx: &mut dyn WriteTx, command: &MergeUnits) -> Result<UnitId, Error> {
    let _ = (act, tx, command);
    todo!()
}

/// Splits a unit; answers the successors in the order they were named.
///
/// # Errors
/// As [`merge_units`], and `SharesNotWhole`, `UnitHasChildren`.
pub fn split_unit(act: &Act, tx: &mut dyn WriteTx, command: &SplitUnit) -> Result<Vec<UnitId>, Error> {
    let _ = (act, tx, command);
    todo!()
}

/// Closes a unit.
///
/// # Errors
/// `Forbidden`, `NotFound`, `StaleVersion`, `UnitHasChildren`, `UnitHasLaterTallies`.
pub fn close_unit(act: &Act, tx: &mut dyn WriteTx, command: &CloseUnit) -> Result<UnitId, Error> {
    let _ = (act, tx, command);
    todo!()
}
