//! Period reports.

use std::collections::BTreeMap;

use crate::access::Scope;
use crate::error::StoreError;
use crate::id::PeriodReportId;
use crate::page::{Filter, Page, PageRequest};
use crate::period_report::{Certification, PeriodReport, PeriodReportPredicate};

/// Reading period reports. Whether the text is the one that was hashed is for [`PeriodReport::paper`] to say.
pub trait ReadPeriodReports {
    /// Reports whose unit is in scope, by id; missing ones are left out.
    fn period_reports_by_id(
        &mut self,
        scope: &Scope,
        ids: &[PeriodReportId],
    ) -> Result<BTreeMap<PeriodReportId, PeriodReport>, StoreError>;

    /// A page of reports whose unit is in scope, newest first.
    fn list_period_reports(
        &mut self,
        scope: &Scope,
        filter: &Filter<PeriodReportPredicate>,
        page: &PageRequest,
    ) -> Result<Page<PeriodReport>, StoreError>;

    /// How many reports in scope fit.
    fn count_period_reports(
        &mut self,
        scope: &Scope,
        filter: &Filter<PeriodReportPredicate>,
    ) -> Result<u64, StoreError>;
}

/// Writing period reports: nothing of them is ever changed.
pub trait WritePeriodReports {
    /// Adds a report.
    ///
    /// # Errors
    /// A conflict where another one corrects the same report.
    fn insert_period_report(&mut self, report: &PeriodReport) -> Result<(), StoreError>;

    /// Adds that somebody stands for a report.
    ///
    /// # Errors
    /// A conflict where somebody does already, or where it is the issuer.
    fn certify_period_report(&mut self, report: &PeriodReport, by: &Certification) -> Result<(), StoreError>;
}
