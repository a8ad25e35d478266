//! Tallies, reports and the roll-up.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::Scope;
use crate::error::StoreError;
use crate::id::{DriveId, IndicatorId, TeamId, UnitId};
use crate::page::{Filter, Page, PageRequest};
use crate::ports::Revisions;
use crate::tally::{
    KnownQuestion, Report, RollupDelta, RollupKey, Slot, SlotChange, Tally, TallyOrder, TallyPredicate, Total,
    TotalsQuestion,
};
use crate::time::{Day, DayRange, Instant};

/// Reading tallies.
pub trait ReadTallies {
    /// The standing figure of each slot; silent slots are left out. Unscoped.
    fn tallies(&mut self, slots: &[Slot]) -> Result<BTreeMap<Slot, Tally>, StoreError>;

    /// Every revision of each slot, oldest first. Unscoped.
    fn revisions(&mut self, slots: &[Slot]) -> Result<Revisions, StoreError>;

    /// A page of the standing figures of one drive whose credited unit is in scope.
    fn list_tallies(
        &mut self,
        scope: &Scope,
        drive: DriveId,
        filter: &Filter<TallyPredicate>,
        order: TallyOrder,
        page: &PageRequest,
    ) -> Result<Page<Tally>, StoreError>;

    /// How many standing figures of one drive in scope fit.
    fn count_tallies(
        &mut self,
        scope: &Scope,
        drive: DriveId,
        filter: &Filter<TallyPredicate>,
    ) -> Result<u64, StoreError>;

    /// The reports of units (their own and their teams') within days, by day. Unscoped.
    fn reports_of(&mut self, drive: DriveId, units: &[UnitId], days: DayRange) -> Result<Vec<Report>, StoreError>;

    /// The days within `days` on which somebody of each of the units reported to the drive or one under it, as known at
    /// that moment; of every unit that reported when `units` is `None`. Unscoped.
    fn report_days(
        &mut self,
        drive: DriveId,
        units: Option<&[UnitId]>,
        days: DayRange,
        known_at: Instant,
    ) -> Result<BTreeMap<UnitId, BTreeSet<Day>>, StoreError>;

    /// The last day, from one on, with a tally credited to one of the units, in any drive.
    fn last_tally_day(&mut self, units: &[UnitId], from: Day) -> Result<Option<Day>, StoreError>;
}

/// Reading the roll-up, and what it would have been. Unscoped: a use case asks only for units it has found in scope.
pub trait ReadRollup {
    /// Sums over the days, per unit and indicator; nothing for what has no row.
    fn totals(&mut self, question: &TotalsQuestion) -> Result<Vec<Total>, StoreError>;

    /// The same per day, by day.
    fn daily_totals(&mut self, question: &TotalsQuestion) -> Result<Vec<Total>, StoreError>;

    /// Sums over the days of every unit that has an own figure, for restating: `total` is left 0.
    fn own_totals(
        &mut self,
        drive: DriveId,
        indicators: &[IndicatorId],
        days: DayRange,
    ) -> Result<Vec<Total>, StoreError>;

    /// What stood at a moment, from the latest revision of each slot that was received up to then: own figures per unit and
    /// indicator, `total` is left 0. By day, unit and indicator where days are asked for apart, by unit and indicator
    /// otherwise. A unit without a figure has no row; one that was corrected to 0 has.
    fn figures_known_at(&mut self, question: &KnownQuestion) -> Result<Vec<Total>, StoreError>;

    /// Sums of what each team reported to the drive over the days.
    fn team_totals(
        &mut self,
        drive: DriveId,
        indicators: &[IndicatorId],
        teams: &[TeamId],
        days: DayRange,
    ) -> Result<BTreeMap<(TeamId, IndicatorId), i64>, StoreError>;

    /// The roll-up rows of units from a day on, for re-folding after a move.
    fn rollup_rows(&mut self, units: &[UnitId], from: Day) -> Result<Vec<(RollupKey, RollupDelta)>, StoreError>;
}

/// Writing tallies. The caller folds what [`Self::put_tallies`] gives into [`Self::add_to_rollup`], in the same job.
pub trait WriteTallies {
    /// Adds revisions, each the next of its slot, and makes them the standing figures. Each slot at most once a call.
    /// What stood there before is what the write itself found, in no particular order.
    ///
    /// # Errors
    /// [`StoreError::Stale`] where another revision stands by now.
    fn put_tallies(&mut self, tallies: &[Tally]) -> Result<Vec<SlotChange>, StoreError>;

    /// Records that reporters reported: the first receipt stays, the latest is renewed, a figure ends `nil`.
    fn put_reports(&mut self, reports: &[Report]) -> Result<(), StoreError>;

    /// Adds to roll-up rows, making them where they are missing. Keys ascending, each once.
    fn add_to_rollup(&mut self, deltas: &[(RollupKey, RollupDelta)]) -> Result<(), StoreError>;
}
