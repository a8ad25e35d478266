//! Many writers at once: every change is counted exactly once, without any lock of the product.

use std::collections::BTreeMap;
use std::thread;

use caodiem_domain::error::StoreError;
use caodiem_domain::ports::WriteTx;
use caodiem_domain::tally::{RollupDelta, RollupKey, Slot, TotalsQuestion};
use caodiem_tests::on_both;

use crate::world::{World, days, tally};

const WRITERS: u64 = 4;
const ROUNDS: u64 = 25;

/// Puts the next revision of each slot and folds what the upsert answered: what a use case does, less its locks.
fn correct(world: &World, tx: &mut dyn WriteTx, slots: &[Slot], value: i64) -> Result<(), StoreError> {
    let standing = tx.tallies(slots)?;
    let next = |slot: &Slot| standing.get(slot).map_or(1, |tally| tally.revision + 1);
    let tallies: Vec<_> = slots.iter().map(|slot| tally(*slot, world.drive, next(slot), value)).collect();
    let mut deltas: BTreeMap<RollupKey, RollupDelta> = BTreeMap::new();
    for change in tx.put_tallies(&tallies)? {
        let Slot { credited, day, indicator, .. } = change.slot;
        for unit in [credited, world.country] {
            let delta = deltas.entry(RollupKey { drive: world.drive, unit, indicator, day }).or_default();
            delta.total += change.after - change.before;
        }
    }
    tx.add_to_rollup(&deltas.into_iter().collect::<Vec<_>>())
}

on_both! {
    concurrent_corrections_of_the_same_slots_do_not_drift(backend) {
        let Some(world) = World::new(backend) else { return };
        let communes = [world.commune_a1a, world.commune_a1b, world.commune_a2a, world.commune_b1a];
        let slots: Vec<Slot> = communes.iter().map(|unit| world.figure(*unit, "2023-06-01", 0).slot).collect();
        let (world, slots) = (&world, &slots);
        let taken: u64 = thread::scope(|scope| {
            let threads: Vec<_> = (0..WRITERS)
                .map(|writer| {
                    scope.spawn(move || {
                        let mut taken = 0;
                        for round in 0..ROUNDS {
                            // Any two writers share some slots, in opposite orders.
                            let mut mine: Vec<Slot> = slots[usize::from(round % 2 == 0)..].to_vec();
                            if writer % 2 == 0 {
                                mine.reverse();
                            }
                            let value = i64::try_from(writer * 1_000 + round).expect("a value");
                            match world.try_write(|tx| correct(world, tx, &mine, value)) {
                                Ok(()) => taken += 1,
                                Err(StoreError::Stale | StoreError::Busy) => {}
                                Err(error) => panic!("{error}"),
                            }
                        }
                        taken
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).sum()
        });
        assert!(taken >= ROUNDS, "only {taken} took effect");
        let standing: BTreeMap<_, i64> = world
            .read(|tx| tx.tallies(slots))
            .into_values()
            .map(|tally| (tally.slot.credited, tally.value.get()))
            .collect();
        let units = [&communes[..], &[world.country]].concat();
        let question = TotalsQuestion {
            drive: world.drive,
            indicators: world.indicators.to_vec(),
            units,
            days: days("2023-06-01", "2023-06-30"),
        };
        let mut totals: BTreeMap<_, i64> =
            world.read(|tx| tx.totals(&question)).into_iter().map(|total| (total.unit, total.total)).collect();
        assert_eq!(totals.remove(&world.country), Some(standing.values().sum()));
        assert_eq!(totals, standing);
        let revisions = world.read(|tx| tx.revisions(slots));
        for (slot, tallies) in revisions {
            let numbers: Vec<i32> = tallies.iter().map(|tally| tally.revision).collect();
            assert_eq!(numbers, (1..).take(numbers.len()).collect::<Vec<_>>(), "{slot:?}");
        }
    }
}
