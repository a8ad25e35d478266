//! The rule, reason by reason, and the frozen text.
#![expect(clippy::unwrap_used, reason = "tests may panic")]

use proptest::prelude::*;

use super::list::{Author, EmulationList};
use super::sheet::{About, Candidate, Sheet, Tolerated};
use super::*;
use crate::id::{AccountId, DriveId, EmulationListId, GroupId, IndicatorId, PhaseId, UnitId};
use crate::text::Subject;
use crate::time::{Day, DayRange};
use crate::unit::Level;

fn terms() -> Terms {
    Terms {
        basis: FigureBasis::Reported,
        measure: RankMeasure::Share,
        min_quota: Exact::zero(),
        allowed_silent: 0,
        allowed_late: 0,
    }
}

/// A unit without fault that did `done` of 100.
fn facts(done: i64) -> Facts {
    Facts {
        quota: Some(100.into()),
        opening: 0,
        done: Some(done),
        value: None,
        place: Some(1),
        of: 1,
        tied: false,
        rates: Rates::new(10, 10, 10, 0),
        reported: Some(done),
        verified: None,
        official: None,
        agreement: Agreement::Incomparable,
        inspected_untrue: 0,
        settled_untrue: 0,
        settled: None,
    }
}

fn judged(facts: &Facts) -> (Proposed, bool, Vec<Code>) {
    let judgement = judge(facts, &terms());
    let codes = judgement.reasons.iter().map(Problem::code).collect();
    (judgement.proposed, judgement.is_out(), codes)
}

#[test]
fn strictly_above_the_quota_commends_and_below_criticises() {
    assert_eq!(judged(&facts(101)), (Proposed::Commend, false, vec![Code::QuotaExceeded]));
    assert_eq!(judged(&facts(100)), (Proposed::None, false, vec![Code::QuotaMet]));
    assert_eq!(judged(&facts(99)), (Proposed::Criticise, false, vec![Code::QuotaMissed]));
    let reason = judge(&facts(99), &terms()).reasons.remove(0);
    assert_eq!(reason.params(), [("result", "99".to_owned()), ("quota", "100".to_owned())]);
}

#[test]
fn a_quota_that_is_a_fraction_is_held_exactly() {
    let quota = Exact::parse("301/3").ok();
    assert_eq!(judged(&Facts { quota: quota.clone(), ..facts(100) }).0, Proposed::Criticise);
    assert_eq!(judged(&Facts { quota, ..facts(101) }).0, Proposed::Commend);
}

#[test]
fn what_was_there_before_counts_where_the_quota_counts_it() {
    assert_eq!(judged(&Facts { opening: 60, ..facts(40) }), (Proposed::None, false, vec![Code::QuotaMet]));
    assert_eq!(judged(&Facts { opening: 60, ..facts(41) }).0, Proposed::Commend);
}

#[test]
fn without_a_quota_or_a_figure_the_result_says_nothing() {
    assert_eq!(judged(&Facts { quota: None, ..facts(500) }), (Proposed::None, false, vec![Code::NoQuotaGiven]));
    assert_eq!(judged(&Facts { done: None, ..facts(0) }), (Proposed::None, false, vec![Code::NoFigureInBasis]));
}

#[test]
fn silence_puts_out_of_the_running_whatever_the_result() {
    let silent = |facts| Facts { rates: Rates::new(10, 9, 9, 0), ..facts };
    assert_eq!(judged(&silent(facts(500))), (Proposed::Criticise, true, vec![Code::QuotaExceeded, Code::KeptSilent]));
    assert_eq!(judged(&silent(facts(100))), (Proposed::Criticise, true, vec![Code::QuotaMet, Code::KeptSilent]));
    let without = silent(Facts { quota: None, ..facts(0) });
    assert_eq!(judged(&without), (Proposed::Criticise, true, vec![Code::NoQuotaGiven, Code::KeptSilent]));
}

#[test]
fn excused_days_are_not_silent() {
    let mut rates = Rates::new(10, 8, 8, 0);
    rates.excuse(2);
    assert_eq!(judged(&Facts { rates, ..facts(101) }), (Proposed::Commend, false, vec![Code::QuotaExceeded]));
}

