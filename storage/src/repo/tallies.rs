//! Tallies and reports.

use std::collections::{BTreeMap, BTreeSet};

use caodiem_domain::access::Scope;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, UnitId};
use caodiem_domain::page::{Direction, Filter, Page, PageRequest};
use caodiem_domain::ports::{ReadTallies, Revisions, WriteTallies};
use caodiem_domain::tally::{Report, RollupDelta, RollupKey, Slot, SlotChange, Tally, TallyOrder, TallyPredicate};
use caodiem_domain::time::{Day, DayRange, Instant};
use caodiem_domain::unit::UnitPath;
use diesel::dsl::{InnerJoinQuerySource, count_star, max, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, SmallInt};

use super::page::{Condition, always, any, cursor, meets, never, page_of, part, place};
use super::rollup::drive_and_below;
use super::scope::{path_of, under};
use super::{CHUNK, Conn, OrFailed, Tx, bulk, stale};
use crate::rows::moment::{day_number, day_of, micros};
use crate::rows::tally::{ReportRow, RollupRow, SlotRow, TallyRow};
use crate::tables::{drive, report, tally, unit};

/// Tallies with the unit they are credited to.
type Source = InnerJoinQuerySource<tally::table, unit::table>;

impl ReadTallies for Tx<'_> {
    fn tallies(&mut self, slots: &[Slot]) -> Result<BTreeMap<Slot, Tally>, StoreError> {
        let rows = bulk::standing_tallies(self.conn, &sorted(slots)).or_failed()?;
        rows.into_iter().map(|row| Tally::try_from(row).map(|tally| (tally.slot, tally))).collect()
    }

    fn revisions(&mut self, slots: &[Slot]) -> Result<Revisions, StoreError> {
        let mut revisions = Revisions::new();
        for row in bulk::tally_revisions(self.conn, &sorted(slots)).or_failed()? {
            let tally = Tally::try_from(row)?;
            revisions.entry(tally.slot).or_default().push(tally);
        }
        Ok(revisions)
    }

    fn list_tallies(
        &mut self,
        scope: &Scope,
        drive: DriveId,
        filter: &Filter<TallyPredicate>,
        order: TallyOrder,
        page: &PageRequest,
    ) -> Result<Page<Tally>, StoreError> {
        let name = order_name(order);
        let from = place(name, page)?.as_ref().map(slot_of).transpose()?;
        let ascending = (order == TallyOrder::Day) == (page.direction == Direction::Forward);
        let mut query = tally::table
            .inner_join(unit::table)
            .filter(of_drive(drive))
            .filter(credited_in(scope))
            .filter(conditions(self.conn, filter)?)
            .into_boxed();
        if let Some(slot) = from {
            query = query.filter(beyond(&slot, ascending));
        }
        let by = (tally::day, tally::unit_id, tally::indicator_id, tally::reporter_kind, tally::reporter_id);
        query = if ascending {
            query.order(by)
        } else {
            query.order((by.0.desc(), by.1.desc(), by.2.desc(), by.3.desc(), by.4.desc()))
        };
        let rows: Vec<TallyRow> = query
            .limit(i64::from(page.size.get()) + 1)
            .select((
                (
                    tally::book_id,
                    tally::unit_id,
                    tally::day,
                    tally::indicator_id,
                    tally::reporter_kind,
                    tally::reporter_id,
                ),
                tally::drive_id,
                tally::revision,
                tally::value,
                tally::author,
                tally::received_at,
                tally::device_at,
                tally::reason,
            ))
            .load(self.conn)
            .or_failed()?;
        page_of(rows, page, |row| Ok((slot_cursor(name, &row.slot), row.try_into()?)))
    }

    fn count_tallies(
        &mut self,
        scope: &Scope,
        drive: DriveId,
        filter: &Filter<TallyPredicate>,
    ) -> Result<u64, StoreError> {
        let count: i64 = tally::table
            .inner_join(unit::table)
            .filter(of_drive(drive))
            .filter(credited_in(scope))
            .filter(conditions(self.conn, filter)?)
            .select(count_star())
            .first(self.conn)
            .or_failed()?;
        Ok(count.unsigned_abs())
    }

    fn reports_of(&mut self, drive: DriveId, units: &[UnitId], days: DayRange) -> Result<Vec<Report>, StoreError> {
        let mut rows: Vec<ReportRow> = Vec::new();
        for units in units.chunks(CHUNK) {
            let found: Vec<ReportRow> = report::table
                .filter(report::drive_id.eq(drive.get()))
                .filter(report::unit_id.eq_any(units.iter().map(|unit| unit.get())))
                .filter(report::day.between(day_number(days.from()), day_number(days.to())))
                .load(self.conn)
                .or_failed()?;
            rows.extend(found);
        }
        rows.sort_unstable_by_key(|row| (row.day, row.unit_id, row.reporter_kind, row.reporter_id));
        rows.into_iter().map(TryInto::try_into).collect()
    }

    fn report_days(
        &mut self,
        drive: DriveId,
        units: Option<&[UnitId]>,
        days: DayRange,
        known_at: Instant,
    ) -> Result<BTreeMap<UnitId, BTreeSet<Day>>, StoreError> {
        let drives = drive_and_below(self.conn, drive)?;
        let told = || {
            report::table
                .filter(report::drive_id.eq_any(&drives))
                .filter(report::day.between(day_number(days.from()), day_number(days.to())))
                .filter(report::first_received_at.le(micros(known_at)))
                .select((report::unit_id, report::day))
                .distinct()
        };
        let mut found: BTreeMap<UnitId, BTreeSet<Day>> = BTreeMap::new();
        let mut rows: Vec<(i64, i32)> = Vec::new();
        match units {
            None => rows = told().load(self.conn).or_failed()?,
            Some(units) => {
                for units in units.chunks(CHUNK) {
                    let of = report::unit_id.eq_any(units.iter().map(|unit| unit.get()));
                    rows.extend(told().filter(of).load::<(i64, i32)>(self.conn).or_failed()?);
                }
            }
        }
        for (unit, day) in rows {
            found.entry(UnitId::new(unit)).or_default().insert(day_of(day)?);
        }
        Ok(found)
    }

    fn last_tally_day(&mut self, units: &[UnitId]) -> Result<Option<Day>, StoreError> {
        let mut last = None;
        for units in units.chunks(CHUNK) {
            let books = drive::table.filter(drive::id.eq(drive::book_id)).select(drive::id);
            let day: Option<i32> = tally::table
                .filter(tally::book_id.eq_any(books))
                .filter(tally::unit_id.eq_any(units.iter().map(|unit| unit.get())))
                .select(max(tally::day))
                .first(self.conn)
                .or_failed()?;
            last = last.max(day);
        }
        last.map(day_of).transpose()
    }
}

