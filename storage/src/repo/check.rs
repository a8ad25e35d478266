//! The checks, over one snapshot.

use std::collections::BTreeMap;

use caodiem_domain::error::{Error, StoreError};
use caodiem_domain::id::{DriveId, QuotaId, UnitId};
use caodiem_domain::tally::RollupDelta;
use caodiem_domain::time::Day;
use caodiem_domain::unit::UnitPath;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Nullable, SmallInt, Text};

use super::fold::{Cells, Family, Stretch, families, folded, stretches};
use super::{Conn, OrFailed, Tx, dialect};
use crate::check::{CheckReport, Difference, Progress, Step};
use crate::memory::Memory;
use crate::rows::moment::day_of;
use crate::rows::rollup::{COLUMNS, Cell, RollupRow, key_of};
use crate::rows::tally::SlotRow;
use crate::tables::{drive, rollup, tally, unit, unit_version};

/// A report being written, and who hears of it.
struct Survey<'run> {
    report: CheckReport,
    keep: usize,
    tell: &'run mut dyn FnMut(Progress),
}

impl Survey<'_> {
    fn add(&mut self, difference: Difference) {
        self.report.found += 1;
        if self.report.differences.len() < self.keep {
            self.report.differences.push(difference);
        }
    }

    fn add_all(&mut self, differences: impl IntoIterator<Item = Difference>) {
        for difference in differences {
            self.add(difference);
        }
    }

    fn told(&mut self, step: Step, done: u64, of: u64) {
        (self.tell)(Progress { step, done, of });
    }
}

/// Runs all checks on a connection of its own.
pub(crate) fn run(conn: &mut Conn, keep: usize, tell: &mut dyn FnMut(Progress)) -> Result<CheckReport, Error> {
    super::super::store::transact(conn, dialect::begin_read, |conn| {
        let mut survey = Survey { report: CheckReport::default(), keep, tell };
        let memory = Memory::default();
        let mut tx = Tx::new(conn, &memory);
        let families = families(tx.conn)?;
        check_rollup(&mut tx, &families, &mut survey)?;
        check_strays(tx.conn, &mut survey)?;
        check_tallies(tx.conn, &families, &mut survey)?;
        check_quotas(tx.conn, &mut survey)?;
        check_units(tx.conn, &mut survey)?;
        Ok(survey.report)
    })
}

fn check_rollup(tx: &mut Tx<'_>, families: &[Family], survey: &mut Survey<'_>) -> Result<(), StoreError> {
    let work = stretches(tx.conn, families)?;
    let of = work.iter().map(|(_, stretch)| stretch.rows).sum();
    let mut done = 0;
    survey.told(Step::Rollup, done, of);
    for (family, stretch) in work {
        let (cells, sums, uncounted) = folded(tx, family, stretch)?;
        survey.add_all(uncounted);
        survey.report.tallies += sums;
        compare(tx.conn, family, stretch, cells, survey)?;
        done += stretch.rows;
        survey.told(Step::Rollup, done, of);
    }
    Ok(())
}

fn compare(
    conn: &mut Conn,
    family: &Family,
    stretch: Stretch,
    mut cells: Cells,
    survey: &mut Survey<'_>,
) -> Result<(), StoreError> {
    let mut wrong: BTreeMap<Cell, (RollupDelta, RollupDelta)> = BTreeMap::new();
    for drive in family.chains.keys() {
        let rows: Vec<RollupRow> = rollup::table
            .filter(rollup::drive_id.eq(*drive))
            .filter(rollup::week.between(stretch.first, stretch.last))
            .select(COLUMNS)
            .load(conn)
            .or_failed()?;
        for (cell, stored) in rows.iter().flat_map(RollupRow::sums) {
            let expected = cells.remove(&cell).unwrap_or_default();
            survey.report.rollup_sums += 1;
            if stored != expected {
                wrong.insert(cell, (stored, expected));
            }
        }
    }
    wrong.extend(cells.into_iter().map(|(cell, expected)| (cell, (RollupDelta::default(), expected))));
    for (cell, (stored, expected)) in wrong {
        survey.add(Difference::Rollup { key: key_of(cell)?, stored, expected });
    }
    Ok(())
}

/// The most differences a single query hands out.
const FINDINGS_MAX: i64 = 10_000;

