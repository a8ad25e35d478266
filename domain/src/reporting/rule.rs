//! Rules of reporting, as a drive's plan states them.

use chrono::{Days, NaiveTime, TimeDelta};

use crate::drive::Drive;
use crate::time::{Day, DayRange, Instant, from_viet_nam, start_of_day, weekday_number};
use crate::unit::Level;
use chrono::Datelike;

/// The longest grace, in minutes: a day.
pub const GRACE_MINUTES_MAX: u32 = 1_440;
/// The latest hard close, in minutes after the cut-off: 366 days.
pub const CLOSES_AFTER_MINUTES_MAX: u32 = 527_040;
/// The most days that a phase or final report may take.
pub const DUE_DAYS_MAX: u32 = 366;

/// Who reports for a level.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Reporters {
    /// Each unit: it has reported when its own staff or any of its teams has.
    EachUnit,
    /// Each team at work on the day, by itself.
    EachTeam,
}

/// What is reported.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ReportKind {
    /// The figures of one day.
    Daily,
    /// The compilation of a week.
    Weekly,
    /// Of a phase.
    Phase,
    /// Of the whole drive.
    Final,
}

impl ReportKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[Self::Daily, Self::Weekly, Self::Phase, Self::Final];

    /// The word that is stored and frozen.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Daily => "DAILY",
            Self::Weekly => "WEEKLY",
            Self::Phase => "PHASE",
            Self::Final => "FINAL",
        }
    }

    /// The kind of that word.
    #[must_use]
    pub fn from_name(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
    }
}

/// The discipline of one level of a drive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ReportingRule {
    /// The level that reports.
    pub level: Level,
    /// Who of it.
    pub reporters: Reporters,
    /// The cut-off of each working day; 15:30 from village to commune.
    pub before: NaiveTime,
    /// Minutes after the cut-off in which a report still counts as on time; 0 to [`GRACE_MINUTES_MAX`].
    pub grace_minutes: u32,
    /// Minutes after the cut-off when the day closes for good, from the grace up to [`CLOSES_AFTER_MINUTES_MAX`]. `None`:
    /// late reports are taken as long as the drive is open.
    pub closes_after_minutes: Option<u32>,
    /// The weekday on which the week before is compiled, 0 for Monday; `None` where no weekly compilation is owed.
    pub weekly: Option<u8>,
    /// Days after a phase's last day within which its report is due; 0 to [`DUE_DAYS_MAX`].
    pub phase_due_days: Option<u32>,
    /// Days after the drive's last day within which the final report is due; 0 to [`DUE_DAYS_MAX`].
    pub final_due_days: Option<u32>,
}

/// When a report is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    /// From this moment on; before it the period has not begun, or is not over.
    pub opens: Instant,
    /// On time is strictly before this.
    pub due: Instant,
    /// From this moment on only a reopened day takes reports.
    pub closes: Option<Instant>,
}

/// A report that is owed: of what days, and when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Period {
    /// Which kind.
    pub kind: ReportKind,
    /// The days it speaks of; its last day names it among its kind.
    pub days: DayRange,
    /// When it is taken.
    pub window: Window,
}

impl ReportingRule {
    /// The rule of a level with a cut-off and nothing else.
    #[must_use]
    pub const fn daily(level: Level, before: NaiveTime) -> Self {
        Self {
            level,
            reporters: Reporters::EachUnit,
            before,
            grace_minutes: 0,
            closes_after_minutes: None,
            weekly: None,
            phase_due_days: None,
            final_due_days: None,
        }
    }

    /// When the report of a day is taken: from midnight, on time strictly before the cut-off and its grace, late until the
    /// hard close.
    #[must_use]
    pub fn window(&self, day: Day) -> Window {
        let cutoff = from_viet_nam(day, self.before);
        let after = |minutes: u32| later(cutoff, TimeDelta::minutes(i64::from(minutes)));
        Window {
            opens: start_of_day(day),
            due: after(self.grace_minutes),
            closes: self.closes_after_minutes.map(after),
        }
    }

    /// The report of that kind whose last day is `day`; `None` where none is owed.
    #[must_use]
    pub fn period(&self, drive: &Drive, kind: ReportKind, day: Day) -> Option<Period> {
        if kind == ReportKind::Daily {
            let owed = drive.reports_on(day);
            return owed.then(|| Period { kind, days: DayRange::day(day), window: self.window(day) });
        }
        self.periods(drive, kind).into_iter().find(|period| period.days.to() == day)
    }

    /// The weekly, phase or final reports that the drive owes, by day; of the daily ones none, there are too many.
    #[must_use]
    pub fn periods(&self, drive: &Drive, kind: ReportKind) -> Vec<Period> {
        match kind {
            ReportKind::Daily => Vec::new(),
            ReportKind::Weekly => self.weekly.map(|weekday| self.weeks(drive.days, weekday)).unwrap_or_default(),
            ReportKind::Phase => {
                let due = |days| drive.phases.iter().map(move |phase| ends(kind, phase.days, days));
                self.phase_due_days.map(due).into_iter().flatten().collect()
            }
            ReportKind::Final => self.final_due_days.map(|days| ends(kind, drive.days, days)).into_iter().collect(),
        }
    }

    /// Each week up to the day before its weekday, cut to the drive; due on that weekday before the cut-off.
    fn weeks(&self, drive: DayRange, weekday: u8) -> Vec<Period> {
        let (Some(first), Some(end)) = (drive.from().succ_opt(), drive.to().checked_add_days(Days::new(7))) else {
            return Vec::new();
        };
        let falls_due = first.iter_days().take_while(|day| *day <= end);
        let falls_due = falls_due.filter(|day| weekday_number(day.weekday()) == weekday);
        let week = |due_on: Day| {
            let week = DayRange::new(due_on.checked_sub_days(Days::new(7))?, due_on.pred_opt()?).ok()?;
            let days = week.intersect(drive)?;
            let Window { due, closes, .. } = self.window(due_on);
            Some(Period { kind: ReportKind::Weekly, days, window: Window { opens: over(days), due, closes } })
        };
        falls_due.filter_map(week).collect()
    }
}

/// A report due within so many days after the last one of its days.
fn ends(kind: ReportKind, days: DayRange, within: u32) -> Period {
    let opens = over(days);
    Period { kind, days, window: Window { opens, due: later(opens, TimeDelta::days(i64::from(within))), closes: None } }
}

/// When the days are over.
fn over(days: DayRange) -> Instant {
    later(start_of_day(days.to()), TimeDelta::days(1))
}

fn later(moment: Instant, by: TimeDelta) -> Instant {
    moment.checked_add_signed(by).unwrap_or(moment)
}

#[cfg(test)]
mod tests;
