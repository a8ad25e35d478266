//! Report discipline: receipts are counted where they lie, in one statement whatever their number.

use std::collections::{BTreeMap, BTreeSet};

use caodiem_domain::access::Scope;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, ExcuseId, TeamId, UnitId};
use caodiem_domain::ports::reporting::{CountedDays, Receipt, ReceiptCount, ReceiptQuestion};
use caodiem_domain::ports::{ReadReporting, WriteReporting};
use caodiem_domain::reporting::Debtor;
use caodiem_domain::reporting::excuse::{Excuse, Reopening};
use caodiem_domain::reporting::rule::{ReportKind, Reporters};
use caodiem_domain::time::{Day, DayRange};
use chrono::Days;
use diesel::dsl::InnerJoinQuerySource;
use diesel::prelude::*;
use diesel::sql_query;

use super::literal::{listed, of_days};
use super::scope::by_id_in_scope;
use super::{Conn, OrFailed, Tx, rollup, stale};
use crate::rows::code::Stored;
use crate::rows::moment::{day_number, day_of};
use crate::rows::reporting::{CountRow, ExcuseRow, ReopeningRow, first_of};
use crate::tables::{reopening, report_excuse, unit};

/// Excuses with the unit they are for.
type Source = InnerJoinQuerySource<report_excuse::table, unit::table>;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// First receipts as rows `(unit_id, team_id, day, at)`, of what a condition is true of.
fn source(question: &ReceiptQuestion, asked: &str) -> String {
    let drives = listed(question.drives.iter().map(|drive| drive.get()));
    let confirmed = format!(
        "SELECT unit_id, CAST(0 AS BIGINT) AS team_id, day, at FROM compilation \
         WHERE drive_id IN ({drives}) AND kind = '{kind}' AND state = 'CONFIRMED' AND {asked}",
        kind = question.kind.word(),
    );
    let reported = match (question.kind, question.reporters) {
        (ReportKind::Daily, Reporters::EachUnit) => format!(
            "SELECT unit_id, CAST(0 AS BIGINT) AS team_id, day, first_received_at AS at FROM report \
             WHERE drive_id IN ({drives}) AND {asked}"
        ),
        (ReportKind::Daily, Reporters::EachTeam) => format!(
            "SELECT unit_id, reporter_id AS team_id, day, first_received_at AS at FROM report \
             WHERE drive_id IN ({drives}) AND reporter_kind = 2 AND {asked}"
        ),
        _ => return confirmed,
    };
    if question.confirmations { format!("{reported} UNION ALL {confirmed}") } else { reported }
}

fn debtor(row: &CountRow) -> Debtor {
    let team = (row.team_id != 0).then(|| TeamId::new(row.team_id));
    Debtor { unit: UnitId::new(row.unit_id), team }
}

/// The last day, the two before it, the four before these, and so on, down to the first.
fn ever_longer_back(days: DayRange) -> impl Iterator<Item = DayRange> {
    let (first, last) = (days.from(), days.to());
    (0..u64::BITS).map_while(move |doubled| {
        let length = 1_u64 << doubled;
        let to = last.checked_sub_days(Days::new(length - 1)).filter(|to| *to >= first)?;
        let from = to.checked_sub_days(Days::new(length - 1)).map_or(first, |from| from.max(first));
        DayRange::new(from, to).ok()
    })
}

fn load(conn: &mut Conn, sql: &str) -> Result<Vec<CountRow>, StoreError> {
    sql_query(sql).load(conn).or_failed()
}

