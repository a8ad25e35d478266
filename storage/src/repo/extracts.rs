//! Extracts and official figures.

use std::collections::BTreeMap;

use caodiem_domain::access::Scope;
use caodiem_domain::error::StoreError;
use caodiem_domain::extract::{Extract, ExtractPredicate, OfficialFigure};
use caodiem_domain::id::{ExtractId, IndicatorId, SourceId, UnitId};
use caodiem_domain::page::{Filter, Page, PageRequest};
use caodiem_domain::ports::{ReadExtracts, WriteExtracts};
use caodiem_domain::text::Source as Title;
use caodiem_domain::time::Instant;
use diesel::dsl::InnerJoinQuerySource;
use diesel::prelude::*;

use super::page::{Condition, cursor, meets, newest_first, page_of, part, place};
use super::scope::{count_in_scope, in_scope, rows_in_scope, under_unit};
use super::{Conn, OrFailed, Tx, bulk, keyed};
use crate::rows::corrupt;
use crate::rows::extract::{ExtractRow, OfficialQuestion, OfficialRow, Sourced, SourcedRow};
use crate::rows::moment::{instant_of, micros};
use crate::tables::{official_extract, official_source, unit};

/// Extracts with their unit.
type Source = InnerJoinQuerySource<official_extract::table, unit::table>;

const NEWEST: &str = "extract.newest";

impl ReadExtracts for Tx<'_> {
    fn extracts_by_id(&mut self, scope: &Scope, ids: &[ExtractId]) -> Result<BTreeMap<ExtractId, Extract>, StoreError> {
        let rows = rows_in_scope!(self.conn, scope, ids, official_extract: ExtractRow);
        Ok(keyed(sourced(self.conn, rows)?, |extract: &Extract| extract.id)?.into_iter().collect())
    }

    fn list_extracts(
        &mut self,
        scope: &Scope,
        filter: &Filter<ExtractPredicate>,
        page: &PageRequest,
    ) -> Result<Page<Extract>, StoreError> {
        let from = place(NEWEST, page)?.map(|[id]| part::<i64>(&id)).transpose()?;
        let query = official_extract::table
            .inner_join(unit::table)
            .filter(in_scope::<Source>(scope))
            .filter(conditions(self.conn, filter)?)
            .select(official_extract::all_columns)
            .into_boxed();
        let rows: Vec<ExtractRow> =
            newest_first!(query, page, from, official_extract::id).load(self.conn).or_failed()?;
        page_of(sourced(self.conn, rows)?, page, |row| {
            let extract = Extract::try_from(row)?;
            Ok((cursor(NEWEST, &[&extract.id.get()]), extract))
        })
    }

    fn count_extracts(&mut self, scope: &Scope, filter: &Filter<ExtractPredicate>) -> Result<u64, StoreError> {
        count_in_scope!(self.conn, scope, conditions(self.conn, filter)?, official_extract)
    }

    fn same_extract(
        &mut self,
        unit: UnitId,
        source: &Title,
        as_of: Instant,
        sha256: &[u8; 32],
    ) -> Result<Option<Extract>, StoreError> {
        let row: Option<SourcedRow> = official_extract::table
            .inner_join(official_source::table)
            .filter(official_extract::unit_id.eq(unit.get()))
            .filter(official_source::title.eq(source.as_str()))
            .filter(official_extract::as_of.eq(micros(as_of)))
            .filter(official_extract::sha256.eq(sha256.as_slice()))
            .order(official_extract::id.desc())
            .select((official_extract::all_columns, official_source::title))
            .first(self.conn)
            .optional()
            .or_failed()?;
        row.map(|row| Sourced(row).try_into()).transpose()
    }

    fn source_id(&mut self, source: &Title) -> Result<Option<SourceId>, StoreError> {
        let known = official_source::table.filter(official_source::title.eq(source.as_str()));
        let id: Option<i64> = known.select(official_source::id).first(self.conn).optional().or_failed()?;
        Ok(id.map(SourceId::new))
    }

    fn sources(&mut self, ids: &[SourceId]) -> Result<BTreeMap<SourceId, Title>, StoreError> {
        let rows: Vec<(i64, String)> = official_source::table
            .filter(official_source::id.eq_any(ids.iter().map(|id| id.get())))
            .load(self.conn)
            .or_failed()?;
        let title = |text: &str| Title::new(text).map_err(corrupt("official_source.title"));
        rows.into_iter().map(|(id, text)| Ok((SourceId::new(id), title(&text)?))).collect()
    }

    fn extract_moments(
        &mut self,
        source: Option<SourceId>,
        after: Instant,
        until: Instant,
    ) -> Result<Vec<Instant>, StoreError> {
        let mut query = official_extract::table
            .filter(official_extract::as_of.gt(micros(after)))
            .filter(official_extract::as_of.le(micros(until)))
            .select(official_extract::as_of)
            .distinct()
            .order(official_extract::as_of)
            .into_boxed();
        if let Some(source) = source {
            query = query.filter(official_extract::source_id.eq(source.get()));
        }
        let moments: Vec<i64> = query.load(self.conn).or_failed()?;
        moments.into_iter().map(instant_of).collect()
    }

    fn official_figures(
        &mut self,
        units: &[UnitId],
        indicators: &[IndicatorId],
        source: Option<SourceId>,
        after: Instant,
        until: Instant,
    ) -> Result<Vec<OfficialFigure>, StoreError> {
        let units: Vec<i64> = units.iter().map(|unit| unit.get()).collect();
        let indicators: Vec<i64> = indicators.iter().map(|indicator| indicator.get()).collect();
        let question = OfficialQuestion {
            units: &units,
            indicators: &indicators,
            source: source.map(SourceId::get),
            after: micros(after),
            until: micros(until),
        };
        let rows = bulk::official_figures(self.conn, &question).or_failed()?;
        rows.into_iter().map(TryInto::try_into).collect()
    }
}

