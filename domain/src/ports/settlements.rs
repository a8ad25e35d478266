//! Settlements of figures, and the tolerances of drives.

use std::collections::BTreeMap;

use crate::comparison::Tolerance;
use crate::error::StoreError;
use crate::id::{DriveId, IndicatorId, UnitId};
use crate::settlement::Settlement;
use crate::time::{Day, DayRange};

/// Reading settlements. Unscoped: a use case asks only for units it has found in scope.
pub trait ReadSettlements {
    /// The latest settlement of each unit and day.
    fn settlements_of(
        &mut self,
        drive: DriveId,
        indicator: IndicatorId,
        units: &[UnitId],
        days: DayRange,
    ) -> Result<BTreeMap<(UnitId, Day), Settlement>, StoreError>;

    /// Units and days of which a figure stands settled as untrue, of whatever indicator: one for each, in a drive and those
    /// under it.
    fn untrue_settlements(&mut self, drive: DriveId, days: DayRange) -> Result<Vec<(UnitId, Day)>, StoreError>;

    /// The tolerance of a drive as it stands, `None` where none was set.
    fn tolerance_of(&mut self, drive: DriveId) -> Result<Option<Tolerance>, StoreError>;
}

/// Writing settlements: they are only ever added.
pub trait WriteSettlements {
    /// Adds a settlement.
    fn insert_settlement(&mut self, settlement: &Settlement) -> Result<(), StoreError>;

    /// Adds a tolerance.
    fn insert_tolerance(&mut self, tolerance: &Tolerance) -> Result<(), StoreError>;
}
