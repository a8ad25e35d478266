//! Finding units: by name, by path of names.

use crate::access::Actor;
use crate::error::Error;
use crate::ports::ReadTx;
use crate::text::UnitName;
use crate::time::Day;
use crate::unit::Unit;

/// What a search by name found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NameMatches {
    /// The name itself, without regard to case, to tone-mark placement, and, where the question has no diacritics, to
    /// diacritics.
    pub matches: Vec<Unit>,
    /// What may have been meant: other diacritics, other spelling (`Hòn Quản` → `Hớn Quản`). At most 10.
    pub near: Vec<Unit>,
}

/// Finds units in scope by name on a day. A kind before the name (`xã`, `huyện`) narrows the search.
///
/// # Errors
/// `Forbidden`, or a failure of storage.
pub fn find_units_by_name(actor: &Actor, tx: &mut dyn ReadTx, name: &UnitName, on: Day) -> Result<NameMatches, Error> {
    let _ = (actor, tx, name, on);
    todo!()
}

/// Finds the unit in scope that a path of names leads to, outermost first: `["Lạng Sơn", "Bình Gia", "Tân Văn"]`. Each
/// name is found under the one before it, at any depth.
///
/// # Errors
/// `NotFound` (at the index of the name), `Ambiguous`, `Forbidden`.
pub fn find_unit_by_path(actor: &Actor, tx: &mut dyn ReadTx, path: &[UnitName], on: Day) -> Result<Unit, Error> {
    let _ = (actor, tx, path, on);
    todo!()
}

/// The unit and everything above it that is in scope, nearest first, on a day.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub fn ancestors(actor: &Actor, tx: &mut dyn ReadTx, unit: crate::id::UnitId, on: Day) -> Result<Vec<Unit>, Error> {
    let _ = (actor, tx, unit, on);
    todo!()
}
