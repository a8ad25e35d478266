//! Emulation: who is proposed for what, by figures from the database.

mod lists;

use caodiem_domain::access::{Actor, Role};
use caodiem_domain::drive::Drive;
use caodiem_domain::emulation::Proposed;
use caodiem_domain::emulation::sheet::Sheet;
use caodiem_domain::error::Error;
use caodiem_domain::exact::Exact;
use caodiem_domain::id::{DriveId, QuotaId, Sequence, UnitId};
use caodiem_domain::inspection::Verdict;
use caodiem_domain::ports::Lock;
use caodiem_domain::problem::{Code, Problem};
use caodiem_domain::progress::{FigureBasis, Peers, RankMeasure, TreeView};
use caodiem_domain::quota::{Amendment, Basis, Holder, Quota, QuotaKey};
use caodiem_domain::reporting::rule::ReportingRule;
use caodiem_domain::settlement::{GapReason, SettledBy};
use caodiem_domain::tally::{Figure, Reporter, Slot, TallyRow};
use caodiem_domain::text::{Reason, Subject};
use caodiem_domain::time::DaySpan;
use caodiem_domain::unit::Level;
use caodiem_domain::usecase::inspect_tallies::{Finding, inspect_tallies};
use caodiem_domain::usecase::read_emulation::{EmulationQuestion, emulation};
use caodiem_domain::usecase::read_progress::{ProgressQuestion, RankQuestion, ranking};
use caodiem_domain::usecase::record_tallies::{Submission, record_tallies};
use caodiem_domain::usecase::settle_figure::{SettleFigure, settle_figure};
use caodiem_tests::database::Backend;
use caodiem_tests::on_both;
use caodiem_tests::people::alone;
use caodiem_tests::stage::{actor, request};

use crate::world::{World, count, day, days, moment, plan};

/// The morning after the two days that are judged.
const AFTER: &str = "2023-06-03T01:00:00Z";

/// A drive over the country in which four communes owe 100 and a report on each of two days: A1a does 101, A1b 100, A2a
/// 500 on the first day and is silent on the second, B1a 150 of which one figure is found untrue.
struct Judged {
    world: World,
    drive: DriveId,
    untrue: Slot,
}

impl Judged {
    fn new(backend: Backend) -> Option<Self> {
        let world = World::new(backend)?;
        let drive = world.write(|tx| {
            let id = DriveId::new(tx.allocate(Sequence::Drive, 1)?[0]);
            tx.insert_drive(&Drive {
                indicators: world.indicators.into_iter().collect(),
                reporting_rules: vec![ReportingRule::daily(Level::Commune, "15:30:00".parse().expect("a time"))],
                ..plan(id, world.country, "3/KH")
            })?;
            Ok(id)
        });
        let untrue = world.slot(world.commune_b1a, "2023-06-02", Reporter::Unit(world.commune_b1a));
        let judged = Self { untrue: Slot { book: drive, ..untrue }, world, drive };
        let World { commune_a1a, commune_a1b, commune_a2a, commune_b1a, .. } = judged.world;
        for unit in [commune_a1a, commune_a1b, commune_a2a, commune_b1a] {
            judged.owe(unit, 100);
        }
        for (unit, on, value) in [
            (commune_a1a, "2023-06-01", 60),
            (commune_a1a, "2023-06-02", 41),
            (commune_a1b, "2023-06-01", 60),
            (commune_a1b, "2023-06-02", 40),
            (commune_a2a, "2023-06-01", 500),
            (commune_b1a, "2023-06-01", 70),
            (commune_b1a, "2023-06-02", 80),
        ] {
            judged.report(unit, on, value);
        }
        judged.inspect(judged.untrue, Verdict::Untrue);
        Some(judged)
    }

    fn owe(&self, unit: UnitId, amount: i64) {
        let amount = Exact::from(amount);
        let basis = Basis::Absolute { amount: amount.clone() };
        self.world.write(|tx| {
            let id = QuotaId::new(tx.allocate(Sequence::Quota, 1)?[0]);
            let (indicator, group) = (self.world.indicators[0], self.world.groups[0]);
            let key = QuotaKey { drive: self.drive, phase: None, holder: Holder::Unit(unit), indicator, group };
            let (amount, basis) = (amount.clone(), basis.clone());
            let quota = Quota {
                id,
                key,
                basis: basis.clone(),
                amount: amount.clone(),
                due: None,
                counts_opening: false,
                version: 1,
            };
            let amendment = Amendment {
                quota: id,
                version: 1,
                amount,
                basis,
                explanation: "giao".to_owned(),
                reason: None,
                decision: None,
                author: Subject::new("tester").expect("a subject"),
                at: moment("2023-05-30T00:00:00Z"),
            };
            tx.put_quotas(&[(quota, amendment, unit)])
        });
    }

