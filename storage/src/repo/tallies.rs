//! Tallies and reports.

use caodiem_domain::access::Scope;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, IndicatorId, TeamId, UnitId};
use caodiem_domain::page::{Filter, Page, PageRequest};
use caodiem_domain::ports::Revisions;
use caodiem_domain::ports::{ReadTallies, WriteTallies};
use caodiem_domain::tally::{
    Report, RollupDelta, RollupKey, Slot, SlotChange, Tally, TallyOrder, TallyPredicate, Total, TotalsQuestion,
};
use caodiem_domain::time::{Day, DayRange};
use std::collections::BTreeMap;

use super::Tx;

impl ReadTallies for Tx<'_> {
    fn tallies(&mut self, _slots: &[Slot]) -> Result<BTreeMap<Slot, Tally>, StoreError> {
        todo!()
    }

    fn revisions(&mut self, _slots: &[Slot]) -> Result<Revisions, StoreError> {
        todo!()
    }

    fn list_tallies(
        &mut self,
        _scope: &Scope,
        _drive: DriveId,
        _filter: &Filter<TallyPredicate>,
        _order: TallyOrder,
        _page: &PageRequest,
    ) -> Result<Page<Tally>, StoreError> {
        todo!()
    }

    fn count_tallies(
        &mut self,
        _scope: &Scope,
        _drive: DriveId,
        _filter: &Filter<TallyPredicate>,
    ) -> Result<u64, StoreError> {
        todo!()
    }

    fn reports_of(&mut self, _drive: DriveId, _units: &[UnitId], _days: DayRange) -> Result<Vec<Report>, StoreError> {
        todo!()
    }

    fn last_tally_day(&mut self, _units: &[UnitId]) -> Result<Option<Day>, StoreError> {
        todo!()
    }
}

impl WriteTallies for Tx<'_> {
    fn put_tallies(&mut self, _tallies: &[Tally]) -> Result<Vec<SlotChange>, StoreError> {
        todo!()
    }

    fn put_reports(&mut self, _reports: &[Report]) -> Result<(), StoreError> {
        todo!()
    }

    fn add_to_rollup(&mut self, _deltas: &[(RollupKey, RollupDelta)]) -> Result<(), StoreError> {
        todo!()
    }
}
