//! Official figures: loaded once, never overwritten, held against what was reported.

use caodiem_domain::access::{Actor, Role, Scope};
use caodiem_domain::comparison::Agreement;
use caodiem_domain::error::{Constraint, Error};
use caodiem_domain::exact::Exact;
use caodiem_domain::extract::sheet::{Sheet, digest};
use caodiem_domain::extract::{ExtractPredicate, OfficialFigure, Strategy};
use caodiem_domain::id::{ExtractId, IndicatorId, UnitId};
use caodiem_domain::page::{Direction, Filter};
use caodiem_domain::ports::Lock;
use caodiem_domain::problem::{Code, Problem};
use caodiem_domain::settlement::{GapReason, SettledBy};
use caodiem_domain::tally::{Figure, Reporter, TallyRow};
use caodiem_domain::text::{Reason, Source};
use caodiem_domain::time::{DaySpan, Instant};
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::compare_figures::{ComparisonQuestion, compare_figures};
use caodiem_domain::usecase::import_official::{ImportOfficial, ImportOutcome, import_official};
use caodiem_domain::usecase::record_tallies::{Submission, record_tallies};
use caodiem_domain::usecase::settle_figure::{SetTolerance, SettleFigure, set_tolerance, settle_figure};
use caodiem_tests::on_both;
use caodiem_tests::stage::{actor, request};

use crate::world::{World, all_pages, conflict, count, day, moment};

/// When everything is done.
const NOW: &str = "2023-07-01T03:00:00Z";

/// The end of a day in Viet Nam.
pub(crate) fn end_of(text: &str) -> Instant {
    caodiem_domain::time::start_of_day(day(text).succ_opt().expect("a day"))
}

/// A file as it would be sent.
pub(crate) fn file(content: &[u8], as_of: Instant) -> ImportOfficial {
    ImportOfficial {
        source: Source::new("CSDLQG về DC").expect("a source"),
        as_of,
        strategy: Strategy::CreateOrUpdate,
        partial: false,
        dry_run: false,
        sheet: Sheet::read(content),
        sha256: digest(content),
    }
}

/// An act of an actor under a fresh request.
pub(crate) fn act_of(actor: &Actor) -> Act {
    Act::new(actor.clone(), moment(NOW), request(actor, 0), "test", String::new())
}

fn load(world: &World, command: &ImportOfficial) -> ImportOutcome {
    let act = act_of(&actor(Role::Verifier));
    world.store.write(|tx| import_official(&act, tx, command)).expect("it is looked at")
}

fn csv(world: &World, text: &str, as_of: &str) -> ImportOutcome {
    load(world, &file(text.as_bytes(), end_of(as_of)))
}

fn codes(outcome: &ImportOutcome) -> Vec<Code> {
    outcome.noted.iter().map(|noted| noted.problem.code()).collect()
}

fn standing(world: &World, unit: UnitId, indicator: IndicatorId, until: Instant) -> Vec<i64> {
    let found = world.read(|tx| tx.official_figures(&[unit], &[indicator], None, Instant::UNIX_EPOCH, until));
    found.iter().map(|figure| figure.value.get()).collect()
}

fn report(world: &World, unit: UnitId, on: &str, indicator: IndicatorId, value: i64) {
    let actor = actor(Role::Reporter);
    let figure = Figure::Value { indicator, value: count(value) };
    let row = TallyRow {
        reporter: Reporter::Unit(unit),
        credited: None,
        day: day(on),
        figure,
        reason: None,
        device_at: None,
    };
    let request = request(&actor, 0);
    let submission = Submission { actor, received_at: moment(NOW), request, drive: world.drive, rows: vec![row] };
    let answers =
        world.store.write(|tx| record_tallies(tx, Lock::Book, std::slice::from_ref(&submission))).expect("taken");
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
}

fn question(world: &World, units: &[UnitId], indicator: IndicatorId, from: &str, to: &str) -> ComparisonQuestion {
    ComparisonQuestion {
        drive: world.drive,
        units: units.to_vec(),
        indicator,
        days: DaySpan { from: Some(day(from)), to: Some(day(to)) },
        today: day("2023-07-01"),
    }
}

fn refusals<T: std::fmt::Debug>(done: Result<T, Error>) -> Vec<Code> {
    match done {
        Err(Error::Refused(problems)) => problems.iter().map(Problem::code).collect(),
        other => panic!("{other:?}"),
    }
}

