//! Sharing one amount among several, exactly: nothing is lost and nothing invented.

mod level;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;

use crate::exact::Exact;
use crate::problem::{Code, Problem};

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
/// Each unlocked share is `clamp(λ × weight, floor, ceiling)` for the one λ at which all add up. A claim without weight
/// stays at its floor. Floors and ceilings are whole, so that rounding a share up or down never leaves them.
///
/// # Errors
/// `NoChildren`, `NoWeight`, `FloorsTooHigh`, `CeilingsTooLow`, `TotalNotWhole`; `BoundsCrossed` at `claims.<index>`.
pub fn allocate(total: &Exact, claims: &[Claim], rounding: Rounding) -> Result<Vec<Allotment>, Problem> {
    if claims.is_empty() {
        return Err(Problem::new(Code::NoChildren));
    }
    let ranges = ranges(claims)?;
    let locked: Exact = claims.iter().filter_map(|claim| claim.locked.as_ref()).sum();
    let rest = total - &locked;
    if rounding == Rounding::LargestRemainder && !rest.is_integer() {
        return Err(Problem::new(Code::TotalNotWhole).with("actual", rest));
    }
    require_room(&rest, &ranges)?;
    let level = level::find(&rest, &ranges);
    let mut shares: Vec<Allotment> = claims
        .iter()
        .zip(&ranges)
        .map(|(claim, range)| match &claim.locked {
            Some(amount) => Allotment { exact: amount.clone(), amount: amount.clone(), shaped: Shaped::Locked },
            None => share(&level, range),
        })
        .collect();
    if rounding == Rounding::LargestRemainder {
        round_by_largest_remainder(&rest, &mut shares);
    }
    Ok(shares)
}

/// What an unlocked claim can take; a locked one takes nothing here.
struct Range {
    weight: Exact,
    floor: Exact,
    ceiling: Option<Exact>,
    locked: bool,
}

fn ranges(claims: &[Claim]) -> Result<Vec<Range>, Problem> {
    let range = |(index, claim): (usize, &Claim)| {
        let floor = claim.floor.unwrap_or(0).max(0);
        if let Some(ceiling) = claim.ceiling.filter(|ceiling| *ceiling < floor) {
            let crossed = Problem::new(Code::BoundsCrossed).with("floor", floor).with("ceiling", ceiling);
            return Err(crossed.at(format_args!("claims.{index}")));
        }
        Ok(Range {
            weight: claim.weight.clone().at_least_zero(),
            floor: floor.into(),
            ceiling: claim.ceiling.map(Exact::from),
            locked: claim.locked.is_some(),
        })
    };
    claims.iter().enumerate().map(range).collect()
}

/// Demands that `rest` lies between what the claims must take and what they can.
fn require_room(rest: &Exact, ranges: &[Range]) -> Result<(), Problem> {
    let open = || ranges.iter().filter(|range| !range.locked);
    let least: Exact = open().map(|range| &range.floor).sum();
    if *rest < least {
        return Err(Problem::new(Code::FloorsTooHigh).with("over", &least - rest));
    }
    let unbounded = open().any(|range| !range.weight.is_zero() && range.ceiling.is_none());
    let most: Exact = open()
        .map(|range| if range.weight.is_zero() { &range.floor } else { range.ceiling.as_ref().unwrap_or(&range.floor) })
        .sum();
    if unbounded || *rest <= most {
        return Ok(());
    }
    let weightless = open().count() > 0 && open().all(|range| range.weight.is_zero());
    Err(if weightless {
        Problem::new(Code::NoWeight)
    } else {
        Problem::new(Code::CeilingsTooLow).with("short", rest - &most)
    })
}

fn share(level: &Exact, range: &Range) -> Allotment {
    let wanted = level * &range.weight;
    let (exact, shaped) = match &range.ceiling {
        Some(ceiling) if wanted > *ceiling => (ceiling.clone(), Shaped::Ceiling),
        _ if wanted < range.floor => (range.floor.clone(), Shaped::Floor),
        _ => (wanted, Shaped::Weight),
    };
    Allotment { amount: exact.clone(), exact, shaped }
}

/// Rounds every share down, then gives what is missing, one each, to the largest fractions; ties by order.
fn round_by_largest_remainder(rest: &Exact, shares: &mut [Allotment]) {
    let mut given = Exact::zero();
    let mut fractions = Vec::new();
    for (index, share) in shares.iter_mut().enumerate().filter(|(_, share)| share.shaped != Shaped::Locked) {
        let fraction = share.exact.fraction();
        share.amount = &share.exact - &fraction;
        given = &given + &share.amount;
        if !fraction.is_zero() {
            fractions.push((Reverse(fraction), index));
        }
    }
    fractions.sort();
    let missing = usize::try_from((rest - &given).floor()).unwrap_or(0);
    for (_, index) in fractions.into_iter().take(missing) {
        if let Some(share) = shares.get_mut(index) {
            share.amount = &share.amount + &Exact::from(1);
        }
    }
}
