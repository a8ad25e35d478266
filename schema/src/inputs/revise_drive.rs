//! The input that revises a drive.

use async_graphql::{ID, InputObject, MaybeUndefined};
use caodiem_domain::problem::Problem;
use caodiem_domain::text::Title;
use caodiem_domain::time::Calendar;
use caodiem_domain::usecase::plan_drive::ReviseDrive;

use crate::codes::Codes;
use crate::error::Result;
use crate::ids::key_of;
use crate::inputs::Check;
use crate::inputs::calendar::{CalendarInput, DayRangeInput};
use crate::inputs::column::ColumnLayoutInput;
use crate::inputs::plan_drive::{PARTS_MAX, PhaseInput, TeamRuleInput};
use crate::inputs::reporting::ReportingRuleInput;
use crate::objects::drive::Settles;

/// A drive revised. What is absent stays; null clears what may be empty. Dates, phases and indicators change only in a
/// draft; title, rules of reporting, team rules, calendar and settlement also while it is open; columns until it is closed.
#[derive(InputObject, Clone)]
pub(crate) struct ReviseDriveInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    pub(crate) request_id: String,
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
    /// Who has to report by when; all rules.
    reporting_rules: MaybeUndefined<Vec<ReportingRuleInput>>,
    /// Phases in order; all of them, those that stay with their id.
    phases: MaybeUndefined<Vec<PhaseInput>>,
    /// Codes of the indicators in use; all of them.
    indicators: MaybeUndefined<Vec<String>>,
    /// What the plan says of teams; all of it.
    team_rules: MaybeUndefined<Vec<TeamRuleInput>>,
    /// The layout of the plan table; all columns, in order.
    columns: MaybeUndefined<Vec<ColumnLayoutInput>>,
}

impl ReviseDriveInput {
    /// The command, or everything that is wrong.
    pub(crate) fn command(&self, codes: &Codes) -> Result<ReviseDrive, Vec<Problem>> {
        let input = self.clone();
        let mut check = Check::default();
        let drive = check.field("drive", key_of(&input.drive));
        let title = check.kept("title", input.title, |text| Title::new(text));
        let days = check.kept("days", input.days, |days| (*days).try_into());
        let settles = check.kept("settles", input.settles, |settles| Ok((*settles).into()));
        let phases = parts(&mut check, "phases", input.phases, TryInto::try_into);
        let indicators = list(input.indicators);
        check.at_most("indicators", indicators.as_deref().unwrap_or_default(), PARTS_MAX);
        let indicators = match indicators {
            Some(ids) => check.each("indicators", ids, |code| codes.indicator(&code)).map(Some),
            None => Some(None),
        };
        let team_rules = parts(&mut check, "teamRules", input.team_rules, TryInto::try_into);
        let columns = parts(&mut check, "columns", input.columns, |column| column.column(codes));
        let calendar = match input.calendar {
            MaybeUndefined::Undefined => Some(None),
            MaybeUndefined::Null => Some(Some(Calendar::every_day())),
            MaybeUndefined::Value(calendar) => check.nested("calendar", calendar).map(Some),
        };
        let reporting_rules = list(input.reporting_rules);
        check.at_most("reportingRules", reporting_rules.as_deref().unwrap_or_default(), PARTS_MAX);
        check.done(|| {
            Some(ReviseDrive {
                drive: Some(drive?),
                expected_version: input.expected_version,
                title: title?,
                days: days?,
                declared_days: input.declared_days.into(),
                settles: settles?,
                calendar: calendar?,
                reporting_rules: reporting_rules.map(|rules| rules.into_iter().map(Into::into).collect()),
                phases: phases?,
                indicators: indicators?,
                team_rules: team_rules?,
                columns: columns?,
            })
        })
    }
}

/// A list of a partial update: absent keeps, null is the empty list.
fn list<T>(value: MaybeUndefined<Vec<T>>) -> Option<Vec<T>> {
    Option::<Option<_>>::from(value).map(Option::unwrap_or_default)
}

/// A list of inputs in a partial update.
#[expect(clippy::option_option, reason = "absent and wrong are different answers")]
fn parts<S, T>(
    check: &mut Check,
    name: &str,
    value: MaybeUndefined<Vec<S>>,
    make: impl FnMut(S) -> Result<T, Vec<Problem>>,
) -> Option<Option<Vec<T>>> {
    let Some(items) = list(value) else {
        return Some(None);
    };
    check.at_most(name, &items, PARTS_MAX);
    check.each_within(name, items, make).map(Some)
}
