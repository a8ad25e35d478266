//! Settlements and tolerances: only ever added.

use std::collections::BTreeMap;

use caodiem_domain::comparison::Tolerance;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, IndicatorId, UnitId};
use caodiem_domain::ports::{ReadSettlements, WriteSettlements};
use caodiem_domain::settlement::{GapReason, Settlement};
use caodiem_domain::time::{Day, DayRange};
use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::dialect::among;
use super::rollup::drive_and_below;
use super::{CHUNK, OrFailed, Tx, keyed};
use crate::rows::code::Stored;
use crate::rows::moment::{day_number, day_of};
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

    fn untrue_settlements(&mut self, drive: DriveId, days: DayRange) -> Result<Vec<(UnitId, Day)>, StoreError> {
        let drives = drive_and_below(self.conn, drive)?;
        let later = diesel::alias!(settlement as later);
        let is_latest = not(exists(
            later
                .filter(later.field(settlement::drive_id).eq(settlement::drive_id))
                .filter(later.field(settlement::unit_id).eq(settlement::unit_id))
                .filter(later.field(settlement::indicator_id).eq(settlement::indicator_id))
                .filter(later.field(settlement::day).eq(settlement::day))
                .filter(later.field(settlement::id).gt(settlement::id)),
        ));
        let rows: Vec<(i64, i32)> = settlement::table
            .filter(among(settlement::drive_id, drives.into_iter()))
            .filter(settlement::day.between(day_number(days.from()), day_number(days.to())))
            .filter(settlement::reason.eq(GapReason::Untrue.word()))
            .filter(is_latest)
            .order(settlement::id)
            .select((settlement::unit_id, settlement::day))
            .load(self.conn)
            .or_failed()?;
        rows.into_iter().map(|(unit, day)| Ok((UnitId::new(unit), day_of(day)?))).collect()
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
