//! Units.

use caodiem_domain::access::Scope;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::UnitId;
use caodiem_domain::page::{Filter, Page, PageRequest};
use caodiem_domain::ports::ReadUnits;
use caodiem_domain::text::UnitCode;
use caodiem_domain::time::Day;
use caodiem_domain::unit::name::NameKeys;
use caodiem_domain::unit::tree::Tree;
use caodiem_domain::unit::{Lineage, Unit, UnitOrder, UnitPath, UnitPredicate, UnitVersion};
use std::collections::BTreeMap;
use std::sync::Arc;

use super::Tx;

impl ReadUnits for Tx<'_> {
    fn units_by_id(&mut self, _scope: &Scope, _ids: &[UnitId]) -> Result<BTreeMap<UnitId, Unit>, StoreError> {
        todo!()
    }

    fn units_by_code(&mut self, _scope: &Scope, _codes: &[UnitCode], _on: Day) -> Result<Vec<Unit>, StoreError> {
        todo!()
    }

    fn units_by_name(&mut self, _scope: &Scope, _keys: &NameKeys, _on: Day) -> Result<Vec<Unit>, StoreError> {
        todo!()
    }

    fn list_units(
        &mut self,
        _scope: &Scope,
        _filter: &Filter<UnitPredicate>,
        _order: UnitOrder,
        _page: &PageRequest,
        _on: Day,
    ) -> Result<Page<Unit>, StoreError> {
        todo!()
    }

    fn count_units(&mut self, _scope: &Scope, _filter: &Filter<UnitPredicate>, _on: Day) -> Result<u64, StoreError> {
        todo!()
    }

    fn unit_versions(&mut self, _ids: &[UnitId]) -> Result<BTreeMap<UnitId, Vec<UnitVersion>>, StoreError> {
        todo!()
    }

    fn lineage_of(&mut self, _ids: &[UnitId]) -> Result<Vec<Lineage>, StoreError> {
        todo!()
    }

    fn children_of(
        &mut self,
        _scope: &Scope,
        _parents: &[UnitId],
        _on: Day,
        _limit: u16,
    ) -> Result<BTreeMap<UnitId, Vec<Unit>>, StoreError> {
        todo!()
    }
}

/// Units by id with their latest version, whatever the scope.
pub(crate) fn latest(_conn: &mut super::Conn, _ids: &[UnitId]) -> Result<BTreeMap<UnitId, Unit>, StoreError> {
    todo!()
}
