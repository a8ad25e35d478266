//! Progress day by day.

use std::collections::BTreeMap;

use super::done::question;
use super::frame::{Frame, stretches};
use super::{DayDone, levels};
use crate::error::Error;
use crate::exact::Exact;
use crate::id::UnitId;
use crate::ports::ReadTx;
use crate::progress::TreeView;
use crate::tally::TotalsQuestion;
use crate::time::Day;
use crate::unit::restate::LineageIndex;

/// What each day of the frame brought to a unit. Restated figures are rounded on the way up, so that days add up.
///
/// # Errors
/// A failure of storage.
pub(super) fn daily(tx: &mut dyn ReadTx, frame: &Frame, view: TreeView, unit: UnitId) -> Result<Vec<DayDone>, Error> {
    let flows = match view {
        _ if frame.flows.is_empty() => BTreeMap::new(),
        TreeView::AsItWas => as_it_was(tx, frame, unit)?,
        TreeView::Restated { onto } => restated(tx, frame, onto, unit)?,
    };
    let levels = if frame.levels.is_empty() { BTreeMap::new() } else { standing(tx, frame, view, unit)? };
    let mut days = Vec::new();
    let mut sum = Exact::zero();
    let mut before = 0_i64;
    for day in frame.days.days() {
        sum = flows.get(&day).map_or_else(|| sum.clone(), |brought| &sum + brought);
        let level = levels.get(&day).cloned().unwrap_or_else(Exact::zero);
        let cumulative = (&sum + &level).round_half_up();
        days.push(DayDone { day, done: cumulative.saturating_sub(before), cumulative });
        before = cumulative;
    }
    Ok(days)
}

fn as_it_was(tx: &mut dyn ReadTx, frame: &Frame, unit: UnitId) -> Result<BTreeMap<Day, Exact>, Error> {
    let mut sums = BTreeMap::new();
    for total in tx.daily_totals(&question(frame, &[unit]))? {
        if let Some(day) = total.day {
            add(&mut sums, day, &total.total.into());
        }
    }
    Ok(sums)
}

fn restated(tx: &mut dyn ReadTx, frame: &Frame, onto: Day, unit: UnitId) -> Result<BTreeMap<Day, Exact>, Error> {
    let (tree, lineage) = (tx.tree(onto)?, tx.lineage()?);
    let index = LineageIndex::new(&lineage);
    let mut sums = BTreeMap::new();
    for stretch in stretches(tx, frame.days)? {
        let mut parts: BTreeMap<UnitId, Exact> = BTreeMap::new();
        for own in tx.own_totals(frame.drive.id, &frame.flows, stretch)? {
            let destination = index.destination(own.unit, stretch.from(), &tree);
            let inside: Exact =
                destination.parts.iter().filter(|(id, _)| tree.covers(unit, **id)).map(|(_, part)| part).sum();
            if !inside.is_zero() {
                parts.insert(own.unit, inside);
            }
        }
        if parts.is_empty() {
            continue;
        }
        let units = parts.keys().copied().collect();
        let asked = TotalsQuestion { drive: frame.drive.id, indicators: frame.flows.clone(), units, days: stretch };
        for total in tx.daily_totals(&asked)? {
            if let (Some(day), Some(part)) = (total.day, parts.get(&total.unit)) {
                add(&mut sums, day, &(part * &total.own.into()));
            }
        }
    }
    Ok(sums)
}

/// The level that stands on each day.
fn standing(tx: &mut dyn ReadTx, frame: &Frame, view: TreeView, unit: UnitId) -> Result<BTreeMap<Day, Exact>, Error> {
    let reported = levels::reported(tx, frame)?;
    let lineage = tx.lineage()?;
    let index = LineageIndex::new(&lineage);
    let mut sums = BTreeMap::new();
    for stretch in stretches(tx, frame.days)? {
        let tree = match view {
            TreeView::AsItWas => tx.tree(stretch.from())?,
            TreeView::Restated { onto } => tx.tree(onto)?,
        };
        for day in stretch.days() {
            for level in levels::latest(tx, &reported, day)? {
                let parts = index.destination(level.unit, level.day, &tree).parts;
                let inside: Exact = parts.iter().filter(|(id, _)| tree.covers(unit, **id)).map(|(_, part)| part).sum();
                add(&mut sums, day, &(&inside * &level.value.into()));
            }
        }
    }
    Ok(sums)
}

fn add(sums: &mut BTreeMap<Day, Exact>, day: Day, brought: &Exact) {
    let sum = sums.entry(day).or_insert_with(Exact::zero);
    *sum = &*sum + brought;
}
