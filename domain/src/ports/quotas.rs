//! Quotas and their history.

use std::collections::BTreeMap;

use crate::access::Scope;
use crate::error::StoreError;
use crate::id::{DriveId, GroupId, IndicatorId, PhaseId, QuotaId, UnitId};
use crate::page::{Filter, Page, PageRequest};
use crate::quota::{Amendment, Quota, QuotaKey, QuotaPredicate};

/// Reading quotas.
pub trait ReadQuotas {
    /// Standing quotas by key; missing ones are left out. Unscoped.
    fn quotas_by_key(&mut self, keys: &[QuotaKey]) -> Result<BTreeMap<QuotaKey, Quota>, StoreError>;

    /// Standing quotas of units, of one drive, phase, indicator and group. Unscoped.
    fn unit_quotas(
        &mut self,
        drive: DriveId,
        phase: Option<PhaseId>,
        indicator: IndicatorId,
        group: GroupId,
        units: &[UnitId],
    ) -> Result<BTreeMap<UnitId, Quota>, StoreError>;

    /// Quotas whose holder's unit is in scope, by id.
    fn quotas_by_id(&mut self, scope: &Scope, ids: &[QuotaId]) -> Result<BTreeMap<QuotaId, Quota>, StoreError>;

    /// A page of quotas whose holder's unit is in scope, by place of that unit in the tree, then id.
    fn list_quotas(
        &mut self,
        scope: &Scope,
        filter: &Filter<QuotaPredicate>,
        page: &PageRequest,
    ) -> Result<Page<Quota>, StoreError>;

    /// How many quotas in scope fit.
    fn count_quotas(&mut self, scope: &Scope, filter: &Filter<QuotaPredicate>) -> Result<u64, StoreError>;

    /// The history of each quota, oldest first. Unscoped.
    fn amendments(&mut self, quotas: &[QuotaId]) -> Result<BTreeMap<QuotaId, Vec<Amendment>>, StoreError>;
}

/// Writing quotas.
pub trait WriteQuotas {
    /// Sets quotas: inserts those of version 1, otherwise updates where the stored version is one less; each with the
    /// amendment that makes the version. `unit` of each is the holder's unit, by which scope is decided.
    ///
    /// # Errors
    /// [`StoreError::Stale`], or a conflict with [`crate::error::Constraint::QuotaKey`].
    fn put_quotas(&mut self, quotas: &[(Quota, Amendment, UnitId)]) -> Result<(), StoreError>;
}
