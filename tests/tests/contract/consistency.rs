//! Consistency findings: derived from the figures, acknowledged for as long as these stand.

use caodiem_domain::access::{Actor, Role};
use caodiem_domain::error::Error;
use caodiem_domain::exact::Exact;
use caodiem_domain::id::{MemberId, Sequence, UnitId};
use caodiem_domain::ports::Lock;
use caodiem_domain::problem::{Code, Problem};
use caodiem_domain::tally::{Figure, Reporter, TallyRow};
use caodiem_domain::team::{Member, Organisation};
use caodiem_domain::text::{Post, Reason};
use caodiem_domain::time::DaySpan;
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::check_consistency::{
    AcknowledgeFinding, ConsistencyQuestion, Looked, acknowledge_finding, check_consistency,
};
use caodiem_domain::usecase::record_tallies::{Submission, record_tallies};
use caodiem_tests::on_both;
use caodiem_tests::stage::{actor, request};

use crate::world::{World, count, day, moment};

fn report(world: &World, reporter: Reporter, on: &str, value: i64, why: Option<&str>) {
    let actor = actor(Role::Reporter);
    let figure = Figure::Value { indicator: world.indicators[0], value: count(value) };
    let reason = why.map(|text| Reason::new(text).expect("a reason"));
    let row = TallyRow { reporter, credited: None, day: day(on), figure, reason, device_at: None };
    let (received_at, request) = (moment("2023-07-01T03:00:00Z"), request(&actor, 0));
    let submission = Submission { actor, received_at, request, drive: world.drive, rows: vec![row] };
    let answers =
        world.store.write(|tx| record_tallies(tx, Lock::Book, std::slice::from_ref(&submission))).expect("taken");
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
}

fn ask(world: &World, actor: &Actor, unit: UnitId, from: &str, to: &str) -> Result<Vec<Looked>, Error> {
    let days = DaySpan { from: Some(day(from)), to: Some(day(to)) };
    let question = ConsistencyQuestion { drive: world.drive, unit, days, today: day("2023-07-01") };
    world.store.read(|tx| check_consistency(actor, tx, question))
}

fn codes(found: &[Looked]) -> Vec<(UnitId, String, Code, bool)> {
    let seen = |(found, by): &Looked| (found.unit, found.day.to_string(), found.problem.code(), by.is_some());
    found.iter().map(seen).collect()
}

fn refusal<T: std::fmt::Debug>(done: Result<T, Error>) -> Code {
    match done {
        Err(Error::Refused(problems)) => problems.first().map(Problem::code).expect("a problem"),
        other => panic!("{other:?}"),
    }
}

on_both! {
    what_can_hardly_be_is_found_and_acknowledged_while_it_stands(backend) {
        let Some(world) = World::new(backend) else { return };
        let (calm, untrue) = (world.commune_a1a, world.commune_a1b);
        for (at, value) in (1..).zip([8, 9, 7, 10, 9]) {
            report(&world, Reporter::Unit(calm), &format!("2023-06-0{at}"), value, None);
        }
        for (at, value) in (1..).zip([12, 12, 12, 12, 12, 300]) {
            report(&world, Reporter::Unit(untrue), &format!("2023-06-0{at}"), value, None);
        }
        let verifier = actor(Role::Verifier);
        let all = || ask(&world, &verifier, world.country, "2023-06-01", "2023-06-10").expect("looked at");
        let repeated = (untrue, "2023-06-05".to_owned(), Code::FigureRepeats, false);
        let jumped = (untrue, "2023-06-06".to_owned(), Code::FigureJumps, false);
        assert_eq!(codes(&all()), [repeated.clone(), jumped.clone()]);
        let narrow = ask(&world, &verifier, untrue, "2023-06-06", "2023-06-06").expect("looked at");
        assert_eq!(codes(&narrow), [jumped]);
        assert_eq!(narrow[0].0.digest(), all()[1].0.digest(), "whatever is asked for, it is the same finding");
        let command = AcknowledgeFinding {
            drive: world.drive, unit: untrue, day: day("2023-06-06"), digest: narrow[0].0.digest(),
            reason: Reason::new("ngày ra quân ở trường học").expect("a reason"),
        };
        let acknowledge = |role: Role, command: &AcknowledgeFinding| {
            let actor = actor(role);
            let act = Act::new(actor.clone(), moment("2023-07-01T03:00:00Z"), request(&actor, 0), "test", String::new());
            world.store.write(|tx| acknowledge_finding(&act, tx, command))
        };
        assert_eq!(refusal(acknowledge(Role::Reporter, &command)), Code::Forbidden);
        assert_eq!(refusal(acknowledge(Role::Verifier, &AcknowledgeFinding { digest: [0; 32], ..command.clone() })), Code::NotFound);
        assert_eq!(acknowledge(Role::Verifier, &command), Ok(1));
        assert_eq!(acknowledge(Role::Verifier, &command), Ok(0), "it is acknowledged already");
        let jumped = |acknowledged| (untrue, "2023-06-06".to_owned(), Code::FigureJumps, acknowledged);
        assert_eq!(codes(&all()), [repeated.clone(), jumped(true)]);
        // Another figure is another finding; a plain one is none.
        report(&world, Reporter::Unit(untrue), "2023-06-06", 310, Some("sót"));
        assert_eq!(codes(&all()), [repeated.clone(), jumped(false)]);
        report(&world, Reporter::Unit(untrue), "2023-06-06", 13, Some("nhập nhầm"));
        assert_eq!(codes(&all()), [repeated]);
        assert!(world.refuses("DELETE FROM acknowledgement"));
    }

    a_team_does_not_do_more_than_its_people_can(backend) {
        let Some(world) = World::new(backend) else { return };
        let team = world.teams[0];
        report(&world, Reporter::Team(team), "2023-06-02", 500, None);
        let verifier = actor(Role::Verifier);
        let found = || ask(&world, &verifier, world.commune_a1a, "2023-06-02", "2023-06-02").expect("looked at");
        assert_eq!(codes(&found()), [], "nobody is known to be at work");
        let join = |to: Option<&str>| world.write(|tx| {
            let id = MemberId::new(tx.allocate(Sequence::Member, 1)?[0]);
            tx.insert_members(&[Member {
                id, team, position: Post::new("Công an xã").expect("a post"), organisation: Organisation::Police,
                is_leader: false, knows_it: true, weight: Exact::from(1), valid_from: day("2023-01-01"),
                valid_to: to.map(day),
            }])
        });
        join(None);
        join(None);
        join(Some("2023-06-02"));
        let above = (world.commune_a1a, "2023-06-02".to_owned(), Code::AboveCapacity, false);
        assert_eq!(codes(&found()), [above], "who left by then is not counted");
        let texts: Vec<String> = found()[0].0.problem.params().iter().map(|(_, value)| value.clone()).collect();
        assert_eq!(texts, ["500", "320", "2"]);
        join(None);
        join(None);
        assert_eq!(codes(&found()), []);
    }

    what_is_out_of_scope_is_not_there(backend) {
        let Some(world) = World::new(backend) else { return };
        let inside = Actor::host(actor(Role::Verifier).subject, Role::Verifier, world.province_a, world.scope(&[world.province_a]));
        assert_eq!(refusal(ask(&world, &inside, world.commune_b1a, "2023-06-01", "2023-06-02")), Code::NotFound);
        assert_eq!(refusal(ask(&world, &actor(Role::Analyst), world.country, "2023-06-01", "2023-06-02")), Code::Forbidden);
        assert_eq!(refusal(ask(&world, &inside, world.commune_a1a, "2023-06-01", "2023-07-02")), Code::TooMany);
    }
}
