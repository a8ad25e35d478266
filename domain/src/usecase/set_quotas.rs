//! Setting and amending quotas.

use crate::error::Error;
use crate::id::QuotaId;
use crate::ports::WriteTx;
use crate::quota::{Basis, QuotaKey};
use crate::text::{PlanNumber, Reason};
use crate::time::Day;
use crate::usecase::Act;

/// One quota to be set or amended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QuotaSetting {
    /// What it is of.
    pub key: QuotaKey,
    /// Where its amount comes from; worked out now.
    pub basis: Basis,
    /// The day by which it is owed, within the drive.
    pub due: Option<Day>,
    /// Whether what was there before counts.
    pub counts_opening: bool,
    /// The version it is based on: 0 for a quota that must not exist yet.
    pub expected_version: i32,
}

/// Quotas of one decision, all or none; at most 1,000. Those of a basis that refers to another quota come after it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SetQuotas {
    /// The quotas; all of the same drive.
    pub quotas: Vec<QuotaSetting>,
    /// Why; demanded once the drive is open.
    pub reason: Option<Reason>,
    /// Number of the decision; demanded once the drive is open.
    pub decision: Option<PlanNumber>,
}

/// Sets quotas. Answers them in the order given.
///
/// # Errors
/// `Forbidden`, `DriveState` (closed); at `quotas.<index>`: `NotFound`, `StaleVersion`, `IndicatorNotInDrive`,
/// `UnitOutsideDrive`, `BaselineMissing`, `QuotaMissing`, `OutOfRange`, `Repeated`; `ReasonRequired`.
pub fn set_quotas(act: &Act, tx: &mut dyn WriteTx, command: &SetQuotas) -> Result<Vec<QuotaId>, Error> {
    let _ = (act, tx, command);
    todo!()
}
