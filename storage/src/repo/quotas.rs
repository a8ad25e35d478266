//! Quotas and their history.

use caodiem_domain::access::Scope;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, GroupId, IndicatorId, PhaseId, QuotaId, UnitId};
use caodiem_domain::page::{Filter, Page, PageRequest};
use caodiem_domain::ports::{ReadQuotas, WriteQuotas};
use caodiem_domain::quota::{Amendment, Quota, QuotaKey, QuotaPredicate};
use std::collections::BTreeMap;

use super::Tx;

impl ReadQuotas for Tx<'_> {
    fn quotas_by_key(&mut self, _keys: &[QuotaKey]) -> Result<BTreeMap<QuotaKey, Quota>, StoreError> {
        todo!()
    }

    fn unit_quotas(
        &mut self,
        _drive: DriveId,
        _phase: Option<PhaseId>,
        _indicator: IndicatorId,
        _group: GroupId,
        _units: &[UnitId],
    ) -> Result<BTreeMap<UnitId, Quota>, StoreError> {
        todo!()
    }

    fn quotas_by_id(&mut self, _scope: &Scope, _ids: &[QuotaId]) -> Result<BTreeMap<QuotaId, Quota>, StoreError> {
        todo!()
    }

    fn list_quotas(
        &mut self,
        _scope: &Scope,
        _filter: &Filter<QuotaPredicate>,
        _page: &PageRequest,
    ) -> Result<Page<Quota>, StoreError> {
        todo!()
    }

    fn count_quotas(&mut self, _scope: &Scope, _filter: &Filter<QuotaPredicate>) -> Result<u64, StoreError> {
        todo!()
    }

    fn amendments(&mut self, _quotas: &[QuotaId]) -> Result<BTreeMap<QuotaId, Vec<Amendment>>, StoreError> {
        todo!()
    }
}

impl WriteQuotas for Tx<'_> {
    fn put_quotas(&mut self, _quotas: &[(Quota, Amendment, UnitId)]) -> Result<(), StoreError> {
        todo!()
    }
}
