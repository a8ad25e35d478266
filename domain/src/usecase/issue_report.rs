//! Issuing period reports, and correcting them by others.
//!
//! Figures come from the use cases that answer for progress, in one snapshot; nothing is worked out here a second time.
//! Writing follows in a transaction of its own, so that nobody who reports has to wait for a long paper.

mod compose;
mod period;
mod punctuality;
mod row;
mod silence;
mod truth;

use crate::access::Permission;
use crate::audit::Change;
use crate::error::Error;
use crate::id::{DriveId, GroupId, IndicatorId, PeriodReportId, PhaseId, Sequence, UnitId};
use crate::period_report::paper::Paper;
use crate::period_report::{PeriodReport, ReportKind};
use crate::ports::{Store, WriteTx};
use crate::problem::{Code, Problem};
use crate::text::Reason;
use crate::time::Day;
use crate::usecase::read_reports::visible_report;
use crate::usecase::{Act, allocate_one};

/// A report to be issued.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IssueReport {
    /// Of which period.
    pub kind: ReportKind,
    /// Of which drive.
    pub drive: DriveId,
    /// Of which unit; the drive's own when absent.
    pub unit: Option<UnitId>,
    /// Of what.
    pub indicator: IndicatorId,
    /// Of whom.
    pub group: GroupId,
    /// The phase: demanded of a phase report, not used for a final one; otherwise the whole drive when absent.
    pub phase: Option<PhaseId>,
    /// The day, or one of the week; the phase or drive says it of the other reports.
    pub day: Option<Day>,
}

/// A report that puts another one right.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CorrectReport {
    /// The one that was wrong.
    pub report: PeriodReportId,
    /// Why.
    pub reason: Reason,
}

/// What a paper corrects, and why.
type Corrects = Option<(PeriodReportId, Reason)>;

/// Issues a report: works it out as figures stand, freezes it, and puts its hash on record.
///
/// # Errors
/// `Forbidden`; `NotFound` at `drive`, `unit`, `phase` or `indicator`; `UnitOutsideDrive` at `unit`; `Empty` or
/// `NotUsedHere` at `day` or `phase`; `DayOutsideDrive` and `DayInFuture` at `day`.
pub fn issue_report(store: &dyn Store, act: &Act, command: &IssueReport) -> Result<PeriodReportId, Error> {
    act.actor.require(Permission::IssueReports)?;
    let paper = store
        .read(|tx| if act.is_known(tx)? { Ok(None) } else { compose::compose(act, tx, command, None).map(Some) })?;
    store.write(|tx| act.once(tx, |tx| freeze(tx, paper.as_ref())))
}

/// Corrects a report by one of the same period, worked out as figures stand now. The one that was wrong stays as it is.
///
/// # Errors
/// `Forbidden`; `NotFound` and `ReportCorrected` at `report`; and what [`issue_report`] is refused for.
pub fn correct_report(store: &dyn Store, act: &Act, command: &CorrectReport) -> Result<PeriodReportId, Error> {
    act.actor.require(Permission::IssueReports)?;
    let paper = store.read(|tx| {
        if act.is_known(tx)? {
            return Ok(None);
        }
        let wrong = visible_report(&act.actor, tx, command.report)?;
        if let Some(by) = wrong.corrected_by {
            return Err(Problem::new(Code::ReportCorrected).with("by", by.get()).at("report").into());
        }
        compose::compose(act, tx, &again(&wrong), Some((wrong.id, command.reason.clone()))).map(Some)
    })?;
    store.write(|tx| act.once(tx, |tx| freeze(tx, paper.as_ref())))
}

/// What a report answers, to be asked once more.
fn again(report: &PeriodReport) -> IssueReport {
    let about = &report.about;
    let has_day = matches!(about.kind, ReportKind::Daily | ReportKind::Weekly);
    IssueReport {
        kind: about.kind,
        drive: about.drive,
        unit: Some(about.unit),
        indicator: about.indicator,
        group: about.group,
        phase: about.phase,
        day: has_day.then(|| about.days.from()),
    }
}

fn freeze(tx: &mut dyn WriteTx, paper: Option<&Paper>) -> Result<PeriodReportId, Error> {
    // Known to the first transaction and not to the second: requests are never forgotten so fast.
    let paper = paper.ok_or_else(|| Problem::new(Code::RequestIdReused).at("requestId"))?;
    let id = PeriodReportId::new(allocate_one(tx, Sequence::PeriodReport)?);
    let report = PeriodReport::freeze(id, paper);
    tx.insert_period_report(&report)?;
    let about = &report.about;
    let corrects = about.corrects.map(|wrong| format!(", corrects {wrong}", wrong = wrong.get()));
    let told = format!(
        "{kind} of unit {unit}, drive {drive}, {from} to {to}{corrects}, {digest}",
        kind = about.kind.as_str(),
        unit = about.unit.get(),
        drive = about.drive.get(),
        from = about.days.from(),
        to = about.days.to(),
        corrects = corrects.unwrap_or_default(),
        digest = report.digest(),
    );
    tx.changed(Change::made("PeriodReport", id.get(), told));
    Ok(id)
}