/// Tallies and roll-up rows of drives that do not exist: no family goes through them.
fn check_strays(conn: &mut Conn, survey: &mut Survey<'_>) -> Result<(), StoreError> {
    let rows: Vec<RollupRow> = rollup::table
        .filter(rollup::drive_id.ne_all(drive::table.select(drive::id)))
        .limit(FINDINGS_MAX)
        .select(COLUMNS)
        .load(conn)
        .or_failed()?;
    for (cell, stored) in rows.iter().flat_map(RollupRow::sums) {
        survey.add(Difference::Rollup { key: key_of(cell)?, stored, expected: RollupDelta::default() });
    }
    let tallies: Vec<(i64, i64, i32)> = tally::table
        .filter(tally::book_id.ne_all(drive::table.filter(drive::id.eq(drive::book_id)).select(drive::id)))
        .select((tally::drive_id, tally::unit_id, tally::day))
        .limit(FINDINGS_MAX)
        .load(conn)
        .or_failed()?;
    for (drive, unit, day) in tallies {
        let (drive, unit, day) = (DriveId::new(drive), UnitId::new(unit), day_of(day)?);
        survey.add(Difference::Uncounted { drive, unit, day });
    }
    Ok(())
}

#[derive(QueryableByName)]
struct TallyFinding {
    #[diesel(sql_type = BigInt)]
    book_id: i64,
    #[diesel(sql_type = BigInt)]
    unit_id: i64,
    #[diesel(sql_type = Integer)]
    day: i32,
    #[diesel(sql_type = BigInt)]
    indicator_id: i64,
    #[diesel(sql_type = SmallInt)]
    reporter_kind: i16,
    #[diesel(sql_type = BigInt)]
    reporter_id: i64,
    #[diesel(sql_type = Text)]
    how: String,
}

fn check_tallies(conn: &mut Conn, families: &[Family], survey: &mut Survey<'_>) -> Result<(), StoreError> {
    let of = u64::try_from(families.len()).unwrap_or(u64::MAX);
    for (done, family) in (0..).zip(families) {
        survey.told(Step::Tallies, done, of);
        for query in [include_str!("check/standing.sql"), include_str!("check/history.sql")] {
            let found: Vec<TallyFinding> = sql_query(query)
                .bind::<BigInt, _>(family.book)
                .bind::<BigInt, _>(FINDINGS_MAX)
                .load(conn)
                .or_failed()?;
            for row in found {
                let slot = SlotRow {
                    book_id: row.book_id,
                    unit_id: row.unit_id,
                    day: row.day,
                    indicator_id: row.indicator_id,
                    reporter_kind: row.reporter_kind,
                    reporter_id: row.reporter_id,
                };
                survey.add(Difference::Tally { slot: slot.try_into()?, how: row.how });
            }
        }
    }
    survey.told(Step::Tallies, of, of);
    Ok(())
}

#[derive(QueryableByName)]
struct QuotaFinding {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Text)]
    amount: String,
    #[diesel(sql_type = Nullable<Text>)]
    last_amount: Option<String>,
    #[diesel(sql_type = BigInt)]
    entries: i64,
}

fn check_quotas(conn: &mut Conn, survey: &mut Survey<'_>) -> Result<(), StoreError> {
    survey.told(Step::Quotas, 0, 1);
    let found: Vec<QuotaFinding> =
        sql_query(include_str!("check/quotas.sql")).bind::<BigInt, _>(FINDINGS_MAX).load(conn).or_failed()?;
    for QuotaFinding { id, version, amount, last_amount, entries } in found {
        let last = last_amount.unwrap_or_else(|| "nothing".to_owned());
        let how = format!("version {version} is {amount}; of {entries} amendments that one says {last}");
        survey.add(Difference::Quota { quota: QuotaId::new(id), how });
    }
    survey.told(Step::Quotas, 1, 1);
    Ok(())
}

/// Closed units keep the place they had.
fn check_units(conn: &mut Conn, survey: &mut Survey<'_>) -> Result<(), StoreError> {
    let rows: Vec<(i64, String, Option<Day>, Option<i64>)> = unit::table
        .inner_join(unit_version::table)
        .filter(unit_version::number.eq(unit::latest))
        .select((unit::id, unit::path, unit::closed_on, unit_version::parent_id))
        .order(unit::path)
        .load(conn)
        .or_failed()?;
    let of = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    survey.told(Step::Units, 0, of);
    let paths: BTreeMap<i64, Option<UnitPath>> =
        rows.iter().map(|(id, path, _, _)| (*id, UnitPath::parse(path).ok())).collect();
    for (id, stored, closed_on, parent) in rows {
        let unit = UnitId::new(id);
        let above = parent.and_then(|parent| paths.get(&parent).cloned().flatten());
        let expected = UnitPath::under(above.as_ref(), unit);
        let known = paths.get(&id).is_some_and(Option::is_some);
        if !known || (closed_on.is_none() && expected.as_str() != stored) {
            survey.add(Difference::Unit { unit, stored, expected: expected.as_str().to_owned() });
        }
    }
    survey.told(Step::Units, of, of);
    Ok(())
}
