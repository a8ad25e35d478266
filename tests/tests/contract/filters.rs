//! Filters: and, or and not mean in the database what they mean in the domain.

use caodiem_domain::access::Scope;
use caodiem_domain::page::Filter;
use caodiem_domain::tally::{Reporter, Tally, TallyOrder, TallyPredicate};
use caodiem_tests::on_both;
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};

use crate::world::{World, days, first, tally};

/// A number below `bound`.
fn draw(rng: &mut TestRng, bound: u32) -> u32 {
    rng.next_u32() % bound
}

fn predicate(world: &World, rng: &mut TestRng) -> TallyPredicate {
    let units = [world.province_a, world.district_a1, world.commune_a1a, world.commune_b1a];
    let unit = units[usize::try_from(draw(rng, 4)).expect("small")];
    match draw(rng, 6) {
        0 => TallyPredicate::Credited(units.into_iter().take(usize::try_from(draw(rng, 5)).expect("small")).collect()),
        1 => TallyPredicate::Under(unit),
        2 => TallyPredicate::Team(vec![world.teams[usize::try_from(draw(rng, 2)).expect("small")]]),
        3 => TallyPredicate::Indicator(vec![world.indicators[usize::try_from(draw(rng, 2)).expect("small")]]),
        4 => TallyPredicate::Days(days(&format!("2023-06-0{}", 1 + draw(rng, 3)), "2023-06-05")),
        _ => TallyPredicate::Corrected(draw(rng, 2) == 0),
    }
}

fn filter(world: &World, rng: &mut TestRng, depth: u32) -> Filter<TallyPredicate> {
    let shape = if depth == 0 { 3 } else { draw(rng, 4) };
    match shape {
        0 => Filter::All((0..draw(rng, 4)).map(|_| filter(world, rng, depth - 1)).collect()),
        1 => Filter::Any((0..draw(rng, 4)).map(|_| filter(world, rng, depth - 1)).collect()),
        2 => Filter::Not(Box::new(filter(world, rng, depth - 1))),
        _ => Filter::Is(predicate(world, rng)),
    }
}

/// What the words of a filter mean.
fn meets(world: &World, filter: &Filter<TallyPredicate>, tally: &Tally) -> bool {
    match filter {
        Filter::All(filters) => filters.iter().all(|filter| meets(world, filter, tally)),
        Filter::Any(filters) => filters.iter().any(|filter| meets(world, filter, tally)),
        Filter::Not(filter) => !meets(world, filter, tally),
        Filter::Is(predicate) => match predicate {
            TallyPredicate::Credited(units) => units.contains(&tally.slot.credited),
            TallyPredicate::Under(unit) => {
                let above = [
                    (world.commune_a1a, &[world.commune_a1a, world.district_a1, world.province_a][..]),
                    (world.commune_a1b, &[world.commune_a1b, world.district_a1, world.province_a][..]),
                    (world.commune_b1a, &[world.commune_b1a, world.district_b1, world.province_b][..]),
                ];
                above.iter().any(|(credited, above)| *credited == tally.slot.credited && above.contains(unit))
            }
            TallyPredicate::Team(teams) => {
                matches!(tally.slot.reporter, Reporter::Team(team) if teams.contains(&team))
            }
            TallyPredicate::Indicator(indicators) => indicators.contains(&tally.slot.indicator),
            TallyPredicate::Days(days) => days.contains(tally.slot.day),
            TallyPredicate::Corrected(corrected) => (tally.revision > 1) == *corrected,
        },
    }
}

fn fill(world: &World, rng: &mut TestRng) -> Vec<Tally> {
    let mut tallies = Vec::new();
    for credited in [world.commune_a1a, world.commune_a1b, world.commune_b1a] {
        for on in ["2023-06-01", "2023-06-02", "2023-06-03"] {
            let reporters = [Reporter::Unit(credited), Reporter::Team(world.teams[0]), Reporter::Team(world.teams[1])];
            for (reporter, at) in reporters.into_iter().zip([0, 1, 0]) {
                let mut slot = world.slot(credited, on, reporter);
                slot.indicator = world.indicators[at];
                tallies.push(tally(slot, world.drive, 1, 1));
            }
        }
    }
    world.write(|tx| tx.put_tallies(&tallies));
    for standing in &mut tallies {
        if draw(rng, 3) == 0 {
            *standing = tally(standing.slot, world.drive, 2, 2);
            world.write(|tx| tx.put_tallies(std::slice::from_ref(standing)));
        }
    }
    tallies
        .sort_unstable_by_key(|tally| (tally.slot.day, tally.slot.credited, tally.slot.indicator, tally.slot.reporter));
    tallies
}

on_both! {
    filters_mean_what_they_say(backend) {
        let Some(world) = World::new(backend) else { return };
        let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]);
        let tallies = fill(&world, &mut rng);
        let (mut some, mut none) = (0, 0);
        for _ in 0..150 {
            let filter = filter(&world, &mut rng, 3);
            let expected: Vec<&Tally> = tallies.iter().filter(|tally| meets(&world, &filter, tally)).collect();
            let page = world.read(|tx| {
                tx.list_tallies(&Scope::Country, world.drive, &filter, TallyOrder::Day, &first(100))
            });
            let found: Vec<&Tally> = page.rows.iter().map(|(_, tally)| tally).collect();
            assert_eq!(found, expected, "{filter:?}");
            let counted = world.read(|tx| tx.count_tallies(&Scope::Country, world.drive, &filter));
            assert_eq!(counted, u64::try_from(expected.len()).expect("a length"));
            if expected.is_empty() { none += 1 } else { some += 1 }
        }
        assert!(some > 20 && none > 20, "the filters say too little: {some} find something, {none} nothing");
    }

    a_filter_nested_without_end_is_refused(backend) {
        let Some(world) = World::new(backend) else { return };
        let deep = (0..10_000).fold(Filter::everything(), |inner, _| Filter::Not(Box::new(inner)));
        let counted = world.store.read(|tx| Ok(tx.count_tallies(&Scope::Country, world.drive, &deep)?));
        assert!(counted.is_err());
    }
}
