//! Where sums come from: the roll-up, or, for what was known at an earlier moment, the revisions of the tallies themselves.
//!
//! The roll-up holds what stands. What stood is slower: the revisions of the days asked for are gone through, of the units
//! asked for with everything under them, and summed up the trees of those days.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::frame::{Frame, stretches};
use super::sources::MANY;
use crate::error::Error;
use crate::id::{IndicatorId, UnitId};
use crate::ports::ReadTx;
use crate::tally::{KnownQuestion, Total, TotalsQuestion};
use crate::time::{Day, DayRange, Instant};

/// Sums over days, per unit and indicator, of whole subtrees. Of what stood at a moment `own` is left 0.
///
/// # Errors
/// A failure of storage.
pub(super) fn totals(
    tx: &mut dyn ReadTx,
    frame: &Frame,
    indicators: &[IndicatorId],
    units: &[UnitId],
    days: DayRange,
) -> Result<Vec<Total>, Error> {
    let Some(known_at) = frame.known_at else {
        return Ok(tx.totals(&question(frame, indicators, units, days))?);
    };
    let asked = known(frame, indicators, None, days, known_at, false);
    summed_up(tx, &asked, units)
}

/// The same per day, by day.
///
/// # Errors
/// A failure of storage.
pub(super) fn daily_totals(
    tx: &mut dyn ReadTx,
    frame: &Frame,
    indicators: &[IndicatorId],
    units: &[UnitId],
    days: DayRange,
) -> Result<Vec<Total>, Error> {
    let Some(known_at) = frame.known_at else {
        return Ok(tx.daily_totals(&question(frame, indicators, units, days))?);
    };
    let asked = known(frame, indicators, None, days, known_at, true);
    summed_up(tx, &asked, units)
}

/// Own sums over days of every unit that has any, per unit and indicator. `total` is left 0.
///
/// # Errors
/// A failure of storage.
pub(super) fn own_totals(
    tx: &mut dyn ReadTx,
    frame: &Frame,
    indicators: &[IndicatorId],
    days: DayRange,
) -> Result<Vec<Total>, Error> {
    let Some(known_at) = frame.known_at else {
        return Ok(tx.own_totals(frame.drive.id, indicators, days)?);
    };
    let mut own = tx.figures_known_at(&known(frame, indicators, None, days, known_at, false))?;
    own.retain(|total| total.own != 0);
    Ok(own)
}

/// Own sums over days of the units named. Only `own` is to be read.
///
/// # Errors
/// A failure of storage.
pub(super) fn own_among(
    tx: &mut dyn ReadTx,
    frame: &Frame,
    indicators: &[IndicatorId],
    units: &[UnitId],
    days: DayRange,
) -> Result<Vec<Total>, Error> {
    match frame.known_at {
        None => Ok(tx.totals(&question(frame, indicators, units, days))?),
        Some(at) => Ok(tx.figures_known_at(&known(frame, indicators, Some(units.to_vec()), days, at, false))?),
    }
}

/// The same per day, by day.
///
/// # Errors
/// A failure of storage.
pub(super) fn daily_own(
    tx: &mut dyn ReadTx,
    frame: &Frame,
    indicators: &[IndicatorId],
    units: &[UnitId],
    days: DayRange,
) -> Result<Vec<Total>, Error> {
    match frame.known_at {
        None => Ok(tx.daily_totals(&question(frame, indicators, units, days))?),
        Some(at) => Ok(tx.figures_known_at(&known(frame, indicators, Some(units.to_vec()), days, at, true))?),
    }
}

fn question(frame: &Frame, indicators: &[IndicatorId], units: &[UnitId], days: DayRange) -> TotalsQuestion {
    TotalsQuestion { drive: frame.drive.id, indicators: indicators.to_vec(), units: units.to_vec(), days }
}

fn known(
    frame: &Frame,
    indicators: &[IndicatorId],
    units: Option<Vec<UnitId>>,
    days: DayRange,
    known_at: Instant,
    daily: bool,
) -> KnownQuestion {
    KnownQuestion { drive: frame.drive.id, indicators: indicators.to_vec(), units, days, known_at, daily }
}

/// What stood in units with all under them: each figure counts for its unit and for every one above it on its day, as in
/// the roll-up. A statement for each stretch of days in which the tree did not change.
fn summed_up(tx: &mut dyn ReadTx, asked: &KnownQuestion, units: &[UnitId]) -> Result<Vec<Total>, Error> {
    let wanted: HashSet<UnitId> = units.iter().copied().collect();
    let mut sums: BTreeMap<(Option<Day>, UnitId, IndicatorId), i64> = BTreeMap::new();
    for days in stretches(tx, asked.days)? {
        let tree = tx.tree(days.from())?;
        let below: BTreeSet<UnitId> =
            wanted.iter().flat_map(|unit| tree.subtree(*unit).map(|under| under.id)).collect();
        let units = (below.len() <= MANY).then(|| below.into_iter().collect());
        for figure in tx.figures_known_at(&KnownQuestion { units, days, ..asked.clone() })? {
            for above in tree.lineage_up(figure.unit).filter(|above| wanted.contains(above)) {
                *sums.entry((figure.day, above, figure.indicator)).or_default() += figure.own;
            }
        }
    }
    let total = |((day, unit, indicator), total)| Total { unit, indicator, day, total, own: 0 };
    Ok(sums.into_iter().map(total).collect())
}
