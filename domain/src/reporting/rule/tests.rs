use super::*;

fn day(text: &str) -> Day {
    text.parse().unwrap_or_default()
}

fn moment(text: &str) -> Instant {
    text.parse().unwrap_or_default()
}

fn villages() -> ReportingRule {
    ReportingRule::daily(Level::Village, NaiveTime::from_hms_opt(15, 30, 0).unwrap_or_default())
}

#[test]
fn the_window_of_a_day_is_that_of_viet_nam() {
    let rule = ReportingRule { grace_minutes: 10, closes_after_minutes: Some(510), ..villages() };
    for (on, opens, due, closes) in [
        ("2024-02-29", "2024-02-28T17:00:00Z", "2024-02-29T08:40:00Z", "2024-02-29T17:00:00Z"),
        ("2023-12-31", "2023-12-30T17:00:00Z", "2023-12-31T08:40:00Z", "2023-12-31T17:00:00Z"),
        ("2024-01-01", "2023-12-31T17:00:00Z", "2024-01-01T08:40:00Z", "2024-01-01T17:00:00Z"),
    ] {
        let expected = Window { opens: moment(opens), due: moment(due), closes: Some(moment(closes)) };
        assert_eq!(rule.window(day(on)), expected, "{on}");
    }
    assert_eq!(villages().window(day("2023-05-10")).closes, None);
}

#[test]
fn weeks_are_cut_to_the_drive_and_due_on_their_weekday() {
    let rule = ReportingRule { weekly: Some(0), ..villages() };
    // A Wednesday to a Tuesday: 2023-05-10 to 2023-05-23.
    let drive = DayRange::new(day("2023-05-10"), day("2023-05-23")).ok();
    let weeks = drive.map(|drive| rule.weeks(drive, 0)).unwrap_or_default();
    let told: Vec<_> = weeks
        .iter()
        .map(|week| format!("{} {} {}", week.days.from(), week.days.to(), week.window.due.format("%m-%d %H:%M")))
        .collect();
    assert_eq!(
        told,
        ["2023-05-10 2023-05-14 05-15 08:30", "2023-05-15 2023-05-21 05-22 08:30", "2023-05-22 2023-05-23 05-29 08:30"]
    );
    assert_eq!(weeks.first().map(|week| week.window.opens), Some(moment("2023-05-14T17:00:00Z")));
}

#[test]
fn a_phase_report_is_due_by_the_end_of_its_last_day_of_grace() {
    let days = DayRange::new(day("2023-06-01"), day("2023-06-30")).ok();
    let due = days.map(|days| ends(ReportKind::Phase, days, 2).window.due);
    // Two days after 30 June: before 3 July begins in Viet Nam.
    assert_eq!(due, Some(moment("2023-07-02T17:00:00Z")));
}
