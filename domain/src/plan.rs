//! Plan tables: a drive's appendix of quotas, column by column, as the plans print it (rules 5 to 7).

mod formula;
pub mod table;

use crate::exact::Exact;
use crate::id::{GroupId, IndicatorId, PhaseId, UnitId};
use crate::problem::Problem;
use crate::text::{Key, Title};

/// What a column shows. Columns refer to earlier ones by key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Column {
    /// A baseline: eligible, enrolled so far, activated so far, teams.
    Baseline {
        /// Of whom.
        group: GroupId,
        /// Of what.
        indicator: IndicatorId,
    },
    /// The quota.
    Quota {
        /// One phase, or the whole drive.
        phase: Option<PhaseId>,
        /// Of what.
        indicator: IndicatorId,
        /// Of whom.
        group: GroupId,
    },
    /// Teams at work under the unit on the first day.
    Teams,
    /// One column less another, never below zero: `Q − N`.
    Less {
        /// From this.
        of: Key,
        /// Take this.
        less: Key,
    },
    /// As much of a column as fits under a ceiling: level 2 up to 12,500.
    UpTo {
        /// Of this.
        of: Key,
        /// At most.
        ceiling: i64,
    },
    /// A percentage of a column: 80 % of what is left.
    Percent {
        /// Of this.
        of: Key,
        /// 0 to 100.
        percent: Exact,
    },
    /// A column over the plan's days of the phase or drive.
    PerDay {
        /// Of this.
        of: Key,
        /// Whose days.
        phase: Option<PhaseId>,
    },
    /// A column over another and the plan's days: per team and day.
    PerEachDay {
        /// Of this.
        of: Key,
        /// Over this: teams, members.
        each: Key,
        /// Whose days.
        phase: Option<PhaseId>,
    },
    /// One column over another, as a percentage.
    Ratio {
        /// Of this.
        of: Key,
        /// Over this.
        base: Key,
    },
}

impl Column {
    /// The columns it is worked out from.
    #[must_use]
    pub fn refers_to(&self) -> Vec<&Key> {
        match self {
            Self::Baseline { .. } | Self::Quota { .. } | Self::Teams => Vec::new(),
            Self::UpTo { of, .. } | Self::Percent { of, .. } | Self::PerDay { of, .. } => vec![of],
            Self::Less { of, less: other }
            | Self::PerEachDay { of, each: other, .. }
            | Self::Ratio { of, base: other } => vec![of, other],
        }
    }

    /// Whether rows add up to the total. A rate's total is worked out from the totals, never summed.
    #[must_use]
    pub const fn adds_up(&self) -> bool {
        !matches!(self, Self::PerEachDay { .. } | Self::Ratio { .. })
    }
}

/// A column with its headings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanColumn {
    /// Its key within the table.
    pub key: Key,
    /// Vietnamese heading.
    pub heading_vi: Title,
    /// English heading.
    pub heading_en: Title,
    /// What it shows.
    pub shows: Column,
}

/// One cell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cell {
    /// The exact figure; `None` where a base is missing.
    pub exact: Option<Exact>,
    /// As printed: rounded half-up on its own.
    pub printed: Option<i64>,
}

/// One row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanRow {
    /// The unit.
    pub unit: UnitId,
    /// The cells in the order of the columns.
    pub cells: Vec<Cell>,
}

/// A column as worked out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanColumnTotal {
    /// The column.
    pub column: PlanColumn,
    /// How it is worked out, in the columns' keys: `(quota − activated) / teams / 25`.
    pub formula: String,
    /// The true total: the exact sum rounded, or for a rate the rate of the totals.
    pub total: Cell,
    /// The sum of the printed cells.
    pub cells_sum: i64,
    /// What the source prints as its total, where that was recorded.
    pub source_total: Option<Exact>,
}

/// The whole table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanTable {
    /// The columns with their totals.
    pub columns: Vec<PlanColumnTotal>,
    /// The rows in the order of the units' codes.
    pub rows: Vec<PlanRow>,
    /// Where cells and totals differ, a child has no baseline, declared and calendar days differ.
    pub findings: Vec<Problem>,
}