    fn report(&self, unit: UnitId, on: &str, value: i64) {
        let actor = actor(Role::Reporter);
        let figure = Figure::Value { indicator: self.world.indicators[0], value: count(value) };
        let row = TallyRow {
            reporter: Reporter::Unit(unit),
            credited: None,
            day: day(on),
            figure,
            reason: None,
            device_at: None,
        };
        let received_at = moment(&format!("{on}T03:00:00Z"));
        let submission =
            Submission { request: request(&actor, 0), actor, received_at, drive: self.drive, rows: vec![row] };
        let answers = self
            .world
            .store
            .write(|tx| record_tallies(tx, Lock::Book, std::slice::from_ref(&submission)))
            .expect("taken");
        assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    }

    fn inspect(&self, slot: Slot, verdict: Verdict) {
        let finding = Finding {
            slot,
            revision: 1,
            verdict,
            checked: count(5),
            confirmed: count(if verdict == Verdict::True { 5 } else { 1 }),
            note: Reason::new("biên bản 12").expect("a note"),
        };
        let act = alone(&actor(Role::Verifier), moment(AFTER), "test");
        self.world.store.write(|tx| inspect_tallies(&act, tx, std::slice::from_ref(&finding))).expect("inspected");
    }

    fn question(&self) -> EmulationQuestion {
        EmulationQuestion {
            drive: self.drive,
            unit: self.world.country,
            level: Some(Level::Commune),
            indicator: self.world.indicators[0],
            group: self.world.groups[0],
            phase: None,
            days: DaySpan { from: None, to: None },
            basis: None,
            measure: RankMeasure::Share,
            min_quota: Exact::zero(),
            allowed_silent: 0,
            allowed_late: 0,
        }
    }

    fn ask(&self, actor: &Actor, question: &EmulationQuestion) -> Sheet {
        self.world.store.read(|tx| emulation(actor, tx, question, moment(AFTER))).expect("a sheet")
    }

    /// Each candidate with what is proposed and whether it is out of the running.
    fn proposed(&self, question: &EmulationQuestion) -> Vec<(UnitId, Option<u32>, Proposed, bool)> {
        let candidates = self.ask(&actor(Role::Planner), question).candidates;
        let told = |one: caodiem_domain::emulation::sheet::Candidate| {
            (one.unit, one.facts.place, one.judgement.proposed, one.judgement.is_out())
        };
        candidates.into_iter().map(told).collect()
    }
}

fn mended<T>(done: Result<T, Error>) -> Result<T, Vec<Problem>> {
    done.map_err(|error| match error {
        Error::Refused(problems) => problems,
        error @ Error::Store(_) => panic!("{error}"),
    })
}

fn codes(problems: &[Problem]) -> Vec<(Code, &str)> {
    problems.iter().map(|problem| (problem.code(), problem.field())).collect()
}

