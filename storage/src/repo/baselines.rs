//! Baselines and printed figures.

use std::collections::BTreeMap;

use caodiem_domain::access::Scope;
use caodiem_domain::baseline::{Baseline, BaselineKey, BaselinePredicate, BaselineQuestion, PrintedFigure};
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{BaselineId, DriveId, GroupId, IndicatorId, UnitId};
use caodiem_domain::page::{Direction, Filter, Page, PageRequest};
use caodiem_domain::ports::{ReadBaselines, WriteBaselines};
use caodiem_domain::time::Day;
use diesel::dsl::{InnerJoinQuerySource, count_star, exists, not};
use diesel::prelude::*;
use diesel::upsert::excluded;

use super::dialect::among;
use super::page::{Condition, cursor, meets, page_of, part, place};
use super::scope::{by_id_in_scope, in_scope};
use super::{CHUNK, OrFailed, Tx, keyed};
use crate::rows::baseline::{BaselineRow, PrintedRow};
use crate::tables::{baseline, printed_figure, unit};

/// Baselines with their unit.
type Source = InnerJoinQuerySource<baseline::table, unit::table>;

const BY_ID: &str = "baseline.newest";

/// Standing revisions: there is no later one of the same key.
macro_rules! standing {
    ($query:expr) => {{
        let later = diesel::alias!(baseline as later);
        $query.filter(not(exists(
            later
                .filter(later.field(baseline::unit_id).eq(baseline::unit_id))
                .filter(later.field(baseline::group_id).eq(baseline::group_id))
                .filter(later.field(baseline::indicator_id).eq(baseline::indicator_id))
                .filter(later.field(baseline::as_of).eq(baseline::as_of))
                .filter(later.field(baseline::revision).gt(baseline::revision)),
        )))
    }};
}

impl ReadBaselines for Tx<'_> {
    fn baselines_for(
        &mut self,
        units: &[UnitId],
        question: BaselineQuestion,
    ) -> Result<BTreeMap<UnitId, Baseline>, StoreError> {
        let BaselineQuestion { group, indicator, on_or_before } = question;
        let found = self.baselines_of(units, group, &[indicator], on_or_before)?;
        Ok(found.into_iter().map(|((unit, _), baseline)| (unit, baseline)).collect())
    }

    fn baselines_of(
        &mut self,
        units: &[UnitId],
        group: GroupId,
        indicators: &[IndicatorId],
        on_or_before: Day,
    ) -> Result<BTreeMap<(UnitId, IndicatorId), Baseline>, StoreError> {
        let later = diesel::alias!(baseline as later);
        let rows: Vec<BaselineRow> = baseline::table
            .filter(among(baseline::unit_id, units.iter().map(|unit| unit.get())))
            .filter(baseline::group_id.eq(group.get()))
            .filter(among(baseline::indicator_id, indicators.iter().map(|indicator| indicator.get())))
            .filter(baseline::as_of.le(on_or_before))
            .filter(not(exists(
                later
                    .filter(later.field(baseline::unit_id).eq(baseline::unit_id))
                    .filter(later.field(baseline::group_id).eq(baseline::group_id))
                    .filter(later.field(baseline::indicator_id).eq(baseline::indicator_id))
                    .filter(later.field(baseline::as_of).le(on_or_before))
                    .filter(
                        later.field(baseline::as_of).gt(baseline::as_of).or(later
                            .field(baseline::as_of)
                            .eq(baseline::as_of)
                            .and(later.field(baseline::revision).gt(baseline::revision))),
                    ),
            )))
            .load(self.conn)
            .or_failed()?;
        Ok(keyed(rows, |baseline: &Baseline| (baseline.key.unit, baseline.key.indicator))?.into_iter().collect())
    }

    fn baselines_by_key(&mut self, keys: &[BaselineKey]) -> Result<BTreeMap<BaselineKey, Baseline>, StoreError> {
        let mut found = BTreeMap::new();
        for ((group, indicator, as_of), units) in units_by_question(keys) {
            for units in units.chunks(CHUNK) {
                let rows: Vec<BaselineRow> = standing!(
                    baseline::table
                        .filter(baseline::unit_id.eq_any(units))
                        .filter(baseline::group_id.eq(group.get()))
                        .filter(baseline::indicator_id.eq(indicator.get()))
                        .filter(baseline::as_of.eq(as_of))
                )
                .load(self.conn)
                .or_failed()?;
                found.extend(keyed(rows, |baseline: &Baseline| baseline.key)?);
            }
        }
        Ok(found)
    }

    fn baselines_by_id(
        &mut self,
        scope: &Scope,
        ids: &[BaselineId],
    ) -> Result<BTreeMap<BaselineId, Baseline>, StoreError> {
        by_id_in_scope!(self.conn, scope, ids, baseline: BaselineRow => Baseline)
    }

    fn list_baselines(
        &mut self,
        scope: &Scope,
        filter: &Filter<BaselinePredicate>,
        page: &PageRequest,
    ) -> Result<Page<Baseline>, StoreError> {
        let from = place::<1>(BY_ID, page)?.map(|[id]| part::<i64>(&id)).transpose()?;
        let mut query = standing!(baseline::table.inner_join(unit::table))
            .filter(in_scope::<Source>(scope))
            .filter(conditions(filter)?)
            .select(baseline::all_columns)
            .limit(i64::from(page.size.get()) + 1)
            .into_boxed();
        query = match page.direction {
            Direction::Forward => query.order(baseline::id.desc()),
            Direction::Backward => query.order(baseline::id.asc()),
        };
        query = match (from, page.direction) {
            (Some(id), Direction::Forward) => query.filter(baseline::id.lt(id)),
            (Some(id), Direction::Backward) => query.filter(baseline::id.gt(id)),
            (None, _) => query,
        };
        let rows: Vec<BaselineRow> = query.load(self.conn).or_failed()?;
        page_of(rows, page, |row| {
            let baseline = Baseline::try_from(row)?;
            Ok((cursor(BY_ID, &[&baseline.id.get()]), baseline))
        })
    }

    fn count_baselines(&mut self, scope: &Scope, filter: &Filter<BaselinePredicate>) -> Result<u64, StoreError> {
        let count: i64 = standing!(baseline::table.inner_join(unit::table))
            .filter(in_scope::<Source>(scope))
            .filter(conditions(filter)?)
            .select(count_star())
            .first(self.conn)
            .or_failed()?;
        Ok(count.unsigned_abs())
    }

    fn baseline_revisions(&mut self, keys: &[BaselineKey]) -> Result<BTreeMap<BaselineKey, Vec<Baseline>>, StoreError> {
        let mut found: BTreeMap<BaselineKey, Vec<Baseline>> = BTreeMap::new();
        for ((group, indicator, as_of), units) in units_by_question(keys) {
            for units in units.chunks(CHUNK) {
                let rows: Vec<BaselineRow> = baseline::table
                    .filter(baseline::unit_id.eq_any(units))
                    .filter(baseline::group_id.eq(group.get()))
                    .filter(baseline::indicator_id.eq(indicator.get()))
                    .filter(baseline::as_of.eq(as_of))
                    .order((baseline::unit_id, baseline::revision))
                    .load(self.conn)
                    .or_failed()?;
                for (key, baseline) in keyed(rows, |baseline: &Baseline| baseline.key)? {
                    found.entry(key).or_default().push(baseline);
                }
            }
        }
        Ok(found)
    }

    fn printed_figures(&mut self, drive: DriveId) -> Result<Vec<PrintedFigure>, StoreError> {
        let rows: Vec<PrintedRow> = printed_figure::table
            .filter(printed_figure::drive_id.eq(drive.get()))
            .order((printed_figure::unit_id, printed_figure::column_key))
            .load(self.conn)
            .or_failed()?;
        rows.into_iter().map(TryInto::try_into).collect()
    }
}

