//! Period reports: what they say, what they are refused for, and what another library reads out of them.

use caodiem_domain::access::{Actor, Role};
use caodiem_domain::error::Error;
use caodiem_domain::id::{PeriodReportId, UnitId};
use caodiem_domain::period_report::paper::Paper;
use caodiem_domain::period_report::sheet::Sheet;
use caodiem_domain::period_report::{PeriodReport, ReportKind, ReportStatus};
use caodiem_domain::quota::Holder;
use caodiem_domain::tally::Reporter;
use caodiem_domain::text::Reason;
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::certify_report::{CertifyReport, certify_report};
use caodiem_domain::usecase::issue_report::{CorrectReport, IssueReport, correct_report, issue_report};
use caodiem_domain::usecase::read_reports::period_reports_by_id;
use caodiem_tests::on_both;
use caodiem_tests::people::{alone, hire};
use caodiem_tests::stage::actor;

use crate::world::{World, day, now, refusals};

fn asked(world: &World, kind: ReportKind) -> IssueReport {
    IssueReport {
        kind,
        drive: world.drive,
        unit: None,
        indicator: world.activated,
        group: world.group,
        phase: None,
        day: None,
    }
}

/// The 22nd of June, a Thursday; asked on the 25th.
fn daily(world: &World) -> IssueReport {
    IssueReport { day: Some(day("2023-06-22")), ..asked(world, ReportKind::Daily) }
}

fn issue(world: &World, by: &Act, command: &IssueReport) -> Result<PeriodReport, Error> {
    let store = &*world.stage.store;
    issue_report(store, by, command).map(|id| read(world, id))
}

fn read(world: &World, id: PeriodReportId) -> PeriodReport {
    let found = world.stage.store.read(|tx| period_reports_by_id(&actor(Role::Planner), tx, &[id]));
    found.expect("reports").remove(&id).expect("a report")
}

fn certify(world: &World, by: &Act, report: PeriodReportId) -> Result<PeriodReportId, Error> {
    let command = CertifyReport { report, note: None };
    world.stage.store.write(|tx| certify_report(by, tx, &command))
}

fn planner(world: &World, login: &str) -> Actor {
    hire(&*world.stage.store, login, Role::Planner, world.province)
}

/// The cells of a column of the last section, the total last, printed without units.
fn column(paper: &Paper, key: &str) -> Vec<String> {
    let at = paper.columns.iter().position(|column| column.key == key).unwrap_or_else(|| panic!("no {key}"));
    let whole = paper.sections.last().expect("a section");
    let cells = whole.rows.iter().map(|row| &row.cells[at]).chain([&whole.totals[at]]);
    cells.map(|cell| cell.as_ref().map_or_else(|| "-".to_owned(), |exact| exact.to_decimal(1))).collect()
}

/// Quotas of the districts and of the province, and figures of communes: the third district is silent.
fn running(world: &World) {
    for (unit, amount) in world.districts.iter().chain([&world.province]).zip([300, 100, 50, 500]) {
        world.owe(Holder::Unit(*unit), None, amount);
    }
    world.open();
    let unit = |at: usize| Reporter::Unit(world.communes[at]);
    world.tallies(&[
        (unit(0), "2023-06-20", world.parts[0], 10),
        (unit(0), "2023-06-22", world.parts[1], 5),
        (unit(1), "2023-06-22", world.parts[0], 15),
        (unit(2), "2023-06-22", world.parts[1], 0),
    ]);
}

