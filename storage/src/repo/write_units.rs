//! Writing units.

use caodiem_domain::access::Scope;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::UnitId;
use caodiem_domain::page::{Filter, Page, PageRequest};
use caodiem_domain::ports::WriteUnits;
use caodiem_domain::text::UnitCode;
use caodiem_domain::time::Day;
use caodiem_domain::unit::name::NameKeys;
use caodiem_domain::unit::tree::Tree;
use caodiem_domain::unit::{Lineage, Unit, UnitOrder, UnitPath, UnitPredicate, UnitVersion};
use std::collections::BTreeMap;
use std::sync::Arc;

use super::Tx;

impl WriteUnits for Tx<'_> {
    fn insert_units(&mut self, _units: &[Unit]) -> Result<(), StoreError> {
        todo!()
    }

    fn insert_versions(&mut self, _versions: &[UnitVersion]) -> Result<(), StoreError> {
        todo!()
    }

    fn close_units(&mut self, _closings: &[(UnitId, Day)]) -> Result<(), StoreError> {
        todo!()
    }

    fn move_paths(&mut self, _moves: &[(UnitPath, UnitPath)]) -> Result<(), StoreError> {
        todo!()
    }

    fn insert_lineage(&mut self, _edges: &[Lineage]) -> Result<(), StoreError> {
        todo!()
    }
}
