//! Sharing one amount among several, exactly: nothing is lost and nothing invented.

use crate::exact::Exact;
use crate::problem::Problem;

/// How shares become figures.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Rounding {
    /// Whole shares that always add up: the largest fractions are rounded up. For quotas that people work by.
    LargestRemainder,
    /// Shares stay exact; each printed cell is rounded half-up on its own, as the plans' tables are (rule 6).
    HalfUpEach,
}

/// One who takes part.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claim {
    /// Share in proportion to this, at least 0.
    pub weight: Exact,
    /// At least so much.
    pub floor: Option<i64>,
    /// At most so much; what does not fit spills over to the others.
    pub ceiling: Option<i64>,
    /// Exactly so much, out of the reckoning of the others.
    pub locked: Option<Exact>,
}

/// What shaped a share, for its explanation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Shaped {
    /// By its weight alone.
    Weight,
    /// Raised to its floor.
    Floor,
    /// Cut at its ceiling.
    Ceiling,
    /// Locked beforehand.
    Locked,
}

/// One share.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Allotment {
    /// The share before rounding.
    pub exact: Exact,
    /// The share that is given: whole under [`Rounding::LargestRemainder`], otherwise the exact one.
    pub amount: Exact,
    /// What shaped it.
    pub shaped: Shaped,
}

/// Shares `total` among `claims`, in their order; the amounts add up to `total` exactly.
///
/// Each unlocked share is `clamp(λ × weight, floor, ceiling)` for the one λ at which all add up.
///
/// # Errors
/// `NoChildren`, `NoWeight`, `FloorsTooHigh`, `CeilingsTooLow`, `BoundsCrossed`, `TotalNotWhole`; places are
/// `claims.<index>`.
pub fn allocate(total: &Exact, claims: &[Claim], rounding: Rounding) -> Result<Vec<Allotment>, Problem> {
    let _ = (total, claims, rounding);
    todo!()
}
