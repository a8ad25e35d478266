//! Period reports.

use std::collections::BTreeMap;

use caodiem_domain::access::Scope;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::PeriodReportId;
use caodiem_domain::page::{Filter, Page, PageRequest};
use caodiem_domain::period_report::{Certification, PeriodReport, PeriodReportPredicate};
use caodiem_domain::ports::{ReadPeriodReports, WritePeriodReports};
use diesel::dsl::InnerJoinQuerySource;
use diesel::prelude::*;

use super::page::{Condition, cursor, meets, newest_first, page_of, part, place};
use super::scope::{by_id_in_scope, count_in_scope, in_scope, under_unit};
use super::{CHUNK, Conn, OrFailed, Tx};
use crate::rows::code::Stored;
use crate::rows::period_report::{CertificateRow, PeriodReportRow};
use crate::tables::{period_report, period_report_certificate, unit};

/// Reports with their unit.
type Source = InnerJoinQuerySource<period_report::table, unit::table>;

const NEWEST: &str = "period_report.newest";

impl ReadPeriodReports for Tx<'_> {
    fn period_reports_by_id(
        &mut self,
        scope: &Scope,
        ids: &[PeriodReportId],
    ) -> Result<BTreeMap<PeriodReportId, PeriodReport>, StoreError> {
        let found: Result<BTreeMap<PeriodReportId, PeriodReport>, StoreError> =
            by_id_in_scope!(self.conn, scope, ids, period_report: PeriodReportRow => PeriodReport);
        let mut found = found?;
        stand(self.conn, found.values_mut().collect())?;
        Ok(found)
    }

    fn list_period_reports(
        &mut self,
        scope: &Scope,
        filter: &Filter<PeriodReportPredicate>,
        page: &PageRequest,
    ) -> Result<Page<PeriodReport>, StoreError> {
        let from = place(NEWEST, page)?.map(|[id]| part::<i64>(&id)).transpose()?;
        let query = period_report::table
            .inner_join(unit::table)
            .filter(in_scope::<Source>(scope))
            .filter(conditions(self.conn, filter)?)
            .select(period_report::all_columns)
            .into_boxed();
        let rows: Vec<PeriodReportRow> =
            newest_first!(query, page, from, period_report::id).load(self.conn).or_failed()?;
        let mut found = page_of(rows, page, |row| {
            let report = PeriodReport::try_from(row)?;
            Ok((cursor(NEWEST, &[&report.id.get()]), report))
        })?;
        stand(self.conn, found.rows.iter_mut().map(|(_, report)| report).collect())?;
        Ok(found)
    }

    fn count_period_reports(
        &mut self,
        scope: &Scope,
        filter: &Filter<PeriodReportPredicate>,
    ) -> Result<u64, StoreError> {
        count_in_scope!(self.conn, scope, conditions(self.conn, filter)?, period_report)
    }
}

impl WritePeriodReports for Tx<'_> {
    fn insert_period_report(&mut self, report: &PeriodReport) -> Result<(), StoreError> {
        let row = PeriodReportRow::from(report);
        diesel::insert_into(period_report::table).values(row).execute(self.conn).or_failed()?;
        Ok(())
    }

    fn certify_period_report(&mut self, report: &PeriodReport, by: &Certification) -> Result<(), StoreError> {
        let row = CertificateRow::new(report, by);
        diesel::insert_into(period_report_certificate::table).values(row).execute(self.conn).or_failed()?;
        Ok(())
    }
}

/// Adds who stands for each of the reports, and which report puts it right: two statements.
fn stand(conn: &mut Conn, mut reports: Vec<&mut PeriodReport>) -> Result<(), StoreError> {
    for reports in reports.chunks_mut(CHUNK) {
        let ids: Vec<i64> = reports.iter().map(|report| report.id.get()).collect();
        let certificates: Vec<CertificateRow> = period_report_certificate::table
            .filter(period_report_certificate::report_id.eq_any(&ids))
            .load(conn)
            .or_failed()?;
        let corrections: Vec<(Option<i64>, i64)> = period_report::table
            .filter(period_report::corrects.eq_any(&ids))
            .select((period_report::corrects, period_report::id))
            .load(conn)
            .or_failed()?;
        for report in reports {
            let id = report.id.get();
            let certificate = certificates.iter().find(|row| row.report_id == id).cloned();
            report.certification = certificate.map(Certification::try_from).transpose()?;
            let correction = corrections.iter().find(|(wrong, _)| *wrong == Some(id));
            report.corrected_by = correction.map(|(_, right)| PeriodReportId::new(*right));
        }
    }
    Ok(())
}

fn conditions(
    conn: &mut Conn,
    filter: &Filter<PeriodReportPredicate>,
) -> Result<Condition<'static, Source>, StoreError> {
    let certified = || period_report_certificate::table.select(period_report_certificate::report_id);
    let corrected = || {
        let right = diesel::alias!(period_report as right);
        let wrong = right.field(period_report::corrects);
        right.filter(wrong.is_not_null()).select(wrong.assume_not_null())
    };
    meets(filter, &mut |predicate| {
        Ok(match predicate {
            PeriodReportPredicate::Drive(drive) => Box::new(period_report::drive_id.eq(drive.get())),
            PeriodReportPredicate::Unit(units) => {
                Box::new(period_report::unit_id.eq_any(units.iter().map(|unit| unit.get()).collect::<Vec<_>>()))
            }
            PeriodReportPredicate::Under(unit) => under_unit(conn, *unit)?,
            PeriodReportPredicate::Kind(kinds) => {
                Box::new(period_report::kind.eq_any(kinds.iter().map(|kind| kind.word()).collect::<Vec<_>>()))
            }
            PeriodReportPredicate::Certified(true) => Box::new(period_report::id.eq_any(certified())),
            PeriodReportPredicate::Certified(false) => Box::new(period_report::id.ne_all(certified())),
            PeriodReportPredicate::Corrected(true) => Box::new(period_report::id.eq_any(corrected())),
            PeriodReportPredicate::Corrected(false) => Box::new(period_report::id.ne_all(corrected())),
        })
    })
}
