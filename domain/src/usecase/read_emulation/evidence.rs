//! What was found to be untrue, and by whom it was reported.
//!
//! Untruth is a matter of the unit, not of one indicator: whatever it reported to the drive counts. An inspection speaks of
//! whoever reported the figure, which may be another than the unit it is credited to (rule 2); that the figure was corrected
//! afterwards does not make what was reported true.

use std::collections::BTreeMap;

use crate::drive::Drive;
use crate::error::Error;
use crate::id::{IndicatorId, UnitId};
use crate::inspection::UntrueFigure;
use crate::ports::ReadTx;
use crate::time::{Day, DayRange};
use crate::usecase::homes_of;

/// What is known against one candidate.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Against {
    /// Figures that it or somebody under it reported, and that inspection found untrue.
    pub(super) inspected_untrue: u32,
    /// Its figures, or those of units under it, that were settled as untrue.
    pub(super) settled_untrue: u32,
    /// What its own figure was settled at last.
    pub(super) settled: Option<i64>,
}

/// What is known against all candidates.
pub(super) struct Evidence(BTreeMap<UnitId, Against>);

impl Evidence {
    /// Loads it: three statements, and one more where teams reported what is not so.
    ///
    /// # Errors
    /// A failure of storage.
    pub(super) fn load(
        tx: &mut dyn ReadTx,
        drive: &Drive,
        indicator: IndicatorId,
        candidates: &[UnitId],
        days: DayRange,
    ) -> Result<Self, Error> {
        let mut found = Self(candidates.iter().map(|unit| (*unit, Against::default())).collect());
        // Day by day: the last one stands.
        for ((unit, _), settlement) in tx.settlements_of(drive.id, indicator, candidates, days)? {
            if let Some(against) = found.0.get_mut(&unit) {
                against.settled = Some(settlement.value.get());
            }
        }
        for (unit, day) in tx.untrue_settlements(drive.id, days)? {
            found.blame(tx, unit, day, |against| &mut against.settled_untrue)?;
        }
        let figures = tx.untrue_figures(drive.id, days)?;
        let homes = homes_of(tx, figures.iter().map(|figure| figure.reporter))?;
        for UntrueFigure { reporter, day } in figures {
            if let Some(unit) = homes.get(&reporter).copied() {
                found.blame(tx, unit, day, |against| &mut against.inspected_untrue)?;
            }
        }
        Ok(found)
    }

    /// Against one candidate.
    pub(super) fn of(&self, unit: UnitId) -> Against {
        self.0.get(&unit).copied().unwrap_or_default()
    }

    /// Counts one for each candidate that the unit stood in on that day.
    fn blame(
        &mut self,
        tx: &mut dyn ReadTx,
        unit: UnitId,
        day: Day,
        count: impl Fn(&mut Against) -> &mut u32,
    ) -> Result<(), Error> {
        let tree = tx.tree(day)?;
        for above in tree.lineage_up(unit) {
            if let Some(against) = self.0.get_mut(&above) {
                let count = count(against);
                *count = count.saturating_add(1);
            }
        }
        Ok(())
    }
}