impl WriteExtracts for Tx<'_> {
    fn insert_source(&mut self, id: SourceId, source: &Title) -> Result<(), StoreError> {
        diesel::insert_into(official_source::table)
            .values((official_source::id.eq(id.get()), official_source::title.eq(source.as_str())))
            .execute(self.conn)
            .or_failed()?;
        Ok(())
    }

    fn insert_extract(&mut self, extract: &Extract) -> Result<(), StoreError> {
        diesel::insert_into(official_extract::table)
            .values(ExtractRow::from(extract))
            .execute(self.conn)
            .or_failed()?;
        Ok(())
    }

    fn insert_official_figures(&mut self, figures: &[OfficialFigure]) -> Result<(), StoreError> {
        if figures.is_empty() {
            return Ok(());
        }
        let mut rows: Vec<OfficialRow> = figures.iter().map(OfficialRow::from).collect();
        rows.sort_unstable_by_key(|row| (row.unit_id, row.indicator_id));
        bulk::insert_official_figures(self.conn, &rows).or_failed()?;
        Ok(())
    }
}

/// Extracts with the titles of their sources, by one statement more.
fn sourced(conn: &mut Conn, rows: Vec<ExtractRow>) -> Result<Vec<Sourced>, StoreError> {
    let ids: Vec<i64> = rows.iter().map(ExtractRow::source).collect();
    let titles: Vec<(i64, String)> =
        official_source::table.filter(official_source::id.eq_any(ids)).load(conn).or_failed()?;
    let titles: BTreeMap<i64, String> = titles.into_iter().collect();
    let with = |row: ExtractRow| {
        let title = titles.get(&row.source()).cloned().unwrap_or_default();
        Sourced((row, title))
    };
    Ok(rows.into_iter().map(with).collect())
}

fn conditions(conn: &mut Conn, filter: &Filter<ExtractPredicate>) -> Result<Condition<'static, Source>, StoreError> {
    meets(filter, &mut |predicate| {
        Ok(match predicate {
            ExtractPredicate::Under(unit) => under_unit(conn, *unit)?,
            ExtractPredicate::Source(source) => {
                let known = official_source::table.filter(official_source::title.eq(source.as_str().to_owned()));
                Box::new(official_extract::source_id.eq_any(known.select(official_source::id)))
            }
            ExtractPredicate::Since(moment) => Box::new(official_extract::as_of.ge(micros(*moment))),
            ExtractPredicate::Before(moment) => Box::new(official_extract::as_of.lt(micros(*moment))),
        })
    })
}
