//! Reading units.

use std::collections::{BTreeMap, BTreeSet};

use caodiem_domain::access::Scope;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::UnitId;
use caodiem_domain::page::{Filter, Page, PageRequest};
use caodiem_domain::ports::ReadUnits;
use caodiem_domain::text::UnitCode;
use caodiem_domain::time::Day;
use caodiem_domain::unit::name::NameKeys;
use caodiem_domain::unit::{Lineage, Unit, UnitOrder, UnitPredicate, UnitVersion};
use diesel::dsl::{InnerJoin, InnerJoinQuerySource, IntoBoxed};
use diesel::prelude::*;

use super::page::{Condition, NullableCondition, cursor, keyset, meets, page_of, part, place};
use super::scope::{in_scope, under_unit};
use super::{CHUNK, Conn, Db, OrFailed, Tx, dialect};
use crate::rows::code::Stored;
use crate::rows::unit::{LineageRow, UnitRow, VersionRow, unit_of};
use crate::tables::{unit, unit_lineage, unit_version};

type Source = InnerJoinQuerySource<unit::table, unit_version::table>;
type Versions<'query> = IntoBoxed<'query, InnerJoin<unit::table, unit_version::table>, Db>;

/// Units with each of their versions.
fn versions<'query>() -> Versions<'query> {
    unit::table.inner_join(unit_version::table).into_boxed()
}

/// True of versions valid on a day.
pub(super) fn valid_on<'query, From: 'query>(on: Day) -> NullableCondition<'query, From>
where
    unit_version::valid_from: SelectableExpression<From>,
    unit_version::valid_to: SelectableExpression<From>,
{
    Box::new(unit_version::valid_from.le(on).and(unit_version::valid_to.is_null().or(unit_version::valid_to.gt(on))))
}

fn load(conn: &mut Conn, query: Versions<'_>) -> Result<Vec<Unit>, StoreError> {
    let rows: Vec<(UnitRow, VersionRow)> =
        query.select((UnitRow::as_select(), VersionRow::as_select())).load(conn).or_failed()?;
    rows.into_iter().map(unit_of).collect()
}

/// Units by id with their latest version, whatever the scope.
pub(crate) fn latest(conn: &mut Conn, ids: &[UnitId]) -> Result<BTreeMap<UnitId, Unit>, StoreError> {
    latest_in(conn, &Scope::Country, ids)
}

fn latest_in(conn: &mut Conn, scope: &Scope, ids: &[UnitId]) -> Result<BTreeMap<UnitId, Unit>, StoreError> {
    let query = versions().filter(unit_version::number.eq(unit::latest)).filter(in_scope::<Source>(scope));
    let found = load(conn, query.filter(dialect::among(unit::id, ids.iter().map(|id| id.get()))))?;
    Ok(found.into_iter().map(|unit| (unit.id, unit)).collect())
}

/// The condition of a filter.
fn fits<'query>(conn: &mut Conn, filter: &Filter<UnitPredicate>) -> Result<Condition<'query, Source>, StoreError> {
    meets(filter, &mut |predicate| {
        Ok(match predicate {
            UnitPredicate::Code(codes) => {
                Box::new(unit_version::code.eq_any(codes.iter().map(ToString::to_string).collect::<Vec<_>>()))
            }
            UnitPredicate::Name(name) => named(&NameKeys::of(name)),
            UnitPredicate::Kind(kinds) => {
                Box::new(unit_version::kind.eq_any(kinds.iter().map(|kind| kind.word()).collect::<Vec<_>>()))
            }
            UnitPredicate::Level(levels) => {
                Box::new(unit_version::level.eq_any(levels.iter().map(|level| level.word()).collect::<Vec<_>>()))
            }
            UnitPredicate::Parent(parent) => {
                let parent_id = unit_version::parent_id;
                Box::new(parent_id.is_not_null().and(parent_id.assume_not_null().eq(parent.get())))
            }
            UnitPredicate::Under(top) => under_unit(conn, *top)?,
            UnitPredicate::Synthetic(synthetic) => Box::new(unit::synthetic.eq(*synthetic)),
        })
    })
}

/// Tones have to agree, unless the question has none.
fn named<'query>(keys: &NameKeys) -> Condition<'query, Source> {
    if keys.has_diacritics {
        Box::new(unit_version::toned_key.eq(keys.toned.clone()))
    } else {
        Box::new(unit_version::plain_key.eq(keys.plain.clone()))
    }
}