#[test]
fn lateness_speaks_against_a_unit_and_leaves_it_in_the_running() {
    let late = Facts { rates: Rates::new(10, 10, 9, 0), ..facts(101) };
    assert_eq!(judged(&late), (Proposed::Criticise, false, vec![Code::QuotaExceeded, Code::ReportedLate]));
}

#[test]
fn thresholds_are_what_the_council_says() {
    let some = Facts { rates: Rates::new(10, 8, 5, 0), ..facts(101) };
    let judged = |allowed_silent, allowed_late| {
        let judgement = judge(&some, &Terms { allowed_silent, allowed_late, ..terms() });
        (judgement.proposed, judgement.is_out())
    };
    assert_eq!(judged(2, 3), (Proposed::Commend, false));
    assert_eq!(judged(1, 3), (Proposed::Criticise, true));
    assert_eq!(judged(2, 2), (Proposed::Criticise, false));
}

#[test]
fn untruth_puts_out_of_the_running_whatever_the_result() {
    let inspected = Facts { inspected_untrue: 1, ..facts(500) };
    let reasons = vec![Code::QuotaExceeded, Code::InspectedUntrue];
    assert_eq!(judged(&inspected), (Proposed::Criticise, true, reasons));
    let settled = Facts { settled_untrue: 1, ..facts(500) };
    assert_eq!(judged(&settled), (Proposed::Criticise, true, vec![Code::QuotaExceeded, Code::SettledUntrue]));
}

#[test]
fn without_its_fault_a_unit_is_commended() {
    let faults: [fn(Facts) -> Facts; 5] = [
        |facts| Facts { done: Some(99), ..facts },
        |facts| Facts { rates: Rates::new(10, 9, 9, 0), ..facts },
        |facts| Facts { rates: Rates::new(10, 10, 9, 0), ..facts },
        |facts| Facts { inspected_untrue: 1, ..facts },
        |facts| Facts { settled_untrue: 1, ..facts },
    ];
    for fault in faults {
        assert_eq!(judged(&facts(101)).0, Proposed::Commend);
        let faulty = judged(&fault(facts(101)));
        assert_eq!(faulty.0, Proposed::Criticise, "{faulty:?}");
    }
}

#[test]
fn a_gap_to_the_official_figure_and_a_small_quota_are_remarks() {
    let apart = Facts { official: Some(50), agreement: Agreement::Beyond, ..facts(101) };
    assert_eq!(judged(&apart), (Proposed::Commend, false, vec![Code::QuotaExceeded, Code::OfficialGap]));
    let close = Facts { official: Some(100), agreement: Agreement::Within, ..facts(101) };
    assert_eq!(judged(&close).2, [Code::QuotaExceeded]);
    let small = judge(&facts(101), &Terms { min_quota: 101.into(), ..terms() });
    assert_eq!(small.proposed, Proposed::Commend);
    assert_eq!(
        small.reasons.iter().map(Problem::code).collect::<Vec<_>>(),
        [Code::QuotaExceeded, Code::BelowMinimumBase]
    );
    assert_eq!(judge(&facts(101), &Terms { min_quota: 100.into(), ..terms() }).reasons.len(), 1, "just the base");
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let result = (proptest::option::of((0_i64..500, 1_i64..4)), 0_i64..50, proptest::option::of(0_i64..300));
    let reports = (0_u64..20, 0_u64..20, 0_u64..20, 0_u64..3);
    let agreement = proptest::sample::select(vec![Agreement::Within, Agreement::Beyond, Agreement::Incomparable]);
    let others = (proptest::option::of(0_i64..300), proptest::option::of(-5_i64..300), 0_u32..2, 0_u32..2);
    (result, reports, others, agreement)
        .prop_map(|((quota, opening, done), reports, others, agreement)| Facts {
            quota: quota.and_then(|(over, under)| Exact::ratio(over, under)),
            opening,
            value: done.and_then(|done| Exact::ratio(done, 7)),
            place: done.and_then(|done| u32::try_from(done).ok()),
            rates: Rates::new(reports.0, reports.1, reports.2, reports.3),
            reported: others.0,
            official: others.1,
            verified: others.0.or(others.1),
            agreement,
            inspected_untrue: others.2,
            settled_untrue: others.3,
            settled: others.0,
            tied: opening % 2 == 0,
            ..facts(0)
        })
        .prop_map(|facts| Facts {
            done: facts.value.as_ref().map(|value| (value * &7.into()).round_half_up()),
            ..facts
        })
}

