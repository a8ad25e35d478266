//! Inspections.

use std::collections::BTreeMap;

use crate::access::Scope;
use crate::error::StoreError;
use crate::id::{DriveId, IndicatorId, InspectionId};
use crate::inspection::{Inspection, InspectionPredicate, UntrueFigure, VerifiedFigure};
use crate::page::{Filter, Page, PageRequest};
use crate::tally::Slot;
use crate::time::DayRange;

/// Reading inspections.
pub trait ReadInspections {
    /// Inspections of figures credited in scope, by id; missing ones are left out.
    fn inspections_by_id(
        &mut self,
        scope: &Scope,
        ids: &[InspectionId],
    ) -> Result<BTreeMap<InspectionId, Inspection>, StoreError>;

    /// The latest inspection of each slot, of whichever revision; nothing for slots without one. Unscoped.
    fn latest_inspections(&mut self, slots: &[Slot]) -> Result<BTreeMap<Slot, Inspection>, StoreError>;

    /// A page of inspections of figures credited in scope, newest first.
    fn list_inspections(
        &mut self,
        scope: &Scope,
        filter: &Filter<InspectionPredicate>,
        page: &PageRequest,
    ) -> Result<Page<Inspection>, StoreError>;

    /// How many inspections in scope fit.
    fn count_inspections(&mut self, scope: &Scope, filter: &Filter<InspectionPredicate>) -> Result<u64, StoreError>;

    /// The sums, per credited unit and day, of the standing figures of a drive and those under it that were found true.
    /// Unscoped.
    fn verified_figures(
        &mut self,
        drive: DriveId,
        indicators: &[IndicatorId],
        days: DayRange,
    ) -> Result<Vec<VerifiedFigure>, StoreError>;

    /// The figures of a drive and those under it that were found untrue, one for each revision, of whatever indicator.
    /// Unscoped.
    fn untrue_figures(&mut self, drive: DriveId, days: DayRange) -> Result<Vec<UntrueFigure>, StoreError>;
}

/// Writing inspections: they are only ever added.
pub trait WriteInspections {
    /// Adds inspections.
    fn insert_inspections(&mut self, inspections: &[Inspection]) -> Result<(), StoreError>;
}
