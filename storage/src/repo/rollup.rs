//! The roll-up.

use caodiem_domain::access::Scope;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, IndicatorId, TeamId, UnitId};
use caodiem_domain::page::{Filter, Page, PageRequest};
use caodiem_domain::ports::ReadRollup;
use caodiem_domain::ports::Revisions;
use caodiem_domain::tally::{
    Report, RollupDelta, RollupKey, Slot, SlotChange, Tally, TallyOrder, TallyPredicate, Total, TotalsQuestion,
};
use caodiem_domain::time::{Day, DayRange};
use std::collections::BTreeMap;

use super::Tx;

impl ReadRollup for Tx<'_> {
    fn totals(&mut self, _question: &TotalsQuestion) -> Result<Vec<Total>, StoreError> {
        todo!()
    }

    fn daily_totals(&mut self, _question: &TotalsQuestion) -> Result<Vec<Total>, StoreError> {
        todo!()
    }

    fn own_totals(
        &mut self,
        _drive: DriveId,
        _indicators: &[IndicatorId],
        _days: DayRange,
    ) -> Result<Vec<Total>, StoreError> {
        todo!()
    }

    fn team_totals(
        &mut self,
        _drive: DriveId,
        _indicators: &[IndicatorId],
        _teams: &[TeamId],
        _days: DayRange,
    ) -> Result<BTreeMap<(TeamId, IndicatorId), i64>, StoreError> {
        todo!()
    }

    fn rollup_rows(&mut self, _unit: UnitId, _from: Day) -> Result<Vec<(RollupKey, RollupDelta)>, StoreError> {
        todo!()
    }
}
