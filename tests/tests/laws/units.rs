//! Trees and restating: whatever happens to the tree, no figure is lost or made up.

use std::collections::BTreeSet;

use caodiem_domain::exact::Exact;
use caodiem_domain::id::UnitId;
use caodiem_domain::time::Day;
use caodiem_domain::unit::restate::{LineageIndex, Restatement};
use caodiem_domain::unit::tree::{Tree, TreeUnit};
use caodiem_domain::unit::{Level, Lineage, LineageMode, UnitPath};
use proptest::prelude::*;
use proptest::sample::Index;

const COUNTRY: UnitId = UnitId::new(1);
const PROVINCES: i64 = 3;
const FIRST_COMMUNE: i64 = 100;

/// One thing that happens to the communes on a day.
#[derive(Clone, Debug)]
enum Reform {
    Merge(Vec<Index>),
    /// The parts are weights; `None` leaves the shares unknown.
    Split(Index, Vec<u8>, bool),
    Transfer(Index, Option<u8>),
    TakeIn(Index, Index),
    Close(Index),
}

/// The communes as reforms leave them, day after day.
struct History {
    trees: Vec<Tree>,
    lineage: Vec<Lineage>,
}

fn day(number: usize) -> Day {
    let first: Day = "2023-05-07".parse().expect("a date");
    first.iter_days().nth(number).expect("a date")
}

fn tree(on: Day, communes: &BTreeSet<i64>) -> Tree {
    let unit =
        |id, parent: Option<i64>, level| TreeUnit { id: UnitId::new(id), parent: parent.map(UnitId::new), level };
    let provinces = (0..PROVINCES).map(|number| unit(2 + number, Some(COUNTRY.get()), Level::Province));
    let below = communes.iter().map(|id| unit(*id, Some(2 + id % PROVINCES), Level::Commune));
    Tree::new(on, std::iter::once(unit(1, None, Level::Country)).chain(provinces).chain(below).collect())
}

fn share(part: i64, whole: i64) -> Exact {
    Exact::ratio(part, whole).expect("a whole above nought")
}

impl History {
    fn of(communes: i64, reforms: &[Reform]) -> Self {
        let mut standing: BTreeSet<i64> = (FIRST_COMMUNE..FIRST_COMMUNE + communes).collect();
        let mut next = FIRST_COMMUNE + communes;
        let mut history = Self { trees: vec![tree(day(0), &standing)], lineage: Vec::new() };
        for (number, reform) in reforms.iter().enumerate() {
            let on = day(number + 1);
            history.happen(reform, on, &mut standing, &mut next);
            history.trees.push(tree(on, &standing));
        }
        history
    }

    fn happen(&mut self, reform: &Reform, on: Day, standing: &mut BTreeSet<i64>, next: &mut i64) {
        let present: Vec<i64> = standing.iter().copied().collect();
        if present.len() < 2 {
            return;
        }
        let mut founded = || {
            *next += 1;
            *next
        };
        let mut link = |from: i64, to: i64, mode, share| {
            self.lineage.push(Lineage { from: UnitId::new(from), to: UnitId::new(to), on, mode, share });
        };
        match reform {
            Reform::Merge(chosen) => {
                let from: BTreeSet<i64> = chosen.iter().map(|index| *index.get(&present)).collect();
                let to = founded();
                for unit in &from {
                    link(*unit, to, LineageMode::Merge, Some(Exact::from(1)));
                }
                standing.retain(|unit| !from.contains(unit));
                standing.insert(to);
            }
            Reform::Split(chosen, weights, known) => {
                let from = *chosen.get(&present);
                let whole: i64 = weights.iter().map(|weight| i64::from(*weight)).sum();
                for weight in weights {
                    let to = founded();
                    link(from, to, LineageMode::Split, known.then(|| share(i64::from(*weight), whole)));
                    standing.insert(to);
                }
                standing.remove(&from);
            }
            Reform::Transfer(chosen, percent) => {
                let to = founded();
                link(*chosen.get(&present), to, LineageMode::Transfer, percent.map(|part| share(part.into(), 100)));
                standing.insert(to);
            }
            Reform::TakeIn(from, to) => {
                let (from, to) = (*from.get(&present), *to.get(&present));
                if from != to {
                    link(from, to, LineageMode::Merge, Some(Exact::from(1)));
                    standing.remove(&from);
                }
            }
            Reform::Close(chosen) => {
                standing.remove(chosen.get(&present));
            }
        }
    }

