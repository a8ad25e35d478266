//! Spreading an amount over a tree of sharers: at every level the shares add up to what is shared, always.

#[cfg(test)]
mod tests;

use super::CascadeLine;
use super::explain::Formula;
use crate::exact::Exact;
use crate::problem::{Code, Problem};
use crate::quota::Holder;
use crate::quota::allocate::{Allotment, Claim, Rounding, Shaped, allocate};

/// One who takes part, with those below who share what it gets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sharer {
    /// Who.
    pub holder: Holder,
    /// In proportion to what; `None` where no figure is known, which counts as nothing and is reported.
    pub weight: Option<Exact>,
    /// What it owes now, with the version of that quota.
    pub before: Option<(Exact, i32)>,
    /// At least so much.
    pub floor: Option<i64>,
    /// At most so much.
    pub ceiling: Option<i64>,
    /// Exactly so much, whatever the others get.
    pub locked: Option<Exact>,
    /// So much, as somebody decided, under [`Division::AsGiven`]; nothing when not named.
    pub given: Option<Exact>,
    /// Those below.
    pub below: Vec<Self>,
}

impl Sharer {
    /// One of a weight, with nothing known of it so far.
    #[must_use]
    pub const fn new(holder: Holder, weight: Option<Exact>) -> Self {
        Self { holder, weight, before: None, floor: None, ceiling: None, locked: None, given: None, below: Vec::new() }
    }

    pub(super) fn weight_or_none(&self) -> Exact {
        self.weight.clone().unwrap_or_else(Exact::zero)
    }
}

/// How an amount is divided.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Division {
    /// By weight, within bounds.
    ByWeight,
    /// As given; the amounts have to add up.
    AsGiven,
}

/// A division that is not possible, with the holder whose amount it is of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Impossible {
    /// Whose amount.
    pub holder: Holder,
    /// Why.
    pub problem: Problem,
}

/// Spreads `total`, which `above` owes, over `sharers` and over those below them, in pre-order.
///
/// A sharer with nobody below keeps its share; the others' shares are divided again, exactly.
///
/// # Errors
/// Those of [`allocate`], and `SumMismatch`, `OutOfRange` and `TotalNotWhole` for given amounts.
pub fn spread(
    total: &Exact,
    above: Holder,
    sharers: &[Sharer],
    division: Division,
    rounding: Rounding,
) -> Result<Vec<CascadeLine>, Impossible> {
    let shares = match division {
        Division::ByWeight => allocate(total, &claims(sharers), rounding),
        Division::AsGiven => as_given(total, sharers, rounding),
    };
    let shares = shares.map_err(|problem| Impossible { holder: above, problem })?;
    let formula = (division == Division::ByWeight).then(|| Formula::new(total, sharers, &shares));
    let mut lines = Vec::with_capacity(sharers.len());
    for (sharer, share) in sharers.iter().zip(shares) {
        let amount = share.amount.clone();
        lines.push(CascadeLine {
            holder: sharer.holder,
            above,
            before: sharer.before.as_ref().map(|(amount, _)| amount.clone()),
            before_version: sharer.before.as_ref().map_or(0, |(_, version)| *version),
            explanation: formula.as_ref().map_or_else(|| amount.to_string(), |formula| formula.explain(sharer, &share)),
            exact: share.exact,
            amount: share.amount,
            shaped: share.shaped,
        });
        if !sharer.below.is_empty() {
            lines.extend(spread(&amount, sharer.holder, &sharer.below, division, rounding)?);
        }
    }
    Ok(lines)
}

fn claims(sharers: &[Sharer]) -> Vec<Claim> {
    let claim = |sharer: &Sharer| Claim {
        weight: sharer.weight_or_none(),
        floor: sharer.floor,
        ceiling: sharer.ceiling,
        locked: sharer.locked.clone(),
    };
    sharers.iter().map(claim).collect()
}

fn as_given(total: &Exact, sharers: &[Sharer], rounding: Rounding) -> Result<Vec<Allotment>, Problem> {
    if sharers.is_empty() {
        return Err(Problem::new(Code::NoChildren));
    }
    let mut shares = Vec::with_capacity(sharers.len());
    for sharer in sharers {
        let (amount, shaped) = match (&sharer.locked, &sharer.given) {
            (Some(locked), _) => (locked.clone(), Shaped::Locked),
            (None, given) => (given.clone().unwrap_or_else(Exact::zero), Shaped::Weight),
        };
        if shaped == Shaped::Weight {
            require_fitting(&amount, sharer, rounding)?;
        }
        shares.push(Allotment { exact: amount.clone(), amount, shaped });
    }
    let sum: Exact = shares.iter().map(|share| &share.amount).sum();
    if sum == *total {
        return Ok(shares);
    }
    Err(Problem::new(Code::SumMismatch).with("actual", sum).with("expected", total))
}

fn require_fitting(amount: &Exact, sharer: &Sharer, rounding: Rounding) -> Result<(), Problem> {
    let floor = Exact::from(sharer.floor.unwrap_or(0).max(0));
    if *amount < floor || sharer.ceiling.is_some_and(|ceiling| *amount > ceiling.into()) {
        let max = sharer.ceiling.map_or_else(|| "∞".to_owned(), |ceiling| ceiling.to_string());
        return Err(Problem::new(Code::OutOfRange).with("actual", amount).with("min", floor).with("max", max));
    }
    if rounding == Rounding::LargestRemainder && !amount.is_integer() {
        return Err(Problem::new(Code::TotalNotWhole).with("actual", amount));
    }
    Ok(())
}