fn sheet(name: &str, level: Option<Level>, facts: Vec<Facts>) -> Sheet {
    let day = |text: &str| text.parse::<Day>().unwrap();
    let terms = Terms { min_quota: Exact::parse("100/3").unwrap(), allowed_late: 3, ..terms() };
    let candidate = |(at, facts): (i64, Facts)| Candidate {
        unit: UnitId::new(at),
        code: format!("{at:05}"),
        name: name.to_owned(),
        judgement: judge(&facts, &terms),
        facts,
    };
    let candidates = (1..).zip(facts).map(candidate).collect();
    let about = About {
        drive: DriveId::new(1),
        unit: UnitId::new(2),
        level,
        phase: level.map(|_| PhaseId::new(5)),
        indicator: IndicatorId::new(3),
        group: GroupId::new(4),
        days: DayRange::new(day("2023-06-01"), day("2023-06-30")).unwrap(),
        terms,
        tolerated: level.map(|_| Tolerated { percent: Exact::parse("5/2").unwrap(), absolute: 7 }),
        known_at: "2023-07-01T01:02:03.456789Z".parse().unwrap(),
    };
    Sheet { about, candidates }
}

fn author() -> Author {
    Author { account: AccountId::new(7), login: Subject::new("an").unwrap() }
}

proptest! {
    /// Whoever is commended is above the quota, owes no report, and reported nothing untrue; and nobody who is out of the
    /// running is anything but criticised.
    #[test]
    fn only_the_faultless_above_their_quota_are_commended(facts in any_facts()) {
        let judgement = judge(&facts, &terms());
        let above = facts.quota.as_ref().zip(facts.result()).is_some_and(|(quota, result)| Exact::from(result) > *quota);
        let faultless = facts.silent() == 0 && facts.late() == 0 && facts.inspected_untrue + facts.settled_untrue == 0;
        prop_assert_eq!(judgement.proposed == Proposed::Commend, above && faultless);
        let out = facts.silent() > 0 || facts.inspected_untrue + facts.settled_untrue > 0;
        prop_assert_eq!(judgement.is_out(), out);
        prop_assert!(!out || judgement.proposed == Proposed::Criticise);
    }

    #[test]
    fn a_list_is_read_as_it_was_drawn_up(name in ".{1,20}|[=+\\-@\t\r\n,\"]{1,5}", facts in proptest::collection::vec(any_facts(), 0..4), level in proptest::bool::ANY) {
        let sheet = sheet(&name, level.then_some(Level::Commune), facts);
        let list = EmulationList::freeze(EmulationListId::new(1), author(), &sheet);
        let read = list.sheet();
        prop_assert_eq!(read.as_ref(), Ok(&sheet));
        // What was frozen can be judged again.
        for candidate in &read.unwrap().candidates {
            prop_assert_eq!(&judge(&candidate.facts, &sheet.about.terms), &candidate.judgement);
        }
    }
}

#[test]
fn a_text_that_was_changed_is_not_the_list_any_more() {
    let list = EmulationList::freeze(EmulationListId::new(1), author(), &sheet("Bình Gia", None, vec![facts(99)]));
    let code = |list: &EmulationList| list.sheet().map_err(|problem| problem.code()).err();
    assert_eq!(code(&list), None);
    let content = list.content.replace("CRITICISE", "COMMEND");
    assert_ne!(content, list.content);
    assert_eq!(code(&EmulationList { content, ..list.clone() }), Some(Code::EmulationAltered));
    assert_eq!(code(&EmulationList { unit: UnitId::new(3), ..list.clone() }), Some(Code::EmulationAltered));
    let other = Author { account: AccountId::new(8), ..author() };
    assert_eq!(code(&EmulationList { author: other, ..list.clone() }), Some(Code::EmulationAltered));
    assert_eq!(content::decode(&format!("{text}reason,x\r\n", text = list.content)), None);
}
