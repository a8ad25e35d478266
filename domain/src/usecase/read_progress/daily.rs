//! Progress day by day.

use std::collections::BTreeMap;

use super::frame::{Frame, stretches};
use super::sources::{own_figures, sources};
use super::{DayDone, ledger, levels};
use crate::error::Error;
use crate::exact::Exact;
use crate::id::UnitId;
use crate::ports::ReadTx;
use crate::progress::TreeView;
use crate::time::Day;
use crate::unit::restate::LineageIndex;
use crate::unit::tree::Tree;

/// What each day brought to each unit.
type Brought = BTreeMap<(UnitId, Day), Exact>;

/// What each day of the frame brought to each of the units, in their order. Restated figures are rounded on the way up,
/// so that days add up.
///
/// # Errors
/// A failure of storage.
pub(super) fn daily(
    tx: &mut dyn ReadTx,
    frame: &Frame,
    view: TreeView,
    units: &[UnitId],
) -> Result<Vec<Vec<DayDone>>, Error> {
    let flows = match view {
        _ if frame.flows.is_empty() => BTreeMap::new(),
        TreeView::AsItWas => as_it_was(tx, frame, units)?,
        TreeView::Restated { onto } => restated(tx, frame, onto, units)?,
    };
    let levels = if frame.levels.is_empty() { BTreeMap::new() } else { standing(tx, frame, view, units)? };
    Ok(units.iter().map(|unit| days(frame, *unit, &flows, &levels)).collect())
}

fn days(frame: &Frame, unit: UnitId, flows: &Brought, levels: &Brought) -> Vec<DayDone> {
    let mut days = Vec::new();
    let mut sum = Exact::zero();
    let mut before = 0_i64;
    for day in frame.days.days() {
        sum = flows.get(&(unit, day)).map_or_else(|| sum.clone(), |brought| &sum + brought);
        let level = levels.get(&(unit, day)).cloned().unwrap_or_else(Exact::zero);
        let cumulative = (&sum + &level).round_half_up();
        days.push(DayDone { day, done: cumulative.saturating_sub(before), cumulative });
        before = cumulative;
    }
    days
}

fn as_it_was(tx: &mut dyn ReadTx, frame: &Frame, units: &[UnitId]) -> Result<Brought, Error> {
    let mut sums = BTreeMap::new();
    for total in ledger::daily_totals(tx, frame, &frame.flows, units, frame.days)? {
        if let Some(day) = total.day {
            add(&mut sums, (total.unit, day), &total.total.into());
        }
    }
    Ok(sums)
}

/// How much of what belongs to `parts` of a tree lies in each of the units, those with nothing of it left out.
fn inside(tree: &Tree, parts: &BTreeMap<UnitId, Exact>, units: &[UnitId]) -> Vec<(UnitId, Exact)> {
    let share = |unit: UnitId| parts.iter().filter(|(id, _)| tree.covers(unit, **id)).map(|(_, part)| part).sum();
    let shares = units.iter().map(|unit| (*unit, share(*unit)));
    shares.filter(|(_, share): &(UnitId, Exact)| !share.is_zero()).collect()
}

fn restated(tx: &mut dyn ReadTx, frame: &Frame, onto: Day, units: &[UnitId]) -> Result<Brought, Error> {
    let (tree, lineage) = (tx.tree(onto)?, tx.lineage()?);
    let index = LineageIndex::new(&lineage);
    let sources = sources(units, &tree, &lineage);
    let mut sums = BTreeMap::new();
    for stretch in stretches(tx, frame.days)? {
        let mut shares: BTreeMap<UnitId, Vec<(UnitId, Exact)>> = BTreeMap::new();
        for own in own_figures(tx, frame, stretch, sources.as_deref())? {
            let destination = index.destination(own.unit, stretch.from(), &tree);
            shares.insert(own.unit, inside(&tree, &destination.parts, units));
        }
        shares.retain(|_, shares| !shares.is_empty());
        if shares.is_empty() {
            continue;
        }
        let sources: Vec<UnitId> = shares.keys().copied().collect();
        for total in ledger::daily_own(tx, frame, &frame.flows, &sources, stretch)? {
            let (Some(day), Some(shares)) = (total.day, shares.get(&total.unit)) else { continue };
            for (unit, share) in shares {
                add(&mut sums, (*unit, day), &(share * &total.own.into()));
            }
        }
    }
    Ok(sums)
}

/// The level that stands on each day.
fn standing(tx: &mut dyn ReadTx, frame: &Frame, view: TreeView, units: &[UnitId]) -> Result<Brought, Error> {
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
                for (unit, share) in inside(&tree, &parts, units) {
                    add(&mut sums, (unit, day), &(&share * &level.value.into()));
                }
            }
        }
    }
    Ok(sums)
}

fn add(sums: &mut Brought, of: (UnitId, Day), brought: &Exact) {
    let sum = sums.entry(of).or_insert_with(Exact::zero);
    *sum = &*sum + brought;
}
