//! Who did not report: silence is not zero, and is named.

use std::collections::{BTreeMap, BTreeSet};

use crate::drive::Drive;
use crate::error::Error;
use crate::id::UnitId;
use crate::ports::ReadTx;
use crate::time::{Day, DayRange, Instant, in_viet_nam};
use crate::unit::tree::Tree;

/// From so many units on, all reports of the drive are gone through.
const MANY: usize = 5_000;

/// The working days on which nobody of a unit reported.
pub(in crate::usecase) struct Silence {
    /// The working days that have begun.
    pub(in crate::usecase) working: i64,
    days: BTreeMap<UnitId, i64>,
}

impl Silence {
    /// Counts, for each of the units with everybody under it on the tree, the working days of `days` that have begun and
    /// have no report, as known at that moment. One statement, or a few.
    ///
    /// # Errors
    /// A failure of storage.
    pub(in crate::usecase) fn count(
        tx: &mut dyn ReadTx,
        (drive, tree): (&Drive, &Tree),
        units: &[UnitId],
        days: DayRange,
        known_at: Instant,
    ) -> Result<Self, Error> {
        let today = in_viet_nam(known_at).0;
        let working: BTreeSet<Day> =
            days.days().filter(|day| *day <= today && drive.calendar.is_working(*day)).collect();
        let below: BTreeSet<UnitId> = units.iter().flat_map(|unit| tree.subtree(*unit)).map(|under| under.id).collect();
        let below: Vec<UnitId> = below.into_iter().collect();
        let asked = (below.len() <= MANY).then_some(below.as_slice());
        let reported = tx.report_days(drive.id, asked, days, known_at)?;
        let silent = |unit: &UnitId| {
            let told: BTreeSet<Day> =
                tree.subtree(*unit).filter_map(|under| reported.get(&under.id)).flatten().copied().collect();
            (*unit, number(working.difference(&told).count()))
        };
        Ok(Self { working: number(working.len()), days: units.iter().map(silent).collect() })
    }

    /// Of one unit.
    pub(in crate::usecase) fn of(&self, unit: UnitId) -> i64 {
        self.days.get(&unit).copied().unwrap_or(self.working)
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
