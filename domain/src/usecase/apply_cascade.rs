//! The cascade as a use case: the same reckoning previewed, then applied.

use crate::access::Actor;
use crate::error::Error;
use crate::exact::Exact;
use crate::id::QuotaId;
use crate::ports::{ReadTx, WriteTx};
use crate::problem::Problem;
use crate::quota::cascade::{CascadeLine, CascadePlan};
use crate::text::{PlanNumber, Reason};
use crate::usecase::Act;

/// What a cascade would change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CascadePreview {
    /// The quota that is shared.
    pub total: Exact,
    /// Its version: sent back when the cascade is applied.
    pub version: i32,
    /// Every figure, holders above before those below, siblings by code.
    pub lines: Vec<CascadeLine>,
    /// The sum of the first level's printed figures, beside the printed total.
    pub printed_sum: i64,
    /// Where printed figures don't add up, where a child has no baseline.
    pub findings: Vec<Problem>,
}

/// A cascade to be applied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApplyCascade {
    /// What is asked for.
    pub plan: CascadePlan,
    /// The version of the shared quota that was previewed.
    pub expected_version: i32,
    /// Why; demanded once the drive is open.
    pub reason: Option<Reason>,
    /// Number of the decision; demanded once the drive is open.
    pub decision: Option<PlanNumber>,
}

/// Works out a cascade without changing anything.
///
/// # Errors
/// `Forbidden`, `NotFound`, `QuotaMissing`, `NoChildren`, `NoWeight`, `FloorsTooHigh`, `CeilingsTooLow`, `SumMismatch`,
/// `TotalNotWhole`.
pub fn preview_cascade(actor: &Actor, tx: &mut dyn ReadTx, plan: &CascadePlan) -> Result<CascadePreview, Error> {
    let _ = (actor, tx, plan);
    todo!()
}

/// Applies a cascade, all or nothing: holders whose figure changes get an amendment. Answers the quotas of the lines,
/// in their order.
///
/// # Errors
/// As [`preview_cascade`], and `StaleVersion`, `DriveState`, `ReasonRequired`.
pub fn apply_cascade(act: &Act, tx: &mut dyn WriteTx, command: &ApplyCascade) -> Result<Vec<QuotaId>, Error> {
    let _ = (act, tx, command);
    todo!()
}
