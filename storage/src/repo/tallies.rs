//! Tallies and reports.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use caodiem_domain::access::Scope;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, UnitId};
use caodiem_domain::page::{Direction, Filter, Page, PageRequest};
use caodiem_domain::ports::{ReadTallies, ReadTrees, Revisions, WriteTallies};
use caodiem_domain::tally::{Report, RollupDelta, RollupKey, Slot, SlotChange, Tally, TallyOrder, TallyPredicate};
use caodiem_domain::time::{Day, DayRange, Instant};
use caodiem_domain::unit::UnitPath;
use diesel::dsl::{InnerJoinQuerySource, count_star, max, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, SmallInt};

use super::dialect::among;
use super::page::{Condition, always, any, cursor, meets, never, page_of, part};
use super::rollup::{OF_TEAMS, drive_and_below};
use super::scope::under;
use super::{Conn, OrFailed, Tx, bulk, page, stale};
use crate::rows::moment::{day_number, day_numbers, day_of, micros};
use crate::rows::rollup::{RollupRow, cell_of};
use crate::rows::tally::{ReportRow, SlotRow, TallyRow};
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
        let slots = sorted(slots);
        let replaced = bulk::tally_revisions(self.conn, &slots).or_failed()?;
        for row in replaced.into_iter().chain(bulk::standing_tallies(self.conn, &slots).or_failed()?) {
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
        let from = page::place(name, page)?.as_ref().map(slot_of).transpose()?;
        let place = place_of(self.conn, drive)?;
        let ascending = (order == TallyOrder::Day) == (page.direction == Direction::Forward);
        let most = usize::from(page.size.get()) + 1;
        let mut rows: Vec<TallyRow> = Vec::new();
        for place in place.stretches(from.map(|slot| slot.day), ascending) {
            let mut query = tally::table
                .inner_join(unit::table)
                .filter(tally::drive_id.eq(drive.get()))
                .filter(tally::day.between(*place.days.start(), *place.days.end()))
                .filter(credited_in(scope, &place))
                .filter(conditions(self, filter, &place)?)
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
            let limit = i64::try_from(most - rows.len()).unwrap_or(i64::MAX);
            let slot = (tally::book_id, by.0, by.1, by.2, by.3, by.4);
            let further: Vec<TallyRow> = query
                .limit(limit)
                .select((
                    slot,
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
            rows.extend(further);
            if rows.len() >= most {
                break;
            }
        }
        page_of(rows, page, |row| Ok((slot_cursor(name, &row.slot), row.try_into()?)))
    }

    fn count_tallies(
        &mut self,
        scope: &Scope,
        drive: DriveId,
        filter: &Filter<TallyPredicate>,
    ) -> Result<u64, StoreError> {
        let place = place_of(self.conn, drive)?;
        let count: i64 = tally::table
            .inner_join(unit::table)
            .filter(tally::drive_id.eq(drive.get()))
            .filter(credited_in(scope, &place))
            .filter(conditions(self, filter, &place)?)
            .select(count_star())
            .first(self.conn)
            .or_failed()?;
        Ok(count.unsigned_abs())
    }

    fn reports_of(&mut self, drive: DriveId, units: &[UnitId], days: DayRange) -> Result<Vec<Report>, StoreError> {
        let rows: Vec<ReportRow> = report::table
            .filter(report::drive_id.eq(drive.get()))
            .filter(among(report::day, day_numbers(days)))
            .filter(among(report::unit_id, units.iter().map(|unit| unit.get())))
            .order((report::day, report::unit_id, report::reporter_kind, report::reporter_id))
            .load(self.conn)
            .or_failed()?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    fn report_days(
        &mut self,
        drive: DriveId,
        units: Option<&[UnitId]>,
        days: DayRange,
        known_at: Instant,
    ) -> Result<BTreeMap<UnitId, BTreeSet<Day>>, StoreError> {
        let of: Condition<'_, report::table> = match units {
            None => Box::new(report::day.between(day_number(days.from()), day_number(days.to()))),
            Some(units) => {
                let units = among(report::unit_id, units.iter().map(|unit| unit.get()));
                Box::new(among(report::day, day_numbers(days)).and(units))
            }
        };
        let rows: Vec<(i64, i32)> = report::table
            .filter(among(report::drive_id, drive_and_below(self.conn, drive)?.into_iter()))
            .filter(of)
            .filter(report::first_received_at.le(micros(known_at)))
            .select((report::unit_id, report::day))
            .load(self.conn)
            .or_failed()?;
        let mut found: BTreeMap<UnitId, BTreeSet<Day>> = BTreeMap::new();
        for (unit, day) in rows {
            found.entry(UnitId::new(unit)).or_default().insert(day_of(day)?);
        }
        Ok(found)
    }

    fn last_tally_day(&mut self, units: &[UnitId], from: Day) -> Result<Option<Day>, StoreError> {
        let books: Vec<i64> =
            drive::table.filter(drive::id.eq(drive::book_id)).select(drive::id).load(self.conn).or_failed()?;
        let mut found = None;
        for book in books {
            let in_book = tally::table.filter(tally::book_id.eq(book)).select(max(tally::day));
            let last: Option<i32> = in_book.first(self.conn).or_failed()?;
            let days = day_number(from)..=last.unwrap_or(i32::MIN);
            if !days.is_empty() {
                let of_units = in_book
                    .filter(among(tally::day, days))
                    .filter(among(tally::unit_id, units.iter().map(|unit| unit.get())));
                found = found.max(of_units.first(self.conn).or_failed()?);
            }
        }
        found.map(day_of).transpose()
    }
}

impl WriteTallies for Tx<'_> {
    fn put_tallies(&mut self, tallies: &[Tally]) -> Result<Vec<SlotChange>, StoreError> {
        let sorted = |fits: fn(&&Tally) -> bool| {
            let mut rows: Vec<TallyRow> = tallies.iter().filter(fits).map(TallyRow::from).collect();
            rows.sort_unstable_by_key(|row| row.slot);
            rows
        };
        let (first, next) = (sorted(|tally| tally.revision == 1), sorted(|tally| tally.revision != 1));
        // Where the key lets a first figure in, nothing stood before.
        let mut changes: Vec<SlotChange> = Vec::with_capacity(tallies.len());
        if !first.is_empty() {
            bulk::insert_tallies(self.conn, &first).or_failed()?;
            let begun = tallies.iter().filter(|tally| tally.revision == 1);
            changes.extend(begun.map(|tally| SlotChange { slot: tally.slot, before: 0, after: tally.value.get() }));
        }
        if !next.is_empty() {
            for change in bulk::replace_tallies(self.conn, &next).or_failed()? {
                changes.push(change.try_into()?);
            }
        }
        if changes.len() == tallies.len() { Ok(changes) } else { Err(stale()) }
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
            self.settle_sums()?;
            self.noted.sums = RollupRow::holding(deltas.iter().map(|(key, delta)| (cell_of(key), *delta)));
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

/// Where the tallies of a drive lie: in its book, on its days.
struct Place {
    book: i64,
    days: RangeInclusive<i32>,
}

/// Of a drive that does not exist nothing lies anywhere.
fn place_of(conn: &mut Conn, drive: DriveId) -> Result<Place, StoreError> {
    let found: Option<(i64, Day, Day)> = drive::table
        .find(drive.get())
        .select((drive::book_id, drive::starts_on, drive::ends_on))
        .first(conn)
        .optional()
        .or_failed()?;
    Ok(match found {
        Some((book, first, last)) => Place { book, days: day_number(first)..=day_number(last) },
        None => Place { book: 0, days: 0..=0 },
    })
}

/// Days that are looked through first for a page: most are full by then.
const FIRST_DAYS: i32 = 7;

impl Place {
    /// The same place cut into the first days of a list, from one on or back from it, and all others.
    fn stretches(&self, from: Option<i32>, ascending: bool) -> impl Iterator<Item = Self> {
        let (start, end) = (*self.days.start(), *self.days.end());
        let cut = if ascending {
            let start = from.map_or(start, |from| from.max(start));
            [start..=end.min(start + FIRST_DAYS - 1), start + FIRST_DAYS..=end]
        } else {
            let end = from.map_or(end, |from| from.min(end));
            [start.max(end - FIRST_DAYS + 1)..=end, start..=end - FIRST_DAYS]
        };
        let book = self.book;
        cut.into_iter().filter(|days| !days.is_empty()).map(move |days| Self { book, days })
    }

    /// True of the days, one by one: conditions on few units go straight to each.
    fn day_by_day(&self) -> Condition<'static, Source> {
        Box::new(tally::book_id.eq(self.book).and(among(tally::day, self.days.clone())))
    }
}

/// The depth of units from which their subtrees are few: districts, and communes right under a province.
const FEW_UNITS_DEPTH: usize = 2;

/// True of tallies credited within a subtree. A small one is looked up unit by unit, day by day; through a large one the
/// list is read in its own order, and hardly a row is passed over.
fn credited_under(root: &UnitPath, place: &Place) -> Condition<'static, Source> {
    if root.depth() < FEW_UNITS_DEPTH {
        return under(root);
    }
    let few = diesel::alias!(unit as few);
    let path = few.field(unit::path);
    let inside = path.ge(root.as_str().to_owned()).and(path.lt(root.upper_bound()));
    let units = few.filter(inside).select(few.field(unit::id));
    Box::new(tally::unit_id.eq_any(units).and(place.day_by_day()))
}