on_both! {
    the_same_file_is_loaded_once(backend) {
        let Some(world) = World::new(backend) else { return };
        let text = "unit_code,unit_name,L1,L2\nA1a,Đơn vị A1a,10,3\nA1b,xa don vi a1b,7,\n";
        let first = csv(&world, text, "2023-06-05");
        assert_eq!((first.created, first.updated, first.rows, &first.noted[..]), (3, 0, 2, &[][..]));
        let again = csv(&world, text, "2023-06-05");
        assert_eq!((again.extract, again.known, codes(&again)), (first.extract, true, vec![Code::ExtractKnown]));
        assert_eq!(world.database.number("SELECT COUNT(*) AS number FROM official_extract"), 1);
        assert_eq!(world.database.number("SELECT COUNT(*) AS number FROM official_figure"), 3);
        // As of another day it says something else.
        assert!(!csv(&world, text, "2023-06-06").known);
        let extract = first.extract.expect("loaded");
        let kept = world.read(|tx| tx.extracts_by_id(&Scope::Country, &[extract])).remove(&extract).expect("it is there");
        assert_eq!(kept.sha256, digest(text.as_bytes()));
        assert_eq!((kept.rows, kept.figures, kept.as_of), (2, 3, end_of("2023-06-05")));
        let list = |way, filter: &Filter<ExtractPredicate>| {
            all_pages(way, 1, |page| world.read(|tx| tx.list_extracts(&Scope::Country, filter, page)))
        };
        for way in [Direction::Forward, Direction::Backward] {
            let rows = list(way, &Filter::everything());
            assert_eq!(rows.iter().map(|row| row.as_of).collect::<Vec<_>>(), [end_of("2023-06-06"), end_of("2023-06-05")]);
        }
        let since = Filter::Is(ExtractPredicate::Since(end_of("2023-06-06")));
        assert_eq!(list(Direction::Forward, &since).len(), 1);
        assert_eq!(world.read(|tx| tx.count_extracts(&world.scope(&[world.province_a]), &Filter::everything())), 0);
    }

    a_later_file_takes_the_place_of_figures_that_stay_on_record(backend) {
        let Some(world) = World::new(backend) else { return };
        let (unit, indicator) = (world.commune_a1a, world.indicators[0]);
        csv(&world, "unit_code,L1\nA1a,10\n", "2023-06-05");
        let second = csv(&world, "unit_code,L1\nA1a,12\nA1b,1\n", "2023-06-05");
        assert_eq!((second.created, second.updated, second.unchanged), (1, 1, 0));
        let third = csv(&world, "unit_code,L1\nA1a,12\nA1b,1\nA2a,4\n", "2023-06-05");
        assert_eq!((third.created, third.updated, third.unchanged), (1, 0, 2));
        assert_eq!(standing(&world, unit, indicator, end_of("2023-06-05")), [12]);
        assert_eq!(standing(&world, unit, indicator, end_of("2023-06-04")), [0_i64; 0]);
        assert_eq!(world.database.number("SELECT COUNT(*) AS number FROM official_figure"), 4);
        assert!(world.refuses("UPDATE official_figure SET value = 1"));
        assert!(world.refuses("DELETE FROM official_extract"));
        let extract = second.extract.expect("loaded");
        let figure = OfficialFigure {
            unit, indicator, source: caodiem_domain::id::SourceId::new(1), as_of: end_of("2023-06-05"), extract, value: count(1),
        };
        let twice = world.try_write(|tx| tx.insert_official_figures(&[figure]));
        assert_eq!(twice, conflict(Constraint::Check), "an extract says one thing of a place");
    }

    a_strategy_is_held_to(backend) {
        let Some(world) = World::new(backend) else { return };
        csv(&world, "unit_code,L1\nA1a,10\n", "2023-06-05");
        let with = |strategy, text: &str| load(&world, &ImportOfficial { strategy, ..file(text.as_bytes(), end_of("2023-06-05")) });
        let create = with(Strategy::Create, "unit_code,L1\nA1a,11\nA1b,3\n");
        assert_eq!((create.extract, codes(&create)), (None, vec![Code::FigureStands]));
        let update = with(Strategy::Update, "unit_code,L1\nA1a,11\nA1b,3\n");
        assert_eq!((update.extract, codes(&update), update.refused), (None, vec![Code::FigureAbsent], 1));
        assert_eq!(standing(&world, world.commune_a1a, world.indicators[0], end_of("2023-06-05")), [10]);
        assert!(with(Strategy::Update, "unit_code,L1\nA1a,11\n").extract.is_some());
        assert!(with(Strategy::Create, "unit_code,L1\nA1b,3\n").extract.is_some());
    }

    all_or_nothing_unless_the_good_rows_are_asked_for(backend) {
        let Some(world) = World::new(backend) else { return };
        let text = "unit_code,L1\nA1a,10\nNOWHERE,3\nA1b,1.5\n";
        let command = file(text.as_bytes(), end_of("2023-06-05"));
        let whole = load(&world, &command);
        assert_eq!((whole.extract, whole.refused, codes(&whole)), (None, 2, vec![Code::NotFound, Code::FigureForm]));
        let tried = load(&world, &ImportOfficial { partial: true, dry_run: true, ..command.clone() });
        assert_eq!((tried.extract, tried.created), (None, 1));
        assert_eq!(world.database.number("SELECT COUNT(*) AS number FROM official_extract"), 0, "nothing was written");
        let part = load(&world, &ImportOfficial { partial: true, ..command.clone() });
        assert_eq!((part.extract.is_some(), part.created, part.refused), (true, 1, 2));
        // What left rows out may come again once they are mended.
        let again = load(&world, &ImportOfficial { partial: true, ..command });
        assert!(!again.known);
        assert_eq!(again.unchanged, 1);
    }

    cumulative_figures_may_fall_and_that_is_said(backend) {
        let Some(world) = World::new(backend) else { return };
        csv(&world, "unit_code,L1,L2,ALL\nA1a,10,5,15\n", "2023-06-05");
        let fell = csv(&world, "unit_code,L1,L2,ALL\nA1a,9,5,15\n", "2023-06-06");
        assert!(fell.extract.is_some(), "a finding refuses nothing");
        assert_eq!(codes(&fell), [Code::PartsDiffer, Code::CumulativeFell]);
        assert_eq!((fell.noted[1].line, fell.noted[1].column), (2, Some(2)));
        let named = csv(&world, "unit_code,unit_name,L1\nA1a,Đơn vị A1b,9\n", "2023-06-07");
        assert_eq!((named.extract.is_some(), codes(&named)), (true, vec![Code::UnitNameDiffers]));
    }

    what_is_out_of_scope_is_not_there(backend) {
        let Some(world) = World::new(backend) else { return };
        let inside = Actor::host(actor(Role::Verifier).subject, Role::Verifier, world.province_a, world.scope(&[world.province_a]));
        let command = file(b"unit_code,L1\nA1a,10\nB1a,3\nNOWHERE,3\n", end_of("2023-06-05"));
        let outcome = world.store.write(|tx| import_official(&act_of(&inside), tx, &command)).expect("looked at");
        let told = |at: usize| outcome.noted[at].problem.params().to_vec();
        assert_eq!(codes(&outcome), [Code::NotFound, Code::NotFound]);
        assert_eq!(told(0), [("what", "Unit".to_owned()), ("key", "B1a".to_owned())], "alike but for the code that was sent");
        let reporter = act_of(&actor(Role::Reporter));
        assert_eq!(refusals(world.store.write(|tx| import_official(&reporter, tx, &command))), [Code::Forbidden]);
        let early = ImportOfficial { as_of: moment("2023-07-02T00:00:00Z"), ..command };
        let verifier = act_of(&actor(Role::Verifier));
        assert_eq!(refusals(world.store.write(|tx| import_official(&verifier, tx, &early))), [Code::MomentInFuture]);
    }

    an_untrue_unit_is_found(backend) {
        let Some(world) = World::new(backend) else { return };
        let (honest, untrue, l1) = (world.commune_a1a, world.commune_a1b, world.indicators[0]);
        csv(&world, "unit_code,L1\nA1a,100\nA1b,200\n", "2023-05-31");
        report(&world, honest, "2023-06-02", l1, 40);
        report(&world, honest, "2023-06-03", l1, 20);
        report(&world, untrue, "2023-06-02", l1, 90);
        csv(&world, "unit_code,L1\nA1a,159\nA1b,231\n", "2023-06-03");
        let act = act_of(&actor(Role::Planner));
        let tolerance = SetTolerance { drive: world.drive, percent: Exact::from(5), absolute: count(0) };
        world.store.write(|tx| set_tolerance(&act, tx, &tolerance)).expect("set");
        let verifier = actor(Role::Verifier);
        let ask = |units: &[UnitId], from, to| {
            world.store.read(|tx| compare_figures(&verifier, tx, &question(&world, units, l1, from, to))).expect("compared")
        };
        let found = ask(&[honest, untrue, world.commune_a2a], "2023-06-02", "2023-06-03");
        let seen: Vec<_> = found.iter().map(|one| (one.unit, one.reported, one.official_done(), one.agreement())).collect();
        assert_eq!(seen, [
            (honest, Some(40), None, Agreement::Incomparable),
            (honest, Some(60), Some(59), Agreement::Within),
            (untrue, Some(90), None, Agreement::Incomparable),
            (untrue, Some(90), Some(31), Agreement::Beyond),
            (world.commune_a2a, None, None, Agreement::Incomparable),
            (world.commune_a2a, None, None, Agreement::Incomparable),
        ]);
        let gap = found[3].gap().expect("a gap");
        assert_eq!((gap.number, gap.percent.map(|percent| percent.to_decimal(2))), (59, Some("190.32".to_owned())));
        // The unit above is the sum of those that are named, and says how many are not.
        let above = &ask(&[world.district_a1, world.province_a], "2023-06-03", "2023-06-03");
        let official = above[0].official.as_ref().expect("a sum");
        assert_eq!((official.done, official.summed, official.covered, official.missing), (Some(90), true, 2, 0));
        assert_eq!((above[0].reported, above[0].agreement()), (Some(150), Agreement::Beyond));
        let part = above[1].official.as_ref().expect("a sum");
        assert_eq!((part.done, part.covered, part.missing, above[1].agreement()), (Some(90), 2, 1, Agreement::Incomparable));
        assert_eq!(above[1].findings.iter().map(Problem::code).collect::<Vec<_>>(), [Code::OfficialPartial]);
    }

    figures_are_settled_by_who_checks_them_and_stay_on_record(backend) {
        let Some(world) = World::new(backend) else { return };
        let (unit, l1) = (world.commune_a1b, world.indicators[0]);
        csv(&world, "unit_code,L1\nA1b,200\n", "2023-05-31");
        csv(&world, "unit_code,L1\nA1b,231\n", "2023-06-03");
        report(&world, unit, "2023-06-02", l1, 90);
        let settle = |role, by, reason, note: Option<&str>| {
            let command = SettleFigure {
                drive: world.drive, unit, indicator: l1, day: day("2023-06-03"), by, value: None, reason,
                note: note.map(|text| Reason::new(text).expect("a note")),
            };
            world.store.write(|tx| settle_figure(&act_of(&actor(role)), tx, &command))
        };
        assert_eq!(refusals(settle(Role::Planner, SettledBy::Official, GapReason::Untrue, None)), [Code::Forbidden]);
        assert_eq!(refusals(settle(Role::Verifier, SettledBy::Verified, GapReason::Untrue, None)), [Code::NothingToSettleBy]);
        assert_eq!(refusals(settle(Role::Verifier, SettledBy::Official, GapReason::Other, None)), [Code::Empty]);
        settle(Role::Verifier, SettledBy::Reported, GapReason::LateSync, None).expect("settled");
        settle(Role::Verifier, SettledBy::Official, GapReason::Untrue, Some("kiểm tra thực tế")).expect("settled again");
        let asked = question(&world, &[unit], l1, "2023-06-03", "2023-06-03");
        let found = world.store.read(|tx| compare_figures(&actor(Role::Analyst), tx, &asked)).expect("compared");
        let settled = found[0].settlement.clone().expect("settled");
        assert_eq!((settled.value, settled.by, settled.reason), (count(31), SettledBy::Official, GapReason::Untrue));
        assert_eq!((settled.reported, settled.official), (Some(90), Some(31)));
        assert_eq!(world.database.number("SELECT COUNT(*) AS number FROM settlement"), 2);
        assert!(world.refuses("UPDATE settlement SET value = 1"));
        assert!(world.refuses("DELETE FROM tolerance") || world.database.number("SELECT COUNT(*) AS number FROM tolerance") == 0);
        let unknown = world.read(|tx| tx.extracts_by_id(&Scope::Country, &[ExtractId::new(999)]));
        assert!(unknown.is_empty());
    }
}
