//! Samples.

use std::collections::BTreeMap;

use crate::access::Scope;
use crate::count::Count;
use crate::error::StoreError;
use crate::id::{DriveId, SampleId, UnitId};
use crate::sample::{Drawn, Sample};
use crate::tally::Slot;
use crate::time::DayRange;

/// Reading samples.
pub trait ReadSamples {
    /// Samples whose unit is in scope, by id, with what they drew; missing ones are left out.
    fn samples_by_id(&mut self, scope: &Scope, ids: &[SampleId]) -> Result<BTreeMap<SampleId, Sample>, StoreError>;

    /// The samples of a drive whose unit is in scope, newest first, at most `limit`.
    fn samples_of(&mut self, scope: &Scope, drive: DriveId, limit: u16) -> Result<Vec<Sample>, StoreError>;

    /// The standing figures of a drive and those under it, credited to a unit or any under it as the tree stands, over days,
    /// each with its revision and value; at most `limit`, in the order of the key. Unscoped.
    fn standing_under(
        &mut self,
        drive: DriveId,
        unit: UnitId,
        days: DayRange,
        limit: usize,
    ) -> Result<Vec<(Slot, i32, Count)>, StoreError>;
}

/// Writing samples: they are only ever added, and drawn once.
pub trait WriteSamples {
    /// Adds a sample that is not drawn.
    fn insert_sample(&mut self, sample: &Sample) -> Result<(), StoreError>;

    /// Adds what a sample drew.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it was drawn already.
    fn insert_drawn(&mut self, sample: SampleId, drawn: &Drawn) -> Result<(), StoreError>;
}
