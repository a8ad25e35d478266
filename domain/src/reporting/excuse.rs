//! Excuses: why some silence is no fault. Given by whoever leads the drive, withdrawn but never deleted.

use crate::id::{DriveId, ExcuseId, ReopeningId, TeamId, UnitId};
use crate::reporting::Debtor;
use crate::text::{PlanNumber, Reason, Subject};
use crate::time::{Day, DayRange, Instant};
use crate::unit::tree::Tree;

/// That a unit with all under it, or one team, need not report on some days.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Excuse {
    /// Its key.
    pub id: ExcuseId,
    /// The drive; it holds for the drives below as well.
    pub drive: DriveId,
    /// The unit, with all under it on each day; of a team its own unit.
    pub unit: UnitId,
    /// The only team that is excused.
    pub team: Option<TeamId>,
    /// The days.
    pub days: DayRange,
    /// Why.
    pub reason: Reason,
    /// Who excused.
    pub author: Subject,
    /// When.
    pub at: Instant,
    /// Taken back.
    pub withdrawn: Option<Withdrawal>,
    /// Counted up by each change.
    pub version: i32,
}

/// That an excuse was taken back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Withdrawal {
    /// Why.
    pub reason: Reason,
    /// By whom.
    pub author: Subject,
    /// When.
    pub at: Instant,
}

impl Excuse {
    /// Whether it speaks of that report, on the day's tree.
    #[must_use]
    pub fn covers(&self, debtor: Debtor, day: Day, tree: &Tree) -> bool {
        let whom = self.team.map_or_else(|| tree.covers(self.unit, debtor.unit), |team| debtor.team == Some(team));
        self.withdrawn.is_none() && self.days.contains(day) && whom
    }
}

/// That closed days take reports again for a while, by a decision of two people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reopening {
    /// Its key.
    pub id: ReopeningId,
    /// The drive.
    pub drive: DriveId,
    /// The unit, with all under it on each day.
    pub unit: UnitId,
    /// The days.
    pub days: DayRange,
    /// The moment until which reports are taken, exclusive.
    pub until: Instant,
    /// Why.
    pub reason: Reason,
    /// Number of the decision.
    pub decision: PlanNumber,
    /// Who proposed it.
    pub author: Subject,
    /// When it was approved.
    pub at: Instant,
}

impl Reopening {
    /// Whether a report of that unit and day, received at that moment, is taken again.
    #[must_use]
    pub fn admits(&self, unit: UnitId, day: Day, received_at: Instant, tree: &Tree) -> bool {
        let open = self.at <= received_at && received_at < self.until;
        open && self.days.contains(day) && tree.covers(self.unit, unit)
    }
}
