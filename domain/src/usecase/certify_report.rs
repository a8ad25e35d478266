//! Certifying a period report: another person than its issuer stands for it.

use crate::access::Permission;
use crate::audit::Change;
use crate::error::Error;
use crate::id::PeriodReportId;
use crate::period_report::{Certification, PeriodReport};
use crate::ports::WriteTx;
use crate::problem::{Code, Problem};
use crate::text::Reason;
use crate::usecase::Act;
use crate::usecase::on_record::is_on_record;
use crate::usecase::read_reports::visible_report;

/// A certification.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CertifyReport {
    /// Of which report.
    pub report: PeriodReportId,
    /// What there is to say.
    pub note: Option<Reason>,
}

/// Certifies a report whose days were over when it was issued. That reports are missing from it does not stand in the way:
/// they may never come, and the paper names them.
///
/// # Errors
/// `Forbidden`; at `report`: `NotFound`, `ReportCorrected`, `ReportCertified`, `ReportNotOver`, `OwnReport`,
/// `ReportAltered`.
pub fn certify_report(act: &Act, tx: &mut dyn WriteTx, command: &CertifyReport) -> Result<PeriodReportId, Error> {
    act.actor.require(Permission::CertifyReports)?;
    act.once(tx, |tx| {
        let report = visible_report(&act.actor, tx.as_read(), command.report)?;
        require_certifiable(act, &report).map_err(|problem| problem.at("report"))?;
        report.paper()?;
        if !is_on_record(tx.as_read(), report.about.issuer, report.about.issued_at, &report.digest())? {
            return Err(Problem::new(Code::ReportAltered).at("report").into());
        }
        let by = Certification { by: act.actor.account, at: act.now, note: command.note.clone() };
        tx.certify_period_report(&report, &by)?;
        let before = format!("issued by account {issuer}", issuer = report.about.issuer.get());
        let after = format!("certified by {who}, {digest}", who = act.actor.subject, digest = report.digest());
        tx.changed(Change::altered("PeriodReport", report.id.get(), before, after));
        Ok(report.id)
    })
}

fn require_certifiable(act: &Act, report: &PeriodReport) -> Result<(), Problem> {
    if let Some(by) = report.corrected_by {
        return Err(Problem::new(Code::ReportCorrected).with("by", by.get()));
    }
    if report.certification.is_some() {
        return Err(Problem::new(Code::ReportCertified));
    }
    if !report.days_were_over() {
        return Err(Problem::new(Code::ReportNotOver).with("to", report.about.days.to()));
    }
    // The host is no other person: whoever holds it could have issued the report as well.
    if act.actor.account.get() == 0 || act.actor.account == report.about.issuer {
        return Err(Problem::new(Code::OwnReport));
    }
    Ok(())
}
