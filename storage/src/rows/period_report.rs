//! Rows of period reports and of their certificates.

use caodiem_domain::error::StoreError;
use caodiem_domain::id::{AccountId, DriveId, GroupId, IndicatorId, PeriodReportId, PhaseId, UnitId};
use caodiem_domain::period_report::{About, Certification, PeriodReport, ReportKind};
use caodiem_domain::text::Reason;
use caodiem_domain::time::{Day, DayRange};
use diesel::prelude::*;

use super::code::Stored;
use super::corrupt;
use super::moment::{instant_of, micros};
use crate::tables::{period_report, period_report_certificate};

/// A report, in the order of its table.
#[derive(Queryable, Insertable, Clone, Debug)]
#[diesel(table_name = period_report, treat_none_as_default_value = false)]
pub(crate) struct PeriodReportRow {
    pub(crate) id: i64,
    kind: String,
    drive_id: i64,
    unit_id: i64,
    phase_id: Option<i64>,
    indicator_id: i64,
    group_id: i64,
    from_day: Day,
    to_day: Day,
    known_at: i64,
    is_whole: bool,
    corrects: Option<i64>,
    reason: Option<String>,
    issuer_id: i64,
    issued_at: i64,
    content: String,
    hash: Vec<u8>,
}

impl From<&PeriodReport> for PeriodReportRow {
    fn from(report: &PeriodReport) -> Self {
        let about = &report.about;
        Self {
            id: report.id.get(),
            kind: about.kind.word().to_owned(),
            drive_id: about.drive.get(),
            unit_id: about.unit.get(),
            phase_id: about.phase.map(PhaseId::get),
            indicator_id: about.indicator.get(),
            group_id: about.group.get(),
            from_day: about.days.from(),
            to_day: about.days.to(),
            known_at: micros(about.known_at),
            is_whole: about.is_whole,
            corrects: about.corrects.map(PeriodReportId::get),
            reason: about.reason.as_ref().map(ToString::to_string),
            issuer_id: about.issuer.get(),
            issued_at: micros(about.issued_at),
            content: report.content.clone(),
            hash: report.hash.to_vec(),
        }
    }
}

/// Without its certificate and successor, which stand in other rows.
impl TryFrom<PeriodReportRow> for PeriodReport {
    type Error = StoreError;

    fn try_from(row: PeriodReportRow) -> Result<Self, StoreError> {
        let reason = row.reason.as_deref().map(Reason::new).transpose();
        let about = About {
            kind: ReportKind::from_word(&row.kind)?,
            drive: DriveId::new(row.drive_id),
            unit: UnitId::new(row.unit_id),
            phase: row.phase_id.map(PhaseId::new),
            indicator: IndicatorId::new(row.indicator_id),
            group: GroupId::new(row.group_id),
            days: DayRange::new(row.from_day, row.to_day).map_err(corrupt("period_report.to_day"))?,
            known_at: instant_of(row.known_at)?,
            is_whole: row.is_whole,
            corrects: row.corrects.map(PeriodReportId::new),
            reason: reason.map_err(corrupt("period_report.reason"))?,
            issuer: AccountId::new(row.issuer_id),
            issued_at: instant_of(row.issued_at)?,
        };
        let hash = row.hash.try_into().map_err(corrupt("period_report.hash"))?;
        let id = PeriodReportId::new(row.id);
        Ok(Self { id, about, content: row.content, hash, certification: None, corrected_by: None })
    }
}

/// A certificate, in the order of its table.
#[derive(Queryable, Insertable, Clone, Debug)]
#[diesel(table_name = period_report_certificate, treat_none_as_default_value = false)]
pub(crate) struct CertificateRow {
    pub(crate) report_id: i64,
    issuer_id: i64,
    certified_by: i64,
    certified_at: i64,
    note: Option<String>,
}

impl CertificateRow {
    /// The row that says that somebody stands for a report.
    pub(crate) fn new(report: &PeriodReport, by: &Certification) -> Self {
        Self {
            report_id: report.id.get(),
            issuer_id: report.about.issuer.get(),
            certified_by: by.by.get(),
            certified_at: micros(by.at),
            note: by.note.as_ref().map(ToString::to_string),
        }
    }
}

impl TryFrom<CertificateRow> for Certification {
    type Error = StoreError;

    fn try_from(row: CertificateRow) -> Result<Self, StoreError> {
        let note = row.note.as_deref().map(Reason::new).transpose();
        Ok(Self {
            by: AccountId::new(row.certified_by),
            at: instant_of(row.certified_at)?,
            note: note.map_err(corrupt("period_report_certificate.note"))?,
        })
    }
}
