//! Drives.

use caodiem_domain::access::Scope;
use caodiem_domain::drive::{Drive, DriveOrder, DrivePredicate};
use caodiem_domain::error::StoreError;
use caodiem_domain::id::DriveId;
use caodiem_domain::indicator::{Group, Indicator};
use caodiem_domain::page::{Filter, Page, PageRequest};
use caodiem_domain::ports::{ReadDrives, WriteDrives};
use std::collections::BTreeMap;

use super::Tx;

impl ReadDrives for Tx<'_> {
    fn drives_by_id(&mut self, _scope: &Scope, _ids: &[DriveId]) -> Result<BTreeMap<DriveId, Drive>, StoreError> {
        todo!()
    }

    fn list_drives(
        &mut self,
        _scope: &Scope,
        _filter: &Filter<DrivePredicate>,
        _order: DriveOrder,
        _page: &PageRequest,
    ) -> Result<Page<Drive>, StoreError> {
        todo!()
    }

    fn count_drives(&mut self, _scope: &Scope, _filter: &Filter<DrivePredicate>) -> Result<u64, StoreError> {
        todo!()
    }
}

impl WriteDrives for Tx<'_> {
    fn insert_drive(&mut self, _drive: &Drive) -> Result<(), StoreError> {
        todo!()
    }

    fn update_drive(&mut self, _drive: &Drive) -> Result<(), StoreError> {
        todo!()
    }
}
