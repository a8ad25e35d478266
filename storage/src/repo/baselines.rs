//! Baselines and printed figures.

use caodiem_domain::access::Scope;
use caodiem_domain::baseline::{Baseline, BaselineKey, BaselinePredicate, BaselineQuestion, PrintedFigure};
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{BaselineId, DriveId, UnitId};
use caodiem_domain::page::{Filter, Page, PageRequest};
use caodiem_domain::ports::{ReadBaselines, WriteBaselines};
use std::collections::BTreeMap;

use super::Tx;

impl ReadBaselines for Tx<'_> {
    fn baselines_for(
        &mut self,
        _units: &[UnitId],
        _question: BaselineQuestion,
    ) -> Result<BTreeMap<UnitId, Baseline>, StoreError> {
        todo!()
    }

    fn baselines_by_key(&mut self, _keys: &[BaselineKey]) -> Result<BTreeMap<BaselineKey, Baseline>, StoreError> {
        todo!()
    }

    fn baselines_by_id(
        &mut self,
        _scope: &Scope,
        _ids: &[BaselineId],
    ) -> Result<BTreeMap<BaselineId, Baseline>, StoreError> {
        todo!()
    }

    fn list_baselines(
        &mut self,
        _scope: &Scope,
        _filter: &Filter<BaselinePredicate>,
        _page: &PageRequest,
    ) -> Result<Page<Baseline>, StoreError> {
        todo!()
    }

    fn count_baselines(&mut self, _scope: &Scope, _filter: &Filter<BaselinePredicate>) -> Result<u64, StoreError> {
        todo!()
    }

    fn baseline_revisions(&mut self, _key: BaselineKey) -> Result<Vec<Baseline>, StoreError> {
        todo!()
    }

    fn printed_figures(&mut self, _drive: DriveId) -> Result<Vec<PrintedFigure>, StoreError> {
        todo!()
    }
}

impl WriteBaselines for Tx<'_> {
    fn insert_baselines(&mut self, _baselines: &[Baseline]) -> Result<(), StoreError> {
        todo!()
    }

    fn put_printed_figures(&mut self, _figures: &[PrintedFigure]) -> Result<(), StoreError> {
        todo!()
    }
}
