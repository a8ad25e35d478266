//! Progress: quota against what was done, for any unit and any days. Ratios are recomputed, never summed.

pub mod rank;
pub mod stand;

pub use crate::drive::Settles as FigureBasis;
use crate::exact::Exact;
use crate::id::{GroupId, IndicatorId, PhaseId, UnitId};
use crate::problem::{Code, Problem};
use crate::quota::pace::{Pace, Required};
use crate::time::{Day, DayRange, Instant, in_viet_nam};

/// On which tree figures are read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TreeView {
    /// As the tree was on each day.
    AsItWas,
    /// As if the tree of that day had always stood.
    Restated {
        /// The day.
        onto: Day,
    },
}

/// A figure that may rest on estimates.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Restated {
    /// The figure.
    pub value: Exact,
    /// Whether a split without known shares went into it.
    pub estimated: bool,
}

/// Progress of one unit in one indicator.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Progress {
    /// The unit.
    pub unit: UnitId,
    /// The indicator, simple or composite.
    pub indicator: IndicatorId,
    /// The group of the quota.
    pub group: GroupId,
    /// The phase of the quota, `None` for the whole drive.
    pub phase: Option<PhaseId>,
    /// The days that `done` is of.
    pub days: DayRange,
    /// The exact quota; `None` when none was given.
    pub quota: Option<Exact>,
    /// What was there before, where the quota counts it.
    pub opening: i64,
    /// What was done within `days`.
    pub done: Restated,
    /// `quota − opening − done`, never below zero.
    pub remaining: Option<Exact>,
    /// `(opening + done) / quota` as a fraction; `None` without a quota, or with one of zero.
    pub share: Option<Exact>,
    /// What is owed per day, by the plan's days.
    pub planned: Option<Pace>,
    /// What has to be done per day from here on.
    pub required: Option<Required>,
}

/// A moment as of which figures are shown: never one to come, about which nothing is known yet.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct KnownAt(Instant);

impl KnownAt {
    /// That moment, asked about at `now`.
    ///
    /// # Errors
    /// [`Code::MomentInFuture`].
    pub fn new(moment: Instant, now: Instant) -> Result<Self, Problem> {
        if moment > now {
            return Err(Problem::new(Code::MomentInFuture).with("moment", moment.to_rfc3339()));
        }
        Ok(Self(moment))
    }

    /// The moment: what was received at it is known.
    #[must_use]
    pub const fn moment(self) -> Instant {
        self.0
    }

    /// Its day in Viet Nam.
    #[must_use]
    pub fn day(self) -> Day {
        in_viet_nam(self.0).0
    }
}

/// What units are ranked by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RankMeasure {
    /// By [`Progress::share`], highest first.
    Share,
    /// By opening plus done, highest first.
    Done,
    /// By what remains, lowest first.
    Remaining,
}

/// Among whom a unit is ranked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Peers {
    /// The units under the same parent.
    Siblings,
    /// All units of the same level within the drive.
    Level,
}

/// A place in a ranking. Ties share the better place and the next place is skipped: 1, 2, 2, 4.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rank {
    /// The unit.
    pub unit: UnitId,
    /// 1 is best; `None` when its quota lies below the minimum base, or it has none.
    pub place: Option<u32>,
    /// How many units have a place.
    pub of: u32,
    /// Whether another unit shares the place.
    pub tied: bool,
    /// The measure itself.
    pub value: Option<Exact>,
}