impl WriteBaselines for Tx<'_> {
    fn insert_baselines(&mut self, baselines: &[Baseline]) -> Result<(), StoreError> {
        for chunk in baselines.chunks(CHUNK) {
            let rows: Vec<BaselineRow> = chunk.iter().map(BaselineRow::from).collect();
            diesel::insert_into(baseline::table).values(&rows).execute(self.conn).or_failed()?;
        }
        Ok(())
    }

    fn put_printed_figures(&mut self, figures: &[PrintedFigure]) -> Result<(), StoreError> {
        let mut rows = BTreeMap::new();
        for figure in figures {
            let row = PrintedRow::try_from(figure)?;
            rows.insert(row.key(), row);
        }
        let rows: Vec<PrintedRow> = rows.into_values().collect();
        for chunk in rows.chunks(CHUNK) {
            diesel::insert_into(printed_figure::table)
                .values(chunk)
                .on_conflict((printed_figure::drive_id, printed_figure::unit_id, printed_figure::column_key))
                .do_update()
                .set((
                    printed_figure::value.eq(excluded(printed_figure::value)),
                    printed_figure::source.eq(excluded(printed_figure::source)),
                ))
                .execute(self.conn)
                .or_failed()?;
        }
        Ok(())
    }
}

/// Keys differ mostly in the unit: one statement for each of what else they differ in.
fn units_by_question(keys: &[BaselineKey]) -> BTreeMap<(GroupId, IndicatorId, Day), Vec<i64>> {
    let mut units: BTreeMap<_, Vec<i64>> = BTreeMap::new();
    for key in keys {
        units.entry((key.group, key.indicator, key.as_of)).or_default().push(key.unit.get());
    }
    units
}

fn conditions(filter: &Filter<BaselinePredicate>) -> Result<Condition<'static, Source>, StoreError> {
    meets(filter, &mut |predicate| {
        Ok(match predicate {
            BaselinePredicate::Unit(units) => {
                Box::new(baseline::unit_id.eq_any(units.iter().map(|unit| unit.get()).collect::<Vec<_>>()))
            }
            BaselinePredicate::Group(groups) => {
                Box::new(baseline::group_id.eq_any(groups.iter().map(|group| group.get()).collect::<Vec<_>>()))
            }
            BaselinePredicate::Indicator(indicators) => {
                let ids: Vec<i64> = indicators.iter().map(|indicator| indicator.get()).collect();
                Box::new(baseline::indicator_id.eq_any(ids))
            }
            BaselinePredicate::AsOf(day) => Box::new(baseline::as_of.eq(*day)),
            BaselinePredicate::Synthetic(synthetic) => Box::new(baseline::synthetic.eq(*synthetic)),
        })
    })
}
