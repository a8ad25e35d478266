//! How a report stands at a moment: derived, never stored.

use crate::reporting::rule::Window;
use crate::time::Instant;

/// How a report stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ReportStatus {
    /// It can be given, nothing came yet, and there is time.
    Expected,
    /// It came before the cut-off.
    OnTime,
    /// It came, but not before the cut-off.
    Late,
    /// The cut-off is over and nothing came.
    Missing,
    /// Nothing came, and whoever leads the drive said that nothing has to.
    Excused,
    /// None is owed: no working day, not at work, outside of the drive, or the time has not come.
    NotExpected,
}

impl ReportStatus {
    /// Every status.
    pub const ALL: &'static [Self] =
        &[Self::Expected, Self::OnTime, Self::Late, Self::Missing, Self::Excused, Self::NotExpected];

    /// The word in messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expected => "EXPECTED",
            Self::OnTime => "ON_TIME",
            Self::Late => "LATE",
            Self::Missing => "MISSING",
            Self::Excused => "EXCUSED",
            Self::NotExpected => "NOT_EXPECTED",
        }
    }

    /// Whether it counts as owed: in every rate's denominator.
    #[must_use]
    pub const fn is_owed(self) -> bool {
        matches!(self, Self::Expected | Self::OnTime | Self::Late | Self::Missing)
    }

    /// Whether it came.
    #[must_use]
    pub const fn has_come(self) -> bool {
        matches!(self, Self::OnTime | Self::Late)
    }
}

/// How a report stands whose first word was received at `received`. `window` is `None` where none is owed. What came
/// counts as what it is, excused or not; corrections after the first word change nothing.
#[must_use]
pub fn status(window: Option<&Window>, received: Option<Instant>, excused: bool, now: Instant) -> ReportStatus {
    let Some(window) = window.filter(|window| window.opens <= now) else { return ReportStatus::NotExpected };
    match received {
        Some(received) if received < window.due => ReportStatus::OnTime,
        Some(_) => ReportStatus::Late,
        None if excused => ReportStatus::Excused,
        None if now < window.due => ReportStatus::Expected,
        None => ReportStatus::Missing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Instant {
        text.parse().unwrap_or_default()
    }

    fn window() -> Window {
        Window {
            opens: moment("2024-02-28T17:00:00Z"),
            due: moment("2024-02-29T08:30:00Z"),
            closes: Some(moment("2024-03-01T08:30:00Z")),
        }
    }

    fn at(received: Option<&str>, excused: bool, now: &str) -> ReportStatus {
        status(Some(&window()), received.map(moment), excused, moment(now))
    }

    #[test]
    fn on_time_is_strictly_before() {
        let later = "2024-03-05T00:00:00Z";
        assert_eq!(at(Some("2024-02-29T08:29:59.999999Z"), false, later), ReportStatus::OnTime);
        assert_eq!(at(Some("2024-02-29T08:30:00Z"), false, later), ReportStatus::Late);
        assert_eq!(at(None, false, "2024-02-29T08:29:59.999999Z"), ReportStatus::Expected);
        assert_eq!(at(None, false, "2024-02-29T08:30:00Z"), ReportStatus::Missing);
    }

    #[test]
    fn before_midnight_nothing_is_owed() {
        assert_eq!(at(None, false, "2024-02-28T16:59:59.999999Z"), ReportStatus::NotExpected);
        assert_eq!(at(None, false, "2024-02-28T17:00:00Z"), ReportStatus::Expected);
        assert_eq!(
            status(None, Some(moment("2024-02-29T01:00:00Z")), false, moment("2024-03-05T00:00:00Z")),
            ReportStatus::NotExpected
        );
    }

    #[test]
    fn an_excuse_speaks_only_of_silence() {
        assert_eq!(at(None, true, "2024-02-29T01:00:00Z"), ReportStatus::Excused);
        assert_eq!(at(None, true, "2024-03-05T00:00:00Z"), ReportStatus::Excused);
        assert_eq!(at(Some("2024-02-29T09:00:00Z"), true, "2024-03-05T00:00:00Z"), ReportStatus::Late);
    }
}
