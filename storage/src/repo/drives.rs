//! Drives, always whole: one statement for the rows, however many drives. Of those that are not kept in memory the parts
//! are read as well, one statement for each kind.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use caodiem_domain::access::Scope;
use caodiem_domain::drive::{Drive, DriveOrder, DrivePredicate};
use caodiem_domain::error::{Constraint, StoreError};
use caodiem_domain::id::DriveId;
use caodiem_domain::page::{Filter, Page, PageRequest};
use caodiem_domain::ports::{ReadDrives, WriteDrives};
use caodiem_domain::time::Day;
use diesel::dsl::InnerJoinQuerySource;
use diesel::prelude::*;

use super::dialect::among;
use super::page::{Condition, cursor, keyset, meets, page_of, part, place};
use super::scope::touching;
use super::{Conn, OrFailed, Tx, stale};
use crate::rows::code::Stored;
use crate::rows::drive::{
    ColumnRow, DayRow, DriveRow, InUseRow, PartRows, PhaseRow, ReportingRuleRow, TeamRuleRow, drive_of,
};
use crate::tables::{drive, drive_day, drive_indicator, phase, plan_column, quota, reporting_rule, team_rule, unit};

/// Drives with the unit they cover.
type Source = InnerJoinQuerySource<drive::table, unit::table>;

/// The parts of drives, each kind in the drive's order.
fn parts_of(conn: &mut Conn, ids: &[i64]) -> Result<BTreeMap<i64, PartRows>, StoreError> {
    let mut parts = BTreeMap::<i64, PartRows>::new();
    macro_rules! load {
        ($table:ident by $order:ident into $kind:ident: $row:ident) => {
            let rows: Vec<$row> = $table::table
                .filter($table::drive_id.eq_any(ids))
                .order_by(($table::drive_id, $table::$order))
                .load(conn)
                .or_failed()?;
            for row in rows {
                parts.entry(row.drive_id).or_default().$kind.push(row);
            }
        };
    }
    load!(phase by ordinal into phases: PhaseRow);
    load!(drive_day by day into days: DayRow);
    load!(reporting_rule by level into reporting_rules: ReportingRuleRow);
    load!(drive_indicator by indicator_id into indicators: InUseRow);
    load!(team_rule by ordinal into team_rules: TeamRuleRow);
    load!(plan_column by ordinal into columns: ColumnRow);
    Ok(parts)
}

impl Tx<'_> {
    /// The drives of rows, in their order.
    fn whole(&mut self, rows: Vec<DriveRow>) -> Result<Vec<Drive>, StoreError> {
        let kept: Vec<Option<Arc<Drive>>> = rows.iter().map(|row| self.kept_drive(row)).collect();
        let unkept: Vec<i64> =
            rows.iter().zip(&kept).filter(|(_, kept)| kept.is_none()).map(|(row, _)| row.id).collect();
        let mut parts = if unkept.is_empty() { BTreeMap::new() } else { parts_of(self.conn, &unkept)? };
        let drive = |(row, kept): (DriveRow, Option<Arc<Drive>>)| {
            if let Some(drive) = kept {
                return Ok(Arc::unwrap_or_clone(drive));
            }
            let parts = parts.remove(&row.id).unwrap_or_default();
            drive_of(row, parts)
        };
        let drives = rows.into_iter().zip(kept).map(drive).collect::<Result<Vec<_>, _>>()?;
        if !unkept.is_empty() && !self.wrote_drives {
            self.keep_drives(&unkept, &drives)?;
        }
        Ok(drives)
    }

    fn kept_drive(&self, row: &DriveRow) -> Option<Arc<Drive>> {
        if self.wrote_drives { None } else { self.memory.drives.of(DriveId::new(row.id), row.version) }
    }

    /// Shares the drives that were read, unless one was written meanwhile: its parts may be of the later version then.
    fn keep_drives(&mut self, unkept: &[i64], drives: &[Drive]) -> Result<(), StoreError> {
        let standing: Vec<(i64, i32)> = drive::table
            .filter(drive::id.eq_any(unkept))
            .select((drive::id, drive::version))
            .load(self.conn)
            .or_failed()?;
        let standing: BTreeMap<i64, i32> = standing.into_iter().collect();
        for drive in drives.iter().filter(|drive| standing.get(&drive.id.get()) == Some(&drive.version)) {
            self.memory.drives.keep(drive);
        }
        Ok(())
    }
}

