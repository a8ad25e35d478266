//! Settlements and tolerances: only ever added.

use std::collections::BTreeMap;

use caodiem_domain::comparison::Tolerance;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, IndicatorId, UnitId};
use caodiem_domain::ports::{ReadSettlements, WriteSettlements};
use caodiem_domain::settlement::Settlement;
use caodiem_domain::time::{Day, DayRange};
use diesel::prelude::*;

use super::{CHUNK, OrFailed, Tx, keyed};
use crate::rows::moment::day_number;
use crate::rows::settlement::{SettlementRow, ToleranceRow};
use crate::tables::{settlement, tolerance};

impl ReadSettlements for Tx<'_> {
    fn settlements_of(
        &mut self,
        drive: DriveId,
        indicator: IndicatorId,
        units: &[UnitId],
        days: DayRange,
    ) -> Result<BTreeMap<(UnitId, Day), Settlement>, StoreError> {
        let mut found = BTreeMap::new();
        for units in units.chunks(CHUNK) {
            let rows: Vec<SettlementRow> = settlement::table
                .filter(settlement::drive_id.eq(drive.get()))
                .filter(settlement::unit_id.eq_any(units.iter().map(|unit| unit.get())))
                .filter(settlement::indicator_id.eq(indicator.get()))
                .filter(settlement::day.between(day_number(days.from()), day_number(days.to())))
                .order(settlement::id)
                .load(self.conn)
                .or_failed()?;
            // The later one takes the place of the earlier.
            found.extend(keyed(rows, |settlement: &Settlement| (settlement.unit, settlement.day))?);
        }
        Ok(found)
    }

    fn tolerance_of(&mut self, drive: DriveId) -> Result<Option<Tolerance>, StoreError> {
        let row: Option<ToleranceRow> = tolerance::table
            .filter(tolerance::drive_id.eq(drive.get()))
            .order(tolerance::version.desc())
            .first(self.conn)
            .optional()
            .or_failed()?;
        row.map(TryInto::try_into).transpose()
    }
}

impl WriteSettlements for Tx<'_> {
    fn insert_settlement(&mut self, settlement: &Settlement) -> Result<(), StoreError> {
        let row = SettlementRow::from(settlement);
        diesel::insert_into(settlement::table).values(row).execute(self.conn).or_failed()?;
        Ok(())
    }

    fn insert_tolerance(&mut self, tolerance: &Tolerance) -> Result<(), StoreError> {
        let row = ToleranceRow::try_from(tolerance)?;
        diesel::insert_into(tolerance::table).values(row).execute(self.conn).or_failed()?;
        Ok(())
    }
}
