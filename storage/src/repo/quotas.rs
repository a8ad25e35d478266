//! Quotas and their history.

use std::collections::BTreeMap;

use caodiem_domain::access::Scope;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, GroupId, IndicatorId, PhaseId, QuotaId, UnitId};
use caodiem_domain::page::{Filter, Page, PageRequest};
use caodiem_domain::ports::{ReadQuotas, WriteQuotas};
use caodiem_domain::quota::{Amendment, Holder, Quota, QuotaKey, QuotaPredicate};
use diesel::dsl::InnerJoinQuerySource;
use diesel::prelude::*;

use super::dialect::among;
use super::page::{Condition, cursor, keyset, meets, page_of, part, place};
use super::scope::{by_id_in_scope, count_in_scope, in_scope, under_unit};
use super::{CHUNK, Conn, OrFailed, Tx, bulk, keyed, stale};
use crate::rows::quota::{AmendmentRow, HELD_BY_TEAM, HELD_BY_UNIT, QuotaRow, holder_key, phase_key};
use crate::tables::{quota, quota_amendment, unit};

/// Quotas with the unit of their holder.
type Source = InnerJoinQuerySource<quota::table, unit::table>;

const BY_PATH: &str = "quota.path";

impl ReadQuotas for Tx<'_> {
    fn quotas_by_key(&mut self, keys: &[QuotaKey]) -> Result<BTreeMap<QuotaKey, Quota>, StoreError> {
        let mut holders: BTreeMap<_, Vec<i64>> = BTreeMap::new();
        for key in keys {
            let (kind, id) = holder_key(key.holder);
            holders.entry((key.drive, key.phase, kind, key.indicator, key.group)).or_default().push(id);
        }
        let mut found = BTreeMap::new();
        for ((drive, phase, kind, indicator, group), holders) in holders {
            let rows: Vec<QuotaRow> = quota::table
                .filter(quota::drive_id.eq(drive.get()))
                .filter(quota::phase_id.eq(phase_key(phase)))
                .filter(quota::holder_kind.eq(kind))
                .filter(among(quota::holder_id, holders.into_iter()))
                .filter(quota::indicator_id.eq(indicator.get()))
                .filter(quota::group_id.eq(group.get()))
                .load(self.conn)
                .or_failed()?;
            found.extend(keyed(rows, |quota: &Quota| quota.key)?);
        }
        Ok(found)
    }

    fn unit_quotas(
        &mut self,
        drive: DriveId,
        phase: Option<PhaseId>,
        indicator: IndicatorId,
        group: GroupId,
        units: &[UnitId],
    ) -> Result<BTreeMap<UnitId, Quota>, StoreError> {
        let key = |unit: &UnitId| QuotaKey { drive, phase, holder: Holder::Unit(*unit), indicator, group };
        let keys: Vec<QuotaKey> = units.iter().map(key).collect();
        let unit_of = |(key, quota): (QuotaKey, Quota)| match key.holder {
            Holder::Unit(unit) => Some((unit, quota)),
            Holder::Team(_) | Holder::Member(_) => None,
        };
        Ok(self.quotas_by_key(&keys)?.into_iter().filter_map(unit_of).collect())
    }

    fn quotas_by_id(&mut self, scope: &Scope, ids: &[QuotaId]) -> Result<BTreeMap<QuotaId, Quota>, StoreError> {
        by_id_in_scope!(self.conn, scope, ids, quota: QuotaRow => Quota)
    }

    fn list_quotas(
        &mut self,
        scope: &Scope,
        filter: &Filter<QuotaPredicate>,
        page: &PageRequest,
    ) -> Result<Page<Quota>, StoreError> {
        let from = match place(BY_PATH, page)? {
            Some([path, id]) => Some((path, part::<i64>(&id)?)),
            None => None,
        };
        let query = quota::table
            .inner_join(unit::table)
            .filter(in_scope::<Source>(scope))
            .filter(conditions(self.conn, filter)?)
            .select((unit::path, quota::all_columns))
            .into_boxed();
        let rows: Vec<(String, QuotaRow)> =
            keyset!(query, page, from, unit::path, quota::id).load(self.conn).or_failed()?;
        page_of(rows, page, |(path, row)| Ok((cursor(BY_PATH, &[&path, &row.id]), row.try_into()?)))
    }

    fn count_quotas(&mut self, scope: &Scope, filter: &Filter<QuotaPredicate>) -> Result<u64, StoreError> {
        count_in_scope!(self.conn, scope, conditions(self.conn, filter)?, quota)
    }

    fn amendments(&mut self, quotas: &[QuotaId]) -> Result<BTreeMap<QuotaId, Vec<Amendment>>, StoreError> {
        let mut found: BTreeMap<QuotaId, Vec<Amendment>> = BTreeMap::new();
        for quotas in quotas.chunks(CHUNK) {
            let rows: Vec<AmendmentRow> = quota_amendment::table
                .filter(quota_amendment::quota_id.eq_any(quotas.iter().map(|quota| quota.get())))
                .order((quota_amendment::quota_id, quota_amendment::version))
                .load(self.conn)
                .or_failed()?;
            for (key, amendment) in keyed(rows, |amendment: &Amendment| amendment.quota)? {
                found.entry(key).or_default().push(amendment);
            }
        }
        Ok(found)
    }
}