fn fits<'query>(filter: &Filter<DrivePredicate>) -> Result<Condition<'query, Source>, StoreError> {
    meets(filter, &mut |predicate| {
        Ok(match predicate {
            DrivePredicate::Is(id) => Box::new(drive::id.eq(id.get())),
            DrivePredicate::State(states) => {
                Box::new(drive::state.eq_any(states.iter().map(|state| state.word()).collect::<Vec<_>>()))
            }
            DrivePredicate::PlanNumber(number) => Box::new(drive::plan_number.eq(number.to_string())),
            DrivePredicate::Parent(parent) => {
                let parent_id = drive::parent_id;
                Box::new(parent_id.is_not_null().and(parent_id.assume_not_null().eq(parent.get())))
            }
            DrivePredicate::Unit(units) => {
                Box::new(drive::unit_id.eq_any(units.iter().map(|unit| unit.get()).collect::<Vec<_>>()))
            }
            DrivePredicate::RunsOn(day) => Box::new(drive::starts_on.le(*day).and(drive::ends_on.ge(*day))),
            DrivePredicate::Synthetic(synthetic) => Box::new(drive::synthetic.eq(*synthetic)),
        })
    })
}

impl ReadDrives for Tx<'_> {
    fn drives_by_id(&mut self, scope: &Scope, ids: &[DriveId]) -> Result<BTreeMap<DriveId, Drive>, StoreError> {
        let rows: Vec<DriveRow> = drive::table
            .inner_join(unit::table)
            .filter(among(drive::id, ids.iter().map(|id| id.get())))
            .filter(touching::<Source>(scope))
            .select(DriveRow::as_select())
            .load(self.conn)
            .or_failed()?;
        Ok(self.whole(rows)?.into_iter().map(|drive| (drive.id, drive)).collect())
    }

    fn books_of(&mut self, ids: &[DriveId]) -> Result<BTreeSet<DriveId>, StoreError> {
        let kept: Option<BTreeSet<DriveId>> = ids.iter().map(|id| self.memory.drives.book_of(*id)).collect();
        if let Some(books) = kept {
            return Ok(books);
        }
        let books: Vec<i64> = drive::table
            .filter(among(drive::id, ids.iter().map(|id| id.get())))
            .select(drive::book_id)
            .distinct()
            .load(self.conn)
            .or_failed()?;
        Ok(books.into_iter().map(DriveId::new).collect())
    }

    fn list_drives(
        &mut self,
        scope: &Scope,
        filter: &Filter<DrivePredicate>,
        order: DriveOrder,
        page: &PageRequest,
    ) -> Result<Page<Drive>, StoreError> {
        let name = match order {
            DriveOrder::StartsOn => "drive.starts_on",
            DriveOrder::PlanNumber => "drive.plan_number",
        };
        let after = match place::<2>(name, page)? {
            Some([key, id]) => Some((key, part::<i64>(&id)?)),
            None => None,
        };
        let query = drive::table
            .inner_join(unit::table)
            .filter(touching::<Source>(scope))
            .filter(fits(filter)?)
            .select(DriveRow::as_select())
            .into_boxed();
        let query = match order {
            DriveOrder::StartsOn => {
                let after = after.map(|(day, id)| part::<Day>(&day).map(|day| (day, id))).transpose()?;
                keyset!(query, page, after, drive::starts_on, drive::id)
            }
            DriveOrder::PlanNumber => keyset!(query, page, after, drive::plan_number, drive::id),
        };
        let rows: Vec<DriveRow> = query.load(self.conn).or_failed()?;
        let page = page_of(rows, page, |row| {
            let place = match order {
                DriveOrder::StartsOn => cursor(name, &[&row.starts_on, &row.id]),
                DriveOrder::PlanNumber => cursor(name, &[&row.plan_number, &row.id]),
            };
            Ok((place, row))
        })?;
        let (cursors, rows): (Vec<_>, Vec<_>) = page.rows.into_iter().unzip();
        let rows = cursors.into_iter().zip(self.whole(rows)?).collect();
        Ok(Page { rows, has_next: page.has_next, has_previous: page.has_previous })
    }

    fn count_drives(&mut self, scope: &Scope, filter: &Filter<DrivePredicate>) -> Result<u64, StoreError> {
        let count: i64 = drive::table
            .inner_join(unit::table)
            .filter(touching::<Source>(scope))
            .filter(fits(filter)?)
            .count()
            .get_result(self.conn)
            .or_failed()?;
        Ok(count.unsigned_abs())
    }
}

