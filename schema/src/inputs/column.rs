//! Inputs that lay out a plan table.

use async_graphql::{ID, InputObject, OneofObject};
use caodiem_domain::plan::{Column, PlanColumn};
use caodiem_domain::problem::Problem;
use caodiem_domain::text::{Key, Title};

use crate::error::Result;
use crate::ids::key_of;
use crate::inputs::Check;
use crate::scalars::{BigInt, Decimal};

/// The layout of one column of a plan table.
#[derive(InputObject)]
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
#[derive(OneofObject)]
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
#[derive(InputObject)]
pub(crate) struct BaselineColumnInput {
    /// Of whom.
    group: ID,
    /// Of what.
    indicator: ID,
}

/// A quota of a column.
#[derive(InputObject)]
pub(crate) struct QuotaColumnInput {
    /// One phase; the whole drive when absent.
    phase: Option<ID>,
    /// Of what.
    indicator: ID,
    /// Of whom.
    group: ID,
}

/// A difference.
#[derive(InputObject)]
pub(crate) struct LessColumnInput {
    /// From this column.
    of: String,
    /// This one is taken.
    less: String,
}

/// A ceiling.
#[derive(InputObject)]
pub(crate) struct UpToColumnInput {
    /// Of this column.
    of: String,
    /// At most so many, in the column's own unit.
    ceiling: BigInt,
}

/// A percentage.
#[derive(InputObject)]
pub(crate) struct PercentColumnInput {
    /// Of this column.
    of: String,
    /// 0 to 100.
    percent: Decimal,
}

/// A figure per day.
#[derive(InputObject)]
pub(crate) struct PerDayColumnInput {
    /// Of this column.
    of: String,
    /// Over the days of this phase; of the whole drive when absent.
    phase: Option<ID>,
}

/// A figure per team, member … and day.
#[derive(InputObject)]
pub(crate) struct PerEachDayColumnInput {
    /// Of this column.
    of: String,
    /// Over this column.
    each: String,
    /// And over the days of this phase; of the whole drive when absent.
    phase: Option<ID>,
}

/// A ratio.
#[derive(InputObject)]
pub(crate) struct RatioColumnInput {
    /// Of this column.
    of: String,
    /// Over this column.
    base: String,
}

impl TryFrom<ColumnLayoutInput> for PlanColumn {
    type Error = Vec<Problem>;

    fn try_from(input: ColumnLayoutInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let key = check.field("key", Key::new(&input.key));
        let heading_vi = check.field("heading", Title::new(&input.heading));
        let heading_en = check.field("headingEn", Title::new(&input.heading_en));
        let shows = check.nested("shows", input.shows);
        check.done(|| Some(Self { key: key?, heading_vi: heading_vi?, heading_en: heading_en?, shows: shows? }))
    }
}

impl TryFrom<ColumnSourceInput> for Column {
    type Error = Vec<Problem>;

    fn try_from(input: ColumnSourceInput) -> Result<Self, Vec<Problem>> {
        use ColumnSourceInput as Shows;
        let mut check = Check::default();
        let shows = match input {
            Shows::Baseline(BaselineColumnInput { group, indicator }) => {
                let ids = check.field("group", key_of(&group)).zip(check.field("indicator", key_of(&indicator)));
                ids.map(|(group, indicator)| Self::Baseline { group, indicator })
            }
            Shows::Quota(QuotaColumnInput { phase, indicator, group }) => {
                let phase = check.optional("phase", phase, key_of);
                let ids = check.field("group", key_of(&group)).zip(check.field("indicator", key_of(&indicator)));
                phase.zip(ids).map(|(phase, (group, indicator))| Self::Quota { phase, indicator, group })
            }
            Shows::Teams(_) => Some(Self::Teams),
            Shows::Less(LessColumnInput { of, less }) => {
                columns(&mut check, ("of", of), ("less", less)).map(|(of, less)| Self::Less { of, less })
            }
            Shows::UpTo(UpToColumnInput { of, ceiling: BigInt(ceiling) }) => {
                check.field("of", Key::new(&of)).map(|of| Self::UpTo { of, ceiling })
            }
            Shows::Percent(PercentColumnInput { of, percent: Decimal(percent) }) => {
                check.field("of", Key::new(&of)).map(|of| Self::Percent { of, percent })
            }
            Shows::PerDay(PerDayColumnInput { of, phase }) => {
                let phase = check.optional("phase", phase, key_of);
                check.field("of", Key::new(&of)).zip(phase).map(|(of, phase)| Self::PerDay { of, phase })
            }
            Shows::PerEachDay(PerEachDayColumnInput { of, each, phase }) => {
                let phase = check.optional("phase", phase, key_of);
                let columns = columns(&mut check, ("of", of), ("each", each));
                columns.zip(phase).map(|((of, each), phase)| Self::PerEachDay { of, each, phase })
            }
            Shows::Ratio(RatioColumnInput { of, base }) => {
                columns(&mut check, ("of", of), ("base", base)).map(|(of, base)| Self::Ratio { of, base })
            }
        };
        check.done(|| shows)
    }
}

fn columns(check: &mut Check, one: (&str, String), other: (&str, String)) -> Option<(Key, Key)> {
    let one = check.field(one.0, Key::new(&one.1));
    one.zip(check.field(other.0, Key::new(&other.1)))
}
