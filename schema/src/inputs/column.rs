//! Inputs that lay out a plan table.

use async_graphql::{ID, InputObject, OneofObject};
use caodiem_domain::id::{GroupId, IndicatorId};
use caodiem_domain::plan::{Column, PlanColumn};
use caodiem_domain::problem::Problem;
use caodiem_domain::text::{Key, Title};

use crate::codes::Codes;
use crate::error::Result;
use crate::ids::key_of;
use crate::inputs::Check;
use crate::scalars::{BigInt, Decimal};

/// The layout of one column of a plan table.
#[derive(InputObject, Clone)]
pub(crate) struct ColumnLayoutInput {
    /// Its key within the table, 1 to 40 characters of A–Z, a–z, 0–9, `-`, `_` and `.`.
    key: String,
    /// Vietnamese heading.
    heading: String,
    /// English heading.
    heading_en: String,
    /// What it shows.
    shows: ColumnSourceInput,
}

/// What a column shows. Exactly one field; `of` and the like name columns that stand before it.
#[derive(OneofObject, Clone)]
pub(crate) enum ColumnSourceInput {
    /// A baseline.
    Baseline(BaselineColumnInput),
    /// The quota.
    Quota(QuotaColumnInput),
    /// Teams at work under the unit on the first day: `true`.
    Teams(bool),
    /// One column less another, never below zero.
    Less(LessColumnInput),
    /// As much of a column as fits under a ceiling.
    UpTo(UpToColumnInput),
    /// A percentage of a column.
    Percent(PercentColumnInput),
    /// A column over the plan's days.
    PerDay(PerDayColumnInput),
    /// A column over another and the plan's days: per team and day.
    PerEachDay(PerEachDayColumnInput),
    /// One column over another, as a percentage.
    Ratio(RatioColumnInput),
}

/// A baseline of a column.
#[derive(InputObject, Clone)]
pub(crate) struct BaselineColumnInput {
    /// Of whom: code of the population group.
    group: String,
    /// Of what: code of the indicator.
    indicator: String,
}

/// A quota of a column.
#[derive(InputObject, Clone)]
pub(crate) struct QuotaColumnInput {
    /// One phase; the whole drive when absent.
    phase: Option<ID>,
    /// Of what: code of the indicator.
    indicator: String,
    /// Of whom: code of the population group.
    group: String,
}

/// A difference.
#[derive(InputObject, Clone)]
pub(crate) struct LessColumnInput {
    /// From this column.
    of: String,
    /// This one is taken.
    less: String,
}

/// A ceiling.
#[derive(InputObject, Clone)]
pub(crate) struct UpToColumnInput {
    /// Of this column.
    of: String,
    /// At most so many, in the column's own unit.
    ceiling: BigInt,
}

/// A percentage.
#[derive(InputObject, Clone)]
pub(crate) struct PercentColumnInput {
    /// Of this column.
    of: String,
    /// 0 to 100.
    percent: Decimal,
}

/// A figure per day.
#[derive(InputObject, Clone)]
pub(crate) struct PerDayColumnInput {
    /// Of this column.
    of: String,
    /// Over the days of this phase; of the whole drive when absent.
    phase: Option<ID>,
}

/// A figure per team, member … and day.
#[derive(InputObject, Clone)]
pub(crate) struct PerEachDayColumnInput {
    /// Of this column.
    of: String,
    /// Over this column.
    each: String,
    /// And over the days of this phase; of the whole drive when absent.
    phase: Option<ID>,
}

/// A ratio.
#[derive(InputObject, Clone)]
pub(crate) struct RatioColumnInput {
    /// Of this column.
    of: String,
    /// Over this column.
    base: String,
}

impl ColumnLayoutInput {
    /// The column, or everything that is wrong.
    pub(crate) fn column(self, codes: &Codes) -> Result<PlanColumn, Vec<Problem>> {
        let mut check = Check::default();
        let key = check.field("key", Key::new(&self.key));
        let heading_vi = check.field("heading", Title::new(&self.heading));
        let heading_en = check.field("headingEn", Title::new(&self.heading_en));
        let shows = check.within("shows", self.shows.column(codes));
        check.done(|| Some(PlanColumn { key: key?, heading_vi: heading_vi?, heading_en: heading_en?, shows: shows? }))
    }
}

impl ColumnSourceInput {
    fn column(self, codes: &Codes) -> Result<Column, Vec<Problem>> {
        use ColumnSourceInput as Shows;
        let mut check = Check::default();
        let shows = match self {
            Shows::Baseline(BaselineColumnInput { group, indicator }) => base(&mut check, codes, &group, &indicator)
                .map(|(group, indicator)| Column::Baseline { group, indicator }),
            Shows::Quota(QuotaColumnInput { phase, indicator, group }) => {
                let phase = check.optional("phase", phase, key_of);
                let base = base(&mut check, codes, &group, &indicator);
                phase.zip(base).map(|(phase, (group, indicator))| Column::Quota { phase, indicator, group })
            }
            Shows::Teams(_) => Some(Column::Teams),
            Shows::Less(LessColumnInput { of, less }) => {
                columns(&mut check, ("of", of), ("less", less)).map(|(of, less)| Column::Less { of, less })
            }
            Shows::UpTo(UpToColumnInput { of, ceiling: BigInt(ceiling) }) => {
                check.field("of", Key::new(&of)).map(|of| Column::UpTo { of, ceiling })
            }
            Shows::Percent(PercentColumnInput { of, percent: Decimal(percent) }) => {
                check.field("of", Key::new(&of)).map(|of| Column::Percent { of, percent })
            }
            Shows::PerDay(PerDayColumnInput { of, phase }) => {
                let phase = check.optional("phase", phase, key_of);
                check.field("of", Key::new(&of)).zip(phase).map(|(of, phase)| Column::PerDay { of, phase })
            }
            Shows::PerEachDay(PerEachDayColumnInput { of, each, phase }) => {
                let phase = check.optional("phase", phase, key_of);
                let columns = columns(&mut check, ("of", of), ("each", each));
                columns.zip(phase).map(|((of, each), phase)| Column::PerEachDay { of, each, phase })
            }
            Shows::Ratio(RatioColumnInput { of, base }) => {
                columns(&mut check, ("of", of), ("base", base)).map(|(of, base)| Column::Ratio { of, base })
            }
        };
        check.done(|| shows)
    }
}

fn base(check: &mut Check, codes: &Codes, group: &str, indicator: &str) -> Option<(GroupId, IndicatorId)> {
    let group = check.field("group", codes.group(group));
    group.zip(check.field("indicator", codes.indicator(indicator)))
}

fn columns(check: &mut Check, one: (&str, String), other: (&str, String)) -> Option<(Key, Key)> {
    let one = check.field(one.0, Key::new(&one.1));
    one.zip(check.field(other.0, Key::new(&other.1)))
}
