//! Reported, verified and official side by side, never merged: the gap in number and percent, and whether it is tolerated.

use crate::count::Count;
use crate::exact::Exact;
use crate::id::{DriveId, IndicatorId, SourceId, UnitId};
use crate::problem::Problem;
use crate::settlement::Settlement;
use crate::text::Subject;
use crate::time::{Day, Instant};

/// How far apart two figures of a drive may lie: by the percentage or by the number, whichever allows more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tolerance {
    /// The drive.
    pub drive: DriveId,
    /// 1, 2, 3 …: none is overwritten.
    pub version: i32,
    /// Of the official figure, 0 to 100.
    pub percent: Exact,
    /// In number.
    pub absolute: Count,
    /// Who set it.
    pub author: Subject,
    /// When.
    pub at: Instant,
}

/// The difference of two figures.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gap {
    /// How many more the first says than the second.
    pub number: i64,
    /// The same in percent of the second, exactly; `None` where the second is 0.
    pub percent: Option<Exact>,
}

impl Gap {
    /// How much more `one` says than `other`.
    #[must_use]
    pub fn between(one: i64, other: i64) -> Self {
        let number = one.saturating_sub(other);
        let percent = Exact::ratio(number, other).map(|share| &share * &Exact::from(100));
        Self { number, percent }
    }

    /// Whether it lies within a tolerance; without one only no gap at all does.
    #[must_use]
    pub fn is_within(&self, tolerance: Option<&Tolerance>) -> bool {
        let Some(tolerance) = tolerance else { return self.number == 0 };
        let in_percent = self.percent.as_ref().is_some_and(|percent| {
            let size = if percent.is_negative() { &Exact::zero() - percent } else { percent.clone() };
            size <= tolerance.percent
        });
        in_percent || self.number.saturating_abs() <= tolerance.absolute.get()
    }

    /// What that is called.
    #[must_use]
    pub fn agreement(&self, tolerance: Option<&Tolerance>) -> Agreement {
        if self.is_within(tolerance) { Agreement::Within } else { Agreement::Beyond }
    }
}

/// What the official figures say of a unit on a day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Official {
    /// How many there were from the beginning.
    pub value: i64,
    /// How many there were before the drive, of the same units and source; `None` where that is not known of all of them.
    pub opening: Option<i64>,
    /// What was done in the drive's days; may be negative, since people move and die. For a level: the level itself.
    pub done: Option<i64>,
    /// The sources.
    pub sources: Vec<SourceId>,
    /// The oldest and the newest moment that its figures are as of.
    pub as_of: (Instant, Instant),
    /// Whether it is a sum over units below because the unit itself is not named.
    pub summed: bool,
    /// How many units were named: 1 for the unit itself.
    pub covered: u32,
    /// How many parts of the unit have no figure: then it is not the whole.
    pub missing: u32,
}

impl Official {
    /// What was done, where it is of the whole unit.
    #[must_use]
    pub fn whole_done(&self) -> Option<i64> {
        self.done.filter(|_| self.missing == 0)
    }
}

/// Whether the reported figure agrees with the official one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Agreement {
    /// Within the tolerance.
    Within,
    /// Beyond it.
    Beyond,
    /// One of them is missing, or not of the whole unit.
    Incomparable,
}

/// The figures of a unit up to a day, counted from the drive's first day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comparison {
    /// Whose.
    pub unit: UnitId,
    /// The drive.
    pub drive: DriveId,
    /// Of what.
    pub indicator: IndicatorId,
    /// Up to the end of this day.
    pub day: Day,
    /// What was reported; `None` when nobody reported: silence is not zero.
    pub reported: Option<i64>,
    /// What inspection confirmed of it; `None` when nothing was.
    pub verified: Option<i64>,
    /// What the official figures of that very day say.
    pub official: Option<Official>,
    /// The tolerance of the drive; without one nothing is tolerated.
    pub tolerance: Option<Tolerance>,
    /// What is held to be true, once somebody settled it.
    pub settlement: Option<Settlement>,
    /// What is to be known about these figures.
    pub findings: Vec<Problem>,
}

impl Comparison {
    /// The official figure of what was done, where it is of the whole unit.
    #[must_use]
    pub fn official_done(&self) -> Option<i64> {
        self.official.as_ref().and_then(Official::whole_done)
    }

    /// Reported against official.
    #[must_use]
    pub fn gap(&self) -> Option<Gap> {
        Some(Gap::between(self.reported?, self.official_done()?))
    }

    /// Reported against verified.
    #[must_use]
    pub fn unverified(&self) -> Option<Gap> {
        Some(Gap::between(self.reported?, self.verified?))
    }

    /// Whether reported and official agree.
    #[must_use]
    pub fn agreement(&self) -> Agreement {
        match self.gap() {
            None => Agreement::Incomparable,
            Some(gap) => gap.agreement(self.tolerance.as_ref()),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_tolerated_by_percent_or_by_number() {
        let tolerance = |percent: &str, absolute: i64| Tolerance {
            drive: DriveId::new(1),
            version: 1,
            percent: Exact::parse(percent).unwrap(),
            absolute: Count::new(absolute).unwrap(),
            author: Subject::new("a").unwrap(),
            at: Instant::default(),
        };
        let within = |one, other, percent: &str, absolute| {
            Gap::between(one, other).is_within(Some(&tolerance(percent, absolute)))
        };
        assert!(within(105, 100, "5", 0) && within(95, 100, "5", 0));
        assert!(!within(106, 100, "5", 0) && !within(94, 100, "5", 0));
        assert!(within(3, 0, "0", 3), "nothing is a percentage of 0, but the number is tolerated");
        assert!(!within(4, 0, "100", 3));
        assert!(Gap::between(7, 7).is_within(None) && !Gap::between(8, 7).is_within(None));
        assert_eq!(Gap::between(1, 0).percent, None);
        assert_eq!(Gap::between(2, 3).percent, Some(Exact::parse("-100/3").unwrap()));
    }
}
