//! A period report of each place, frozen and on record.

use caodiem_domain::audit::{ActOutcome, Change, Entry};
use caodiem_domain::error::Error;
use caodiem_domain::exact::Exact;
use caodiem_domain::id::{AccountId, AssignmentId, DriveId, PeriodReportId, Sequence};
use caodiem_domain::period_report::column::Facts;
use caodiem_domain::period_report::paper::{Paper, RowOf, SectionFacts, TitleBlock};
use caodiem_domain::period_report::{About, PeriodReport, ReportKind};
use caodiem_domain::ports::WriteTx;
use caodiem_domain::time::DayRange;

use super::{Common, Ground, day, moment};

/// A daily report of the 20th of June, issued by the host.
pub(super) fn put(
    tx: &mut dyn WriteTx,
    common: &Common,
    ground: &Ground,
    drive: DriveId,
) -> Result<PeriodReportId, Error> {
    let id = PeriodReportId::new(tx.allocate(Sequence::PeriodReport, 1)?[0]);
    let report = PeriodReport::freeze(id, &paper(common, ground, drive));
    tx.insert_period_report(&report)?;
    tx.record(vec![Entry {
        at: report.about.issued_at,
        account: AccountId::new(0),
        subject: ground.subject("Issuer"),
        assignment: AssignmentId::new(0),
        role: None,
        operation: "issuePeriodReport".to_owned(),
        unit: Some(ground.unit.id),
        input: ground.text("Input"),
        changes: vec![Change::made("PeriodReport", id.get(), report.digest())],
        outcome: ActOutcome::Done,
        request: ground.text("Request"),
    }]);
    Ok(id)
}

fn paper(common: &Common, ground: &Ground, drive: DriveId) -> Paper {
    let days = DayRange::day(day("2023-06-20"));
    let about = About {
        kind: ReportKind::Daily,
        drive,
        unit: ground.unit.id,
        phase: None,
        indicator: common.indicators[0],
        group: common.group,
        days,
        known_at: moment("2023-06-21T03:00:00Z"),
        is_whole: true,
        corrects: None,
        reason: None,
        issuer: AccountId::new(0),
        issued_at: moment("2023-06-21T03:00:00Z"),
    };
    let words = || ground.text("Paper");
    let title = TitleBlock {
        issuer: words(),
        plan_number: words(),
        drive: words(),
        unit: words(),
        phase: None,
        indicator: words(),
        group: words(),
    };
    let figure = |figure: i64| Some(Exact::from(ground.figure(figure)));
    let facts = Facts { quota: figure(10), done: figure(4), period: figure(4), ..Facts::default() };
    let row = RowOf { unit: ground.unit.id, code: words(), name: words() };
    let section = SectionFacts { phase: None, name: words(), days, rows: vec![(row, facts)], has_all: true };
    Paper::lay_out(about, title, &[section])
}
