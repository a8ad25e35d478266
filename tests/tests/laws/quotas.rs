//! Sharing and cascading: no unit of quota is lost or made up, whatever the shape, the bounds and the rounding.

use std::collections::BTreeMap;

use caodiem_domain::exact::Exact;
use caodiem_domain::id::UnitId;
use caodiem_domain::problem::Code;
use caodiem_domain::quota::Holder;
use caodiem_domain::quota::allocate::{Allotment, Claim, Rounding, Shaped, allocate};
use caodiem_domain::quota::cascade::CascadeLine;
use caodiem_domain::quota::cascade::spread::{Division, Sharer, spread};
use proptest::prelude::*;

/// The holder of the amount that is shared.
const TOP: Holder = Holder::Unit(UnitId::new(0));

fn rounding() -> impl Strategy<Value = Rounding> {
    prop_oneof![Just(Rounding::LargestRemainder), Just(Rounding::HalfUpEach)]
}

fn amount() -> impl Strategy<Value = Exact> {
    prop_oneof![
        4 => (0_i64..2_000_000).prop_map(Exact::from),
        1 => (0_i64..2_000_000, 1_i64..60).prop_map(|(over, under)| Exact::ratio(over, under).expect("not nought")),
    ]
}

fn claim() -> impl Strategy<Value = Claim> {
    let weight = prop_oneof![1 => Just(0_i64), 4 => 0_i64..50, 4 => 0_i64..1_000_000];
    let bound = || prop_oneof![3 => Just(None), 1 => (0_i64..3_000).prop_map(Some)];
    let locked = prop_oneof![6 => Just(None), 1 => (0_i64..3_000).prop_map(|amount| Some(amount.into()))];
    (weight, bound(), bound(), locked).prop_map(|(weight, one, other, locked)| {
        let (floor, ceiling) = match (one, other) {
            (Some(one), Some(other)) => (Some(one.min(other)), Some(one.max(other))),
            open => open,
        };
        Claim { weight: weight.into(), floor, ceiling, locked }
    })
}

fn sum<'a>(amounts: impl Iterator<Item = &'a Exact>) -> Exact {
    amounts.sum()
}

/// The least and the most that unlocked claims take together; no most where one has none.
fn room(claims: &[Claim]) -> (Exact, Option<Exact>) {
    let open = || claims.iter().filter(|claim| claim.locked.is_none());
    let floor = |claim: &Claim| Exact::from(claim.floor.unwrap_or(0));
    let most = |claim: &Claim| {
        if claim.weight.is_zero() { Some(floor(claim)) } else { claim.ceiling.map(Exact::from) }
    };
    (open().map(floor).sum(), open().map(most).collect::<Option<Vec<_>>>().map(|all| all.iter().sum()))
}

fn hold_bounds(claims: &[Claim], shares: &[Allotment], rounding: Rounding) -> Result<(), TestCaseError> {
    for (claim, share) in claims.iter().zip(shares) {
        if let Some(locked) = &claim.locked {
            prop_assert_eq!(&share.amount, locked);
            prop_assert_eq!(share.shaped, Shaped::Locked);
            continue;
        }
        prop_assert!(share.amount >= Exact::from(claim.floor.unwrap_or(0)));
        prop_assert!(claim.ceiling.is_none_or(|ceiling| share.amount <= ceiling.into()));
        match rounding {
            Rounding::HalfUpEach => prop_assert_eq!(&share.amount, &share.exact),
            Rounding::LargestRemainder => {
                prop_assert!(share.amount.is_integer());
                let gap = &share.amount - &share.exact;
                prop_assert!(gap < 1.into() && gap > Exact::from(-1));
            }
        }
    }
    Ok(())
}

/// Whoever is not at a bound gets in proportion to the weight.
fn hold_proportions(claims: &[Claim], shares: &[Allotment]) -> Result<(), TestCaseError> {
    let free = claims.iter().zip(shares).filter(|(_, share)| share.shaped == Shaped::Weight);
    let mut level: Option<Exact> = None;
    for (claim, share) in free {
        let Some(own) = share.exact.checked_div(&claim.weight) else {
            prop_assert!(share.exact.is_zero());
            continue;
        };
        let level = level.get_or_insert_with(|| own.clone());
        prop_assert_eq!(&own, level);
    }
    Ok(())
}

