//! Baselines and printed figures.

use std::collections::BTreeMap;

use crate::access::Scope;
use crate::baseline::{Baseline, BaselineKey, BaselinePredicate, BaselineQuestion, PrintedFigure};
use crate::error::StoreError;
use crate::id::{BaselineId, DriveId, GroupId, IndicatorId, UnitId};
use crate::page::{Filter, Page, PageRequest};
use crate::time::Day;

/// Reading baselines.
pub trait ReadBaselines {
    /// For each unit the latest revision of the latest day that answers the question; units without one are left out.
    /// Unscoped.
    fn baselines_for(
        &mut self,
        units: &[UnitId],
        question: BaselineQuestion,
    ) -> Result<BTreeMap<UnitId, Baseline>, StoreError>;

    /// The same of several indicators of a group at once.
    fn baselines_of(
        &mut self,
        units: &[UnitId],
        group: GroupId,
        indicators: &[IndicatorId],
        on_or_before: Day,
    ) -> Result<BTreeMap<(UnitId, IndicatorId), Baseline>, StoreError>;

    /// The standing revision of each key. Unscoped.
    fn baselines_by_key(&mut self, keys: &[BaselineKey]) -> Result<BTreeMap<BaselineKey, Baseline>, StoreError>;

    /// Standing and earlier revisions in scope by id.
    fn baselines_by_id(
        &mut self,
        scope: &Scope,
        ids: &[BaselineId],
    ) -> Result<BTreeMap<BaselineId, Baseline>, StoreError>;

    /// A page of standing revisions in scope, newest recorded first (by id, descending).
    fn list_baselines(
        &mut self,
        scope: &Scope,
        filter: &Filter<BaselinePredicate>,
        page: &PageRequest,
    ) -> Result<Page<Baseline>, StoreError>;

    /// How many standing revisions in scope fit.
    fn count_baselines(&mut self, scope: &Scope, filter: &Filter<BaselinePredicate>) -> Result<u64, StoreError>;

    /// All revisions of each key, oldest first. Unscoped.
    fn baseline_revisions(&mut self, keys: &[BaselineKey]) -> Result<BTreeMap<BaselineKey, Vec<Baseline>>, StoreError>;

    /// What the drive's source prints.
    fn printed_figures(&mut self, drive: DriveId) -> Result<Vec<PrintedFigure>, StoreError>;
}

/// Recording baselines.
pub trait WriteBaselines {
    /// Adds revisions.
    fn insert_baselines(&mut self, baselines: &[Baseline]) -> Result<(), StoreError>;

    /// Records what a source prints; the same drive, row and column is overwritten.
    fn put_printed_figures(&mut self, figures: &[PrintedFigure]) -> Result<(), StoreError>;
}
