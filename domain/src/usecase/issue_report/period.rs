//! Which days a report is of.

use super::IssueReport;
use crate::drive::Drive;
use crate::error::{Error, refuse_if_any};
use crate::period_report::ReportKind;
use crate::problem::{Code, Problem};
use crate::time::{Day, DayRange, weekday_number};

/// The days of a report.
///
/// # Errors
/// `Empty`, `NotUsedHere`, `DayOutsideDrive` or `DayInFuture` at `day`; `Empty`, `NotUsedHere` or `NotFound` at `phase`.
pub(super) fn days(drive: &Drive, command: &IssueReport, today: Day) -> Result<DayRange, Error> {
    let kind = command.kind;
    let has_day = matches!(kind, ReportKind::Daily | ReportKind::Weekly);
    let mut problems = Vec::new();
    let unused = || Problem::new(Code::NotUsedHere).with("kind", kind.as_str());
    match (has_day, command.day) {
        (true, None) => problems.push(Problem::new(Code::Empty).at("day")),
        (false, Some(_)) => problems.push(unused().at("day")),
        _ => {}
    }
    match (kind, command.phase) {
        (ReportKind::Phase, None) => problems.push(Problem::new(Code::Empty).at("phase")),
        (ReportKind::Final, Some(_)) => problems.push(unused().at("phase")),
        _ => {}
    }
    refuse_if_any(problems)?;
    let whole = drive.days_of(command.phase).map_err(|problem| problem.at("phase"))?;
    let Some(day) = command.day else {
        return begun(whole, today).map(|()| whole).map_err(|problem| problem.at("day").into());
    };
    let outside = || {
        let problem = Problem::new(Code::DayOutsideDrive).with("day", day);
        problem.with("from", whole.from()).with("to", whole.to()).at("day")
    };
    let range = if kind == ReportKind::Weekly { week(day) } else { Some(DayRange::day(day)) };
    let days = range.filter(|_| whole.contains(day)).and_then(|range| range.intersect(whole)).ok_or_else(outside)?;
    begun(days, today).map_err(|problem| problem.at("day"))?;
    Ok(days)
}

fn begun(days: DayRange, today: Day) -> Result<(), Problem> {
    if days.from() <= today {
        return Ok(());
    }
    Err(Problem::new(Code::DayInFuture).with("day", days.from()).with("today", today))
}

/// Monday to Sunday.
fn week(day: Day) -> Option<DayRange> {
    use chrono::{Datelike, Days};
    let since_monday = u64::from(weekday_number(day.weekday()));
    let monday = day.checked_sub_days(Days::new(since_monday))?;
    DayRange::new(monday, monday.checked_add_days(Days::new(6))?).ok()
}