/// Adds a drive's parts. Each kind at once; phases apart, because they have ids that others refer to.
fn insert_parts(conn: &mut Conn, parts: &PartRows) -> Result<(), StoreError> {
    macro_rules! insert {
        ($table:ident, $kind:ident) => {
            if !parts.$kind.is_empty() {
                diesel::insert_into($table::table).values(&parts.$kind).execute(conn).or_failed()?;
            }
        };
    }
    insert!(drive_day, days);
    insert!(reporting_rule, reporting_rules);
    insert!(drive_indicator, indicators);
    insert!(team_rule, team_rules);
    insert!(plan_column, columns);
    Ok(())
}

fn delete_parts(conn: &mut Conn, drive: DriveId) -> Result<(), StoreError> {
    macro_rules! delete {
        ($($table:ident),+) => {$(
            diesel::delete($table::table.filter($table::drive_id.eq(drive.get()))).execute(conn).or_failed()?;
        )+};
    }
    delete!(drive_day, reporting_rule, drive_indicator, team_rule, plan_column);
    Ok(())
}

/// Higher than any ordinal: where phases stand aside while they change places.
const ASIDE: i32 = 1_000_000;

/// Brings the phases of a drive to what `rows` say, each by its id.
fn replace_phases(conn: &mut Conn, drive: DriveId, rows: &[PhaseRow]) -> Result<(), StoreError> {
    let kept: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let dropped = phase::table.filter(phase::drive_id.eq(drive.get())).filter(phase::id.ne_all(kept));
    let dropped: Vec<i64> = dropped.select(phase::id).load(conn).or_failed()?;
    let rests_on = quota::table.filter(quota::drive_id.eq(drive.get())).filter(quota::phase_id.eq_any(&dropped));
    if !dropped.is_empty() && diesel::select(diesel::dsl::exists(rests_on)).get_result(conn).or_failed()? {
        crate::doom::doom();
        return Err(StoreError::Conflict(Constraint::Reference));
    }
    diesel::delete(phase::table.filter(phase::id.eq_any(&dropped))).execute(conn).or_failed()?;
    diesel::update(phase::table.filter(phase::drive_id.eq(drive.get())))
        .set(phase::ordinal.eq(phase::ordinal + ASIDE))
        .execute(conn)
        .or_failed()?;
    for row in rows {
        let own = phase::table.filter(phase::id.eq(row.id)).filter(phase::drive_id.eq(drive.get()));
        if diesel::update(own).set(row).execute(conn).or_failed()? == 0 {
            diesel::insert_into(phase::table).values(row).execute(conn).or_failed()?;
        }
    }
    Ok(())
}

impl WriteDrives for Tx<'_> {
    fn insert_drive(&mut self, drive: &Drive) -> Result<(), StoreError> {
        self.wrote_drives = true;
        let parts = PartRows::of(drive)?;
        diesel::insert_into(drive::table).values(DriveRow::from(drive)).execute(self.conn).or_failed()?;
        if !parts.phases.is_empty() {
            diesel::insert_into(phase::table).values(&parts.phases).execute(self.conn).or_failed()?;
        }
        insert_parts(self.conn, &parts)
    }

    fn update_drive(&mut self, drive: &Drive) -> Result<(), StoreError> {
        self.wrote_drives = true;
        let parts = PartRows::of(drive)?;
        let before = drive::table.filter(drive::id.eq(drive.id.get())).filter(drive::version.eq(drive.version - 1));
        let updated = diesel::update(before).set(DriveRow::from(drive)).execute(self.conn).or_failed()?;
        if updated == 0 {
            return Err(stale());
        }
        replace_phases(self.conn, drive.id, &parts.phases)?;
        delete_parts(self.conn, drive.id)?;
        insert_parts(self.conn, &parts)
    }
}
