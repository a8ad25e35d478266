//! Cases of restating, small enough to be checked by hand.
#![expect(clippy::unwrap_used, reason = "tests may panic")]

use super::*;
use crate::unit::tree::TreeUnit;
use crate::unit::{Level, LineageMode};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn id(raw: i64) -> UnitId {
    UnitId::new(raw)
}

/// A country 1 with provinces 2 and 3; communes of `second` stand under 3, the others under 2.
fn tree(on: &str, communes: &[i64], second: &[i64]) -> Tree {
    let unit = |raw: i64, parent: Option<i64>, level| TreeUnit { id: id(raw), parent: parent.map(id), level };
    let top = [unit(1, None, Level::Country), unit(2, Some(1), Level::Province), unit(3, Some(1), Level::Province)];
    let first = communes.iter().map(|raw| unit(*raw, Some(2), Level::Commune));
    let second = second.iter().map(|raw| unit(*raw, Some(3), Level::Commune));
    Tree::new(day(on), top.into_iter().chain(first).chain(second).collect())
}

fn edge(from: i64, to: i64, on: &str, mode: LineageMode, share: Option<(i64, i64)>) -> Lineage {
    let share = share.and_then(|(part, whole)| Exact::ratio(part, whole));
    Lineage { from: id(from), to: id(to), on: day(on), mode, share }
}

fn parts(destination: &Destination) -> Vec<(i64, String)> {
    destination.parts.iter().map(|(unit, part)| (unit.get(), part.to_string())).collect()
}

fn destination(unit: UnitId, day: Day, lineage: &[Lineage], onto: &Tree) -> Destination {
    LineageIndex::new(lineage).destination(unit, day, onto)
}

const MERGE: LineageMode = LineageMode::Merge;
const SPLIT: LineageMode = LineageMode::Split;
const TRANSFER: LineageMode = LineageMode::Transfer;

#[test]
fn edges_outside_of_the_window_are_not_followed() {
    let lineage = [edge(10, 20, "2025-07-01", MERGE, Some((1, 1)))];
    let before = tree("2025-06-30", &[10], &[]);
    let after = tree("2025-07-01", &[20], &[]);
    assert_eq!(parts(&destination(id(10), day("2023-05-07"), &lineage, &before)), [(10, "1".into())]);
    assert_eq!(parts(&destination(id(10), day("2025-06-30"), &lineage, &after)), [(20, "1".into())]);
    assert_eq!(parts(&destination(id(20), day("2025-07-01"), &lineage, &after)), [(20, "1".into())]);
    assert_eq!(parts(&destination(id(20), day("2025-07-01"), &lineage, &before)), [(10, "1".into())]);
}

#[test]
fn steps_chain_over_several_reforms() {
    let lineage = [
        edge(10, 20, "2024-01-01", MERGE, Some((1, 1))),
        edge(20, 30, "2025-07-01", SPLIT, Some((1, 4))),
        edge(20, 31, "2025-07-01", SPLIT, Some((3, 4))),
    ];
    let onto = tree("2025-07-01", &[30, 31], &[]);
    let found = destination(id(10), day("2023-05-07"), &lineage, &onto);
    assert_eq!((parts(&found), found.estimated), (vec![(30, "1/4".into()), (31, "3/4".into())], false));
}

#[test]
fn unknown_shares_are_spread_evenly_over_what_the_known_leave() {
    let lineage = [
        edge(10, 20, "2025-07-01", SPLIT, Some((1, 2))),
        edge(10, 21, "2025-07-01", SPLIT, None),
        edge(10, 22, "2025-07-01", SPLIT, None),
        edge(11, 20, "2025-07-01", SPLIT, None),
    ];
    let onto = tree("2025-07-01", &[20, 21, 22], &[]);
    let found = destination(id(10), day("2025-01-01"), &lineage, &onto);
    assert_eq!(parts(&found), [(20, "1/2".into()), (21, "1/4".into()), (22, "1/4".into())]);
    assert!(found.estimated);
    assert!(!destination(id(11), day("2025-01-01"), &lineage, &onto).estimated, "one successor leaves no doubt");
}

