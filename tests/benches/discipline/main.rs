//! Who has to be chased, and the rates, of a province with 10,000 villages that report daily: use cases over the store in
//! this process, no HTTP.
//!
//! `cargo bench -p caodiem-tests --bench discipline -- [--days 30] [--rounds 200] [sqlite] [postgres]`
//!
//! 9,900 villages of 10,000 report each day, a hundred are silent and change from day to day. The target is 20 ms for the
//! chase list and for the rates of a day. The table is kept in `tests/benches/RESULTS.md`.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a benchmark fails loudly")]

use std::time::Instant as Stopwatch;

use caodiem_domain::access::{Actor, Role, Scope};
use caodiem_domain::drive::{Drive, DriveState, Settles};
use caodiem_domain::error::Error;
use caodiem_domain::id::{DriveId, Sequence, UnitId};
use caodiem_domain::page::{Direction, PageRequest, PageSize};
use caodiem_domain::reporting::rule::{ReportKind, ReportingRule};
use caodiem_domain::tally::{Report, Reporter};
use caodiem_domain::text::{PlanNumber, Title, UnitCode, UnitName};
use caodiem_domain::time::{Calendar, Day, DayRange, DaySpan, Instant, from_viet_nam};
use caodiem_domain::unit::{Level, Unit, UnitKind, UnitPath, UnitVersion};
use caodiem_domain::usecase::read_reporting::{
    ReportingQuestion, StatusQuestion, chase_list, report_statuses, reporting,
};
use caodiem_tests::database::Backend;
use caodiem_tests::stage::{Stage, actor};

const COMMUNES: usize = 100;
const VILLAGES: usize = 100;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn at(on: Day, time: &str) -> Instant {
    from_viet_nam(on, time.parse().expect("a time"))
}

fn unit(id: UnitId, parent: Option<&Unit>, code: &str, kind: UnitKind) -> Unit {
    Unit {
        id,
        path: UnitPath::under(parent.map(|parent| &parent.path), id),
        synthetic: true,
        closed_on: None,
        latest: 1,
        version: UnitVersion {
            unit: id,
            number: 1,
            code: UnitCode::new(code).expect("a code"),
            name: UnitName::new(&format!("Đơn vị {code}")).expect("a name"),
            kind,
            parent: parent.map(|parent| parent.id),
            valid_from: day("2023-01-01"),
            valid_to: None,
            legal_basis: None,
        },
    }
}

struct Province {
    stage: Stage,
    top: Unit,
    drive: DriveId,
    days: DayRange,
    planner: Actor,
}

fn plan(drive: DriveId, province: UnitId, days: DayRange) -> Drive {
    Drive {
        id: drive,
        plan_number: PlanNumber::new("1/KH").expect("a number"),
        title: Title::new("Đợt").expect("a title"),
        issuer: Title::new("UBND").expect("a title"),
        unit: province,
        parent: None,
        book: drive,
        issued_on: days.from(),
        days,
        declared_days: None,
        tree_date: days.from(),
        settles: Settles::Reported,
        state: DriveState::Open,
        calendar: Calendar::every_day(),
        reporting_rules: vec![ReportingRule::daily(Level::Village, "15:30:00".parse().expect("a time"))],
        phases: Vec::new(),
        indicators: std::collections::BTreeSet::new(),
        team_rules: Vec::new(),
        columns: Vec::new(),
        synthetic: true,
        version: 1,
    }
}

/// Every day a hundredth is silent, a thirteenth late.
fn report(stage: &Stage, drive: DriveId, days: DayRange, villages: &[UnitId]) {
    for (number, on) in days.days().enumerate() {
        let report = |(place, village): (usize, &UnitId)| {
            let silent = (place * 7 + number) % 100 == 0;
            let received = at(on, if place % 13 == 0 { "16:00:00" } else { "14:00:00" });
            (!silent).then_some(Report {
                drive,
                reporter: Reporter::Unit(*village),
                unit: *village,
                day: on,
                nil: false,
                first_received_at: received,
                last_received_at: received,
                late_reason: None,
            })
        };
        let reports: Vec<Report> = villages.iter().enumerate().filter_map(report).collect();
        stage.store.write(|tx| Ok::<_, Error>(tx.put_reports(&reports)?)).expect("reports");
    }
}