impl WriteTallies for Tx<'_> {
    fn put_tallies(&mut self, tallies: &[Tally]) -> Result<Vec<SlotChange>, StoreError> {
        if tallies.is_empty() {
            return Ok(Vec::new());
        }
        let mut rows: Vec<TallyRow> = tallies.iter().map(TallyRow::from).collect();
        rows.sort_unstable_by_key(|row| row.slot);
        let changes = bulk::put_tallies(self.conn, &rows).or_failed()?;
        if changes.len() != rows.len() {
            return Err(stale());
        }
        changes.into_iter().map(TryInto::try_into).collect()
    }

    fn put_reports(&mut self, reports: &[Report]) -> Result<(), StoreError> {
        let mut rows: BTreeMap<_, ReportRow> = BTreeMap::new();
        for row in reports.iter().map(ReportRow::from) {
            rows.entry(row.key()).and_modify(|standing| standing.merge(&row)).or_insert(row);
        }
        if !rows.is_empty() {
            bulk::put_reports(self.conn, &rows.into_values().collect::<Vec<_>>()).or_failed()?;
        }
        Ok(())
    }

    fn add_to_rollup(&mut self, deltas: &[(RollupKey, RollupDelta)]) -> Result<(), StoreError> {
        if !deltas.is_empty() {
            let rows: Vec<RollupRow> = deltas.iter().map(|(key, delta)| RollupRow::new(key, *delta)).collect();
            bulk::add_to_rollup(self.conn, &rows).or_failed()?;
        }
        Ok(())
    }
}

/// Slots in the order of the key, each once.
fn sorted(slots: &[Slot]) -> Vec<SlotRow> {
    let mut rows: Vec<SlotRow> = slots.iter().map(SlotRow::from).collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// True of tallies of a drive. Its book is named as well: it leads the key that serves the figures of a few units.
fn of_drive(drive: DriveId) -> Condition<'static, Source> {
    let book = drive::table.filter(drive::id.eq(drive.get())).select(drive::book_id).single_value();
    let in_book = tally::book_id.nullable().eq(book).assume_not_null();
    Box::new(tally::drive_id.eq(drive.get()).and(in_book))
}

