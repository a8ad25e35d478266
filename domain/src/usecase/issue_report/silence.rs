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

/// So many of those under a unit are looked at first, from all over it: on most days one of them spoke, and then nobody else
/// has to be looked at.
const SAMPLED: usize = 32;

/// The working days on which nobody of a unit reported.
pub(in crate::usecase) struct Silence {
    /// The working days that have begun.
    pub(in crate::usecase) working: i64,
    days: BTreeMap<UnitId, i64>,
}

impl Silence {
    /// Counts, for each of the units with everybody under it on the tree, the working days of `days` that have begun and
    /// have no report, as known at that moment. Two statements at most.
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
        let mut silent: BTreeMap<UnitId, BTreeSet<Day>> = units.iter().map(|unit| (*unit, working.clone())).collect();
        for sampled in [true, false] {
            let all = |unit: UnitId| tree.subtree(unit).count();
            let open: Vec<UnitId> = silent.keys().copied().filter(|unit| sampled || all(*unit) > SAMPLED).collect();
            let untold: BTreeSet<Day> = open.iter().filter_map(|unit| silent.get(unit)).flatten().copied().collect();
            let Some((first, last)) = untold.first().zip(untold.last()) else { break };
            let days = DayRange::new(*first, *last)?;
            let open: Vec<UnitId> =
                open.into_iter().filter(|unit| silent.get(unit).is_some_and(|days| !days.is_empty())).collect();
            let under = |unit: UnitId| {
                let step = if sampled { all(unit).div_ceil(SAMPLED).max(1) } else { 1 };
                tree.subtree(unit).step_by(step).map(|under| under.id)
            };
            let below: BTreeSet<UnitId> = open.iter().flat_map(|unit| under(*unit)).collect();
            let below: Vec<UnitId> = below.into_iter().collect();
            let asked = (below.len() <= MANY).then_some(below.as_slice());
            let reported = tx.report_days(drive.id, asked, days, known_at)?;
            for unit in open {
                let told: BTreeSet<Day> =
                    under(unit).filter_map(|under| reported.get(&under)).flatten().copied().collect();
                silent.entry(unit).and_modify(|days| days.retain(|day| !told.contains(day)));
            }
        }
        let days = silent.into_iter().map(|(unit, days)| (unit, number(days.len()))).collect();
        Ok(Self { working: number(working.len()), days })
    }

    /// Of one unit.
    pub(in crate::usecase) fn of(&self, unit: UnitId) -> i64 {
        self.days.get(&unit).copied().unwrap_or(self.working)
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
