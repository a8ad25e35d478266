//! The board as it was known at a moment: what had been received by then, against the quotas of that moment.

use caodiem_domain::access::Role;
use caodiem_domain::id::{IndicatorId, UnitId};
use caodiem_domain::progress::{FigureBasis, KnownAt, Peers, Progress, RankMeasure, TreeView};
use caodiem_domain::quota::{Basis, Holder};
use caodiem_domain::tally::Reporter;
use caodiem_domain::text::{PlanNumber, Reason};
use caodiem_domain::time::{DaySpan, Instant};
use caodiem_domain::usecase::read_progress::{ProgressQuestion, RankQuestion, daily_progress, progress, ranking};
use caodiem_domain::usecase::reform_units::{MergeUnits, Successor, merge_units};
use caodiem_domain::usecase::set_quotas::{QuotaSetting, SetQuotas, set_quotas};
use caodiem_tests::on_both;
use caodiem_tests::stage::{act, actor};

use crate::world::{World, day, first, now};

fn at(text: &str) -> Instant {
    text.parse().expect("a moment")
}

/// The question as of a moment, asked on the last day that any of these tests speaks of.
fn as_of(world: &World, indicator: IndicatorId, units: &[UnitId], known_at: Option<Instant>) -> ProgressQuestion {
    ProgressQuestion {
        drive: world.drive,
        units: units.to_vec(),
        indicator,
        group: world.group,
        phase: None,
        days: DaySpan::default(),
        view: TreeView::AsItWas,
        today: day("2023-06-24"),
        known_at: known_at.map(|moment| KnownAt::new(moment, at("2023-07-01T00:00:00Z")).expect("it has come")),
    }
}

fn board(world: &World, question: &ProgressQuestion) -> Vec<Progress> {
    world.stage.store.read(|tx| progress(&actor(Role::Analyst), tx, question)).expect("progress")
}

fn done(world: &World, question: &ProgressQuestion) -> Vec<String> {
    board(world, question).iter().map(|unit| unit.done.value.to_string()).collect()
}

/// What each day brought, of each unit.
fn days(world: &World, question: &ProgressQuestion) -> Vec<Vec<i64>> {
    let found = world.stage.store.read(|tx| daily_progress(&actor(Role::Analyst), tx, question)).expect("days");
    found.iter().map(|unit| unit.iter().map(|day| day.done).collect()).collect()
}

