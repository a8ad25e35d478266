//! Inspections: a verdict belongs to a revision, nobody checks their own, and what is sampled nobody chose.

use std::collections::BTreeSet;

use caodiem_domain::access::{Actor, Role};
use caodiem_domain::error::Error;
use caodiem_domain::id::UnitId;
use caodiem_domain::inspection::{InspectionPredicate, Verdict};
use caodiem_domain::page::{Direction, Filter};
use caodiem_domain::ports::Lock;
use caodiem_domain::problem::{Code, Problem};
use caodiem_domain::sample::draw;
use caodiem_domain::tally::{Figure, Reporter, Slot, TallyRow};
use caodiem_domain::text::Reason;
use caodiem_domain::time::DaySpan;
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::compare_figures::{ComparisonQuestion, compare_figures};
use caodiem_domain::usecase::draw_sample::{CommitSample, commit_sample, draw_sample};
use caodiem_domain::usecase::inspect_tallies::{Finding, inspect_tallies};
use caodiem_domain::usecase::record_tallies::{Submission, record_tallies};
use caodiem_tests::on_both;
use caodiem_tests::people::{assign, hire};
use caodiem_tests::stage::{actor, request};
use caodiem_tests::vault::Vault;

use crate::world::{World, all_pages, count, day, days, moment};

fn reason(text: &str) -> Reason {
    Reason::new(text).expect("a reason")
}

fn report(world: &World, actor: &Actor, unit: UnitId, on: &str, value: i64, why: Option<&str>) -> Slot {
    let figure = Figure::Value { indicator: world.indicators[0], value: count(value) };
    let reporter = Reporter::Unit(unit);
    let row = TallyRow { reporter, credited: None, day: day(on), figure, reason: why.map(reason), device_at: None };
    let (received_at, request) = (moment("2023-07-01T03:00:00Z"), request(actor, 0));
    let submission = Submission { actor: actor.clone(), received_at, request, drive: world.drive, rows: vec![row] };
    let answers =
        world.store.write(|tx| record_tallies(tx, Lock::Book, std::slice::from_ref(&submission))).expect("taken");
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    world.slot(unit, on, reporter)
}

fn act(actor: &Actor, at: &str) -> Act {
    Act::new(actor.clone(), moment(at), request(actor, 0), "test", String::new())
}

fn finding(slot: Slot, revision: i32, verdict: Verdict, checked: i64, confirmed: i64) -> Finding {
    Finding {
        slot,
        revision,
        verdict,
        checked: count(checked),
        confirmed: count(confirmed),
        note: reason("biên bản 12"),
    }
}

fn inspect(world: &World, actor: &Actor, finding: &Finding) -> Result<usize, Vec<Code>> {
    let act = act(actor, "2023-07-01T04:00:00Z");
    match world.store.write(|tx| inspect_tallies(&act, tx, std::slice::from_ref(finding))) {
        Ok(ids) => Ok(ids.len()),
        Err(Error::Refused(problems)) => Err(problems.iter().map(Problem::code).collect()),
        Err(error) => panic!("{error}"),
    }
}

fn verified(world: &World, unit: UnitId) -> Option<i64> {
    let question = ComparisonQuestion {
        drive: world.drive,
        units: vec![unit],
        indicator: world.indicators[2],
        days: DaySpan { from: Some(day("2023-06-30")), to: Some(day("2023-06-30")) },
        today: day("2023-07-01"),
    };
    world.store.read(|tx| compare_figures(&actor(Role::Verifier), tx, &question)).expect("compared")[0].verified
}

