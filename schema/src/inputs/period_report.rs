//! Inputs about period reports.

use async_graphql::{ID, InputObject};
use caodiem_domain::period_report::PeriodReportPredicate;
use caodiem_domain::problem::Problem;
use caodiem_domain::text::Reason;
use caodiem_domain::usecase::certify_report::CertifyReport;
use caodiem_domain::usecase::issue_report::{CorrectReport, IssueReport};

use crate::codes::Codes;
use crate::error::Result;
use crate::filter::{LIST_MAX, Parts, Where};
use crate::ids::key_of;
use crate::inputs::basis::base;
use crate::inputs::{Check, mutation_inputs};
use crate::objects::reporting::ReportKind;
use crate::scalars::Date;

mutation_inputs! { CertifyPeriodReportInput => CertifyReport }

/// A report to be issued.
#[derive(InputObject)]
pub(crate) struct IssuePeriodReportInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    pub(crate) request_id: String,
    /// Of which period.
    kind: ReportKind,
    /// The drive.
    drive: ID,
    /// The unit whose units are the rows; the drive's own when absent.
    unit: Option<ID>,
    /// Code of the indicator, simple or composite.
    indicator: String,
    /// Code of the population group of the quota.
    group: String,
    /// The phase: demanded for PHASE, not used for FINAL; of the others the whole drive when absent.
    phase: Option<ID>,
    /// The day for DAILY, any day of the week for WEEKLY; not used for the others.
    day: Option<Date>,
}

impl IssuePeriodReportInput {
    /// The command, or everything that is wrong.
    pub(crate) fn command(&self, codes: &Codes) -> Result<IssueReport, Vec<Problem>> {
        let mut check = Check::default();
        let drive = check.field("drive", key_of(&self.drive));
        let unit = check.optional("unit", self.unit.as_ref(), |id| key_of(id));
        let base = check.all(base(codes, &self.group, &self.indicator));
        let phase = check.optional("phase", self.phase.as_ref(), |id| key_of(id));
        let (kind, day) = (self.kind.into(), self.day.map(|day| day.0));
        check.done(|| {
            let (group, indicator) = base?;
            Some(IssueReport { kind, drive: drive?, unit: unit?, indicator, group, phase: phase?, day })
        })
    }
}

/// A report that puts another one right.
#[derive(InputObject)]
pub(crate) struct CorrectPeriodReportInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    pub(crate) request_id: String,
    /// The one that was wrong; not one that was put right already.
    report: ID,
    /// Why, at most 500 characters.
    reason: String,
}

impl CorrectPeriodReportInput {
    /// The command, or everything that is wrong.
    pub(crate) fn command(&self) -> Result<CorrectReport, Vec<Problem>> {
        let mut check = Check::default();
        let report = check.field("report", key_of(&self.report));
        let reason = check.field("reason", Reason::new(&self.reason));
        check.done(|| Some(CorrectReport { report: report?, reason: reason? }))
    }
}

/// A certification.
#[derive(InputObject)]
pub(crate) struct CertifyPeriodReportInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The report.
    report: ID,
    /// What there is to say, at most 500 characters.
    note: Option<String>,
}

impl TryFrom<CertifyPeriodReportInput> for CertifyReport {
    type Error = Vec<Problem>;

    fn try_from(input: CertifyPeriodReportInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let report = check.field("report", key_of(&input.report));
        let note = check.optional("note", input.note, |text| Reason::new(text));
        check.done(|| Some(Self { report: report?, note: note? }))
    }
}

/// Narrows a list of period reports. All given fields hold together.
#[derive(InputObject, Clone)]
pub(crate) struct PeriodReportWhere {
    /// All of these hold.
    and: Option<Vec<PeriodReportWhere>>,
    /// At least one of these holds.
    or: Option<Vec<PeriodReportWhere>>,
    /// This does not hold.
    not: Option<Box<PeriodReportWhere>>,
    /// Of this drive.
    drive: Option<ID>,
    /// Of one of these units.
    unit: Option<Vec<ID>>,
    /// Of this unit or any under it.
    under: Option<ID>,
    /// One of these kinds.
    kind: Option<Vec<ReportKind>>,
    /// Certified, or not.
    certified: Option<bool>,
    /// Put right by another report, or not: those that are not stand.
    corrected: Option<bool>,
}

impl Where for PeriodReportWhere {
    type Predicate = PeriodReportPredicate;

    fn parts(self, check: &mut Check) -> Parts<Self, PeriodReportPredicate> {
        check.at_most("unit", self.unit.as_deref().unwrap_or_default(), LIST_MAX);
        check.at_most("kind", self.kind.as_deref().unwrap_or_default(), LIST_MAX);
        let drive = check.optional("drive", self.drive, key_of).flatten();
        let units = self.unit.and_then(|ids| check.each("unit", ids, |id| key_of(&id)));
        let under = check.optional("under", self.under, key_of).flatten();
        let kinds = self.kind.map(|kinds| kinds.into_iter().map(Into::into).collect());
        let is = [
            drive.map(PeriodReportPredicate::Drive),
            units.map(PeriodReportPredicate::Unit),
            under.map(PeriodReportPredicate::Under),
            kinds.map(PeriodReportPredicate::Kind),
            self.certified.map(PeriodReportPredicate::Certified),
            self.corrected.map(PeriodReportPredicate::Corrected),
        ];
        Parts { and: self.and, or: self.or, not: self.not, is: is.into_iter().flatten().collect() }
    }
}
