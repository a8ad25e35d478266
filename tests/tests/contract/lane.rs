//! The lanes: what many send at once is committed together, answered each by itself, and durable; what many read at once is
//! read together.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use caodiem_domain::access::Role;
use caodiem_domain::error::{Error, StoreError};
use caodiem_domain::id::UnitId;
use caodiem_domain::ports::{ReadTx, Store};
use caodiem_domain::problem::{Code, Problem};
use caodiem_domain::tally::{Figure, Reporter, RowResult, TallyRow, TotalsQuestion};
use caodiem_domain::usecase::record_tallies::{Submission, SubmissionOutcome};
use caodiem_storage::{Config, check, open};
use caodiem_tests::on_both;
use caodiem_tests::stage::{actor, request};

use crate::world::{World, count, day, days, moment, reopen};

const SENT: usize = 400;

fn submission(world: &World, rows: Vec<TallyRow>) -> Submission {
    let actor = actor(Role::Reporter);
    let request = request(&actor, 1);
    Submission { actor, received_at: moment("2023-06-05T08:30:00Z"), request, drive: world.drive, rows }
}

fn row(world: &World, unit: UnitId, on: &str, value: i64) -> TallyRow {
    TallyRow {
        reporter: Reporter::Unit(unit),
        credited: None,
        day: day(on),
        figure: Figure::Value { indicator: world.indicators[0], value: count(value) },
        reason: None,
        device_at: None,
    }
}

/// Sends all at once and collects the answers in the order sent.
fn send(store: &dyn Store, submissions: Vec<Submission>) -> Vec<Result<SubmissionOutcome, Error>> {
    let (reply, answers) = mpsc::channel();
    let count = submissions.len();
    for (at, submission) in submissions.into_iter().enumerate() {
        let reply = reply.clone();
        store.submit(submission, Box::new(move |outcome| reply.send((at, outcome)).expect("somebody listens")));
    }
    let answers: BTreeMap<usize, _> =
        (0..count).map(|_| answers.recv_timeout(Duration::from_secs(30)).expect("an answer")).collect();
    answers.into_values().collect()
}

