//! Period reports as storage keeps them.

use caodiem_domain::access::{Actor, Role, Scope};
use caodiem_domain::error::{Constraint, StoreError};
use caodiem_domain::exact::Exact;
use caodiem_domain::id::{AccountId, PeriodReportId, Sequence, UnitId};
use caodiem_domain::page::{Direction, Filter};
use caodiem_domain::period_report::column::Facts;
use caodiem_domain::period_report::paper::{Paper, RowOf, SectionFacts, TitleBlock};
use caodiem_domain::period_report::{
    About, Certification, PeriodReport, PeriodReportPredicate, ReportKind, ReportStatus,
};
use caodiem_domain::problem::Code;
use caodiem_domain::text::Reason;
use caodiem_tests::on_both;
use caodiem_tests::people::hire;

use crate::world::{World, all_pages, conflict, day, days, moment};
use caodiem_domain::tally::{Report, Reporter};

fn paper(world: &World, unit: UnitId, by: AccountId, corrects: Option<PeriodReportId>) -> Paper {
    let days = days("2023-06-05", "2023-06-11");
    let about = About {
        kind: ReportKind::Weekly,
        drive: world.drive,
        unit,
        phase: Some(world.phase),
        indicator: world.indicators[2],
        group: world.groups[0],
        days,
        known_at: moment("2023-06-12T01:02:03.456789Z"),
        is_whole: false,
        corrects,
        reason: corrects.and_then(|_| Reason::new("đếm lại, \"hai\" lần").ok()),
        issuer: by,
        issued_at: moment("2023-06-12T01:02:03.456789Z"),
    };
    let facts = Facts { quota: Exact::ratio(100, 3), done: Some(7.into()), ..Facts::default() };
    let row = RowOf { unit, code: "A1".to_owned(), name: "Huyện, \"Bình\nGia\"".to_owned() };
    let section = SectionFacts { phase: None, name: String::new(), days, rows: vec![(row, facts)], has_all: true };
    Paper::lay_out(about, TitleBlock { issuer: "UBND".to_owned(), ..TitleBlock::default() }, &[section])
}

fn issued(world: &World, unit: UnitId, by: AccountId, corrects: Option<PeriodReportId>) -> PeriodReport {
    world.write(|tx| {
        let id = PeriodReportId::new(tx.allocate(Sequence::PeriodReport, 1)?[0]);
        let report = PeriodReport::freeze(id, &paper(world, unit, by, corrects));
        tx.insert_period_report(&report)?;
        Ok(report)
    })
}

fn read(world: &World, id: PeriodReportId) -> PeriodReport {
    world.read(|tx| tx.period_reports_by_id(&Scope::Country, &[id])).remove(&id).expect("a report")
}

fn certificate(by: &Actor) -> Certification {
    Certification { by: by.account, at: moment("2023-06-13T00:00:00Z"), note: Reason::new("đã đối chiếu").ok() }
}

fn found(world: &World, scope: &Scope, filter: &Filter<PeriodReportPredicate>) -> Vec<PeriodReportId> {
    let walk = |way| all_pages(way, 2, |page| world.read(|tx| tx.list_period_reports(scope, filter, page)));
    let rows = walk(Direction::Forward);
    assert_eq!(walk(Direction::Backward), rows);
    let count = world.read(|tx| tx.count_period_reports(scope, filter));
    assert_eq!(count, u64::try_from(rows.len()).expect("a count"));
    rows.iter().map(|report| report.id).collect()
}

