//! Who did not report: silence is not zero, and is named.

use std::collections::{BTreeMap, BTreeSet};

use crate::drive::Drive;
use crate::error::Error;
use crate::id::{DriveId, UnitId};
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
        let under = |unit: &UnitId| (*unit, tree.subtree(*unit).map(|under| under.id).collect());
        let all: BTreeMap<UnitId, Vec<UnitId>> = units.iter().map(under).collect();
        let mut silent: BTreeMap<UnitId, BTreeSet<Day>> = units.iter().map(|unit| (*unit, working.clone())).collect();
        let some = all.iter().map(|(unit, under)| (*unit, spread(under))).collect();
        take_told(tx, drive.id, &mut silent, &some, known_at)?;
        let more = |(unit, under): &(UnitId, Vec<UnitId>)| {
            under.len() > SAMPLED && silent.get(unit).is_some_and(|days| !days.is_empty())
        };
        let rest = all.into_iter().filter(more).collect();
        take_told(tx, drive.id, &mut silent, &rest, known_at)?;
        let days = silent.into_iter().map(|(unit, days)| (unit, number(days.len()))).collect();
        Ok(Self { working: number(working.len()), days })
    }

    /// Of one unit.
    pub(in crate::usecase) fn of(&self, unit: UnitId) -> i64 {
        self.days.get(&unit).copied().unwrap_or(self.working)
    }
}

/// At most [`SAMPLED`] of them, from all over.
fn spread(under: &[UnitId]) -> Vec<UnitId> {
    under.iter().step_by(under.len().div_ceil(SAMPLED).max(1)).copied().collect()
}

/// Takes from the silent days of units those on which one of the others reported that are named for each. One statement, none
/// where no day is silent.
fn take_told(
    tx: &mut dyn ReadTx,
    drive: DriveId,
    silent: &mut BTreeMap<UnitId, BTreeSet<Day>>,
    named: &BTreeMap<UnitId, Vec<UnitId>>,
    known_at: Instant,
) -> Result<(), Error> {
    let days: BTreeSet<Day> = named.keys().filter_map(|unit| silent.get(unit)).flatten().copied().collect();
    let Some((first, last)) = days.first().zip(days.last()) else { return Ok(()) };
    let ids: BTreeSet<UnitId> = named.values().flatten().copied().collect();
    let ids: Vec<UnitId> = ids.into_iter().collect();
    let asked = (ids.len() <= MANY).then_some(ids.as_slice());
    let reported = tx.report_days(drive, asked, DayRange::new(*first, *last)?, known_at)?;
    for (unit, under) in named {
        let told: BTreeSet<Day> = under.iter().filter_map(|one| reported.get(one)).flatten().copied().collect();
        silent.entry(*unit).and_modify(|days| days.retain(|day| !told.contains(day)));
    }
    Ok(())
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