impl WriteQuotas for Tx<'_> {
    fn put_quotas(&mut self, quotas: &[(Quota, Amendment, UnitId)]) -> Result<(), StoreError> {
        let rows = quotas.iter().map(|(quota, _, unit)| QuotaRow::new(quota, *unit));
        let mut rows: Vec<QuotaRow> = rows.collect::<Result<_, _>>()?;
        rows.sort_unstable_by_key(|row| row.id);
        let (first, amended): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.version == 1);
        for chunk in first.chunks(CHUNK) {
            diesel::insert_into(quota::table).values(chunk).execute(self.conn).or_failed()?;
        }
        if !amended.is_empty() && bulk::amend_quotas(self.conn, &amended).or_failed()? != amended.len() {
            return Err(stale());
        }
        for chunk in quotas.chunks(CHUNK) {
            let history = chunk.iter().map(|(_, amendment, _)| AmendmentRow::try_from(amendment));
            let history: Vec<AmendmentRow> = history.collect::<Result<_, _>>()?;
            diesel::insert_into(quota_amendment::table).values(&history).execute(self.conn).or_failed()?;
        }
        Ok(())
    }
}

fn conditions(conn: &mut Conn, filter: &Filter<QuotaPredicate>) -> Result<Condition<'static, Source>, StoreError> {
    let held_by = |kind: i16, ids: Vec<i64>| quota::holder_kind.eq(kind).and(quota::holder_id.eq_any(ids));
    meets(filter, &mut |predicate| {
        Ok(match predicate {
            QuotaPredicate::Drive(drive) => Box::new(quota::drive_id.eq(drive.get())),
            QuotaPredicate::Phase(phase) => Box::new(quota::phase_id.eq(phase_key(*phase))),
            QuotaPredicate::Unit(units) => {
                Box::new(held_by(HELD_BY_UNIT, units.iter().map(|unit| unit.get()).collect()))
            }
            QuotaPredicate::Under(unit) => under_unit(conn, *unit)?,
            QuotaPredicate::Team(teams) => {
                Box::new(held_by(HELD_BY_TEAM, teams.iter().map(|team| team.get()).collect()))
            }
            QuotaPredicate::Indicator(indicators) => {
                let ids: Vec<i64> = indicators.iter().map(|indicator| indicator.get()).collect();
                Box::new(quota::indicator_id.eq_any(ids))
            }
            QuotaPredicate::Group(groups) => {
                Box::new(quota::group_id.eq_any(groups.iter().map(|group| group.get()).collect::<Vec<_>>()))
            }
        })
    })
}