on_both! {
    a_report_comes_back_to_the_letter_with_who_stands_for_it(backend) {
        let Some(world) = World::new(backend) else { return };
        let one = hire(&*world.store, "an", Role::Planner, world.province_a);
        let other = hire(&*world.store, "binh", Role::Planner, world.province_a);
        let report = issued(&world, world.district_a1, one.account, None);
        assert_eq!(read(&world, report.id), report);
        assert_eq!(read(&world, report.id).paper(), Ok(paper(&world, world.district_a1, one.account, None)));
        assert_eq!(report.status(), ReportStatus::Partial);
        let right = issued(&world, world.district_a1, one.account, Some(report.id));
        assert_eq!(read(&world, report.id).corrected_by, Some(right.id));
        assert_eq!(read(&world, right.id).status(), ReportStatus::Correction);
        world.write(|tx| tx.certify_period_report(&right, &certificate(&other)));
        let certified = read(&world, right.id);
        assert_eq!((certified.status(), certified.certification), (ReportStatus::Certified, Some(certificate(&other))));
    }

    nothing_of_a_report_is_ever_changed(backend) {
        let Some(world) = World::new(backend) else { return };
        let one = hire(&*world.store, "an", Role::Planner, world.province_a);
        let other = hire(&*world.store, "binh", Role::Planner, world.province_a);
        let report = issued(&world, world.district_a1, one.account, None);
        world.write(|tx| tx.certify_period_report(&report, &certificate(&other)));
        for sql in [
            "UPDATE period_report SET content = 'x'",
            "UPDATE period_report SET hash = hash",
            "DELETE FROM period_report",
            "UPDATE period_report_certificate SET note = 'x'",
            "DELETE FROM period_report_certificate",
        ] {
            assert!(world.refuses(sql), "{sql}");
        }
        assert_eq!(read(&world, report.id).content, report.content);
    }

    the_database_itself_demands_two_people_once(backend) {
        let Some(world) = World::new(backend) else { return };
        let one = hire(&*world.store, "an", Role::Planner, world.province_a);
        let other = hire(&*world.store, "binh", Role::Planner, world.province_a);
        let report = issued(&world, world.district_a1, one.account, None);
        let certify = |report: &PeriodReport, by: &Actor| world.try_write(|tx| tx.certify_period_report(report, &certificate(by)));
        assert_eq!(certify(&report, &one), conflict(Constraint::Check));
        // Passing for another issuer does not help.
        let about = About { issuer: other.account, ..report.about.clone() };
        assert_eq!(certify(&PeriodReport { about, ..report.clone() }, &one), conflict(Constraint::Reference));
        assert_eq!(certify(&report, &other), Ok(()));
        assert!(matches!(certify(&report, &other), Err(StoreError::Conflict(_))));
    }

    a_report_is_corrected_once(backend) {
        let Some(world) = World::new(backend) else { return };
        let wrong = issued(&world, world.district_a1, AccountId::new(0), None);
        issued(&world, world.district_a1, AccountId::new(0), Some(wrong.id));
        let again = world.try_write(|tx| {
            let id = PeriodReportId::new(tx.allocate(Sequence::PeriodReport, 1)?[0]);
            let right = paper(&world, world.district_a1, AccountId::new(0), Some(wrong.id));
            tx.insert_period_report(&PeriodReport::freeze(id, &right))
        });
        assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
    }

    a_text_that_was_changed_past_the_triggers_is_not_read(backend) {
        let Some(world) = World::new(backend) else { return };
        let report = issued(&world, world.district_a1, AccountId::new(0), None);
        let tampered = match backend {
            caodiem_tests::database::Backend::Sqlite => "DROP TRIGGER period_report_no_update",
            caodiem_tests::database::Backend::Postgres => "ALTER TABLE period_report DISABLE TRIGGER USER",
        };
        world.database.execute(&format!("{tampered}; UPDATE period_report SET content = REPLACE(content, '100/3', '99/3')"));
        assert_eq!(read(&world, report.id).paper().map_err(|problem| problem.code()), Err(Code::ReportAltered));
    }

    lists_go_by_scope_drive_unit_kind_and_standing(backend) {
        let Some(world) = World::new(backend) else { return };
        let one = hire(&*world.store, "an", Role::Planner, world.country);
        let first = issued(&world, world.district_a1, AccountId::new(0), None);
        let second = issued(&world, world.district_b1, AccountId::new(0), None);
        let right = issued(&world, world.district_a1, AccountId::new(0), Some(first.id));
        world.write(|tx| tx.certify_period_report(&second, &certificate(&one)));
        let everything = Filter::everything();
        assert_eq!(found(&world, &Scope::Country, &everything), [right.id, second.id, first.id]);
        assert_eq!(found(&world, &world.scope(&[world.province_a]), &everything), [right.id, first.id]);
        assert_eq!(found(&world, &world.scope(&[world.commune_a1a]), &everything), []);
        let hidden = world.scope(&[world.province_b]);
        assert_eq!(world.read(|tx| tx.period_reports_by_id(&hidden, &[first.id])).len(), 0);
        let is = |predicate| found(&world, &Scope::Country, &Filter::Is(predicate));
        assert_eq!(is(PeriodReportPredicate::Drive(world.drive)).len(), 3);
        assert_eq!(is(PeriodReportPredicate::Drive(world.local_drive)), []);
        assert_eq!(is(PeriodReportPredicate::Unit(vec![world.district_b1])), [second.id]);
        assert_eq!(is(PeriodReportPredicate::Under(world.province_a)), [right.id, first.id]);
        assert_eq!(is(PeriodReportPredicate::Kind(vec![ReportKind::Weekly])).len(), 3);
        assert_eq!(is(PeriodReportPredicate::Kind(vec![ReportKind::Final])), []);
        assert_eq!(is(PeriodReportPredicate::Certified(true)), [second.id]);
        assert_eq!(is(PeriodReportPredicate::Certified(false)), [right.id, first.id]);
        assert_eq!(is(PeriodReportPredicate::Corrected(true)), [first.id]);
        assert_eq!(is(PeriodReportPredicate::Corrected(false)), [right.id, second.id]);
    }

    days_of_reports_are_of_the_drive_and_those_under_it_as_known_at_a_moment(backend) {
        let Some(world) = World::new(backend) else { return };
        let report = |drive, unit, on: &str, at: &str| Report {
            drive,
            reporter: Reporter::Unit(unit),
            unit,
            day: day(on),
            nil: true,
            late_reason: None,
            first_received_at: moment(at),
            last_received_at: moment("2023-06-20T00:00:00Z"),
        };
        let (one, other) = (world.commune_a1a, world.commune_b1a);
        world.write(|tx| {
            tx.put_reports(&[
                report(world.drive, one, "2023-06-05", "2023-06-05T08:00:00Z"),
                report(world.local_drive, one, "2023-06-06", "2023-06-06T08:00:00Z"),
                report(world.drive, one, "2023-06-07", "2023-06-09T08:00:00Z"),
                report(world.drive, other, "2023-06-05", "2023-06-05T08:00:00Z"),
                report(world.drive, one, "2023-06-30", "2023-06-05T08:00:00Z"),
            ])
        });
        let asked = |drive, units: Option<&[UnitId]>, at: &str| {
            let (week, at) = (days("2023-06-05", "2023-06-11"), moment(at));
            let told = world.read(|tx| tx.report_days(drive, units, week, at));
            told.into_iter().map(|(unit, days)| (unit, days.len())).collect::<Vec<_>>()
        };
        assert_eq!(asked(world.drive, Some(&[one]), "2023-06-10T00:00:00Z"), [(one, 3)]);
        assert_eq!(asked(world.drive, None, "2023-06-10T00:00:00Z"), [(one, 3), (other, 1)]);
        assert_eq!(asked(world.drive, Some(&[one]), "2023-06-08T00:00:00Z"), [(one, 2)], "the third day came later");
        assert_eq!(asked(world.local_drive, Some(&[one, other]), "2023-06-10T00:00:00Z"), [(one, 1)]);
    }
}