on_both! {
    a_daily_report_says_what_was_done_and_who_was_silent(backend) {
        let Some(world) = World::new(backend) else { return };
        running(&world);
        let report = issue(&world, &alone(&planner(&world, "an"), now(), "issue"), &daily(&world)).expect("a report");
        let paper = report.paper().expect("a paper");
        assert_eq!(column(&paper, "quota"), ["300.0", "100.0", "50.0", "450.0"]);
        assert_eq!(column(&paper, "period"), ["20.0", "0.0", "-", "20.0"], "nought was reported; silence is no nought");
        assert_eq!(column(&paper, "done"), ["30.0", "0.0", "0.0", "30.0"]);
        assert_eq!(column(&paper, "percent"), ["10.0", "0.0", "0.0", "6.7"], "30 of 450, not the mean");
        assert_eq!(column(&paper, "remaining"), ["270.0", "100.0", "50.0", "420.0"]);
        assert_eq!(column(&paper, "silent_days"), ["0.0", "0.0", "1.0", "1.0"]);
        let formulas: Vec<&str> = paper.columns.iter().map(|column| column.formula.as_str()).collect();
        assert_eq!(formulas[4..6], ["(5) = 100 × ((2) + (4)) / (1)", "(6) = (1) − (2) − (4)"]);
        let findings: Vec<&str> = paper.findings.iter().map(|finding| finding.code().as_str()).collect();
        assert_eq!(findings, ["ROWS_DIFFER_FROM_UNIT", "REPORTS_MISSING"], "450 were spread of 500; one is silent");
        assert_eq!((report.status(), report.days_were_over()), (ReportStatus::Partial, true));
        let shown: Vec<&str> = paper.sections[0].rows.iter().map(|row| row.code.as_str()).collect();
        assert_eq!(shown, ["D1", "D2", "D3"]);
    }

    one_word_among_many_units_ends_the_silence_of_a_day(backend) {
        let Some(world) = World::new(backend) else { return };
        let codes: Vec<String> = (0..100).map(|at| format!("X{at:02}")).collect();
        let many = world.found_communes(world.districts[2], &codes);
        running(&world);
        // Whoever is looked at first and whoever is not: on five days of the six that have begun.
        let spoke = [(0, "2023-06-20"), (1, "2023-06-21"), (2, "2023-06-22"), (51, "2023-06-23"), (99, "2023-06-24")];
        world.tallies(&spoke.map(|(at, on)| (Reporter::Unit(many[at]), on, world.parts[0], 1)));
        let report = issue(&world, &world.planner(world.province), &asked(&world, ReportKind::Final)).expect("a report");
        assert_eq!(column(&report.paper().expect("a paper"), "silent_days"), ["4.0", "5.0", "1.0", "10.0"]);
    }

    a_final_report_is_split_by_phase_and_owes_what_the_phases_owe(backend) {
        let Some(world) = World::new(backend) else { return };
        for (unit, amount) in world.districts.iter().zip([30, 10, 5]) {
            world.owe(Holder::Unit(*unit), Some(0), amount);
            world.owe(Holder::Unit(*unit), Some(1), amount * 10);
        }
        world.open();
        world.tallies(&[(Reporter::Unit(world.communes[0]), "2023-06-20", world.parts[0], 12)]);
        let report = issue(&world, &world.planner(world.province), &asked(&world, ReportKind::Final)).expect("a report");
        let paper = report.paper().expect("a paper");
        let names: Vec<&str> = paper.sections.iter().map(|section| section.name.as_str()).collect();
        assert_eq!(names, ["Giai đoạn 1", "Giai đoạn 2", "Cả đợt"]);
        let quotas: Vec<String> = paper.sections.iter().map(|section| section.totals[0].as_ref().expect("a total").to_string()).collect();
        assert_eq!(quotas, ["45", "450", "495"]);
        assert_eq!(column(&paper, "quota"), ["330.0", "110.0", "55.0", "495.0"]);
        assert_eq!(column(&paper, "remaining"), ["318.0", "110.0", "55.0", "483.0"]);
        assert!(paper.columns.iter().all(|column| column.key != "period"), "the whole is the period");
        assert!(!report.days_were_over(), "the drive runs until July");
    }

    a_week_is_monday_to_sunday_within_the_drive(backend) {
        let Some(world) = World::new(backend) else { return };
        running(&world);
        let week = |on: &str| IssueReport { day: Some(day(on)), ..asked(&world, ReportKind::Weekly) };
        let report = issue(&world, &world.planner(world.province), &week("2023-06-22")).expect("a report");
        let days = report.about.days;
        assert_eq!((days.from(), days.to()), (day("2023-06-20"), day("2023-06-25")), "the drive begins on a Tuesday");
        let phase = IssueReport { phase: Some(world.phases[0]), ..asked(&world, ReportKind::Phase) };
        let report = issue(&world, &world.planner(world.province), &phase).expect("a report");
        assert_eq!(report.about.days.to(), day("2023-06-29"));
    }

    what_does_not_fit_is_refused_at_its_place(backend) {
        let Some(world) = World::new(backend) else { return };
        running(&world);
        let act = world.planner(world.province);
        let refused = |command: IssueReport| refusals(issue(&world, &act, &command).map(|report| report.id));
        assert_eq!(refused(asked(&world, ReportKind::Daily)), [("EMPTY", "day".to_owned())]);
        assert_eq!(refused(asked(&world, ReportKind::Phase)), [("EMPTY", "phase".to_owned())]);
        let odd = IssueReport { phase: Some(world.phases[0]), day: Some(day("2023-06-22")), ..asked(&world, ReportKind::Final) };
        assert_eq!(refused(odd), [("NOT_USED_HERE", "day".to_owned()), ("NOT_USED_HERE", "phase".to_owned())]);
        let on = |text: &str| IssueReport { day: Some(day(text)), ..daily(&world) };
        assert_eq!(refused(on("2023-06-19")), [("DAY_OUTSIDE_DRIVE", "day".to_owned())]);
        assert_eq!(refused(on("2023-06-26")), [("DAY_IN_FUTURE", "day".to_owned())]);
        let unit = IssueReport { unit: Some(UnitId::new(1)), ..daily(&world) };
        assert_eq!(refused(unit), [("NOT_FOUND", "unit".to_owned())], "the country is out of the planner's scope");
    }

    a_correction_names_what_it_corrects_and_that_stays(backend) {
        let Some(world) = World::new(backend) else { return };
        running(&world);
        let (one, other) = (planner(&world, "an"), planner(&world, "binh"));
        let wrong = issue(&world, &alone(&one, now(), "issue"), &daily(&world)).expect("a report");
        world.tallies(&[(Reporter::Unit(world.communes[1]), "2023-06-22", world.parts[0], 99)]);
        let command = CorrectReport { report: wrong.id, reason: Reason::new("đếm lại").expect("a reason") };
        let correct = |by: &Act| correct_report(&*world.stage.store, by, &command);
        let act = alone(&one, now(), "correct");
        let right = read(&world, correct(&act).expect("a correction"));
        assert_eq!(correct(&act).expect("the same answer"), right.id, "sent again, it has no second effect");
        assert_eq!((right.about.corrects, right.status()), (Some(wrong.id), ReportStatus::Correction));
        let figures = |report: &PeriodReport| column(&report.paper().expect("a paper"), "period");
        assert_eq!(figures(&right)[0], "104.0");
        let wrong = read(&world, wrong.id);
        assert_eq!((wrong.corrected_by, figures(&wrong)[0].as_str()), (Some(right.id), "20.0"));
        assert_eq!(refusals(correct(&alone(&one, now(), "correct"))), [("REPORT_CORRECTED", "report".to_owned())]);
        assert_eq!(refusals(certify(&world, &alone(&other, now(), "certify"), wrong.id)), [("REPORT_CORRECTED", "report".to_owned())]);
    }

    another_person_certifies_once_the_days_were_over(backend) {
        let Some(world) = World::new(backend) else { return };
        running(&world);
        let (one, other) = (planner(&world, "an"), planner(&world, "binh"));
        let act = |by: &Actor| alone(by, now(), "certify");
        let report = issue(&world, &alone(&one, now(), "issue"), &daily(&world)).expect("a report");
        let at = |code: &'static str| [(code, "report".to_owned())];
        assert_eq!(refusals(certify(&world, &act(&one), report.id)), at("OWN_REPORT"));
        assert_eq!(refusals(certify(&world, &world.planner(world.province), report.id)), at("OWN_REPORT"), "the host is nobody else");
        assert_eq!(certify(&world, &act(&other), report.id), Ok(report.id));
        assert_eq!(read(&world, report.id).status(), ReportStatus::Certified);
        assert_eq!(refusals(certify(&world, &act(&other), report.id)), at("REPORT_CERTIFIED"));
        let running_day = IssueReport { day: Some(day("2023-06-25")), ..daily(&world) };
        let early = issue(&world, &alone(&one, now(), "issue"), &running_day).expect("a report");
        assert_eq!(refusals(certify(&world, &act(&other), early.id)), at("REPORT_NOT_OVER"));
        assert_eq!(refusals(certify(&world, &act(&other), PeriodReportId::new(77))), at("NOT_FOUND"));
    }

    words_that_a_spreadsheet_would_run_come_out_harmless(backend) {
        let Some(world) = World::new(backend) else { return };
        running(&world);
        let report = issue(&world, &world.planner(world.province), &daily(&world)).expect("a report");
        let mut paper = report.paper().expect("a paper");
        let signs = ["=", "+", "-", "@", "\t", "\r"];
        for (row, sign) in paper.sections[0].rows.iter_mut().zip(signs) {
            row.name = format!("{sign}1+1, \"x\"");
            row.cells[0] = Some((-5).into());
        }
        paper.title.drive = "=HYPERLINK(\"http://x\")".into();
        paper.title.issuer = "@sum".into();
        let text = Sheet::of(&PeriodReport::freeze(report.id, &paper)).expect("a sheet").csv();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("another library reads it")).collect();
        assert_eq!((&records[0][0], &records[2][0]), ("'@SUM", "'=HYPERLINK(\"http://x\")"));
        let rows = records.iter().filter(|record| record[0].parse::<u32>().is_ok());
        for ((record, sign), at) in rows.zip(signs).zip(1..) {
            assert_eq!((record[0].parse(), &record[1], &record[2]), (Ok(at), format!("'{sign}1+1, \"x\"").as_str(), "-5"));
        }
        let dangerous = |cell: &str| cell.starts_with(['=', '+', '@', '\t', '\r']) || (cell.starts_with('-') && cell.parse::<f64>().is_err());
        let found: Vec<&str> = records.iter().flat_map(|record| record.iter()).filter(|cell| dangerous(cell)).filter(|cell| !cell.starts_with("- ")).collect();
        assert_eq!(found, Vec::<&str>::new());
    }
}