proptest! {
    #[test]
    fn shares_add_up_within_their_bounds_or_say_what_is_wrong(
        total in amount(),
        claims in prop::collection::vec(claim(), 1..25),
        rounding in rounding(),
    ) {
        let rest = &total - &sum(claims.iter().filter_map(|claim| claim.locked.as_ref()));
        let (least, most) = room(&claims);
        match allocate(&total, &claims, rounding) {
            Ok(shares) => {
                prop_assert_eq!(sum(shares.iter().map(|share| &share.amount)), total.clone());
                prop_assert_eq!(sum(shares.iter().map(|share| &share.exact)), total);
                hold_bounds(&claims, &shares, rounding)?;
                hold_proportions(&claims, &shares)?;
            }
            Err(problem) => {
                let figure = problem.params().first().map(|(_, figure)| figure.clone()).unwrap_or_default();
                match problem.code() {
                    Code::TotalNotWhole => prop_assert!(rounding == Rounding::LargestRemainder && !rest.is_integer()),
                    Code::FloorsTooHigh => {
                        prop_assert!(rest < least);
                        prop_assert_eq!(figure, (&least - &rest).to_string());
                    }
                    Code::CeilingsTooLow => {
                        let most = most.expect("a ceiling on all");
                        prop_assert!(rest > most);
                        prop_assert_eq!(figure, (&rest - &most).to_string());
                    }
                    Code::NoWeight => prop_assert!(
                        claims.iter().all(|claim| claim.locked.is_some() || claim.weight.is_zero()) && rest > least
                    ),
                    other => prop_assert!(false, "{other:?}"),
                }
            }
        }
    }

    #[test]
    fn more_to_share_takes_from_nobody(
        total in 0_i64..100_000,
        more in 1_i64..1_000,
        claims in prop::collection::vec(claim(), 1..12),
    ) {
        let shares = |total: i64| allocate(&total.into(), &claims, Rounding::HalfUpEach);
        if let (Ok(before), Ok(after)) = (shares(total), shares(total + more)) {
            for (before, after) in before.iter().zip(&after) {
                prop_assert!(before.amount <= after.amount);
            }
        }
    }
}

/// A tree of sharers up to five levels deep; holders are numbered afterwards.
fn sharers() -> impl Strategy<Value = Vec<Sharer>> {
    let weight = || prop_oneof![1 => Just(None), 8 => (0_i64..200_000).prop_map(Some)];
    let leaf = weight().prop_map(|weight| Sharer::new(TOP, weight.map(Exact::from)));
    let sharer = leaf.prop_recursive(4, 200, 6, move |below| {
        (weight(), prop::collection::vec(below, 0..6))
            .prop_map(|(weight, below)| Sharer { below, ..Sharer::new(TOP, weight.map(Exact::from)) })
    });
    prop::collection::vec(sharer, 1..8).prop_map(|mut sharers| {
        number(&mut sharers, &mut 0);
        sharers
    })
}

fn number(sharers: &mut [Sharer], last: &mut i64) {
    for sharer in sharers {
        *last += 1;
        sharer.holder = Holder::Unit(UnitId::new(*last));
        number(&mut sharer.below, last);
    }
}

/// What the first level gets decided beforehand: floors, ceilings and locks.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    floor: Option<i64>,
    ceiling: Option<i64>,
    locked: Option<i64>,
}

fn bounds() -> impl Strategy<Value = Vec<Bounds>> {
    let bound = |range: std::ops::Range<i64>| prop_oneof![2 => Just(None), 1 => range.prop_map(Some)];
    let one = (bound(0..500), bound(5_000..400_000), bound(0..5_000)).prop_map(|(floor, ceiling, locked)| Bounds {
        floor,
        ceiling,
        locked,
    });
    prop::collection::vec(one, 0..8)
}

