//! Drives kept in memory: nearly every question begins with one, and a drive stands in seven tables.
//!
//! Nothing kept is taken on trust. The row of a drive is read each time, in scope and as the transaction sees it, and the
//! kept drive answers only where it has that row's version: every write of a drive or of its parts raises the version.

use std::sync::Arc;

use caodiem_domain::drive::Drive;
use caodiem_domain::id::DriveId;
use quick_cache::sync::Cache;

/// How many drives are kept at most; those asked for least go first. A drive takes a few kilobytes.
const DRIVES_MAX: usize = 1_024;

/// What all transactions share.
pub(crate) struct Drives(Cache<DriveId, Arc<Drive>>);

impl Default for Drives {
    fn default() -> Self {
        Self(Cache::new(DRIVES_MAX))
    }
}

impl Drives {
    /// The drive as it was committed under that version.
    pub(crate) fn of(&self, id: DriveId, version: i32) -> Option<Arc<Drive>> {
        self.0.get(&id).filter(|drive| drive.version == version)
    }

    /// The book of a drive that is kept: it is the same for good.
    pub(crate) fn book_of(&self, id: DriveId) -> Option<DriveId> {
        self.0.get(&id).map(|drive| drive.book)
    }

    /// Keeps a drive as it is committed under its version.
    pub(crate) fn keep(&self, drive: &Drive) {
        self.0.insert(drive.id, Arc::new(drive.clone()));
    }
}
