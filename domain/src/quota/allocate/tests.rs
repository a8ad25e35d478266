use super::*;

fn claim(weight: i64) -> Claim {
    Claim { weight: weight.into(), floor: None, ceiling: None, locked: None }
}

fn amounts(total: &str, claims: &[Claim], rounding: Rounding) -> Result<Vec<String>, (Code, String)> {
    let total = Exact::parse(total).unwrap_or_else(|_| Exact::zero());
    allocate(&total, claims, rounding)
        .map(|shares| shares.iter().map(|share| share.amount.to_string()).collect())
        .map_err(|problem| {
            let figure = problem.params().first().map(|(_, value)| value.clone()).unwrap_or_default();
            (problem.code(), figure)
        })
}

fn whole(total: i64, claims: &[Claim]) -> Result<Vec<String>, (Code, String)> {
    amounts(&total.to_string(), claims, Rounding::LargestRemainder)
}

#[test]
fn shares_follow_the_weights_and_ties_follow_the_order() {
    assert_eq!(whole(10, &[claim(1), claim(1), claim(1)]), Ok(vec!["4".into(), "3".into(), "3".into()]));
    let exact = amounts("10", &[claim(1), claim(2)], Rounding::HalfUpEach);
    assert_eq!(exact, Ok(vec!["10/3".into(), "20/3".into()]));
}

#[test]
fn what_does_not_fit_under_a_ceiling_spills_over() {
    let capped = Claim { ceiling: Some(20), ..claim(8) };
    assert_eq!(whole(100, &[capped.clone(), claim(1), claim(1)]), Ok(vec!["20".into(), "40".into(), "40".into()]));
    assert_eq!(whole(100, &[capped.clone(), capped]), Err((Code::CeilingsTooLow, "60".into())));
}

#[test]
fn a_floor_is_taken_from_the_others() {
    let raised = Claim { floor: Some(30), ..claim(1) };
    assert_eq!(whole(100, &[raised.clone(), claim(9)]), Ok(vec!["30".into(), "70".into()]));
    assert_eq!(whole(50, &[raised.clone(), raised]), Err((Code::FloorsTooHigh, "10".into())));
}

#[test]
fn a_claim_without_weight_stays_at_its_floor() {
    let raised = Claim { floor: Some(5), ..claim(0) };
    assert_eq!(whole(20, &[claim(0), raised.clone(), claim(3)]), Ok(vec!["0".into(), "5".into(), "15".into()]));
    assert_eq!(whole(5, &[claim(0), raised.clone()]), Ok(vec!["0".into(), "5".into()]));
    assert_eq!(whole(6, &[claim(0), raised]), Err((Code::NoWeight, String::new())));
    assert_eq!(whole(0, &[claim(0)]), Ok(vec!["0".into()]));
}

#[test]
fn a_locked_share_is_out_of_the_reckoning() {
    let locked = |amount| Claim { locked: Exact::parse(amount).ok(), ..claim(50) };
    assert_eq!(whole(100, &[locked("40"), claim(1), claim(2)]), Ok(vec!["40".into(), "20".into(), "40".into()]));
    assert_eq!(whole(100, &[locked("120"), claim(1)]), Err((Code::FloorsTooHigh, "20".into())));
    assert_eq!(whole(100, &[locked("60")]), Err((Code::CeilingsTooLow, "40".into())));
    assert_eq!(whole(100, &[locked("1/2"), claim(1)]), Err((Code::TotalNotWhole, "199/2".into())));
}

#[test]
fn whole_shares_need_a_whole_total_and_bounds_in_order() {
    assert_eq!(amounts("21/2", &[claim(1)], Rounding::LargestRemainder), Err((Code::TotalNotWhole, "21/2".into())));
    let crossed = Claim { floor: Some(3), ceiling: Some(2), ..claim(1) };
    let refused = allocate(&Exact::from(5), &[claim(1), crossed], Rounding::HalfUpEach);
    assert_eq!(refused.map_err(|problem| (problem.code(), problem.field().to_owned())).err(), {
        Some((Code::BoundsCrossed, "claims.1".to_owned()))
    });
    assert_eq!(whole(5, &[]), Err((Code::NoChildren, String::new())));
}

#[test]
fn floors_and_ceilings_meet_on_a_level_between() {
    let between = |floor, ceiling, weight| Claim { floor: Some(floor), ceiling: Some(ceiling), ..claim(weight) };
    let claims = [between(10, 12, 1), between(0, 5, 4), between(1, 90, 2)];
    assert_eq!(whole(11, &claims), Ok(vec!["10".into(), "0".into(), "1".into()]));
    assert_eq!(whole(107, &claims), Ok(vec!["12".into(), "5".into(), "90".into()]));
    assert_eq!(whole(30, &claims), Ok(vec!["10".into(), "5".into(), "15".into()]));
}