/// At every level the lines add up to what is shared, and every sharer has exactly one.
fn hold_conservation(total: &Exact, sharers: &[Sharer], lines: &[CascadeLine]) -> Result<(), TestCaseError> {
    let mut sums: BTreeMap<Holder, Exact> = BTreeMap::new();
    for line in lines {
        let sum = sums.entry(line.above).or_insert_with(Exact::zero);
        *sum = &*sum + &line.amount;
        prop_assert!(!line.amount.is_negative());
        prop_assert!(!line.explanation.is_empty());
    }
    let shared = sums.remove(&TOP);
    prop_assert_eq!(shared.as_ref(), Some(total));
    let amounts: BTreeMap<Holder, &Exact> = lines.iter().map(|line| (line.holder, &line.amount)).collect();
    prop_assert_eq!(amounts.len(), lines.len());
    for (holder, sum) in sums {
        prop_assert_eq!(Some(&&sum), amounts.get(&holder));
    }
    let mut open: Vec<&Sharer> = sharers.iter().collect();
    let mut count = 0;
    while let Some(sharer) = open.pop() {
        prop_assert!(amounts.contains_key(&sharer.holder));
        count += 1;
        open.extend(&sharer.below);
    }
    prop_assert_eq!(count, lines.len());
    Ok(())
}

/// Gives everybody a part of what is above that adds up: halves, and the rest to the last.
fn give(total: i64, sharers: &mut [Sharer]) {
    let mut rest = total;
    let last = sharers.len().saturating_sub(1);
    for (index, sharer) in sharers.iter_mut().enumerate() {
        let part = if index == last { rest } else { rest / 2 };
        rest -= part;
        sharer.given = Some(part.into());
        give(part, &mut sharer.below);
    }
}

proptest! {
    #[test]
    fn a_cascade_conserves_at_every_level(
        total in amount(),
        mut sharers in sharers(),
        bounds in bounds(),
        rounding in rounding(),
        equal in any::<bool>(),
    ) {
        for (sharer, bounds) in sharers.iter_mut().zip(bounds) {
            sharer.floor = bounds.floor;
            sharer.ceiling = bounds.ceiling;
            sharer.locked = bounds.locked.map(Exact::from);
        }
        if equal {
            let mut open: Vec<&mut Sharer> = sharers.iter_mut().collect();
            while let Some(sharer) = open.pop() {
                sharer.weight = Some(1.into());
                open.extend(sharer.below.iter_mut());
            }
        }
        match spread(&total, TOP, &sharers, Division::ByWeight, rounding) {
            Ok(lines) => hold_conservation(&total, &sharers, &lines)?,
            Err(impossible) => prop_assert!(matches!(
                impossible.problem.code(),
                Code::TotalNotWhole | Code::FloorsTooHigh | Code::CeilingsTooLow | Code::NoWeight
            )),
        }
    }

    #[test]
    fn a_cascade_by_weights_alone_is_always_possible(
        total in 0_i64..2_000_000,
        mut sharers in sharers(),
        rounding in rounding(),
    ) {
        let mut open: Vec<&mut Sharer> = sharers.iter_mut().collect();
        while let Some(sharer) = open.pop() {
            let weight = sharer.weight.take().unwrap_or_else(Exact::zero);
            sharer.weight = Some(&weight + &1.into());
            open.extend(sharer.below.iter_mut());
        }
        let lines = spread(&total.into(), TOP, &sharers, Division::ByWeight, rounding).expect("possible");
        hold_conservation(&total.into(), &sharers, &lines)?;
    }

    #[test]
    fn given_amounts_are_taken_only_when_they_add_up(
        total in 0_i64..2_000_000,
        off in -3_i64..4,
        mut sharers in sharers(),
        rounding in rounding(),
    ) {
        give(total, &mut sharers);
        let shared = Exact::from(total + off);
        match spread(&shared, TOP, &sharers, Division::AsGiven, rounding) {
            Ok(lines) => {
                prop_assert_eq!(off, 0);
                hold_conservation(&shared, &sharers, &lines)?;
            }
            Err(impossible) => {
                prop_assert_ne!(off, 0);
                prop_assert_eq!(impossible.problem.code(), Code::SumMismatch);
                prop_assert_eq!(impossible.holder, TOP);
            }
        }
    }
}