    /// A figure for each commune of one of the trees.
    fn figures(&self, at: usize, values: &[i64]) -> Vec<(UnitId, i64)> {
        let communes = self.trees[at].units().filter(|unit| unit.level == Level::Commune);
        communes.zip(values.iter().cycle()).map(|(unit, value)| (unit.id, *value)).collect()
    }
}

fn merges() -> impl Strategy<Value = Reform> {
    prop_oneof![
        prop::collection::vec(any::<Index>(), 1..4).prop_map(Reform::Merge),
        any::<(Index, Index)>().prop_map(|(from, to)| Reform::TakeIn(from, to)),
    ]
}

fn reforms() -> impl Strategy<Value = Reform> {
    prop_oneof![
        merges(),
        (any::<Index>(), prop::collection::vec(1_u8..9, 1..4), any::<bool>())
            .prop_map(|(chosen, weights, known)| Reform::Split(chosen, weights, known)),
        (any::<Index>(), prop::option::of(0_u8..=100)).prop_map(|(chosen, part)| Reform::Transfer(chosen, part)),
        any::<Index>().prop_map(Reform::Close),
    ]
}

fn values() -> impl Strategy<Value = Vec<i64>> {
    prop::collection::vec(0_i64..1_000_000, 1..20)
}

fn total(figures: &[(UnitId, i64)]) -> Exact {
    figures.iter().map(|(_, figure)| Exact::from(*figure)).sum()
}

