//! Laws over the whole stack, on SQLite: whatever is submitted, corrected, sent again, moved and merged, the roll-up is
//! the sum of the standing tallies, each counted once for every unit above it on its day.

mod world;

use std::collections::BTreeMap;

use caodiem_domain::id::{DriveId, IndicatorId, UnitId};
use caodiem_domain::tally::RowResult;
use caodiem_domain::time::Day;
use caodiem_domain::usecase::record_tallies::Submission;
use proptest::prelude::{ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::test_runner::TestCaseError;
use proptest::{collection, prop_assert_eq};

use world::{Row, World};

/// What may happen.
#[derive(Clone, Debug)]
enum Event {
    /// Rows are sent.
    Submit { child: bool, rows: Vec<Row> },
    /// An earlier submission is sent again.
    Retry { which: usize },
    /// A district goes to a province.
    Move { district: usize, province: usize, day: u8 },
    /// A commune goes wholly into another.
    Merge { from: usize, into: usize, day: u8 },
}

fn row() -> impl Strategy<Value = Row> {
    (0..8_usize, 0..8_usize, 0..6_u8, 0..2_usize, 0..40_i64, any::<bool>()).prop_map(
        |(reporter, credited, day, indicator, value, with_reason)| Row {
            reporter,
            credited,
            day,
            indicator,
            value,
            with_reason,
        },
    )
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        8 => (any::<bool>(), collection::vec(row(), 1..5)).prop_map(|(child, rows)| Event::Submit { child, rows }),
        2 => (0..20_usize).prop_map(|which| Event::Retry { which }),
        1 => (0..4_usize, 0..2_usize, 1..7_u8).prop_map(|(district, province, day)| Event::Move { district, province, day }),
        1 => (0..8_usize, 0..8_usize, 1..7_u8).prop_map(|(from, into, day)| Event::Merge { from, into, day }),
    ]
}

/// A slot as the model keys it: reporter, credited unit, day, indicator.
type Slot = (usize, usize, u8, usize);

/// What stands, worked out from the answers alone.
#[derive(Default)]
struct Model {
    standing: BTreeMap<Slot, (DriveId, i64)>,
}

impl Model {
    fn take(&mut self, drive: DriveId, rows: &[Row], results: &[RowResult]) -> Result<(), TestCaseError> {
        prop_assert_eq!(rows.len(), results.len());
        for (row, result) in rows.iter().zip(results) {
            let slot = (row.reporter, row.credited, row.day, row.indicator);
            match result {
                RowResult::Accepted { .. } => {
                    self.standing.insert(slot, (drive, row.value));
                }
                RowResult::Unchanged { .. } => {
                    prop_assert_eq!(self.standing.get(&slot).map(|(_, value)| *value), Some(row.value));
                }
                RowResult::Refused(_) => {}
            }
        }
        Ok(())
    }

    /// What the roll-up has to say, zero rows left out.
    fn totals(&self, world: &World) -> BTreeMap<(DriveId, UnitId, IndicatorId, Day), (i64, i64)> {
        let mut totals = BTreeMap::new();
        for ((_, credited, day, indicator), (drive, value)) in &self.standing {
            let (unit, day, indicator) = (world.communes[*credited], world.day(*day), world.indicators[*indicator]);
            for drive in world.drives_above(*drive) {
                for above in world.units_above(unit, day) {
                    let total: &mut (i64, i64) = totals.entry((drive, above, indicator, day)).or_default();
                    total.0 += value;
                    total.1 += if above == unit { *value } else { 0 };
                }
            }
        }
        totals.retain(|_, total| *total != (0, 0));
        totals
    }
}

/// Submissions that were answered, with their answers.
type Sent = Vec<(Submission, Vec<RowResult>)>;

fn play(world: &World, events: &[Event]) -> Result<Model, TestCaseError> {
    let mut model = Model::default();
    play_on(world, events, &mut model, &mut Sent::new())?;
    Ok(model)
}

fn play_on(world: &World, events: &[Event], model: &mut Model, sent: &mut Sent) -> Result<(), TestCaseError> {
    for event in events {
        match event {
            Event::Submit { child, rows } => {
                let drive = world.drives[usize::from(*child)];
                let submission = world.submission(drive, rows);
                // A row may stand twice in one submission; the second is refused, or corrects the first.
                let outcome = world.stage.submit(submission.clone());
                let outcome = outcome.map_err(|error| TestCaseError::fail(error.to_string()))?;
                model.take(drive, rows, &outcome.rows)?;
                sent.push((submission, outcome.rows));
            }
            Event::Retry { which } => {
                if let Some((submission, results)) = sent.get(*which) {
                    let outcome = world.stage.submit(submission.clone());
                    let outcome = outcome.map_err(|error| TestCaseError::fail(error.to_string()))?;
                    prop_assert_eq!((true, &outcome.rows), (outcome.replayed, results));
                }
            }
            Event::Move { district, province, day } => world.move_district(*district, *province, *day),
            Event::Merge { from, into, day } => world.merge_communes(*from, *into, *day),
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_roll_up_is_the_sum_of_the_tallies(events in collection::vec(event(), 1..40)) {
        let world = World::new();
        let model = play(&world, &events)?;
        prop_assert_eq!(world.totals(), model.totals(&world));
    }

    #[test]
    fn what_was_known_at_a_moment_is_what_stood_then(
        before in collection::vec(event(), 1..12),
        after in collection::vec(event(), 0..12),
    ) {
        let mut world = World::new();
        let mut sent = Vec::new();
        let mut model = Model::default();
        play_on(&world, &before, &mut model, &mut sent)?;
        let (then, stood) = (world.now, model.totals(&world));
        prop_assert_eq!(world.boards(Some(then)), world.boards(None), "known now is what stands");
        world.an_hour_later();
        play_on(&world, &after, &mut model, &mut sent)?;
        prop_assert_eq!(world.boards(Some(world.now)), world.boards(None), "known now is what stands");
        // Units move and merge in between, so that only the sums that no tree touches can be compared with those of then.
        let known = world.country_by_day(Some(then));
        let country = |((drive, unit, indicator, day), (total, _)): (_, (i64, i64))| {
            (unit == world.country()).then_some(((drive, indicator, day), total))
        };
        let stood: BTreeMap<(DriveId, IndicatorId, Day), i64> = stood.into_iter().filter_map(country).collect();
        prop_assert_eq!(known, stood);
    }

    #[test]
    fn the_order_of_delivery_does_not_matter(
        rows in collection::vec(row(), 1..24),
        keys in collection::vec(any::<u32>(), 24),
        size in 1..6_usize,
    ) {
        let mut slots = BTreeMap::new();
        for row in rows {
            slots.insert((row.reporter, row.credited, row.day, row.indicator), row);
        }
        let ordered: Vec<Row> = slots.into_values().collect();
        let mut shuffled: Vec<(u32, Row)> = keys.into_iter().zip(ordered.clone()).collect();
        shuffled.sort_by_key(|(key, _)| *key);
        let shuffled: Vec<Row> = shuffled.into_iter().map(|(_, row)| row).collect();
        let deliver = |rows: &[Row]| {
            let world = World::new();
            let parts: Vec<Event> =
                rows.chunks(size).map(|part| Event::Submit { child: false, rows: part.to_vec() }).collect();
            play(&world, &parts).map(|_| world.totals())
        };
        prop_assert_eq!(deliver(&ordered)?, deliver(&shuffled)?);
    }
}
