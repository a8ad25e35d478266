//! Baselines: counts per unit on a stated day, with the document they come from.

use crate::count::Count;
use crate::exact::Exact;
use crate::id::{BaselineId, DriveId, GroupId, IndicatorId, UnitId};
use crate::text::{Key, Source, Subject};
use crate::time::{Day, Instant};

/// What a baseline is of. Several sources may speak of the same thing; the latest recorded stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct BaselineKey {
    /// Where.
    pub unit: UnitId,
    /// Of whom.
    pub group: GroupId,
    /// Of what: eligible, enrolled, activated, teams …
    pub indicator: IndicatorId,
    /// The day it speaks of.
    pub as_of: Day,
}

/// One recorded baseline. Append-only: a correction is a further revision of the same key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Baseline {
    /// Identity of the revision.
    pub id: BaselineId,
    /// What it is of.
    pub key: BaselineKey,
    /// 1, 2, 3 … within the key.
    pub revision: i32,
    /// The figure.
    pub value: Count,
    /// The document.
    pub source: Source,
    /// Made up for a demonstration.
    pub synthetic: bool,
    /// Who recorded it.
    pub author: Subject,
    /// When, by the server's clock.
    pub recorded_at: Instant,
}

/// A question for baselines: the latest revision of the latest day on or before `on_or_before`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct BaselineQuestion {
    /// Of whom.
    pub group: GroupId,
    /// Of what.
    pub indicator: IndicatorId,
    /// The last day that may be used.
    pub on_or_before: Day,
}

/// A figure as a source prints it, kept apart from what the figures give: mostly totals.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PrintedFigure {
    /// The drive whose plan prints it.
    pub drive: DriveId,
    /// The row: a unit, or `None` for the total row.
    pub unit: Option<UnitId>,
    /// The column of the drive's plan table.
    pub column: Key,
    /// The figure.
    pub value: Exact,
    /// The document.
    pub source: Source,
}

/// What lists of baselines can be narrowed by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BaselinePredicate {
    /// One of these units.
    Unit(Vec<UnitId>),
    /// Of one of these groups.
    Group(Vec<GroupId>),
    /// One of these indicators.
    Indicator(Vec<IndicatorId>),
    /// As of this day.
    AsOf(Day),
    /// Made up, or not.
    Synthetic(bool),
}
