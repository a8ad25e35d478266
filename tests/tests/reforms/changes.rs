//! Single changes of the tree over storage: what is refused, and that paths, versions and lineage come out right.

use caodiem_domain::access::{Actor, Role, Scope};
use caodiem_domain::error::Error;
use caodiem_domain::exact::Exact;
use caodiem_domain::id::UnitId;
use caodiem_domain::problem::Code;
use caodiem_domain::time::Day;
use caodiem_domain::unit::{LineageMode, Unit, UnitKind};
use caodiem_domain::usecase::reform_units::{
    CloseUnit, MergeUnits, SplitUnit, Successor, close_unit, merge_units, split_unit,
};
use caodiem_domain::usecase::resolve_actor::scope_of;
use caodiem_domain::usecase::revise_unit::{FoundUnit, ReviseUnit, found_unit, revise_unit};
use caodiem_domain::usecase::{Act, read_units};
use caodiem_tests::stage::{Stage, act, actor, request};

use crate::country::{empty, now};
use crate::files::{code, day, name};

/// A province with two districts and three communes: 1/2/{3/{5,6},4/{7}}.
struct World {
    stage: Stage,
    units: Vec<UnitId>,
}

impl World {
    fn new() -> Self {
        let mut world = Self { stage: empty(), units: Vec::new() };
        world.found(None, "VN", UnitKind::Country);
        world.found(Some(0), "20", UnitKind::Province);
        world.found(Some(1), "181", UnitKind::RuralDistrict);
        world.found(Some(1), "182", UnitKind::RuralDistrict);
        world.found(Some(2), "06112", UnitKind::Township);
        world.found(Some(2), "06115", UnitKind::RuralCommune);
        world.found(Some(3), "06121", UnitKind::RuralCommune);
        world
    }

    fn found(&mut self, parent: Option<usize>, unit_code: &str, kind: UnitKind) {
        let command = FoundUnit { parent: parent.map(|at| self.id(at)), ..founding(unit_code, kind) };
        let by = act(Role::SystemAdmin, now());
        self.units.push(self.stage.store.write(|tx| found_unit(&by, tx, &command)).expect("it is founded"));
    }

    fn id(&self, at: usize) -> UnitId {
        *self.units.get(at).expect("a unit")
    }

    fn unit(&self, id: UnitId) -> Unit {
        let found = self.stage.store.read(|tx| Ok(tx.units_by_id(&Scope::Country, &[id])?));
        found.expect("it reads").remove(&id).expect("a unit")
    }

    /// Ids from the top down, by the path.
    fn place(&self, id: UnitId) -> Vec<i64> {
        let path = self.unit(id).path;
        path.as_str().split_terminator('/').map(|part| i64::from_str_radix(part, 16).expect("hex")).collect()
    }

    fn below(&self, at: usize, on: &str) -> Vec<UnitId> {
        let tree = self.stage.store.read(|tx| Ok(tx.tree(day(on))?)).expect("it reads");
        tree.subtree(self.id(at)).map(|unit| unit.id).collect()
    }

    fn revise(&self, by: &Act, command: &ReviseUnit) -> Result<UnitId, Error> {
        self.stage.store.write(|tx| revise_unit(by, tx, command))
    }

    fn merge(&self, from: &[usize], into: Successor, on: &str) -> Result<UnitId, Error> {
        let from = from.iter().map(|at| self.id(*at)).collect();
        let command = MergeUnits { from, into, on: day(on), legal_basis: None };
        let by = act(Role::SystemAdmin, now());
        self.stage.store.write(|tx| merge_units(&by, tx, &command))
    }

    fn admin_of(&self, at: usize) -> Act {
        let subject = actor(Role::UnitAdmin).subject;
        let scope = self.stage.store.read(|tx| scope_of(tx, Role::UnitAdmin, self.id(at))).expect("it resolves");
        let who = Actor::host(subject, Role::UnitAdmin, self.id(at), scope);
        let key = request(&who, 0);
        Act::new(who, now(), key, "test", String::new()).on_the_host()
    }
}

fn founding(unit_code: &str, kind: UnitKind) -> FoundUnit {
    FoundUnit {
        parent: None,
        code: code(unit_code),
        name: name(&format!("Đơn vị {unit_code}")),
        kind,
        valid_from: day("2023-01-01"),
        legal_basis: None,
        synthetic: true,
    }
}

fn revision(unit: UnitId, expected_version: i32, on: Day) -> ReviseUnit {
    ReviseUnit { unit, expected_version, on, code: None, name: None, kind: None, parent: None, legal_basis: None }
}

