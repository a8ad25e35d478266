//! Trees.

use caodiem_domain::access::Scope;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::UnitId;
use caodiem_domain::page::{Filter, Page, PageRequest};
use caodiem_domain::ports::ReadTrees;
use caodiem_domain::text::UnitCode;
use caodiem_domain::time::Day;
use caodiem_domain::unit::name::NameKeys;
use caodiem_domain::unit::tree::Tree;
use caodiem_domain::unit::{Lineage, Unit, UnitOrder, UnitPath, UnitPredicate, UnitVersion};
use std::collections::BTreeMap;
use std::sync::Arc;

use super::Tx;

impl ReadTrees for Tx<'_> {
    fn tree(&mut self, _on: Day) -> Result<Arc<Tree>, StoreError> {
        todo!()
    }

    fn lineage(&mut self) -> Result<Arc<[Lineage]>, StoreError> {
        todo!()
    }

    fn change_days(&mut self) -> Result<Arc<[Day]>, StoreError> {
        todo!()
    }

    fn plain_names(&mut self, _scope: &Scope, _on: Day) -> Result<Vec<(UnitId, String)>, StoreError> {
        todo!()
    }
}