#[test]
fn a_unit_that_gives_a_part_away_keeps_the_rest_or_what_nobody_knows() {
    let lineage = [edge(10, 20, "2024-01-01", TRANSFER, Some((1, 5))), edge(11, 20, "2024-01-01", TRANSFER, None)];
    let onto = tree("2024-06-01", &[10, 11, 20], &[]);
    let known = destination(id(10), day("2023-01-01"), &lineage, &onto);
    assert_eq!((parts(&known), known.estimated), (vec![(10, "4/5".into()), (20, "1/5".into())], false));
    let unknown = destination(id(11), day("2023-01-01"), &lineage, &onto);
    assert_eq!((parts(&unknown), unknown.estimated), (vec![(11, "1".into()), (20, "0".into())], true));
}

#[test]
fn a_merge_is_undone_evenly_and_a_split_exactly() {
    let lineage = [
        edge(10, 20, "2025-07-01", MERGE, Some((1, 1))),
        edge(11, 20, "2025-07-01", MERGE, Some((1, 1))),
        edge(12, 21, "2025-07-01", SPLIT, None),
        edge(12, 22, "2025-07-01", SPLIT, None),
        edge(14, 13, "2025-07-01", MERGE, Some((1, 1))),
    ];
    let onto = tree("2025-06-30", &[10, 11, 12, 13, 14], &[]);
    let back = |unit| destination(id(unit), day("2025-08-01"), &lineage, &onto);
    assert_eq!((parts(&back(20)), back(20).estimated), (vec![(10, "1/2".into()), (11, "1/2".into())], true));
    assert_eq!((parts(&back(21)), back(21).estimated), (vec![(12, "1".into())], false));
    assert_eq!(parts(&back(13)), [(13, "1/2".into()), (14, "1/2".into())], "what took in was there before");
}

#[test]
fn a_split_within_a_province_leaves_its_figure_exact() {
    let lineage = [
        edge(10, 20, "2025-07-01", SPLIT, None),
        edge(10, 21, "2025-07-01", SPLIT, None),
        edge(11, 20, "2025-07-01", SPLIT, None),
        edge(11, 30, "2025-07-01", SPLIT, None),
    ];
    let onto = tree("2025-07-01", &[20, 21], &[30]);
    let mut restatement = Restatement::new(&lineage, &onto);
    restatement.add(day("2023-05-07"), &[(id(10), 9)]);
    assert_eq!(restatement.of(id(2)), Restated { value: Exact::from(9), estimated: false });
    assert_eq!(restatement.of(id(20)), Restated { value: Exact::ratio(9, 2).unwrap(), estimated: true });
    restatement.add(day("2023-05-07"), &[(id(11), 4)]);
    assert_eq!(restatement.of(id(2)), Restated { value: Exact::from(11), estimated: true });
    assert_eq!(restatement.of(id(3)), Restated { value: Exact::from(2), estimated: true });
    assert_eq!(restatement.of(id(1)), Restated { value: Exact::from(13), estimated: false });
    assert_eq!(restatement.of(id(99)), Restated { value: Exact::zero(), estimated: false });
}

#[test]
fn what_has_no_place_is_kept_apart() {
    let lineage = [edge(11, 20, "2025-07-01", SPLIT, Some((2, 3)))];
    let onto = tree("2025-07-01", &[20], &[]);
    let mut restatement = Restatement::new(&lineage, &onto);
    restatement.add(day("2023-05-07"), &[(id(10), 5), (id(11), 9), (id(20), i64::MAX), (id(20), 1)]);
    let unplaced: Vec<(i64, String)> =
        restatement.unplaced().iter().map(|(unit, figure)| (unit.get(), figure.to_string())).collect();
    assert_eq!(unplaced, [(10, "5".into()), (11, "3".into())]);
    assert_eq!(restatement.of(id(1)).value, &Exact::from(i64::MAX) + &Exact::from(7));
}

#[test]
fn a_hundred_thousand_figures_are_restated_quickly() {
    let communes: Vec<i64> = (1_000..12_000).collect();
    let lineage: Vec<Lineage> =
        communes.iter().map(|raw| edge(*raw, 100 + raw % 800, "2025-07-01", MERGE, Some((1, 1)))).collect();
    let after: Vec<i64> = (100..900).collect();
    let onto = tree("2025-07-01", &after, &[]);
    let figures: Vec<(UnitId, i64)> = communes.iter().cycle().take(100_000).map(|raw| (id(*raw), 3)).collect();
    let mut restatement = Restatement::new(&lineage, &onto);
    restatement.add(day("2023-05-07"), &figures);
    assert_eq!(restatement.of(id(1)).value, Exact::from(300_000));
}
