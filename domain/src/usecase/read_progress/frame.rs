//! What every question of progress rests on: the drive in sight, the indicator taken apart, the days made definite.

use crate::access::{Actor, Permission};
use crate::drive::Drive;
use crate::error::Error;
use crate::id::{DriveId, IndicatorId, PhaseId};
use crate::indicator::TimeRule;
use crate::ports::ReadTx;
use crate::problem::Problem;
use crate::time::{Day, DayRange, DaySpan, Instant};
use crate::usecase::visible_drive;

/// A drive, an indicator and days.
pub(super) struct Frame {
    pub(super) drive: Drive,
    pub(super) indicator: IndicatorId,
    /// The simple indicators whose days add up.
    pub(super) flows: Vec<IndicatorId>,
    /// The simple indicators whose latest day stands.
    pub(super) levels: Vec<IndicatorId>,
    pub(super) days: DayRange,
    /// As known at that moment; `None` for what stands.
    pub(super) known_at: Option<Instant>,
}

impl Frame {
    /// Loads it.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound` at `drive`, `phase` or `indicator`; `DatesReversed` at `days`.
    pub(super) fn load(
        actor: &Actor,
        tx: &mut dyn ReadTx,
        drive: DriveId,
        phase: Option<PhaseId>,
        indicator: IndicatorId,
    ) -> Result<Self, Error> {
        actor.require(Permission::ReadProgress)?;
        let drive = visible_drive(actor, tx, drive)?;
        let days = drive.days_of(phase).map_err(|problem| problem.at("phase"))?;
        let catalogue = tx.indicators()?;
        let leaves = catalogue.iter().find(|entry| entry.id == indicator).map(crate::indicator::Indicator::leaves);
        let leaves = leaves.ok_or_else(|| Problem::not_found("Indicator", indicator.get()).at("indicator"))?;
        let is_level =
            |leaf: &IndicatorId| catalogue.iter().any(|entry| entry.id == *leaf && entry.time_rule == TimeRule::Last);
        let (levels, flows) = leaves.into_iter().partition(is_level);
        Ok(Self { drive, indicator, flows, levels, days, known_at: None })
    }

    /// Narrows the days to those named; an open last day is `today`, or the first where that has not come. A single end
    /// named outside of them leaves only itself.
    ///
    /// # Errors
    /// `DatesReversed` at `days`.
    pub(super) fn within(mut self, span: DaySpan, today: Option<Day>) -> Result<Self, Error> {
        let first = self.days.from();
        let last = today.map_or(self.days.to(), |today| self.days.to().min(today).max(first));
        let whole = match (span.from, span.to) {
            (Some(day), None) if day > last => DayRange::day(day),
            (None, Some(day)) if day < first => DayRange::day(day),
            _ => DayRange::new(first, last)?,
        };
        self.days = span.of(whole).map_err(|problem| problem.at("days"))?;
        Ok(self)
    }

    /// Whether nothing but levels are asked for.
    pub(super) fn is_level(&self) -> bool {
        self.flows.is_empty()
    }
}

/// Cuts days where the tree changed: within each piece it is the same.
///
/// # Errors
/// A failure of storage.
pub(in crate::usecase) fn stretches(tx: &mut dyn ReadTx, days: DayRange) -> Result<Vec<DayRange>, Error> {
    let changes = tx.change_days()?;
    let mut pieces = Vec::new();
    let mut from = days.from();
    for change in changes.iter().copied().filter(|change| days.from() < *change && *change <= days.to()) {
        if let Some(to) = change.pred_opt() {
            pieces.extend(DayRange::new(from, to));
        }
        from = change;
    }
    pieces.extend(DayRange::new(from, days.to()));
    Ok(pieces)
}
