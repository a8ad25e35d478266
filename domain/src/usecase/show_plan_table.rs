//! A drive's quota table as its appendix prints it.

use crate::access::Actor;
use crate::error::Error;
use crate::id::{DriveId, UnitId};
use crate::plan::PlanTable;
use crate::ports::ReadTx;

/// Works out the table of the drive for the children of `unit` (the drive's own unit when `None`) that are in scope.
/// Totals are given only where all children are.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn show_plan_table(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    drive: DriveId,
    unit: Option<UnitId>,
) -> Result<PlanTable, Error> {
    let _ = (actor, tx, drive, unit);
    todo!()
}
