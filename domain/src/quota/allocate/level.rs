//! The level λ at which `clamp(λ × weight, floor, ceiling)` adds up to what there is, found by sorting break points.

use super::Range;
use crate::exact::Exact;

/// A level at which a claim leaves its floor or meets its ceiling.
struct Break {
    at: Exact,
    /// What the claim takes up to here as a constant (negative: no longer).
    constant: Exact,
    /// What it adds to the weights from here on.
    weight: Exact,
}

/// Finds the level. The caller has made sure that there is one: floors and ceilings leave room for `rest`.
///
/// Between two break points the sum is `constant + λ × weights`, so one pass over the sorted points suffices and no
/// number grows with the count of claims.
pub(super) fn find(rest: &Exact, ranges: &[Range]) -> Exact {
    let mut constant = Exact::zero();
    let mut weights = Exact::zero();
    let mut breaks = Vec::new();
    for range in ranges.iter().filter(|range| !range.locked) {
        constant = &constant + &range.floor;
        if range.floor.is_zero() {
            weights = &weights + &range.weight;
        } else if let Some(at) = range.floor.checked_div(&range.weight) {
            let gone = &Exact::zero() - &range.floor;
            breaks.push(Break { at, constant: gone, weight: range.weight.clone() });
        }
        if let Some((ceiling, at)) =
            range.ceiling.as_ref().and_then(|ceiling| Some((ceiling, ceiling.checked_div(&range.weight)?)))
        {
            let gone = &Exact::zero() - &range.weight;
            breaks.push(Break { at, constant: ceiling.clone(), weight: gone });
        }
    }
    breaks.sort_by(|one, other| one.at.cmp(&other.at));
    for point in &breaks {
        if &constant + &(&weights * &point.at) >= *rest {
            break;
        }
        constant = &constant + &point.constant;
        weights = &weights + &point.weight;
    }
    // Without weights nothing is left to share: everybody stands at a floor.
    (rest - &constant).checked_div(&weights).unwrap_or_else(Exact::zero)
}
