//! Reading period reports, and taking one out as a file.

use std::collections::BTreeMap;

use crate::access::{Actor, Permission, Scope};
use crate::audit::{ActOutcome, Change, Entry};
use crate::error::Error;
use crate::id::{AccountId, PeriodReportId};
use crate::page::{Filter, Page, PageRequest};
use crate::period_report::sheet::Sheet;
use crate::period_report::{PeriodReport, PeriodReportPredicate};
use crate::ports::{ReadTx, WriteTx};
use crate::problem::Problem;
use crate::text::Subject;
use crate::time::Instant;

/// Reports of units in scope, by id; missing ones are left out.
///
/// # Errors
/// `Forbidden`.
pub fn period_reports_by_id(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    ids: &[PeriodReportId],
) -> Result<BTreeMap<PeriodReportId, PeriodReport>, Error> {
    actor.require(Permission::ReadReports)?;
    let mut found = tx.period_reports_by_id(&actor.scope, ids)?;
    found.retain(|_, report| actor.is_for(report.about.drive));
    Ok(found)
}

/// A page of reports of units in scope, newest first.
///
/// # Errors
/// `Forbidden`, `BadCursor`.
pub fn list_period_reports(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    filter: Filter<PeriodReportPredicate>,
    page: &PageRequest,
) -> Result<Page<PeriodReport>, Error> {
    actor.require(Permission::ReadReports)?;
    Ok(tx.list_period_reports(&actor.scope, &seen(actor, filter), page)?)
}

/// How many reports of units in scope fit.
///
/// # Errors
/// `Forbidden`.
pub fn count_period_reports(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    filter: Filter<PeriodReportPredicate>,
) -> Result<u64, Error> {
    actor.require(Permission::ReadReports)?;
    Ok(tx.count_period_reports(&actor.scope, &seen(actor, filter))?)
}

/// The logins of those who issued or certified reports that the actor sees.
///
/// # Errors
/// `Forbidden`.
pub fn signatories(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    accounts: &[AccountId],
) -> Result<BTreeMap<AccountId, Subject>, Error> {
    actor.require(Permission::ReadReports)?;
    let found = tx.accounts_by_id(&Scope::Country, accounts)?;
    Ok(found.into_iter().map(|(id, account)| (id, account.login)).collect())
}

/// A report that the actor sees; any other equals one that does not exist.
///
/// # Errors
/// `Forbidden`; `NotFound` at `report`.
pub(super) fn visible_report(actor: &Actor, tx: &mut dyn ReadTx, id: PeriodReportId) -> Result<PeriodReport, Error> {
    let found = period_reports_by_id(actor, tx, &[id])?.remove(&id);
    Ok(found.ok_or_else(|| Problem::not_found("PeriodReport", id.get()).at("report"))?)
}

/// A report that is taken out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExportReport {
    /// Which.
    pub report: PeriodReportId,
    /// In what form: `csv`, `xlsx`.
    pub form: &'static str,
    /// When it was asked for.
    pub now: Instant,
    /// The request's id in the log.
    pub request: String,
}

/// The sheet of a report, for a file. That it was taken out goes on record, with its hash, in the same transaction.
///
/// # Errors
/// `Forbidden`; `NotFound` and `ReportAltered` at `report`.
pub fn export_report(actor: &Actor, tx: &mut dyn WriteTx, command: &ExportReport) -> Result<Sheet, Error> {
    actor.require(Permission::ReadReports)?;
    let report = visible_report(actor, tx.as_read(), command.report)?;
    let sheet = Sheet::of(&report)?;
    let input = format!("report {id} as {form}", id = report.id.get(), form = command.form);
    let entry = Entry::of(actor, command.now, "exportPeriodReport", &input, ActOutcome::Done, command.request.clone());
    let told = Change::made("PeriodReport", report.id.get(), format!("{} {}", command.form, report.digest()));
    tx.record(vec![Entry { unit: Some(report.about.unit), changes: vec![told], ..entry }]);
    Ok(sheet)
}

fn seen(actor: &Actor, filter: Filter<PeriodReportPredicate>) -> Filter<PeriodReportPredicate> {
    filter.narrowed(actor.drive.map(PeriodReportPredicate::Drive))
}