on_both! {
    a_verdict_belongs_to_the_revision_that_was_checked(backend) {
        let Some(world) = World::new(backend) else { return };
        let (reporter, verifier) = (actor(Role::Reporter), actor(Role::Verifier));
        let slot = report(&world, &reporter, world.commune_a1a, "2023-06-02", 40, None);
        let other = report(&world, &reporter, world.commune_a1b, "2023-06-02", 7, None);
        assert_eq!(verified(&world, world.country), None, "silence of inspectors is not zero");
        assert_eq!(inspect(&world, &verifier, &finding(slot, 1, Verdict::True, 5, 5)), Ok(1));
        assert_eq!(inspect(&world, &verifier, &finding(other, 1, Verdict::Untrue, 5, 1)), Ok(1));
        assert_eq!(verified(&world, world.country), Some(40), "what was found untrue is not verified");
        assert_eq!(verified(&world, world.district_a1), Some(40));
        assert_eq!(verified(&world, world.commune_a1b), None);
        // A correction is a new revision without a verdict, and the inspection shows among those that were overtaken.
        report(&world, &reporter, world.commune_a1a, "2023-06-02", 45, Some("đếm lại"));
        assert_eq!(verified(&world, world.country), None);
        let list = |filter: InspectionPredicate| {
            let filter = Filter::Is(filter);
            let walk = |way| all_pages(way, 1, |page| {
                world.read(|tx| tx.list_inspections(&caodiem_domain::access::Scope::Country, &filter, page))
            });
            let rows = walk(Direction::Forward);
            assert_eq!(walk(Direction::Backward), rows);
            rows
        };
        let overtaken = list(InspectionPredicate::Overtaken(true));
        assert_eq!(overtaken.iter().map(|one| (one.slot, one.revision, one.overtaken)).collect::<Vec<_>>(), [(slot, 1, true)]);
        assert_eq!(list(InspectionPredicate::Overtaken(false)).len(), 1);
        assert_eq!(list(InspectionPredicate::Verdict(vec![Verdict::Untrue])).len(), 1);
        assert_eq!(list(InspectionPredicate::Under(world.commune_a1a)).len(), 1);
        assert_eq!(list(InspectionPredicate::Under(world.province_b)).len(), 0);
        assert_eq!(inspect(&world, &verifier, &finding(slot, 1, Verdict::True, 5, 5)), Err(vec![Code::StaleVersion]));
        assert_eq!(inspect(&world, &verifier, &finding(slot, 2, Verdict::True, 45, 45)), Ok(1));
        assert_eq!(verified(&world, world.country), Some(45));
        // The latest word on a revision stands.
        assert_eq!(inspect(&world, &verifier, &finding(slot, 2, Verdict::Untrue, 45, 3)), Ok(1));
        assert_eq!(verified(&world, world.country), None);
        assert!(world.refuses("UPDATE inspection SET verdict = 'TRUE'"));
        assert!(world.refuses("DELETE FROM inspection"));
    }

    figures_that_contradict_the_verdict_are_refused(backend) {
        let Some(world) = World::new(backend) else { return };
        let slot = report(&world, &actor(Role::Reporter), world.commune_a1a, "2023-06-02", 40, None);
        let verifier = actor(Role::Verifier);
        let refused = |verdict, checked, confirmed| inspect(&world, &verifier, &finding(slot, 1, verdict, checked, confirmed));
        assert_eq!(refused(Verdict::True, 41, 41), Err(vec![Code::ConfirmedExceeds]));
        assert_eq!(refused(Verdict::True, 5, 6), Err(vec![Code::ConfirmedExceeds]));
        for (verdict, checked, confirmed) in
            [(Verdict::True, 5, 4), (Verdict::True, 0, 0), (Verdict::Untrue, 5, 5), (Verdict::Unreachable, 5, 5)]
        {
            assert_eq!(refused(verdict, checked, confirmed), Err(vec![Code::VerdictContradicted]), "{verdict:?}");
        }
        let nowhere = Slot { credited: world.commune_b1a, ..slot };
        assert_eq!(inspect(&world, &verifier, &finding(nowhere, 1, Verdict::True, 1, 1)), Err(vec![Code::NotFound]));
        let blind = Actor::host(verifier.subject.clone(), Role::Verifier, world.province_b, world.scope(&[world.province_b]));
        assert_eq!(inspect(&world, &blind, &finding(slot, 1, Verdict::True, 1, 1)), Err(vec![Code::NotFound]));
    }

    nobody_checks_their_own(backend) {
        let Some(world) = World::new(backend) else { return };
        let store = &*world.store;
        let an = hire(store, "an", Role::Reporter, world.commune_a1a);
        let slot = report(&world, &an, world.commune_a1a, "2023-06-02", 40, None);
        let good = finding(slot, 1, Verdict::True, 1, 1);
        let involved = Err(vec![Code::InspectorInvolved]);
        // The author under another hat; who could have reported there; who sits in the office that did.
        let an_checks = assign(store, an.account, &an.subject, Role::Verifier, world.province_a);
        assert_eq!(inspect(&world, &an_checks, &good), involved);
        let binh = hire(store, "binh", Role::Reporter, world.district_a1);
        let binh_checks = assign(store, binh.account, &binh.subject, Role::Verifier, world.province_a);
        assert_eq!(inspect(&world, &binh_checks, &good), involved);
        let office = hire(store, "chi", Role::Verifier, world.commune_a1a);
        assert_eq!(inspect(&world, &office, &good), involved);
        // Who reports elsewhere may, and so may the district.
        let dung = hire(store, "dung", Role::Reporter, world.commune_b1a);
        let dung_checks = assign(store, dung.account, &dung.subject, Role::Verifier, world.province_a);
        assert_eq!(inspect(&world, &dung_checks, &good), Ok(1));
        let district = hire(store, "giang", Role::Verifier, world.district_a1);
        assert_eq!(inspect(&world, &district, &good), Ok(1));
        // Whoever wrote any revision of it is involved, though another one stands.
        let second = hire(store, "hoa", Role::Reporter, world.commune_a1a);
        report(&world, &second, world.commune_a1a, "2023-06-02", 41, Some("đếm lại"));
        assert_eq!(inspect(&world, &an_checks, &finding(slot, 2, Verdict::True, 1, 1)), involved);
        assert_eq!(inspect(&world, &an, &good), Err(vec![Code::Forbidden]));
    }

    a_sample_is_drawn_by_a_seed_that_nobody_chose(backend) {
        let Some(world) = World::new(backend) else { return };
        let (verifier, vault) = (actor(Role::Verifier), Vault::default());
        let command = |from: &str, to: &str| CommitSample {
            drive: world.drive, unit: world.province_a, days: days(from, to), size: 2,
        };
        let commit = |at: &str, command: &CommitSample| {
            world.store.write(|tx| commit_sample(&act(&verifier, at), tx, &vault, command))
        };
        let code = |done: Result<caodiem_domain::id::SampleId, Error>| match done {
            Err(Error::Refused(problems)) => problems[0].code(),
            other => panic!("{other:?}"),
        };
        assert_eq!(code(commit("2023-06-02T03:00:00Z", &command("2023-06-02", "2023-06-03"))), Code::SampleTime);
        let id = commit("2023-06-01T03:00:00Z", &command("2023-06-02", "2023-06-03")).expect("committed");
        let read = || world.read(|tx| tx.samples_by_id(&caodiem_domain::access::Scope::Country, &[id])).remove(&id).expect("there");
        let committed = read();
        assert_eq!(committed.drawn, None);
        let reporter = actor(Role::Reporter);
        for (unit, on) in [
            (world.commune_a1a, "2023-06-02"), (world.commune_a1b, "2023-06-02"), (world.commune_a2a, "2023-06-03"),
            (world.commune_a1a, "2023-06-03"), (world.commune_b1a, "2023-06-02"), (world.commune_a1a, "2023-06-04"),
        ] {
            report(&world, &reporter, unit, on, 3, None);
        }
        let drawing = |at: &str| world.store.write(|tx| draw_sample(&act(&verifier, at), tx, &vault, id));
        assert_eq!(code(drawing("2023-06-03T03:00:00Z")), Code::SampleTime);
        drawing("2023-06-04T03:00:00Z").expect("drawn");
        let drawn = read().drawn.expect("drawn");
        assert_eq!(drawn.population, 4, "those of the unit and the days alone");
        // Anybody can reckon it after.
        let population = world.read(|tx| tx.standing_under(world.drive, world.province_a, committed.days, 100));
        let population: Vec<_> = population.into_iter().map(|(slot, revision, _)| (slot, revision)).collect();
        assert_eq!(draw(&drawn.seed, population, 2), drawn.slots);
        assert_eq!(<[u8; 32]>::from(<sha2::Sha256 as sha2::Digest>::digest(drawn.seed)), committed.commitment);
        assert_eq!(drawn.slots.iter().map(|(slot, _)| *slot).collect::<BTreeSet<_>>().len(), 2);
        // Drawn once: asked again it is the same, whatever was reported since.
        report(&world, &reporter, world.commune_a1b, "2023-06-03", 3, None);
        drawing("2023-06-05T03:00:00Z").expect("the same");
        assert_eq!(read().drawn, Some(drawn));
        assert!(world.refuses("DELETE FROM sample_slot"));
        assert!(world.refuses("UPDATE sample_drawn SET population = 1"));
    }
}