on_both! {
    many_submissions_at_once_are_all_answered_and_durable(backend) {
        let Some(world) = World::new(backend) else { return };
        let communes = [world.commune_a1a, world.commune_a1b, world.commune_a2a, world.commune_b1a];
        let submissions: Vec<Submission> = (0..SENT)
            .map(|at| {
                let on = format!("2023-06-0{}", 1 + at % 5);
                let value = i64::try_from(at).expect("small");
                submission(&world, vec![TallyRow {
                    reason: Some(caodiem_domain::text::Reason::new("đếm lại").expect("a reason")),
                    ..row(&world, communes[at % 4], &on, value)
                }])
            })
            .collect();
        let answers = send(&*world.store, submissions.clone());
        let accepted = |answer: &Result<SubmissionOutcome, Error>| {
            answer.as_ref().is_ok_and(|outcome| matches!(outcome.rows[..], [RowResult::Accepted { .. }]))
        };
        assert_eq!(answers.iter().filter(|answer| accepted(answer)).count(), SENT);
        // The server goes away and comes back: every request is known, nothing is written twice.
        let World { store, database, country, indicators, drive, .. } = world;
        drop(store);
        let store = reopen(&database);
        let again = send(&*store, submissions);
        for (first, second) in answers.iter().zip(&again) {
            let (Ok(first), Ok(second)) = (first, second) else { panic!("{first:?}, {second:?}") };
            assert_eq!((&first.rows, first.replayed, second.replayed), (&second.rows, false, true));
        }
        let question = TotalsQuestion {
            drive, indicators: indicators.to_vec(), units: vec![country], days: days("2023-06-01", "2023-06-30"),
        };
        let totals = store.read(|tx| Ok(tx.totals(&question)?)).expect("it reads");
        // Whoever does not wait for an answer has no say in the order, so any may be the last of its slot.
        let standing = database.number("SELECT CAST(SUM(value) AS BIGINT) AS number FROM tally");
        assert_eq!(totals[0].total, standing);
        let of_slots = "SELECT COUNT(DISTINCT value % 20) AS number FROM tally WHERE value BETWEEN 0 AND 399";
        assert_eq!(database.number(of_slots), 20, "each slot holds one of its own");
        let report = check(&Config::new(&database.url()).expect("a URL"), 10, &mut |_| {}).expect("it checks");
        assert!(report.agrees(), "{:?}", report.differences);
        assert_eq!(database.number(
            "SELECT CAST(SUM(revision) AS BIGINT) AS number FROM tally",
        ), i64::try_from(SENT).expect("small"));
    }

    a_refused_submission_costs_no_other_its_place(backend) {
        let Some(world) = World::new(backend) else { return };
        let good = submission(&world, vec![row(&world, world.commune_a1a, "2023-06-01", 5)]);
        let nowhere = Submission { drive: caodiem_domain::id::DriveId::new(999), ..submission(&world, good.rows.clone()) };
        let empty = submission(&world, Vec::new());
        let reused = Submission {
            request: caodiem_domain::request::RequestKey { fingerprint: [9; 32], ..good.request.clone() },
            ..good.clone()
        };
        let other = submission(&world, vec![row(&world, world.commune_a1b, "2023-06-01", 6)]);
        let mut answers = send(&*world.store, vec![nowhere, good.clone(), empty, other]);
        answers.extend(send(&*world.store, vec![reused, good]));
        let code = |answer: &Result<SubmissionOutcome, Error>| match answer {
            Err(Error::Refused(problems)) => Some(problems[0].code()),
            _ => None,
        };
        let codes: Vec<Option<Code>> = answers.iter().map(code).collect();
        let expected = [Some(Code::NotFound), None, Some(Code::Empty), None, Some(Code::RequestIdReused), None];
        assert_eq!(codes, expected);
        assert!(answers[5].as_ref().is_ok_and(|outcome| outcome.replayed));
        assert_eq!(world.database.number("SELECT CAST(SUM(value) AS BIGINT) AS number FROM tally"), 11);
    }

    the_same_slot_and_request_at_once_are_taken_one_after_another(backend) {
        let Some(world) = World::new(backend) else { return };
        // Each request comes twice, and all of them speak of one slot.
        let submissions = (1..=SENT / 2).map(|value| {
            let corrected = row(&world, world.commune_a1a, "2023-06-01", i64::try_from(value).expect("small"));
            let reason = Some(caodiem_domain::text::Reason::new("đếm lại").expect("a reason"));
            submission(&world, vec![TallyRow { reason, ..corrected }])
        });
        let twice: Vec<Submission> = submissions.flat_map(|one| [one.clone(), one]).collect();
        let answers = send(&*world.store, twice);
        let accepted = |replayed: bool| {
            let fits = |outcome: &&SubmissionOutcome| {
                outcome.replayed == replayed && matches!(outcome.rows[..], [RowResult::Accepted { .. }])
            };
            answers.iter().filter_map(|answer| answer.as_ref().ok()).filter(fits).count()
        };
        assert_eq!((accepted(false), accepted(true)), (SENT / 2, SENT / 2), "{answers:?}");
        let revisions = "SELECT CAST(SUM(revision) AS BIGINT) AS number FROM tally";
        assert_eq!(world.database.number(revisions), i64::try_from(SENT / 2).expect("small"));
        let report = check(&Config::new(&world.database.url()).expect("a URL"), 10, &mut |_| {}).expect("it checks");
        assert!(report.agrees(), "{:?}", report.differences);
    }

    a_full_lane_answers_busy_at_once(backend) {
        let Some(world) = World::new(backend) else { return };
        let world = narrow(world);
        let submissions: Vec<Submission> =
            (0..200).map(|_| submission(&world, vec![row(&world, world.commune_a1a, "2023-06-01", 5)])).collect();
        let answers = send(&*world.store, submissions);
        let busy = answers.iter().filter(|answer| **answer == Err(Error::Store(StoreError::Busy))).count();
        let taken = answers.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(busy + taken, 200, "{answers:?}");
        assert!(busy > 0 && taken > 0, "{busy} busy, {taken} taken");
    }

    brief_jobs_see_what_was_answered_before_them(backend) {
        let Some(world) = World::new(backend) else { return };
        for (at, on) in ["2023-06-01", "2023-06-02", "2023-06-03"].into_iter().enumerate() {
            let sent = send(&*world.store, vec![submission(&world, vec![row(&world, world.commune_a1a, on, 5)])]);
            assert!(sent[0].is_ok(), "{sent:?}");
            let (sum, question) = (i64::try_from(at + 1).expect("small") * 5, totals(&world));
            let jobs = (0..40).map(|_| job({
                let question = question.clone();
                move |tx| Ok(tx.totals(&question)?[0].total)
            }));
            assert_eq!(ask(&*world.store, jobs.collect()), vec![Ok(sum); 40]);
        }
    }

    a_brief_job_that_fails_costs_no_other_its_answer(backend) {
        let Some(world) = World::new(backend) else { return };
        let question = totals(&world);
        // What fails in the database ends the snapshot that it shares with others.
        world.database.execute("ALTER TABLE rollup RENAME TO rollup_away");
        let jobs = (0..40).map(|at| match at % 4 {
            0 => job(|tx| Ok(tx.indicators()?.len().try_into().expect("small"))),
            1 => job(|_| Err(Problem::new(Code::Empty).into())),
            2 => job(|_| panic!("a job that panics")),
            _ => job({
                let question = question.clone();
                move |tx| Ok(tx.totals(&question)?[0].total)
            }),
        });
        let answers = ask(&*world.store, jobs.collect());
        world.database.execute("ALTER TABLE rollup_away RENAME TO rollup");
        for four in answers.chunks(4) {
            let [Ok(known), refused, Err(Error::Store(panicked)), Err(Error::Store(failed))] = four else {
                panic!("{four:?}")
            };
            assert_eq!(*known, i64::try_from(world.indicators.len()).expect("small"));
            assert_eq!(*refused, Err(Problem::new(Code::Empty).into()));
            assert!(panicked.to_string().contains("panicked"), "{panicked}");
            assert!(failed.to_string().contains("rollup"), "{failed}");
        }
    }

    a_brief_job_that_takes_too_long_is_not_tried_again(backend) {
        let Some(world) = World::new(backend) else { return };
        let runs = Arc::new(AtomicUsize::new(0));
        let jobs = (0..20).map(|at| match at {
            3 => job({
                let runs = Arc::clone(&runs);
                move |_| {
                    runs.fetch_add(1, Ordering::Relaxed);
                    Err(StoreError::TimedOut.into())
                }
            }),
            _ => job(|tx| Ok(tx.indicators()?.len().try_into().expect("small"))),
        });
        let answers = ask(&*world.store, jobs.collect());
        let known = Ok(i64::try_from(world.indicators.len()).expect("small"));
        assert!(answers.iter().enumerate().all(|(at, answer)| at == 3 || *answer == known), "{answers:?}");
        assert_eq!(answers[3], Err(StoreError::TimedOut.into()));
        assert_eq!(runs.load(Ordering::Relaxed), 1);
    }

    units_are_looked_up_through_the_reader_lane(backend) {
        let Some(world) = World::new(backend) else { return };
        let (reply, answers) = mpsc::channel();
        let asked = [vec![world.commune_a1a, UnitId::new(999), world.country], Vec::new(), vec![world.country]];
        for (at, ids) in asked.iter().enumerate() {
            let reply = reply.clone();
            world.store.find_units(ids.clone(), Box::new(move |units| reply.send((at, units)).expect("somebody listens")));
        }
        let found: BTreeMap<usize, Vec<UnitId>> = (0..asked.len())
            .map(|_| answers.recv_timeout(Duration::from_secs(30)).expect("an answer"))
            .map(|(at, units)| (at, units.expect("units").into_iter().map(|unit| unit.id).collect()))
            .collect();
        let expected = [vec![world.commune_a1a, world.country], Vec::new(), vec![world.country]];
        assert_eq!(found.into_values().collect::<Vec<_>>(), expected);
    }
}

