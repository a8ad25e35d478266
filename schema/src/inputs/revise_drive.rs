//! The input that revises a drive.

use async_graphql::{ID, InputObject, MaybeUndefined};
use caodiem_domain::problem::Problem;
use caodiem_domain::text::Title;
use caodiem_domain::time::Calendar;
use caodiem_domain::usecase::plan_drive::ReviseDrive;

use crate::error::Result;
use crate::ids::key_of;
use crate::inputs::calendar::{CalendarInput, DayRangeInput};
use crate::inputs::column::ColumnLayoutInput;
use crate::inputs::plan_drive::{CutoffInput, PhaseInput, TeamRuleInput};
use crate::inputs::{Check, mutation_inputs};
use crate::objects::drive::Settles;

mutation_inputs! { ReviseDriveInput => ReviseDrive }

/// A drive revised. What is absent stays; null clears what may be empty. Dates, phases and indicators change only in a
/// draft; title, cut-offs, team rules, calendar and settlement also while it is open; columns until it is closed.
#[derive(InputObject)]
pub(crate) struct ReviseDriveInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The drive.
    drive: ID,
    /// The `version` it was read at.
    expected_version: i32,
    /// Title, at most 200 characters.
    title: MaybeUndefined<String>,
    /// First and last day.
    days: MaybeUndefined<DayRangeInput>,
    /// The number of days that the plan declares for the whole.
    declared_days: MaybeUndefined<u32>,
    /// What settles the result.
    settles: MaybeUndefined<Settles>,
    /// Working days; null makes every day one.
    calendar: MaybeUndefined<CalendarInput>,
    /// Until when levels report on a day; all of them.
    cutoffs: MaybeUndefined<Vec<CutoffInput>>,
    /// Phases in order; all of them, those that stay with their id.
    phases: MaybeUndefined<Vec<PhaseInput>>,
    /// Indicators in use; all of them.
    indicators: MaybeUndefined<Vec<ID>>,
    /// What the plan says of teams; all of it.
    team_rules: MaybeUndefined<Vec<TeamRuleInput>>,
    /// The layout of the plan table; all columns, in order.
    columns: MaybeUndefined<Vec<ColumnLayoutInput>>,
}

impl TryFrom<ReviseDriveInput> for ReviseDrive {
    type Error = Vec<Problem>;

    fn try_from(input: ReviseDriveInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let drive = check.field("drive", key_of(&input.drive));
        let title = check.kept("title", input.title, |text| Title::new(text));
        let days = check.kept("days", input.days, |days| (*days).try_into());
        let settles = check.kept("settles", input.settles, |settles| Ok((*settles).into()));
        let phases = list(input.phases).map(|phases| check.nested_each("phases", phases));
        let indicators = list(input.indicators).map(|ids| check.each("indicators", ids, |id| key_of(&id)));
        let team_rules = list(input.team_rules).map(|rules| check.nested_each("teamRules", rules));
        let columns = list(input.columns).map(|columns| check.nested_each("columns", columns));
        let calendar = input.calendar.map_value(Calendar::from);
        check.done(|| {
            Some(Self {
                drive: Some(drive?),
                expected_version: input.expected_version,
                title: title?,
                days: days?,
                declared_days: input.declared_days.into(),
                settles: settles?,
                calendar: Option::<Option<_>>::from(calendar).map(|days| days.unwrap_or_else(Calendar::every_day)),
                cutoffs: list(input.cutoffs).map(|cutoffs| cutoffs.into_iter().map(Into::into).collect()),
                phases: whole(phases)?,
                indicators: whole(indicators)?,
                team_rules: whole(team_rules)?,
                columns: whole(columns)?,
            })
        })
    }
}

/// A list of a partial update: absent keeps, null is the empty list.
fn list<T>(value: MaybeUndefined<Vec<T>>) -> Option<Vec<T>> {
    Option::<Option<_>>::from(value).map(Option::unwrap_or_default)
}

/// Absent, or there and right; `None` when it was wrong.
#[expect(clippy::option_option, reason = "absent and wrong are different answers")]
fn whole<T>(value: Option<Option<T>>) -> Option<Option<T>> {
    value.map_or(Some(None), |value| value.map(Some))
}