/// True of tallies credited in scope.
fn credited_in(scope: &Scope, place: &Place) -> Condition<'static, Source> {
    match scope {
        Scope::Country => always(),
        Scope::Subtrees(roots) => any(roots.iter().map(|root| credited_under(root, place))),
    }
}

fn conditions(
    tx: &mut Tx<'_>,
    filter: &Filter<TallyPredicate>,
    place: &Place,
) -> Result<Condition<'static, Source>, StoreError> {
    meets(filter, &mut |predicate| {
        Ok(match predicate {
            TallyPredicate::Credited(units) => {
                let credited = among(tally::unit_id, units.iter().map(|unit| unit.get()));
                Box::new(credited.and(place.day_by_day()))
            }
            TallyPredicate::Under(unit) => tx.paths()?.get(unit).map_or_else(never, |path| credited_under(path, place)),
            TallyPredicate::Team(teams) => {
                let reported = among(tally::reporter_id, teams.iter().map(|team| team.get()));
                Box::new(sql::<Bool>(OF_TEAMS).and(reported).and(place.day_by_day()))
            }
            TallyPredicate::Indicator(indicators) => {
                Box::new(among(tally::indicator_id, indicators.iter().map(|indicator| indicator.get())))
            }
            TallyPredicate::Days(days) => Box::new(tally::day.between(day_number(days.from()), day_number(days.to()))),
            TallyPredicate::Corrected(true) => Box::new(tally::revision.gt(1)),
            TallyPredicate::Corrected(false) => Box::new(tally::revision.eq(1)),
        })
    })
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