impl Province {
    fn found(backend: Backend, length: u32) -> Option<Self> {
        let stage = Stage::empty(backend)?;
        let from = day("2023-04-11");
        let to = from.iter_days().nth(usize::try_from(length).expect("days") - 1).expect("a day");
        let days = DayRange::new(from, to).expect("days");
        let (province, villages, drive) = stage
            .store
            .write(|tx| {
                let mut ids = tx.allocate(Sequence::Unit, 2 + COMMUNES * (VILLAGES + 1))?.into_iter().map(UnitId::new);
                let mut next = || ids.next().expect("a key");
                let country = unit(next(), None, "VN", UnitKind::Country);
                let province = unit(next(), Some(&country), "P", UnitKind::Province);
                let (mut units, mut villages) = (vec![country, province.clone()], Vec::new());
                for commune in 0..COMMUNES {
                    let above = unit(next(), Some(&province), &format!("C{commune:03}"), UnitKind::RuralCommune);
                    for village in 0..VILLAGES {
                        let code = format!("C{commune:03}V{village:03}");
                        let one = unit(next(), Some(&above), &code, UnitKind::Village);
                        villages.push(one.id);
                        units.push(one);
                    }
                    units.push(above);
                }
                units.sort_by_key(|unit| unit.path.depth());
                tx.insert_units(&units)?;
                let drive = DriveId::new(tx.allocate(Sequence::Drive, 1)?[0]);
                tx.insert_drive(&plan(drive, province.id, days))?;
                Ok((province, villages, drive))
            })
            .expect("a province");
        report(&stage, drive, days, &villages);
        let scope = Scope::Subtrees(vec![province.path.clone()]);
        let planner = Actor { unit: province.id, scope, ..actor(Role::Planner) };
        Some(Self { stage, top: province, drive, days, planner })
    }

    fn status(&self) -> StatusQuestion {
        StatusQuestion {
            drive: self.drive,
            unit: self.top.id,
            kind: ReportKind::Daily,
            day: self.days.to(),
            level: None,
            team: None,
            statuses: Vec::new(),
            now: at(self.days.to(), "17:00:00"),
        }
    }

    fn rates(&self, days: DayRange) -> u64 {
        let span = DaySpan { from: Some(days.from()), to: Some(days.to()) };
        let now = at(self.days.to(), "17:00:00");
        let question = ReportingQuestion { drive: self.drive, unit: self.top.id, days: span, now };
        let found = self.stage.store.read(|tx| reporting(&self.planner, tx, &question)).expect("rates");
        found.whole.levels[0].rates.expected()
    }

    fn chase(&self) -> u64 {
        self.stage.store.read(|tx| chase_list(&self.planner, tx, &self.status(), &page())).expect("a list").1
    }

    fn statuses(&self) -> u64 {
        self.stage.store.read(|tx| report_statuses(&self.planner, tx, &self.status(), &page())).expect("a list").1
    }
}

fn page() -> PageRequest {
    PageRequest { size: PageSize::DEFAULT, direction: Direction::Forward, cursor: None }
}

/// Median and 99th percentile in milliseconds, after a tenth of the rounds to warm up.
fn measure(rounds: usize, mut work: impl FnMut() -> u64) -> (u64, f64, f64) {
    let mut times = Vec::with_capacity(rounds);
    let mut answer = 0;
    for round in 0..rounds + rounds / 10 {
        #[expect(clippy::disallowed_methods, reason = "a benchmark measures")]
        let watch = Stopwatch::now();
        answer = work();
        if round >= rounds / 10 {
            times.push(watch.elapsed().as_secs_f64() * 1_000.0);
        }
    }
    times.sort_by(f64::total_cmp);
    (answer, times[times.len() / 2], times[times.len() * 99 / 100])
}

fn main() {
    let (mut days, mut rounds, mut backends) = (30_u32, 200_usize, Vec::new());
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--days" => days = words.next().and_then(|text| text.parse().ok()).expect("a number follows"),
            "--rounds" => rounds = words.next().and_then(|text| text.parse().ok()).expect("a number follows"),
            "sqlite" => backends.push(Backend::Sqlite),
            "postgres" => backends.push(Backend::Postgres),
            "--bench" => {}
            other => panic!("{other} is not understood"),
        }
    }
    if backends.is_empty() {
        backends = vec![Backend::Sqlite, Backend::Postgres];
    }
    println!("| what | database | rows | p50 / p99 ms |\n| --- | --- | --- | --- |");
    for backend in backends {
        let Some(province) = Province::found(backend, days) else { continue };
        let today = DayRange::day(province.days.to());
        let told = |what: &str, (rows, p50, p99): (u64, f64, f64)| {
            println!("| {what} | {backend:?} | {rows} | {p50:.2} / {p99:.2} |");
        };
        told("chase list of a day", measure(rounds, || province.chase()));
        told("rates of a day", measure(rounds, || province.rates(today)));
        told("status table of a day, a page of 50", measure(rounds, || province.statuses()));
        told(&format!("rates of {days} days"), measure(rounds / 10 + 1, || province.rates(province.days)));
    }
}