/// A job for the reader lane.
type Asked = Box<dyn FnMut(&mut dyn ReadTx) -> Result<i64, Error> + Send>;

fn job(job: impl FnMut(&mut dyn ReadTx) -> Result<i64, Error> + Send + 'static) -> Asked {
    Box::new(job)
}

/// The sum of the country.
fn totals(world: &World) -> TotalsQuestion {
    let days = days("2023-06-01", "2023-06-30");
    TotalsQuestion { drive: world.drive, indicators: vec![world.indicators[0]], units: vec![world.country], days }
}

/// Asks all at once and collects the answers in the order asked.
fn ask(store: &dyn Store, jobs: Vec<Asked>) -> Vec<Result<i64, Error>> {
    let (reply, answers) = mpsc::channel();
    let count = jobs.len();
    for (at, job) in jobs.into_iter().enumerate() {
        let reply = reply.clone();
        store.read_briefly(job, Box::new(move |found| reply.send((at, found)).expect("somebody listens")));
    }
    let answers: BTreeMap<usize, _> =
        (0..count).map(|_| answers.recv_timeout(Duration::from_secs(30)).expect("an answer")).collect();
    answers.into_values().collect()
}

/// The same world behind a store whose lane holds four submissions at most.
fn narrow(world: World) -> World {
    let config = Config::new(&world.database.url()).expect("a URL");
    let config = Config { lane_queue_max: 4, lane_batch_max: 2, ..config };
    let World { store, .. } = world;
    // SQLite's file has one store at a time.
    drop(store);
    World { store: open(&config).expect("it opens"), ..world }
}
