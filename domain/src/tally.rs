//! Tallies (số liệu báo cáo ngày): what a team or unit says it did on a day, per indicator.

use crate::count::Count;
use crate::id::{DriveId, IndicatorId, TeamId, UnitId};
use crate::problem::Problem;
use crate::text::{Reason, Subject};
use crate::time::{Day, DayRange, Instant};

/// Who reports.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Reporter {
    /// A unit's own staff.
    Unit(UnitId),
    /// A team.
    Team(TeamId),
}

/// The one place a figure can stand in: it is counted once within its family of drives.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Slot {
    /// The topmost drive of the family.
    pub book: DriveId,
    /// The unit it counts for (rule 2).
    pub credited: UnitId,
    /// The day it speaks of.
    pub day: Day,
    /// Of what; always a simple indicator.
    pub indicator: IndicatorId,
    /// Who reports it.
    pub reporter: Reporter,
}

/// A figure in its slot: one revision, never changed. The one with the highest number stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tally {
    /// Where it stands.
    pub slot: Slot,
    /// The drive it was reported to.
    pub drive: DriveId,
    /// 1, 2, 3 … within the slot.
    pub revision: i32,
    /// The figure. Zero is a figure.
    pub value: Count,
    /// Who sent it.
    pub author: Subject,
    /// When the server received it: the only time that counts.
    pub received_at: Instant,
    /// What the device said the time was: evidence only.
    pub device_at: Option<Instant>,
    /// Why the figure before was wrong; there from revision 2 on.
    pub reason: Option<Reason>,
}

/// That a reporter reported on a day, whatever the figures. Silence has none; a nil report has one without figures.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    /// The drive.
    pub drive: DriveId,
    /// Who.
    pub reporter: Reporter,
    /// The unit of the reporter on that day.
    pub unit: UnitId,
    /// The day it speaks of.
    pub day: Day,
    /// Whether it says, so far, that nothing was done.
    pub nil: bool,
    /// When the first word of it was received.
    pub first_received_at: Instant,
    /// When the latest was.
    pub last_received_at: Instant,
    /// Why the first word came after the cut-off; none where it was on time.
    pub late_reason: Option<Reason>,
}

/// What a row says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Figure {
    /// A figure of an indicator.
    Value {
        /// Of what.
        indicator: IndicatorId,
        /// How many.
        value: Count,
    },
    /// Nothing was done that day, explicitly.
    Nil,
}

/// One row of a submission.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TallyRow {
    /// Who reports.
    pub reporter: Reporter,
    /// The unit it counts for where that is not the reporter's own (rule 2).
    pub credited: Option<UnitId>,
    /// The day it speaks of.
    pub day: Day,
    /// What it says.
    pub figure: Figure,
    /// Why an earlier figure is corrected.
    pub reason: Option<Reason>,
    /// The device's clock.
    pub device_at: Option<Instant>,
}

/// What became of a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RowResult {
    /// It stands as this revision (0 for a nil report).
    Accepted {
        /// The number of the revision.
        revision: i32,
    },
    /// The same figure stood there already; nothing was written.
    Unchanged {
        /// The number of the revision that stands.
        revision: i32,
    },
    /// It was not taken; the others were.
    Refused(Problem),
}

/// A change of one slot, as the write itself found it: the roll-up is exact because of `before`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SlotChange {
    /// The slot.
    pub slot: Slot,
    /// What stood there, 0 when nothing did.
    pub before: i64,
    /// What stands there now.
    pub after: i64,
}

/// An addition to the roll-up.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RollupKey {
    /// The drive: the tally's own and each above it.
    pub drive: DriveId,
    /// The credited unit, and each above it on that day.
    pub unit: UnitId,
    /// Of what.
    pub indicator: IndicatorId,
    /// The day.
    pub day: Day,
}

/// How much a roll-up row changes by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RollupDelta {
    /// Of the unit's whole subtree.
    pub total: i64,
    /// Of what was credited to the unit itself.
    pub own: i64,
}

/// A question for totals out of the roll-up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TotalsQuestion {
    /// The drive.
    pub drive: DriveId,
    /// Simple indicators.
    pub indicators: Vec<IndicatorId>,
    /// The units.
    pub units: Vec<UnitId>,
    /// The days.
    pub days: DayRange,
}

/// A question for what stood at a moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KnownQuestion {
    /// The drive: its own figures and those of the drives under it.
    pub drive: DriveId,
    /// Simple indicators.
    pub indicators: Vec<IndicatorId>,
    /// Of these units themselves, not of what lies under them; of every unit when `None`.
    pub units: Option<Vec<UnitId>>,
    /// The days.
    pub days: DayRange,
    /// What the server received after it does not count.
    pub known_at: Instant,
    /// Whether each day is given by itself.
    pub daily: bool,
}

/// A sum out of the roll-up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Total {
    /// The unit.
    pub unit: UnitId,
    /// Of what.
    pub indicator: IndicatorId,
    /// The day, where the sum is per day.
    pub day: Option<Day>,
    /// Of the whole subtree.
    pub total: i64,
    /// Of the unit itself.
    pub own: i64,
}

/// What lists of tallies can be narrowed by; the drive is always named.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TallyPredicate {
    /// Credited to one of these units.
    Credited(Vec<UnitId>),
    /// Credited to this unit or any under it, by the tree as it stands.
    Under(UnitId),
    /// Reported by one of these teams.
    Team(Vec<TeamId>),
    /// Of one of these indicators.
    Indicator(Vec<IndicatorId>),
    /// Of these days.
    Days(DayRange),
    /// Revised at least once.
    Corrected(bool),
}

/// The orders of a list of tallies; the slot breaks ties.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TallyOrder {
    /// By day, oldest first.
    Day,
    /// By day, newest first.
    NewestDay,
}
