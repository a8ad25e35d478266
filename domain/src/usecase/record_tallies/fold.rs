//! Storing what was accepted and folding it into the roll-up, in the same job.

use std::collections::BTreeMap;

use super::decide::Decisions;
use super::facts::Facts;
use crate::error::Error;
use crate::id::DriveId;
use crate::ports::WriteTx;
use crate::tally::{RollupDelta, RollupKey, Slot, SlotChange};

/// Stores the decisions. The roll-up is moved by what the upserts found, not by what was read before.
pub(super) fn store(tx: &mut dyn WriteTx, decisions: Decisions, facts: &Facts) -> Result<(), Error> {
    let mut deltas: BTreeMap<RollupKey, RollupDelta> = BTreeMap::new();
    for wave in &decisions.waves {
        let drives: BTreeMap<Slot, DriveId> = wave.iter().map(|tally| (tally.slot, tally.drive)).collect();
        for change in tx.put_tallies(wave)? {
            if let Some(drive) = drives.get(&change.slot) {
                fold(change, *drive, facts, &mut deltas);
            }
        }
    }
    if !decisions.reports.is_empty() {
        tx.put_reports(&decisions.reports)?;
    }
    let deltas: Vec<(RollupKey, RollupDelta)> =
        deltas.into_iter().filter(|(_, delta)| *delta != RollupDelta::default()).collect();
    if !deltas.is_empty() {
        tx.add_to_rollup(&deltas)?;
    }
    Ok(())
}

/// One change counts for the drive and each above it, for the credited unit and each above it on that day.
fn fold(change: SlotChange, drive: DriveId, facts: &Facts, deltas: &mut BTreeMap<RollupKey, RollupDelta>) {
    let Some((facts_of_drive, tree)) = facts.drives.get(&drive).zip(facts.trees.get(&change.slot.day)) else { return };
    let by = change.after - change.before;
    let Slot { credited, indicator, day, .. } = change.slot;
    for drive in &facts_of_drive.chain {
        for unit in tree.lineage_up(credited) {
            let delta = deltas.entry(RollupKey { drive: *drive, unit, indicator, day }).or_default();
            delta.total += by;
            if unit == credited {
                delta.own += by;
            }
        }
    }
}
