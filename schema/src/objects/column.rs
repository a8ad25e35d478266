//! Columns of a drive's plan table, as they are laid out.

use async_graphql::{Context, Enum, Object};
use caodiem_domain::id::{GroupId, IndicatorId, PhaseId};
use caodiem_domain::plan::{Column, PlanColumn};
use caodiem_domain::text::Key;

use crate::error::Result;
use crate::objects::catalogue::{Group, Indicator};
use crate::objects::drive::{Phase, Plan};
use crate::scalars::{BigInt, Decimal};

/// What a column of a plan table shows.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColumnKind {
    /// A baseline: eligible, enrolled so far, activated so far, teams.
    Baseline,
    /// The quota.
    Quota,
    /// Teams at work under the unit on the first day.
    Teams,
    /// One column less another, never below zero.
    Less,
    /// As much of a column as fits under a ceiling.
    UpTo,
    /// A percentage of a column.
    Percent,
    /// A column over the plan's days.
    PerDay,
    /// A column over another and the plan's days: per team and day.
    PerEachDay,
    /// One column over another, as a percentage.
    Ratio,
}

/// A column's source, flat.
#[derive(Default)]
struct Source<'column> {
    indicator: Option<IndicatorId>,
    group: Option<GroupId>,
    phase: Option<PhaseId>,
    of: Option<&'column Key>,
    other: Option<&'column Key>,
    ceiling: Option<i64>,
    percent: Option<Decimal>,
}

/// A column of a drive.
pub(crate) struct ColumnLayout {
    pub(crate) plan: Plan,
    pub(crate) column: PlanColumn,
}

impl ColumnLayout {
    fn source(&self) -> (ColumnKind, Source<'_>) {
        let none = Source::default();
        match &self.column.shows {
            Column::Baseline { group, indicator } => {
                (ColumnKind::Baseline, Source { group: Some(*group), indicator: Some(*indicator), ..none })
            }
            Column::Quota { phase, indicator, group } => {
                let source = Source { phase: *phase, indicator: Some(*indicator), group: Some(*group), ..none };
                (ColumnKind::Quota, source)
            }
            Column::Teams => (ColumnKind::Teams, none),
            Column::Less { of, less } => (ColumnKind::Less, Source { of: Some(of), other: Some(less), ..none }),
            Column::UpTo { of, ceiling } => {
                (ColumnKind::UpTo, Source { of: Some(of), ceiling: Some(*ceiling), ..none })
            }
            Column::Percent { of, percent } => {
                (ColumnKind::Percent, Source { of: Some(of), percent: Some(Decimal(percent.clone())), ..none })
            }
            Column::PerDay { of, phase } => (ColumnKind::PerDay, Source { of: Some(of), phase: *phase, ..none }),
            Column::PerEachDay { of, each, phase } => {
                (ColumnKind::PerEachDay, Source { of: Some(of), other: Some(each), phase: *phase, ..none })
            }
            Column::Ratio { of, base } => (ColumnKind::Ratio, Source { of: Some(of), other: Some(base), ..none }),
        }
    }
}

/// The layout of one column of a drive's plan table. Columns refer to earlier ones by key.
#[Object]
impl ColumnLayout {
    /// Its key within the table.
    async fn key(&self) -> &str {
        self.column.key.as_str()
    }

    /// Vietnamese heading.
    async fn heading(&self) -> &str {
        self.column.heading_vi.as_str()
    }

    /// English heading.
    async fn heading_en(&self) -> &str {
        self.column.heading_en.as_str()
    }

    /// What it shows.
    async fn kind(&self) -> ColumnKind {
        self.source().0
    }

    /// Of what, for a baseline or quota.
    async fn indicator(&self, ctx: &Context<'_>) -> Result<Option<Indicator>> {
        match self.source().1.indicator {
            Some(id) => Indicator::find(ctx, id).await,
            None => Ok(None),
        }
    }

    /// Of whom, for a baseline or quota.
    async fn group(&self, ctx: &Context<'_>) -> Result<Option<Group>> {
        match self.source().1.group {
            Some(id) => Group::find(ctx, id).await,
            None => Ok(None),
        }
    }

    /// Of which phase the quota or the days are; null for the whole drive.
    async fn phase(&self) -> Option<Phase> {
        Phase::of(&self.plan, self.source().1.phase?)
    }

    /// Key of the column it is worked out from.
    async fn of(&self) -> Option<String> {
        self.source().1.of.map(ToString::to_string)
    }

    /// Key of the other column: what is taken off, what is divided by.
    async fn other(&self) -> Option<String> {
        self.source().1.other.map(ToString::to_string)
    }

    /// The ceiling, for `UP_TO`.
    async fn ceiling(&self) -> Option<BigInt> {
        self.source().1.ceiling.map(BigInt)
    }

    /// The percentage, 0 to 100, for `PERCENT`.
    async fn percent(&self) -> Option<Decimal> {
        self.source().1.percent
    }
}