/// The depth of units from which their subtrees are few: districts, and communes right under a province.
const FEW_UNITS_DEPTH: usize = 2;

/// True of tallies credited within a subtree. A small one is looked up unit by unit; through a large one the list is read
/// in its own order, and hardly a row is passed over.
fn credited_under(root: &UnitPath) -> Condition<'static, Source> {
    if root.depth() < FEW_UNITS_DEPTH {
        return under(root);
    }
    let few = diesel::alias!(unit as few);
    let path = few.field(unit::path);
    let inside = path.ge(root.as_str().to_owned()).and(path.lt(root.upper_bound()));
    Box::new(tally::unit_id.eq_any(few.filter(inside).select(few.field(unit::id))))
}

/// True of tallies credited in scope.
fn credited_in(scope: &Scope) -> Condition<'static, Source> {
    match scope {
        Scope::Country => always(),
        Scope::Subtrees(roots) => any(roots.iter().map(credited_under)),
    }
}

fn conditions(conn: &mut Conn, filter: &Filter<TallyPredicate>) -> Result<Condition<'static, Source>, StoreError> {
    meets(filter, &mut |predicate| {
        Ok(match predicate {
            TallyPredicate::Credited(units) => Box::new(tally::unit_id.eq_any(raw(units, |unit| unit.get()))),
            TallyPredicate::Under(unit) => path_of(conn, *unit)?.map_or_else(never, |path| credited_under(&path)),
            TallyPredicate::Team(teams) => {
                Box::new(tally::reporter_kind.eq(2).and(tally::reporter_id.eq_any(raw(teams, |team| team.get()))))
            }
            TallyPredicate::Indicator(indicators) => {
                Box::new(tally::indicator_id.eq_any(raw(indicators, |indicator| indicator.get())))
            }
            TallyPredicate::Days(days) => Box::new(tally::day.between(day_number(days.from()), day_number(days.to()))),
            TallyPredicate::Corrected(true) => Box::new(tally::revision.gt(1)),
            TallyPredicate::Corrected(false) => Box::new(tally::revision.eq(1)),
        })
    })
}

fn raw<T>(ids: &[T], get: impl Fn(&T) -> i64) -> Vec<i64> {
    ids.iter().map(get).collect()
}

const fn order_name(order: TallyOrder) -> &'static str {
    match order {
        TallyOrder::Day => "tally.day",
        TallyOrder::NewestDay => "tally.newest",
    }
}

/// Within one drive the book is given; the rest of the key, day first, makes the order total.
fn slot_cursor(name: &str, slot: &SlotRow) -> caodiem_domain::page::Cursor {
    cursor(name, &[&slot.day, &slot.unit_id, &slot.indicator_id, &slot.reporter_kind, &slot.reporter_id])
}

fn slot_of([day, unit, indicator, kind, reporter]: &[String; 5]) -> Result<SlotRow, StoreError> {
    Ok(SlotRow {
        book_id: 0,
        unit_id: part(unit)?,
        day: part(day)?,
        indicator_id: part(indicator)?,
        reporter_kind: part(kind)?,
        reporter_id: part(reporter)?,
    })
}

/// True of rows after (or before) a place in the order of the list, as one comparison that an index can serve.
fn beyond(slot: &SlotRow, ascending: bool) -> Condition<'static, Source> {
    const COLUMNS: &str = "(tally.day, tally.unit_id, tally.indicator_id, tally.reporter_kind, tally.reporter_id)";
    let comparison = if ascending { format!("{COLUMNS} > (") } else { format!("{COLUMNS} < (") };
    let values = sql::<Bool>(&comparison)
        .bind::<Integer, _>(slot.day)
        .sql(", ")
        .bind::<BigInt, _>(slot.unit_id)
        .sql(", ")
        .bind::<BigInt, _>(slot.indicator_id)
        .sql(", ")
        .bind::<SmallInt, _>(slot.reporter_kind)
        .sql(", ")
        .bind::<BigInt, _>(slot.reporter_id)
        .sql(")");
    Box::new(values)
}