on_both! {
    figures_count_by_receipt_and_corrections_from_then_on(backend) {
        let Some(world) = World::new(backend) else { return };
        let team = world.team(world.communes[2], &[1, 1]);
        world.open();
        let unit = |at: usize| Reporter::Unit(world.communes[at]);
        let (received, corrected) = (at("2023-06-23T02:00:00Z"), at("2023-06-24T02:00:00Z"));
        world.tallies_at(received, &[
            (unit(0), "2023-06-20", world.parts[0], 10),
            (unit(1), "2023-06-22", world.parts[1], 15),
            (Reporter::Team(team), "2023-06-23", world.parts[1], 8),
        ]);
        world.tallies_at(corrected, &[
            (unit(0), "2023-06-20", world.parts[0], 4),
            (Reporter::Team(team), "2023-06-23", world.parts[1], 0),
            (unit(3), "2023-06-21", world.parts[0], 7),
        ]);
        let units = [world.province, world.districts[0], world.districts[1], world.communes[0]];
        let asked = |known_at| as_of(&world, world.activated, &units, known_at);
        let before = Some(at("2023-06-23T01:59:59Z"));
        assert_eq!(done(&world, &asked(before)), ["0", "0", "0", "0"], "nothing was received yet");
        assert_eq!(done(&world, &asked(Some(received))), ["33", "25", "8", "10"]);
        assert_eq!(days(&world, &asked(Some(received)))[0], [10, 0, 15, 8, 0]);
        assert_eq!(done(&world, &asked(Some(corrected))), ["26", "19", "7", "4"]);
        assert_eq!(days(&world, &asked(Some(corrected)))[0], [4, 7, 15, 0, 0]);
        assert_ne!(done(&world, &asked(Some(received))), done(&world, &asked(None)), "without its moment it is another question");
        for view in [TreeView::AsItWas, TreeView::Restated { onto: day("2023-06-24") }] {
            let (stood, stands) = (ProgressQuestion { view, ..asked(Some(corrected)) }, ProgressQuestion { view, ..asked(None) });
            assert_eq!(board(&world, &stood), board(&world, &stands), "what was known last is what stands, to the letter");
            assert_eq!(days(&world, &stood), days(&world, &stands));
            let earlier = ProgressQuestion { view, ..asked(Some(received)) };
            assert_eq!((done(&world, &earlier)[0].as_str(), days(&world, &earlier)[0].iter().sum::<i64>()), ("33", 33));
        }
    }

    levels_are_those_received_up_to_then(backend) {
        let Some(world) = World::new(backend) else { return };
        world.open();
        let unit = |at: usize| Reporter::Unit(world.communes[at]);
        let (received, corrected) = (at("2023-06-22T02:00:00Z"), at("2023-06-24T02:00:00Z"));
        world.tallies_at(received, &[(unit(0), "2023-06-20", world.waiting, 50), (unit(1), "2023-06-20", world.waiting, 7)]);
        world.tallies_at(corrected, &[(unit(0), "2023-06-22", world.waiting, 20), (unit(1), "2023-06-20", world.waiting, 9)]);
        let asked = |known_at| as_of(&world, world.waiting, &[world.districts[0]], known_at);
        assert_eq!(done(&world, &asked(Some(received))), ["57"]);
        assert_eq!(days(&world, &asked(Some(received))), [[57, 0, 0, 0, 0]]);
        assert_eq!(done(&world, &asked(Some(corrected))), ["29"]);
        assert_eq!(days(&world, &asked(Some(corrected))), days(&world, &asked(None)));
    }

    a_merged_units_figures_follow_it_as_they_were_known(backend) {
        let Some(world) = World::new(backend) else { return };
        world.open();
        let [one, two] = [world.communes[0], world.communes[1]];
        let (received, corrected) = (at("2023-06-22T02:00:00Z"), at("2023-06-24T02:00:00Z"));
        let of = |unit| (Reporter::Unit(unit), "2023-06-21", world.parts[0]);
        let figure = |unit, value| {
            let (reporter, day, indicator) = of(unit);
            (reporter, day, indicator, value)
        };
        world.tallies_at(received, &[figure(one, 10), figure(two, 6)]);
        world.tallies_at(corrected, &[figure(two, 5)]);
        let command = MergeUnits {
            from: vec![two],
            into: Successor::Existing(one),
            on: day("2023-06-23"),
            legal_basis: None,
        };
        world.stage.store.write(|tx| merge_units(&act(Role::SystemAdmin, now()), tx, &command)).expect("they merge");
        let asked = |known_at| as_of(&world, world.activated, &[one, two, world.districts[0]], Some(known_at));
        let restated = |known_at| ProgressQuestion { view: TreeView::Restated { onto: day("2023-06-24") }, ..asked(known_at) };
        assert_eq!(done(&world, &asked(received)), ["10", "6", "16"]);
        assert_eq!(done(&world, &restated(received)), ["16", "0", "16"]);
        assert_eq!(done(&world, &asked(corrected)), ["10", "5", "15"]);
        assert_eq!(done(&world, &restated(corrected)), ["15", "0", "15"]);
    }

    quotas_and_places_are_those_of_the_moment(backend) {
        let Some(world) = World::new(backend) else { return };
        for (unit, amount) in world.districts.iter().zip([300, 100]) {
            world.owe(Holder::Unit(*unit), None, amount);
        }
        world.open();
        let (set, amended) = (now(), at("2023-06-26T02:00:00Z"));
        let unit = |at: usize| Reporter::Unit(world.communes[at]);
        world.tallies_at(set, &[(unit(0), "2023-06-20", world.parts[0], 60), (unit(2), "2023-06-20", world.parts[0], 30)]);
        let basis = Basis::Absolute { amount: 150.into() };
        let setting =
            QuotaSetting { expected_version: 1, ..first(world.key(Holder::Unit(world.districts[0]), None), basis) };
        let command = SetQuotas {
            quotas: vec![setting],
            reason: Reason::new("điều chỉnh").ok(),
            decision: PlanNumber::new("7/QĐ").ok(),
        };
        world.stage.store.write(|tx| set_quotas(&act(Role::Planner, amended), tx, &command)).expect("it is amended");
        let quotas = |known_at| {
            let found = board(&world, &as_of(&world, world.activated, &world.districts[..2], known_at));
            found.iter().map(|unit| unit.quota.as_ref().map(ToString::to_string)).collect::<Vec<_>>()
        };
        let amounts = |figures: [&str; 2]| figures.map(|figure| Some(figure.to_owned()));
        assert_eq!(quotas(Some(at("2023-06-25T01:59:59Z"))), [None, None], "they were not set yet");
        assert_eq!(quotas(Some(set)), amounts(["300", "100"]));
        assert_eq!(quotas(Some(amended)), amounts(["150", "100"]));
        assert_eq!(quotas(None), amounts(["150", "100"]));
        let places = |known_at| {
            let unit = world.districts[0];
            let of = as_of(&world, world.activated, &[unit], known_at);
            let asked = RankQuestion {
                unit,
                peers: Peers::Level,
                measure: RankMeasure::Share,
                basis: FigureBasis::Reported,
                min_quota: 0.into(),
                of,
            };
            let ranks = world.stage.store.read(|tx| ranking(&actor(Role::Analyst), tx, &asked)).expect("a ranking");
            ranks.iter().take(2).map(|rank| (rank.unit, rank.place)).collect::<Vec<_>>()
        };
        let [one, two, _] = world.districts[..] else { panic!("three districts") };
        assert_eq!(places(Some(set)), [(two, Some(1)), (one, Some(2))], "30 % goes before 20 %");
        assert_eq!(places(Some(amended)), [(one, Some(1)), (two, Some(2))], "40 % goes before 30 %");
        assert_eq!(places(None), places(Some(amended)));
    }
}

#[test]
fn a_moment_to_come_is_refused() {
    let now = at("2023-06-25T02:00:00Z");
    assert!(KnownAt::new(now, now).is_ok(), "the present is known");
    let refused = KnownAt::new(at("2023-06-25T02:00:00.000001Z"), now).expect_err("it has not come");
    assert_eq!(refused.code().as_str(), "MOMENT_IN_FUTURE");
    assert_eq!(
        KnownAt::new(at("2023-06-24T17:00:00Z"), now).map(KnownAt::day),
        Ok(day("2023-06-25")),
        "Viet Nam's day"
    );
}
