//! How a share was worked out, in figures: `17410 × 7124 / 45934`.

use super::spread::Sharer;
use crate::exact::Exact;
use crate::quota::allocate::{Allotment, Shaped};

/// What the sharers without a bound have in common: they share `total − bound` by their weights.
pub(super) struct Formula {
    total: Exact,
    /// What goes to those at a floor, at a ceiling or locked.
    bound: Exact,
    /// The weights of the others.
    weights: Exact,
}

impl Formula {
    pub(super) fn new(total: &Exact, sharers: &[Sharer], shares: &[Allotment]) -> Self {
        let mut formula = Self { total: total.clone(), bound: Exact::zero(), weights: Exact::zero() };
        for (sharer, share) in sharers.iter().zip(shares) {
            if share.shaped == Shaped::Weight {
                formula.weights = &formula.weights + &sharer.weight_or_none();
            } else {
                formula.bound = &formula.bound + &share.exact;
            }
        }
        formula
    }

    /// The formula of one share, in signs that every language reads.
    pub(super) fn explain(&self, sharer: &Sharer, share: &Allotment) -> String {
        let by_weight = match share.shaped {
            Shaped::Locked => return share.amount.to_string(),
            _ => self.by_weight(&sharer.weight_or_none()),
        };
        let formula = match (share.shaped, by_weight) {
            (Shaped::Weight, formula) => formula.unwrap_or_else(|| share.exact.to_string()),
            (Shaped::Floor, Some(formula)) => format!("max({formula}, {bound})", bound = share.exact),
            (Shaped::Ceiling, Some(formula)) => format!("min({formula}, {bound})", bound = share.exact),
            (_, None) | (Shaped::Locked, _) => share.exact.to_string(),
        };
        if share.amount == share.exact {
            return formula;
        }
        format!("{formula} → {amount}", amount = share.amount)
    }

    fn by_weight(&self, weight: &Exact) -> Option<String> {
        if self.weights.is_zero() || weight.is_zero() {
            return None;
        }
        let (total, weights) = (bracketed(&self.total), bracketed(&self.weights));
        let free = if self.bound.is_zero() { total } else { format!("({total} − {bound})", bound = self.bound) };
        if *weight == 1.into() {
            return Some(format!("{free} / {weights}"));
        }
        Some(format!("{free} × {weight} / {weights}", weight = bracketed(weight)))
    }
}

fn bracketed(value: &Exact) -> String {
    if value.is_integer() { value.to_string() } else { format!("({value})") }
}