impl ReadReporting for Tx<'_> {
    fn drives_below(&mut self, drive: DriveId) -> Result<Vec<DriveId>, StoreError> {
        Ok(rollup::drive_and_below(self.conn, drive)?.into_iter().map(DriveId::new).collect())
    }

    fn receipts(&mut self, question: &ReceiptQuestion, days: DayRange) -> Result<Vec<Receipt>, StoreError> {
        let source = source(question, &of_days(days, question.units.as_deref()));
        let rows = load(
            self.conn,
            &format!(
                "SELECT unit_id, team_id, MIN(at) AS one, CAST(day AS BIGINT) AS two FROM ({source}) AS received \
                 GROUP BY day, unit_id, team_id"
            ),
        )?;
        let receipt = |row: &CountRow| {
            let day = day_of(i32::try_from(row.two).unwrap_or(i32::MAX))?;
            Ok(Receipt { debtor: debtor(row), day, first: first_of(row)? })
        };
        let mut receipts = rows.iter().map(receipt).collect::<Result<Vec<_>, StoreError>>()?;
        receipts.sort_unstable();
        Ok(receipts)
    }

    fn receipt_counts(
        &mut self,
        question: &ReceiptQuestion,
        days: &CountedDays,
    ) -> Result<Vec<ReceiptCount>, StoreError> {
        let without = listed(days.without.iter().copied().map(day_number));
        let asked = match (of_days(days.days, question.units.as_deref()), days.without.is_empty()) {
            (asked, true) => asked,
            (asked, false) => format!("{asked} AND day NOT IN ({without})"),
        };
        let source = source(question, &asked);
        let limit = days.on_time_within;
        let rows = load(
            self.conn,
            &format!(
                "SELECT unit_id, team_id, COUNT(*) AS one, \
                 CAST(SUM(CASE WHEN at < day * {DAY} + ({limit}) THEN 1 ELSE 0 END) AS BIGINT) AS two \
                 FROM (SELECT unit_id, team_id, day, MIN(at) AS at FROM ({source}) AS received \
                 GROUP BY day, unit_id, team_id) AS given GROUP BY unit_id, team_id"
            ),
        )?;
        let count = |row: &CountRow| ReceiptCount {
            debtor: debtor(row),
            days: row.one.unsigned_abs(),
            on_time: row.two.unsigned_abs(),
        };
        let mut counts: Vec<ReceiptCount> = rows.iter().map(count).collect();
        counts.sort_unstable();
        Ok(counts)
    }

    fn last_reported(
        &mut self,
        question: &ReceiptQuestion,
        debtors: &[Debtor],
        days: DayRange,
    ) -> Result<BTreeMap<Debtor, Day>, StoreError> {
        let mut found = BTreeMap::new();
        let mut sought: BTreeSet<Debtor> = debtors.iter().copied().collect();
        // Most reported the day before, so ever longer stretches are asked of ever fewer.
        for stretch in ever_longer_back(days) {
            let units: Vec<UnitId> = sought.iter().map(|debtor| debtor.unit).collect();
            let source = source(question, &of_days(stretch, Some(&units)));
            let sql = format!(
                "SELECT unit_id, team_id, CAST(MAX(day) AS BIGINT) AS one, CAST(0 AS BIGINT) AS two \
                 FROM ({source}) AS received GROUP BY unit_id, team_id"
            );
            for row in load(self.conn, &sql)? {
                if let Some(debtor) = sought.take(&debtor(&row)) {
                    found.insert(debtor, day_of(i32::try_from(row.one).unwrap_or(i32::MAX))?);
                }
            }
            if sought.is_empty() {
                break;
            }
        }
        Ok(found)
    }

    fn excuses(&mut self, drives: &[DriveId], days: DayRange) -> Result<Vec<Excuse>, StoreError> {
        let rows: Vec<ExcuseRow> = report_excuse::table
            .filter(report_excuse::drive_id.eq_any(drives.iter().map(|drive| drive.get())))
            .filter(report_excuse::from_day.le(day_number(days.to())))
            .filter(report_excuse::to_day.ge(day_number(days.from())))
            .order(report_excuse::id)
            .load(self.conn)
            .or_failed()?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    fn excuses_by_id(&mut self, scope: &Scope, ids: &[ExcuseId]) -> Result<BTreeMap<ExcuseId, Excuse>, StoreError> {
        by_id_in_scope!(self.conn, scope, ids, report_excuse: ExcuseRow => Excuse)
    }

    fn reopenings(&mut self, drives: &[DriveId], days: DayRange) -> Result<Vec<Reopening>, StoreError> {
        let rows: Vec<ReopeningRow> = reopening::table
            .filter(reopening::drive_id.eq_any(drives.iter().map(|drive| drive.get())))
            .filter(reopening::from_day.le(day_number(days.to())))
            .filter(reopening::to_day.ge(day_number(days.from())))
            .order(reopening::id)
            .load(self.conn)
            .or_failed()?;
        rows.into_iter().map(TryInto::try_into).collect()
    }
}

impl WriteReporting for Tx<'_> {
    fn insert_excuse(&mut self, excuse: &Excuse) -> Result<(), StoreError> {
        diesel::insert_into(report_excuse::table).values(ExcuseRow::from(excuse)).execute(self.conn).or_failed()?;
        Ok(())
    }

    fn update_excuse(&mut self, excuse: &Excuse) -> Result<(), StoreError> {
        let standing = report_excuse::table
            .filter(report_excuse::id.eq(excuse.id.get()))
            .filter(report_excuse::version.eq(excuse.version - 1));
        let updated = diesel::update(standing).set(ExcuseRow::from(excuse)).execute(self.conn).or_failed()?;
        if updated == 1 { Ok(()) } else { Err(stale()) }
    }

    fn insert_reopening(&mut self, reopening: &Reopening) -> Result<(), StoreError> {
        diesel::insert_into(reopening::table).values(ReopeningRow::from(reopening)).execute(self.conn).or_failed()?;
        Ok(())
    }
}
