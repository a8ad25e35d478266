//! Drives and the catalogue.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::Scope;
use crate::drive::{Drive, DriveOrder, DrivePredicate};
use crate::error::StoreError;
use crate::id::DriveId;
use crate::indicator::{Group, Indicator};
use crate::page::{Filter, Page, PageRequest};

/// Reading the catalogue: small, so always whole.
pub trait ReadCatalogue {
    /// Every indicator by code.
    fn indicators(&mut self) -> Result<Vec<Indicator>, StoreError>;

    /// Every group by code.
    fn groups(&mut self) -> Result<Vec<Group>, StoreError>;
}

/// Extending the catalogue.
pub trait WriteCatalogue {
    /// Adds an indicator.
    fn insert_indicator(&mut self, indicator: &Indicator) -> Result<(), StoreError>;

    /// Adds a group.
    fn insert_group(&mut self, group: &Group) -> Result<(), StoreError>;
}

/// Reading drives. A drive is visible where the scope touches its unit: in it, or above it.
pub trait ReadDrives {
    /// Visible drives by id; missing ones are left out.
    fn drives_by_id(&mut self, scope: &Scope, ids: &[DriveId]) -> Result<BTreeMap<DriveId, Drive>, StoreError>;

    /// The books of drives: the family each belongs to, which never changes. Unscoped, for locks; missing ones are left
    /// out.
    fn books_of(&mut self, ids: &[DriveId]) -> Result<BTreeSet<DriveId>, StoreError>;

    /// A page of the visible drives.
    fn list_drives(
        &mut self,
        scope: &Scope,
        filter: &Filter<DrivePredicate>,
        order: DriveOrder,
        page: &PageRequest,
    ) -> Result<Page<Drive>, StoreError>;

    /// How many visible drives fit.
    fn count_drives(&mut self, scope: &Scope, filter: &Filter<DrivePredicate>) -> Result<u64, StoreError>;
}

/// Writing drives.
pub trait WriteDrives {
    /// Adds a drive with all its parts.
    fn insert_drive(&mut self, drive: &Drive) -> Result<(), StoreError>;

    /// Replaces a drive and its parts where the stored version is `drive.version − 1`. Phases are updated by id, never
    /// dropped once quotas rest on them.
    ///
    /// # Errors
    /// [`StoreError::Stale`].
    fn update_drive(&mut self, drive: &Drive) -> Result<(), StoreError>;
}