impl ReadUnits for Tx<'_> {
    fn units_by_id(&mut self, scope: &Scope, ids: &[UnitId]) -> Result<BTreeMap<UnitId, Unit>, StoreError> {
        latest_in(self.conn, scope, ids)
    }

    fn units_by_code(&mut self, scope: &Scope, codes: &[UnitCode], on: Day) -> Result<Vec<Unit>, StoreError> {
        let mut found = Vec::new();
        for codes in codes.chunks(CHUNK) {
            let query = versions()
                .filter(unit_version::code.eq_any(codes.iter().map(UnitCode::as_str)))
                .filter(valid_on::<Source>(on))
                .filter(in_scope::<Source>(scope))
                .order_by(unit_version::code);
            found.extend(load(self.conn, query)?);
        }
        Ok(found)
    }

    fn units_by_name(&mut self, scope: &Scope, keys: &NameKeys, on: Day) -> Result<Vec<Unit>, StoreError> {
        let query = versions()
            .filter(unit_version::plain_key.eq(&keys.plain))
            .filter(valid_on::<Source>(on))
            .filter(in_scope::<Source>(scope))
            .order_by((unit_version::code, unit::id));
        load(self.conn, query)
    }

    fn list_units(
        &mut self,
        scope: &Scope,
        filter: &Filter<UnitPredicate>,
        order: UnitOrder,
        page: &PageRequest,
        on: Day,
    ) -> Result<Page<Unit>, StoreError> {
        let name = match order {
            UnitOrder::Code => "unit.code",
            UnitOrder::Name => "unit.name",
            UnitOrder::Path => "unit.path",
        };
        let after = match place::<2>(name, page)? {
            Some([id, key]) => Some((key, part::<i64>(&id)?)),
            None => None,
        };
        let fits = fits(self.conn, filter)?;
        let query = versions().filter(valid_on::<Source>(on)).filter(in_scope::<Source>(scope)).filter(fits);
        let query: Versions<'_> = match order {
            UnitOrder::Code => keyset!(query, page, after, unit_version::code, unit::id),
            UnitOrder::Name => keyset!(query, page, after, unit_version::plain_key, unit::id),
            UnitOrder::Path => keyset!(query, page, after, unit::path, unit::id),
        };
        let rows: Vec<(UnitRow, VersionRow)> =
            query.select((UnitRow::as_select(), VersionRow::as_select())).load(self.conn).or_failed()?;
        page_of(rows, page, |rows| {
            let key = match order {
                UnitOrder::Code => &rows.1.code,
                UnitOrder::Name => &rows.1.plain_key,
                UnitOrder::Path => &rows.0.path,
            };
            Ok((cursor(name, &[&rows.0.id, key]), unit_of(rows)?))
        })
    }

    fn count_units(&mut self, scope: &Scope, filter: &Filter<UnitPredicate>, on: Day) -> Result<u64, StoreError> {
        let fits = fits(self.conn, filter)?;
        let query = versions().filter(valid_on::<Source>(on)).filter(in_scope::<Source>(scope)).filter(fits);
        let count: i64 = query.count().get_result(self.conn).or_failed()?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    fn unit_versions(&mut self, ids: &[UnitId]) -> Result<BTreeMap<UnitId, Vec<UnitVersion>>, StoreError> {
        let mut found = BTreeMap::<UnitId, Vec<UnitVersion>>::new();
        for ids in ids.chunks(CHUNK) {
            let rows: Vec<VersionRow> = unit_version::table
                .filter(unit_version::unit_id.eq_any(ids.iter().map(|id| id.get())))
                .order_by((unit_version::unit_id, unit_version::number))
                .select(VersionRow::as_select())
                .load(self.conn)
                .or_failed()?;
            for row in rows {
                found.entry(UnitId::new(row.unit_id)).or_default().push(row.try_into()?);
            }
        }
        Ok(found)
    }

    fn lineage_of(&mut self, ids: &[UnitId]) -> Result<Vec<Lineage>, StoreError> {
        let mut seen = BTreeSet::new();
        let mut edges: Vec<Lineage> = Vec::new();
        for ids in ids.chunks(CHUNK) {
            let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
            let touches = unit_lineage::from_id.eq_any(ids.clone()).or(unit_lineage::to_id.eq_any(ids));
            let rows: Vec<LineageRow> =
                unit_lineage::table.filter(touches).select(LineageRow::as_select()).load(self.conn).or_failed()?;
            for row in rows {
                let edge = Lineage::try_from(row)?;
                // An edge between two units of the question may come with either.
                if seen.insert((edge.from, edge.to, edge.on)) {
                    edges.push(edge);
                }
            }
        }
        edges.sort_by_key(|edge| (edge.on, edge.from, edge.to));
        Ok(edges)
    }

    fn children_of(
        &mut self,
        scope: &Scope,
        parents: &[UnitId],
        on: Day,
        limit: u16,
    ) -> Result<BTreeMap<UnitId, Vec<Unit>>, StoreError> {
        let mut found = BTreeMap::<UnitId, Vec<Unit>>::new();
        for parents in parents.chunks(CHUNK) {
            // A unit has tens of children, rarely hundreds: the few too many are dropped here, not by a window in SQL.
            let query = versions()
                .filter(unit_version::parent_id.eq_any(parents.iter().map(|id| id.get())))
                .filter(valid_on::<Source>(on))
                .filter(in_scope::<Source>(scope))
                .order_by((unit_version::parent_id, unit_version::code, unit::id));
            for unit in load(self.conn, query)? {
                let Some(parent) = unit.version.parent else { continue };
                let siblings = found.entry(parent).or_default();
                if siblings.len() < usize::from(limit) {
                    siblings.push(unit);
                }
            }
        }
        Ok(found)
    }
}
