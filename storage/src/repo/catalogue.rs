//! The catalogue.

use caodiem_domain::access::Scope;
use caodiem_domain::drive::{Drive, DriveOrder, DrivePredicate};
use caodiem_domain::error::StoreError;
use caodiem_domain::id::DriveId;
use caodiem_domain::indicator::{Group, Indicator};
use caodiem_domain::page::{Filter, Page, PageRequest};
use caodiem_domain::ports::{ReadCatalogue, WriteCatalogue};
use std::collections::BTreeMap;

use super::Tx;

impl ReadCatalogue for Tx<'_> {
    fn indicators(&mut self) -> Result<Vec<Indicator>, StoreError> {
        todo!()
    }

    fn groups(&mut self) -> Result<Vec<Group>, StoreError> {
        todo!()
    }
}

impl WriteCatalogue for Tx<'_> {
    fn insert_indicator(&mut self, _indicator: &Indicator) -> Result<(), StoreError> {
        todo!()
    }

    fn insert_group(&mut self, _group: &Group) -> Result<(), StoreError> {
        todo!()
    }
}
