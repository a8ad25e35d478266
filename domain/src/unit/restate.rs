//! Restating figures from the tree as it was onto the tree of another day, by the lineage.

use std::collections::BTreeMap;

use crate::exact::Exact;
use crate::id::UnitId;
use crate::progress::Restated;
use crate::time::Day;
use crate::unit::Lineage;
use crate::unit::tree::Tree;

/// Where a unit's own figures of a day belong on another tree.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Destination {
    /// The successors with their parts; the parts add up to 1 unless the unit ended without a known successor.
    pub parts: BTreeMap<UnitId, Exact>,
    /// Whether a part rests on a split without known shares, spread evenly.
    pub estimated: bool,
}

/// Follows the lineage of a unit's own figures of `day` to the tree `onto`: forwards over reforms after `day` up to
/// `onto.day()`, or backwards when `onto` lies before (a merge is undone evenly, flagged as estimated).
#[must_use]
pub fn destination(unit: UnitId, day: Day, lineage: &[Lineage], onto: &Tree) -> Destination {
    let _ = (unit, day, lineage, onto);
    todo!()
}

/// Own figures (unit → figure) of one stretch of days in which the tree did not change, restated onto `onto`, summed for
/// the subtree of `unit` there.
#[must_use]
pub fn restate(figures: &[(UnitId, i64)], day: Day, lineage: &[Lineage], onto: &Tree, unit: UnitId) -> Restated {
    let _ = (figures, day, lineage, onto, unit);
    todo!()
}