on_both! {
    candidates_are_judged_by_what_the_database_knows(backend) {
        let Some(judged) = Judged::new(backend) else { return };
        let World { commune_a1a, commune_a1b, commune_a2a, commune_b1a, district_a1, .. } = judged.world;
        assert_eq!(judged.proposed(&judged.question()), [
            (commune_a2a, Some(1), Proposed::Criticise, true),
            (commune_b1a, Some(2), Proposed::Criticise, true),
            (commune_a1a, Some(3), Proposed::Commend, false),
            (commune_a1b, Some(4), Proposed::None, false),
        ]);
        let sheet = judged.ask(&actor(Role::Planner), &judged.question());
        assert_eq!(sheet.about.days, days("2023-06-01", "2023-06-02"), "the last day that is over");
        let silent = &sheet.candidates[0].facts;
        assert_eq!((silent.rates.expected(), silent.rates.actual(), silent.reported), (2, 1, Some(500)));
        // One silent report allowed: it is in the running again, and above its quota.
        let allowed = EmulationQuestion { allowed_silent: 1, ..judged.question() };
        assert_eq!(judged.proposed(&allowed)[0], (commune_a2a, Some(1), Proposed::Commend, false));
        // The units directly under one count with all under them, and have no quota here.
        let direct = EmulationQuestion { unit: judged.world.province_a, level: None, ..judged.question() };
        let direct = judged.proposed(&direct);
        assert_eq!(direct.iter().map(|one| (one.1, one.3)).collect::<Vec<_>>(), [(None, false), (None, true)]);
        assert_eq!(direct[0].0, district_a1);
        // A minimum base leaves a unit without a place.
        let base = EmulationQuestion { min_quota: 101.into(), ..judged.question() };
        assert!(judged.proposed(&base).iter().all(|one| one.1.is_none()));
    }

    an_inspection_that_was_done_again_and_a_settlement_count(backend) {
        let Some(judged) = Judged::new(backend) else { return };
        let World { commune_a1a, commune_b1a, .. } = judged.world;
        let out = |judged: &Judged| {
            let all = judged.proposed(&judged.question());
            all.into_iter().filter(|one| one.3).map(|one| one.0).collect::<Vec<_>>()
        };
        assert!(out(&judged).contains(&commune_b1a));
        // The latest word on a revision stands.
        judged.inspect(judged.untrue, Verdict::True);
        assert!(!out(&judged).contains(&commune_b1a));
        let settle = |reason| {
            let command = SettleFigure {
                drive: judged.drive,
                unit: commune_a1a,
                indicator: judged.world.indicators[0],
                day: day("2023-06-02"),
                by: SettledBy::Other,
                value: Some(count(90)),
                reason,
                note: Reason::new("đối chiếu").ok(),
            };
            let act = alone(&actor(Role::Verifier), moment(AFTER), "test");
            judged.world.store.write(|tx| settle_figure(&act, tx, &command)).expect("settled");
        };
        settle(GapReason::Untrue);
        assert!(out(&judged).contains(&commune_a1a));
        let sheet = judged.ask(&actor(Role::Planner), &judged.question());
        let facts = &sheet.candidate(commune_a1a).expect("a candidate").facts;
        assert_eq!((facts.settled, facts.settled_untrue, facts.reported), (Some(90), 1, Some(101)));
        settle(GapReason::EntryError);
        assert!(!out(&judged).contains(&commune_a1a), "the latest settlement stands");
    }

    places_go_by_the_basis(backend) {
        let Some(judged) = Judged::new(backend) else { return };
        let World { commune_a1a, commune_a1b, .. } = judged.world;
        for unit in [commune_a1a, commune_a1b] {
            judged.inspect(Slot { book: judged.drive, ..judged.world.slot(unit, "2023-06-01", Reporter::Unit(unit)) }, Verdict::True);
        }
        let verified = EmulationQuestion { basis: Some(FigureBasis::Verified), ..judged.question() };
        let found = judged.proposed(&verified);
        let placed: Vec<_> = found.iter().map(|one| (one.0, one.1)).take(2).collect();
        assert_eq!(placed, [(commune_a1a, Some(1)), (commune_a1b, Some(1))]);
        assert!(found[2..].iter().all(|one| one.1.is_none()), "nothing of the others was verified");
        let rank = |actor: &Actor, basis, view| {
            let of = ProgressQuestion {
                drive: judged.drive,
                units: vec![commune_a1a],
                indicator: judged.world.indicators[0],
                group: judged.world.groups[0],
                phase: None,
                days: DaySpan { from: None, to: None },
                view,
                today: day("2023-06-03"),
                known_at: None,
            };
            let question = RankQuestion { unit: commune_a1a, peers: Peers::Level, measure: RankMeasure::Done, basis, min_quota: Exact::zero(), of };
            let ranks = mended(judged.world.store.read(|tx| ranking(actor, tx, &question)))?;
            Ok::<_, Vec<Problem>>(ranks.iter().map(|rank| (rank.place, rank.value.clone())).collect::<Vec<_>>())
        };
        let planner = actor(Role::Planner);
        let sixty = || Some(Exact::from(60));
        let all = vec![(Some(1), sixty()), (Some(1), sixty()), (None, None), (None, None)];
        assert_eq!(rank(&planner, FigureBasis::Verified, TreeView::AsItWas), Ok(all));
        assert_eq!(rank(&planner, FigureBasis::Official, TreeView::AsItWas), Ok(vec![(None, None); 4]));
        let of_reporter = rank(&actor(Role::Reporter), FigureBasis::Verified, TreeView::AsItWas).expect_err("refused");
        assert_eq!(of_reporter[0].code(), Code::Forbidden);
        assert!(rank(&actor(Role::Reporter), FigureBasis::Reported, TreeView::AsItWas).is_ok());
        let restated = rank(&planner, FigureBasis::Verified, TreeView::Restated { onto: day("2023-06-01") });
        assert_eq!(codes(&restated.expect_err("refused")), [(Code::NotUsedHere, "basis")]);
    }
}