fn codes<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<(Code, String)> {
    match result {
        Err(Error::Refused(problems)) => {
            problems.iter().map(|problem| (problem.code(), problem.field().to_owned())).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_move_takes_the_subtree_along_from_its_day_on() {
    let world = World::new();
    let by = act(Role::SystemAdmin, now());
    let moved = ReviseUnit { parent: Some(world.id(3)), ..revision(world.id(5), 1, day("2024-01-01")) };
    world.revise(&by, &moved).expect("it moves");
    assert_eq!(world.place(world.id(5)), [1, 2, 4, 6]);
    assert_eq!(world.below(2, "2023-12-31"), [world.id(2), world.id(4), world.id(5)]);
    assert_eq!(world.below(2, "2024-01-01"), [world.id(2), world.id(4)]);
    let who = actor(Role::Analyst);
    let way = |on| world.stage.store.read(|tx| read_units::ancestors(&who, tx, &[world.id(5)], day(on)));
    let ids = |on| way(on).expect("it reads").values().flatten().map(|unit| unit.id).collect::<Vec<_>>();
    assert_eq!(ids("2023-12-31"), [world.id(5), world.id(2), world.id(1), world.id(0)]);
    assert_eq!(ids("2024-01-01"), [world.id(5), world.id(3), world.id(1), world.id(0)]);
    let again = world.revise(&by, &moved).expect("a retry has no second effect");
    assert_eq!((again, world.unit(again).latest), (world.id(5), 2));
}

#[test]
fn everything_that_is_wrong_with_a_revision_is_said_at_once() {
    let world = World::new();
    let command = ReviseUnit {
        code: Some(code("06121")),
        parent: Some(world.id(4)),
        ..revision(world.id(2), 4, day("2023-01-01"))
    };
    let found = codes(world.revise(&act(Role::SystemAdmin, now()), &command));
    let expected = [
        (Code::StaleVersion, "expectedVersion".to_owned()),
        (Code::UnitVersionNotLater, "on".to_owned()),
        (Code::UnitCodeTaken, "code".to_owned()),
        (Code::UnitCycle, "parent".to_owned()),
    ];
    assert_eq!(found, expected);
    let nothing = revision(world.id(2), 1, day("2024-01-01"));
    assert_eq!(codes(world.revise(&act(Role::SystemAdmin, now()), &nothing)), [(Code::Empty, String::new())]);
    let ward = ReviseUnit { kind: Some(UnitKind::Ward), ..revision(world.id(2), 1, day("2024-01-01")) };
    let found = codes(world.revise(&act(Role::SystemAdmin, now()), &ward));
    assert_eq!(found, [(Code::UnitKindMisplaced, "kind".to_owned())], "a ward holds no communes");
}

#[test]
fn an_admin_manages_what_stands_below_and_nothing_else() {
    let world = World::new();
    let by = world.admin_of(2);
    let own = ReviseUnit { name: Some(name("Mới")), ..revision(world.id(2), 1, day("2024-01-01")) };
    assert_eq!(codes(world.revise(&by, &own)), [(Code::Forbidden, "unit".to_owned())]);
    let foreign = ReviseUnit { unit: world.id(6), ..own.clone() };
    assert_eq!(codes(world.revise(&by, &foreign)), [(Code::NotFound, "unit".to_owned())]);
    let away = ReviseUnit { parent: Some(world.id(3)), ..revision(world.id(4), 1, day("2024-01-01")) };
    assert_eq!(codes(world.revise(&by, &away)), [(Code::NotFound, "parent".to_owned())]);
    let below = ReviseUnit { unit: world.id(4), ..own };
    assert_eq!(world.revise(&by, &below), Ok(world.id(4)));

    let root = founding("XX", UnitKind::Country);
    let by = world.admin_of(2);
    let found = codes(world.stage.store.write(|tx| found_unit(&by, tx, &root)));
    assert_eq!(found, [(Code::Forbidden, String::new())]);
    let outside = FoundUnit { parent: Some(world.id(3)), ..founding("06130", UnitKind::RuralCommune) };
    let found = codes(world.stage.store.write(|tx| found_unit(&by, tx, &outside)));
    assert_eq!(found, [(Code::NotFound, "parent".to_owned())]);
    let merge = MergeUnits {
        from: vec![world.id(4)],
        into: Successor::Existing(world.id(5)),
        on: day("2024-01-01"),
        legal_basis: None,
    };
    let found = codes(world.stage.store.write(|tx| merge_units(&by, tx, &merge)));
    assert_eq!(found, [(Code::Forbidden, String::new())]);
}

#[test]
fn merged_districts_hand_their_communes_to_the_successor() {
    let world = World::new();
    let into = Successor::Founded {
        parent: world.id(1),
        code: code("181"),
        name: name("Bình Gia"),
        kind: UnitKind::DistrictTown,
    };
    let successor = world.merge(&[2, 3], into, "2024-01-01").expect("it merges");
    assert_eq!(world.unit(successor).version.code, code("181"), "the code of one that ended");
    assert_eq!(world.unit(world.id(2)).closed_on, Some(day("2024-01-01")));
    for at in [4, 5, 6] {
        assert_eq!(world.place(world.id(at)), [1, 2, successor.get(), world.id(at).get()]);
    }
    let lineage = world.stage.store.read(|tx| Ok(tx.lineage_of(&[successor])?)).expect("it reads");
    assert!(lineage.iter().all(|edge| edge.mode == LineageMode::Merge && edge.share == Some(Exact::from(1))));
    assert_eq!(lineage.len(), 2);
}

#[test]
fn a_merge_that_does_not_fit_is_refused() {
    let world = World::new();
    let own = Successor::Existing(world.id(4));
    let found = codes(world.merge(&[2], own, "2024-01-01"));
    assert!(found.contains(&(Code::UnitCycle, "into".to_owned())), "{found:?}");
    assert!(found.contains(&(Code::UnitKindMisplaced, "into".to_owned())), "{found:?}");
    let found = codes(world.merge(&[4, 4], Successor::Existing(world.id(5)), "2024-01-01"));
    assert_eq!(found, [(Code::Repeated, "from.1".to_owned())]);
    let found = codes(world.merge(&[4, 5], Successor::Existing(world.id(5)), "2024-01-01"));
    assert_eq!(found, [(Code::UnitNotValid, "into".to_owned())]);
    world.merge(&[4], Successor::Existing(world.id(5)), "2024-01-01").expect("it merges");
    let found = codes(world.merge(&[4], Successor::Existing(world.id(5)), "2024-06-01"));
    assert_eq!(found, [(Code::UnitNotValid, "from.0".to_owned())]);
}

#[test]
fn a_split_gives_shares_that_are_whole_or_unknown() {
    let world = World::new();
    let by = || act(Role::SystemAdmin, now());
    let founded = |unit_code: &str| Successor::Founded {
        parent: world.id(2),
        code: code(unit_code),
        name: name("Mới"),
        kind: UnitKind::RuralCommune,
    };
    let split = |from: usize, into: Vec<(Successor, Option<Exact>)>| {
        let command = SplitUnit { from: world.id(from), into, on: day("2024-01-01"), legal_basis: None };
        let by = by();
        world.stage.store.write(|tx| split_unit(&by, tx, &command))
    };
    let part = |top, bottom| Exact::ratio(top, bottom);
    let found = codes(split(4, vec![(founded("06112"), part(1, 3)), (founded("06200"), None)]));
    assert_eq!(found, [(Code::SharesNotWhole, "into".to_owned())]);
    let found = codes(split(2, vec![(founded("06130"), None), (founded("06131"), None)]));
    assert!(found.contains(&(Code::UnitHasChildren, "from".to_owned())), "{found:?}");
    let both = vec![(founded("06112"), part(1, 3)), (Successor::Existing(world.id(5)), part(2, 3))];
    let successors = split(4, both).expect("it splits");
    assert_eq!((successors.len(), successors.get(1)), (2, Some(&world.id(5))));
    let lineage = world.stage.store.read(|tx| Ok(tx.lineage_of(&[world.id(4)])?)).expect("it reads");
    assert_eq!(lineage.iter().filter_map(|edge| edge.share.clone()).sum::<Exact>(), Exact::from(1));
}

#[test]
fn a_unit_closes_when_nothing_rests_on_it() {
    let world = World::new();
    let by = || act(Role::SystemAdmin, now());
    let close = |at: usize, expected_version: i32| {
        let command = CloseUnit { unit: world.id(at), expected_version, on: day("2024-01-01") };
        let by = by();
        world.stage.store.write(|tx| close_unit(&by, tx, &command))
    };
    let found = codes(close(2, 2));
    assert_eq!(found, [(Code::StaleVersion, "expectedVersion".to_owned()), (Code::UnitHasChildren, "unit".to_owned())]);
    assert_eq!(close(6, 1), Ok(world.id(6)));
    assert_eq!(close(3, 1), Ok(world.id(3)));
    assert_eq!(world.below(1, "2024-01-01").len(), 4);
    assert_eq!(codes(close(6, 1)), [(Code::UnitNotValid, "on".to_owned())]);
}

#[test]
fn the_past_must_still_fit_what_was_decided_for_later() {
    let world = World::new();
    let by = || act(Role::SystemAdmin, now());
    let later = FoundUnit {
        parent: Some(world.id(6)),
        valid_from: day("2025-01-01"),
        ..founding("06121-S01", UnitKind::Village)
    };
    world.stage.store.write(|tx| found_unit(&by(), tx, &later)).expect("it is founded");
    let command = CloseUnit { unit: world.id(6), expected_version: 1, on: day("2024-01-01") };
    let found = codes(world.stage.store.write(|tx| close_unit(&by(), tx, &command)));
    assert_eq!(found, [(Code::UnitHasChildren, "unit".to_owned())]);
    let early = FoundUnit { parent: Some(world.id(4)), ..founding("06121-S01", UnitKind::Village) };
    let found = codes(world.stage.store.write(|tx| found_unit(&by(), tx, &early)));
    assert_eq!(found, [(Code::UnitCodeTaken, "code".to_owned())]);
}
