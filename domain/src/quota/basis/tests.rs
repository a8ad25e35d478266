use super::*;
use crate::id::{DriveId, UnitId};
use crate::problem::Language;
use crate::quota::Holder;

const GROUP: GroupId = GroupId::new(1);
const ELIGIBLE: IndicatorId = IndicatorId::new(2);

fn exact(text: &str) -> Exact {
    Exact::parse(text).unwrap_or_else(|_| Exact::zero())
}

fn evaluated(basis: &Basis, baseline: Option<i64>, quota: Option<&str>, places: Option<u32>) -> Result<String, String> {
    let quota = quota.map(exact);
    let figures = BasisFigures {
        holder: "25195 Huyện Hớn Quản",
        baseline: baseline.and_then(|count| Count::new(count).ok()),
        quota: quota.as_ref(),
        plan_days: 65,
        places,
    };
    evaluate(basis, &figures)
        .map(|found| format!("{explanation} = {amount}", explanation = found.explanation, amount = found.amount))
        .map_err(|problem| format!("{} {}", problem.field(), problem.code().as_str()))
}

#[test]
fn every_form_of_the_plans_is_worked_out_and_explained() {
    let percent = Basis::PercentOfBaseline { percent: exact("80"), group: GROUP, indicator: ELIGIBLE };
    assert_eq!(evaluated(&percent, Some(862_985), None, None), Ok("80 % × 862985 = 690388".into()));
    let rest = Basis::PercentOfRest { percent: exact("80"), phase: PhaseId::new(1), group: GROUP, indicator: ELIGIBLE };
    assert_eq!(evaluated(&rest, Some(862_985), Some("500000"), None), Ok("80 % × (862985 − 500000) = 290388".into()));
    let fifth = Basis::ShareOfTotal { percent: exact("20"), total: ELIGIBLE };
    assert_eq!(evaluated(&fifth, None, Some("290388"), None), Ok("20 % × 290388 = 290388/5".into()));
    let villages = Basis::PerDay { rate: exact("5"), per: RatePer::Village };
    assert_eq!(evaluated(&villages, None, None, Some(12)), Ok("5 × 12 × 65 = 3900".into()));
    let whole = Basis::PerDay { rate: exact("5"), per: RatePer::Holder };
    assert_eq!(evaluated(&whole, None, None, None), Ok("5 × 65 = 325".into()));
    let shifts = Basis::PerShift { rate: exact("160"), shifts: 38 };
    assert_eq!(evaluated(&shifts, None, None, None), Ok("160 × 38 = 6080".into()));
    let officials = Basis::PerHead { rate: exact("10"), group: GROUP, indicator: ELIGIBLE };
    assert_eq!(evaluated(&officials, Some(350), None, None), Ok("10 × 350 = 3500".into()));
    assert_eq!(evaluated(&Basis::Absolute { amount: exact("17410") }, None, None, None), Ok("17410 = 17410".into()));
}

#[test]
fn nothing_that_is_left_goes_below_zero() {
    let rest = Basis::PercentOfRest { percent: exact("80"), phase: PhaseId::new(1), group: GROUP, indicator: ELIGIBLE };
    assert_eq!(evaluated(&rest, Some(10), Some("12"), None), Ok("80 % × (10 − 12) = 0".into()));
}

#[test]
fn what_is_missing_or_out_of_range_is_named_with_its_place() {
    let percent =
        |percent: &str| Basis::PercentOfBaseline { percent: exact(percent), group: GROUP, indicator: ELIGIBLE };
    assert_eq!(evaluated(&percent("80"), None, None, None), Err("basis BASELINE_MISSING".into()));
    assert_eq!(evaluated(&percent("101"), Some(1), None, None), Err("basis.percent OUT_OF_RANGE".into()));
    assert_eq!(evaluated(&percent("-1"), Some(1), None, None), Err("basis.percent OUT_OF_RANGE".into()));
    let villages = Basis::PerDay { rate: exact("5"), per: RatePer::Village };
    assert_eq!(evaluated(&villages, None, None, Some(0)), Err("basis.per BASELINE_MISSING".into()));
    let third = Basis::ShareOfTotal { percent: exact("1"), total: ELIGIBLE };
    assert_eq!(evaluated(&third, None, None, None), Err("basis.refers QUOTA_MISSING".into()));
    assert_eq!(
        evaluated(&Basis::PerShift { rate: exact("-160"), shifts: 1 }, None, None, None),
        Err("basis.rate OUT_OF_RANGE".into())
    );
    let huge = Basis::PerShift { rate: exact("1000000000000"), shifts: 2 };
    assert_eq!(evaluated(&huge, None, None, None), Err("basis OUT_OF_RANGE".into()));
    let share = Basis::Share { of: Holder::Unit(UnitId::new(1)) };
    assert_eq!(evaluated(&share, None, None, None), Err("basis SHARE_WITHOUT_CASCADE".into()));
}

#[test]
fn a_missing_baseline_names_the_unit() {
    let percent = Basis::PercentOfBaseline { percent: exact("80"), group: GROUP, indicator: ELIGIBLE };
    let figures =
        BasisFigures { holder: "25195 Huyện Hớn Quản", baseline: None, quota: None, plan_days: 1, places: None };
    let text = evaluate(&percent, &figures).map_err(|problem| problem.text(Language::Vi));
    assert_eq!(text.err().as_deref(), Some("Chưa có số liệu gốc của 25195 Huyện Hớn Quản."));
}

#[test]
fn references_keep_the_holder() {
    let key = QuotaKey {
        drive: DriveId::new(1),
        phase: Some(PhaseId::new(2)),
        holder: Holder::Unit(UnitId::new(3)),
        indicator: IndicatorId::new(4),
        group: GROUP,
    };
    let fifth = Basis::ShareOfTotal { percent: exact("20"), total: IndicatorId::new(9) };
    assert_eq!(fifth.quota(&key), Some(QuotaKey { indicator: IndicatorId::new(9), ..key }));
    let rest = Basis::PercentOfRest { percent: exact("80"), phase: PhaseId::new(1), group: GROUP, indicator: ELIGIBLE };
    assert_eq!(rest.quota(&key), Some(QuotaKey { phase: Some(PhaseId::new(1)), ..key }));
}
