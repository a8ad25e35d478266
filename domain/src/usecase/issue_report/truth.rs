//! Whether the figures are true: what inspection confirmed, and what official figures say of the same days.

use std::collections::BTreeMap;

use crate::access::{Actor, Permission};
use crate::drive::Drive;
use crate::error::Error;
use crate::id::{IndicatorId, UnitId};
use crate::ports::ReadTx;
use crate::progress::FigureBasis;
use crate::time::DayRange;
use crate::usecase::compare_figures::done_in;
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
        if !actor.may(Permission::ReadOfficial) {
            return Ok(Self::default());
        }
        let done = |tx: &mut dyn ReadTx, basis| done_in(tx, drive, indicator, basis, days, units);
        let verified = done(tx, FigureBasis::Verified)?.unwrap_or_default();
        let official = done(tx, FigureBasis::Official)?.unwrap_or_default();
        let named: Vec<UnitId> = official.keys().copied().collect();
        let reported =
            if named.is_empty() { BTreeMap::new() } else { reported_by(actor, tx, drive.id, indicator, &named, days)? };
        Ok(Self { verified, official, reported })
    }
}
