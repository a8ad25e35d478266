use super::*;
use crate::id::UnitId;

fn unit(id: i64) -> Holder {
    Holder::Unit(UnitId::new(id))
}

fn sharer(id: i64, weight: i64) -> Sharer {
    Sharer::new(unit(id), Some(weight.into()))
}

fn figures(lines: &[CascadeLine]) -> Vec<String> {
    let unit = |holder| if let Holder::Unit(unit) = holder { unit.get() } else { 0 };
    lines
        .iter()
        .map(|line| format!("{} < {}: {} = {}", unit(line.holder), unit(line.above), line.amount, line.explanation))
        .collect()
}

#[test]
fn each_level_shares_what_the_one_above_got() {
    let district = Sharer { below: vec![sharer(21, 1), sharer(22, 1), sharer(23, 1)], ..sharer(2, 2) };
    let lines = spread(&100.into(), unit(1), &[district, sharer(3, 1)], Division::ByWeight, Rounding::LargestRemainder);
    let expected = [
        "2 < 1: 67 = 100 × 2 / 3 → 67",
        "21 < 2: 23 = 67 / 3 → 23",
        "22 < 2: 22 = 67 / 3 → 22",
        "23 < 2: 22 = 67 / 3 → 22",
        "3 < 1: 33 = 100 / 3 → 33",
    ];
    assert_eq!(lines.map(|lines| figures(&lines)), Ok(expected.map(str::to_owned).to_vec()));
}

#[test]
fn bounds_and_locks_explain_themselves() {
    let capped = Sharer { ceiling: Some(20), ..sharer(2, 8) };
    let raised = Sharer { floor: Some(30), ..sharer(3, 1) };
    let locked = Sharer { locked: Some(10.into()), before: Some((10.into(), 4)), ..sharer(4, 1) };
    let sharers = [capped, raised, locked, sharer(5, 2), Sharer::new(unit(6), None)];
    let lines = spread(&100.into(), unit(1), &sharers, Division::ByWeight, Rounding::HalfUpEach);
    let expected = [
        "2 < 1: 20 = min((100 − 60) × 8 / 2, 20)",
        "3 < 1: 30 = max((100 − 60) / 2, 30)",
        "4 < 1: 10 = 10",
        "5 < 1: 40 = (100 − 60) × 2 / 2",
        "6 < 1: 0 = 0",
    ];
    assert_eq!(lines.map(|lines| figures(&lines)), Ok(expected.map(str::to_owned).to_vec()));
}

#[test]
fn given_amounts_have_to_add_up_and_fit() {
    let given = |id, amount: i64| Sharer { given: Some(amount.into()), ..sharer(id, 0) };
    let divide = |sharers: &[Sharer]| {
        spread(&100.into(), unit(1), sharers, Division::AsGiven, Rounding::LargestRemainder)
            .map(|lines| figures(&lines))
            .map_err(|impossible| (impossible.holder, impossible.problem.code()))
    };
    let locked = Sharer { locked: Some(10.into()), ..sharer(4, 0) };
    assert_eq!(
        divide(&[given(2, 60), given(3, 30), locked.clone()]),
        Ok(vec!["2 < 1: 60 = 60".into(), "3 < 1: 30 = 30".into(), "4 < 1: 10 = 10".into()])
    );
    assert_eq!(divide(&[given(2, 60), given(3, 41)]), Err((unit(1), Code::SumMismatch)));
    let capped = Sharer { ceiling: Some(50), ..given(2, 60) };
    assert_eq!(divide(&[capped, given(3, 40)]), Err((unit(1), Code::OutOfRange)));
    assert_eq!(divide(&[]), Err((unit(1), Code::NoChildren)));
}

#[test]
fn the_holder_without_any_weight_below_is_named() {
    let district = Sharer { below: vec![Sharer::new(unit(21), None)], ..sharer(2, 1) };
    let refused = spread(&100.into(), unit(1), &[district], Division::ByWeight, Rounding::HalfUpEach);
    assert_eq!(refused.err().map(|refused| (refused.holder, refused.problem.code())), Some((unit(2), Code::NoWeight)));
}
