//! Whether the figures are true: what inspection confirmed, and what official figures say of the same days.

use std::collections::BTreeMap;

use crate::access::{Actor, Permission};
use crate::drive::Drive;
use crate::error::Error;
use crate::id::{IndicatorId, UnitId};
use crate::ports::ReadTx;
use crate::time::{DayRange, start_of_day};
use crate::usecase::compare_figures::official::{self, Asked, Found};
use crate::usecase::compare_figures::{end_of_day, is_level, verified};
use crate::usecase::read_progress::reported_by;

/// What stands beside the reported figures of units over days; what is not known of a unit is left out.
#[derive(Default)]
pub(super) struct Truth {
    /// What was verified.
    pub(super) verified: BTreeMap<UnitId, i64>,
    /// What was done by the official figures, as of the end of the last day; of whole units alone.
    pub(super) official: BTreeMap<UnitId, i64>,
    /// What those that have an official figure reported.
    pub(super) reported: BTreeMap<UnitId, i64>,
}

impl Truth {
    /// Loads it by a handful of statements, however many units there are. Nothing for one who may not read official figures.
    ///
    /// # Errors
    /// A failure of storage.
    pub(super) fn load(
        actor: &Actor,
        tx: &mut dyn ReadTx,
        drive: &Drive,
        indicator: IndicatorId,
        units: &[UnitId],
        days: DayRange,
    ) -> Result<Self, Error> {
        let catalogue = tx.indicators()?;
        let indicator = catalogue.iter().find(|entry| entry.id == indicator);
        let Some(indicator) = indicator.filter(|_| actor.may(Permission::ReadOfficial)) else {
            return Ok(Self::default());
        };
        let is_level = is_level(&catalogue, indicator);
        let confirmed = verified(tx, drive.id, indicator, is_level, days)?;
        let eve = start_of_day(days.from());
        let (from, until) = (start_of_day(days.to()), end_of_day(days.to()));
        let asked = Asked { indicator, from, until, eve, is_level };
        let tree = tx.tree(days.to())?;
        let mut found = official::of_units(tx, &asked, &tree, units)?;
        // Of a later phase an early opening would count what an earlier phase did.
        found.retain(|_, found| days.from() <= drive.days.from() || found.opened_early(eve).is_none());
        let done = |(unit, found): (UnitId, Found)| found.official.done_of_all().map(|done| (unit, done));
        let official: BTreeMap<UnitId, i64> = found.into_iter().filter_map(done).collect();
        let named: Vec<UnitId> = official.keys().copied().collect();
        let reported = if named.is_empty() {
            BTreeMap::new()
        } else {
            reported_by(actor, tx, drive.id, indicator.id, &named, days)?
        };
        let verified = units.iter().filter_map(|unit| Some((*unit, confirmed.of(*unit, days.to())?))).collect();
        Ok(Self { verified, official, reported })
    }
}