proptest! {
    #[test]
    fn what_is_placed_and_what_has_no_place_make_the_whole(
        communes in 2_i64..20,
        reforms in prop::collection::vec(reforms(), 0..8),
        values in values(),
        from in any::<Index>(),
        onto in any::<Index>(),
    ) {
        let history = History::of(communes, &reforms);
        let (from, onto) = (from.index(history.trees.len()), onto.index(history.trees.len()));
        let figures = history.figures(from, &values);
        let mut restatement = Restatement::new(&history.lineage, &history.trees[onto]);
        restatement.add(day(from), &figures);
        let placed = restatement.of(COUNTRY).value;
        let unplaced: Exact = restatement.unplaced().values().sum();
        prop_assert_eq!(&placed + &unplaced, total(&figures));
        let provinces: Exact = (2..2 + PROVINCES).map(|id| restatement.of(UnitId::new(id)).value).sum();
        prop_assert_eq!(provinces, placed);
        let closed = reforms.iter().any(|reform| matches!(reform, Reform::Close(_)));
        prop_assert!(closed || onto < from || unplaced.is_zero(), "forwards only what was closed can have no place");
    }

    #[test]
    fn known_shares_are_no_estimate_and_unknown_ones_are(
        communes in 2_i64..20,
        reforms in prop::collection::vec(reforms(), 0..8),
    ) {
        let history = History::of(communes, &reforms);
        let last = history.trees.len() - 1;
        let index = LineageIndex::new(&history.lineage);
        let all_known = history.lineage.iter().all(|edge| edge.share.is_some());
        for unit in history.trees[0].units() {
            let destination = index.destination(unit.id, day(0), &history.trees[last]);
            prop_assert!(!all_known || !destination.estimated);
            let whole: Exact = destination.parts.values().sum();
            prop_assert!(whole <= Exact::from(1));
            prop_assert!(destination.parts.keys().all(|to| history.trees[last].get(*to).is_some()));
        }
    }

    #[test]
    fn merges_forth_and_back_keep_the_country(
        communes in 2_i64..20,
        reforms in prop::collection::vec(merges(), 0..8),
        values in values(),
    ) {
        let history = History::of(communes, &reforms);
        let last = history.trees.len() - 1;
        let figures = history.figures(0, &values);
        let mut forth = Restatement::new(&history.lineage, &history.trees[last]);
        forth.add(day(0), &figures);
        prop_assert!(!forth.of(COUNTRY).estimated);
        let there: Vec<(UnitId, i64)> = history.trees[last]
            .units()
            .filter(|unit| unit.level == Level::Commune)
            .map(|unit| (unit.id, forth.of(unit.id).value.floor()))
            .collect();
        prop_assert_eq!(total(&there), total(&figures), "merges make whole figures of whole figures");
        let mut back = Restatement::new(&history.lineage, &history.trees[0]);
        back.add(day(last), &there);
        prop_assert!(back.unplaced().is_empty());
        prop_assert_eq!(back.of(COUNTRY).value, total(&figures));
    }

    #[test]
    fn a_tree_is_its_ways_up(parents in prop::collection::vec(any::<Index>(), 1..60)) {
        let parent_of = |number: usize, index: &Index| (number > 0).then(|| index.index(number));
        let id = |number: usize| UnitId::new(i64::try_from(number).expect("few units"));
        let parents: Vec<Option<usize>> = parents.iter().enumerate().map(|(at, index)| parent_of(at, index)).collect();
        let unit = |(number, parent): (usize, &Option<usize>)| TreeUnit {
            id: id(number),
            parent: parent.map(id),
            level: Level::Organisation,
        };
        let tree = Tree::new(day(0), parents.iter().enumerate().map(unit).rev().collect());
        let order: Vec<UnitId> = tree.units().map(|unit| unit.id).collect();
        prop_assert_eq!(order.iter().collect::<BTreeSet<_>>().len(), parents.len(), "every unit once");
        for (number, parent) in parents.iter().enumerate() {
            let up: Vec<UnitId> = tree.lineage_up(id(number)).collect();
            prop_assert_eq!(up.get(1).copied(), parent.map(id));
            for other in 0..parents.len() {
                prop_assert_eq!(tree.covers(id(other), id(number)), up.contains(&id(other)));
            }
            let below: Vec<UnitId> = tree.subtree(id(number)).map(|unit| unit.id).collect();
            let start = order.iter().position(|unit| *unit == id(number)).expect("a place");
            prop_assert_eq!(&below[..], &order[start..start + below.len()], "a subtree is a stretch of the pre-order");
            prop_assert!(tree.subtree(id(number)).all(|unit| tree.covers(id(number), unit.id)));
            let children: BTreeSet<UnitId> = tree.children(id(number)).map(|unit| unit.id).collect();
            let expected: BTreeSet<UnitId> =
                parents.iter().enumerate().filter(|(_, above)| **above == Some(number)).map(|(at, _)| id(at)).collect();
            prop_assert_eq!(children, expected);
        }
    }

    #[test]
    fn a_moved_subtree_stays_a_subtree(ids in prop::collection::vec(1_i64..1_000_000, 3..9), cut in any::<Index>()) {
        let path = |ids: &[i64]| {
            let first = UnitPath::under(None, UnitId::new(0));
            ids.iter().fold(first, |above, id| UnitPath::under(Some(&above), UnitId::new(*id)))
        };
        let cut = 1 + cut.index(ids.len() - 1);
        let (from, whole) = (path(&ids[..cut]), path(&ids));
        let to = UnitPath::under(None, UnitId::new(7));
        let moved = whole.moved(&from, &to).expect("it lies in it");
        prop_assert!(to.covers(&moved) && from.covers(&whole));
        prop_assert_eq!(moved.depth() - to.depth(), whole.depth() - from.depth());
        prop_assert_eq!(moved.moved(&to, &from), Some(whole.clone()));
        prop_assert!(whole.as_str() < from.upper_bound().as_str() && from.as_str() <= whole.as_str());
        prop_assert_eq!(UnitPath::parse(whole.as_str()), Ok(whole));
    }
}
