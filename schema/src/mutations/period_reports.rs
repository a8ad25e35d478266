//! Issuing, correcting and certifying period reports.

use async_graphql::{Context, Object, SimpleObject};
use caodiem_domain::access::Permission;
use caodiem_domain::usecase::certify_report::certify_report;
use caodiem_domain::usecase::issue_report::{correct_report, issue_report};
use caodiem_domain::usecase::read_reports::period_reports_by_id;

use crate::codes::coded;
use crate::error::Result;
use crate::guard::{self, Need};
use crate::inputs::period_report::{CertifyPeriodReportInput, CorrectPeriodReportInput, IssuePeriodReportInput};
use crate::objects::period_report::PeriodReport;
use crate::objects::problem::UserError;
use crate::request::{write, write_in_steps};

/// Issuing, correcting and certifying period reports.
#[derive(Default)]
pub(crate) struct PeriodReportMutations;

#[Object]
impl PeriodReportMutations {
    /// Issues a period report (lập báo cáo): worked out as figures stand, and frozen.
    #[graphql(guard = "Need(Permission::IssueReports)", visible = "guard::issues_reports")]
    async fn issue_period_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which report.")] input: IssuePeriodReportInput,
    ) -> Result<IssuePeriodReportPayload> {
        let command = coded(ctx, |codes| input.command(codes)).await?;
        let done = write_in_steps(ctx, &input.request_id, command, |store, act, command| {
            let id = issue_report(store, act, command)?;
            store.read(|tx| Ok(period_reports_by_id(&act.actor, tx, &[id])?.remove(&id)))
        });
        let (report, errors) = done.await?;
        Ok(IssuePeriodReportPayload { report: report.flatten().map(PeriodReport), errors })
    }

    /// Corrects a period report (đính chính) by another one of the same period, worked out as figures stand now. The one that
    /// was wrong stays as it is and names its correction.
    #[graphql(guard = "Need(Permission::IssueReports)", visible = "guard::issues_reports")]
    async fn correct_period_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The report and why.")] input: CorrectPeriodReportInput,
    ) -> Result<CorrectPeriodReportPayload> {
        let done = write_in_steps(ctx, &input.request_id, input.command(), |store, act, command| {
            let id = correct_report(store, act, command)?;
            store.read(|tx| Ok(period_reports_by_id(&act.actor, tx, &[id])?.remove(&id)))
        });
        let (report, errors) = done.await?;
        Ok(CorrectPeriodReportPayload { report: report.flatten().map(PeriodReport), errors })
    }

    /// Certifies a period report (xác nhận): another person than its issuer stands for it. Only once its days were over.
    #[graphql(guard = "Need(Permission::CertifyReports)", visible = "guard::certifies_reports")]
    async fn certify_period_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The report.")] input: CertifyPeriodReportInput,
    ) -> Result<CertifyPeriodReportPayload> {
        let done = write(ctx, input, |act, tx, command| {
            let id = certify_report(act, tx, command)?;
            Ok(period_reports_by_id(&act.actor, tx.as_read(), &[id])?.remove(&id))
        });
        let (report, errors) = done.await?;
        Ok(CertifyPeriodReportPayload { report: report.flatten().map(PeriodReport), errors })
    }
}

/// What `issuePeriodReport` gives.
#[derive(SimpleObject)]
pub(crate) struct IssuePeriodReportPayload {
    /// The report; null when it was refused.
    report: Option<PeriodReport>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `correctPeriodReport` gives.
#[derive(SimpleObject)]
pub(crate) struct CorrectPeriodReportPayload {
    /// The correction; null when it was refused.
    report: Option<PeriodReport>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}

/// What `certifyPeriodReport` gives.
#[derive(SimpleObject)]
pub(crate) struct CertifyPeriodReportPayload {
    /// The report, certified; null when it was refused.
    report: Option<PeriodReport>,
    /// What has to be mended; empty when it was done.
    errors: Vec<UserError>,
}
