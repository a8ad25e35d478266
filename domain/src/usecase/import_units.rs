//! Whole trees at once: the snapshot of a day, with the succession from the tree before it.

use crate::error::Error;
use crate::ports::WriteTx;
use crate::text::{LegalBasis, UnitCode, UnitName};
use crate::time::Day;
use crate::unit::UnitKind;
use crate::usecase::Act;

/// A unit of the snapshot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SnapshotUnit {
    /// Official code, unique in the snapshot.
    pub code: UnitCode,
    /// Name without kind.
    pub name: UnitName,
    /// What it is.
    pub kind: UnitKind,
    /// Code of the unit above; `None` stands under the country.
    pub parent: Option<UnitCode>,
    /// Made up.
    pub synthetic: bool,
}

/// How an old unit goes on in the snapshot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SuccessionMode {
    /// The same unit carries on.
    Same,
    /// It went wholly into the other.
    Whole,
    /// A part of it went into the other; no source gives shares.
    Part,
}

/// A row of the succession.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SuccessionRow {
    /// Code in the tree before.
    pub old: UnitCode,
    /// Code in the snapshot; `None` when the successor is not known.
    pub new: Option<UnitCode>,
    /// How.
    pub mode: SuccessionMode,
}

/// What an equal code means for a unit that the succession names otherwise than `same`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EqualCodes {
    /// It lives on under its code, whatever it gave away (2023 to June 2025).
    CarryOn,
    /// It ended, and another unit took the code (the reform of July 2025).
    AreReused,
}

/// A tree to be imported. Codes that the succession does not name carry on under the same code, or end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImportUnits {
    /// The day from which the snapshot stands.
    pub on: Day,
    /// The whole tree of that day, without the country itself.
    pub units: Vec<SnapshotUnit>,
    /// From the tree before; empty for the first import.
    pub succession: Vec<SuccessionRow>,
    /// What equal codes mean.
    pub equal_codes: EqualCodes,
    /// The act it rests on.
    pub legal_basis: Option<LegalBasis>,
}

/// What an import did. A second run of the same import does nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ImportReport {
    /// Units founded.
    pub founded: usize,
    /// Units that got a new version.
    pub revised: usize,
    /// Units that ended.
    pub closed: usize,
    /// Units that carry on unchanged.
    pub unchanged: usize,
    /// Lineage edges.
    pub edges: usize,
    /// Units that ended without a known successor.
    pub without_successor: usize,
}

/// Imports a tree, all or nothing. Founds the country root (code `VN`) when there is none.
///
/// # Errors
/// `Forbidden`, and for the rows at `units.<index>` / `succession.<index>`: `Repeated`, `NotFound` (parent, codes),
/// `UnitKindMisplaced`, `UnitHasLaterTallies`, `UnitVersionNotLater`.
pub fn import_units(act: &Act, tx: &mut dyn WriteTx, command: &ImportUnits) -> Result<ImportReport, Error> {
    let _ = (act, tx, command);
    todo!()
}
