//! Each demand of a permission is needed: where an assignment has all of its role but one operation, something is refused
//! that is done with it. A demand that is taken out of the code lets that pass, and this goes red.

use std::collections::BTreeSet;

use caodiem_domain::access::delegation::permissions;
use caodiem_domain::access::{Permission, Role, permits};
use caodiem_tests::database::Backend;

use crate::door::InProcess;
use crate::matrix::{answer, in_parallel};
use crate::people::Principal;
use crate::place::Relation;
use crate::samples::{self, Sample};
use crate::table::Cell;
use crate::world::World;

/// These open nothing by themselves: they show more of the record of acts.
const WIDENING: [Permission; 2] = [Permission::ReadAudit, Permission::ReadAdminActs];

/// What comes of a sample at the own unit.
fn cell(door: &InProcess, world: &World, sample: &Sample, who: Principal) -> Cell {
    let person = world.people.iter().find(|person| person.principal == who);
    Cell::of(sample, &answer(door, world, sample, who, &world.place(Relation::Own, person)))
}

/// The samples that need this permission: what comes of them with everything that the role permits, and without it.
fn needing(world: &World, door: &InProcess, permission: Permission) -> Vec<(String, Cell, Cell)> {
    let role = Role::ALL.iter().copied().find(|role| permits(*role, permission)).expect("somebody may");
    let who = Principal::Holder(role);
    let (all, mut rest) = (permissions(role, &[]), permissions(role, &[]));
    rest.retain(|other| *other != permission);
    assert!(!rest.is_empty(), "an empty list stands for everything");
    let with = door.altered(world, |actor| actor.only.clone_from(&all));
    let without = door.altered(world, |actor| actor.only.clone_from(&rest));
    let cells = samples::all().into_iter().map(|sample| {
        let (one, other) = (cell(&with, world, &sample, who), cell(&without, world, &sample, who));
        (sample.name, one, other)
    });
    cells.filter(|(_, one, other)| one != other).collect()
}

#[test]
fn without_any_one_permission_something_is_refused() {
    let world = World::new(Backend::Sqlite).expect("SQLite is always there");
    let door = InProcess::new(&world);
    let found = in_parallel(Permission::ALL, |permission| (*permission, needing(&world, &door, *permission)));
    let mut idle = BTreeSet::new();
    for (permission, cells) in found {
        let names: Vec<&str> = cells.iter().map(|(name, ..)| name.as_str()).collect();
        println!("{}: {}", permission.as_str(), names.join(", "));
        if names.is_empty() {
            idle.insert(permission.as_str());
        }
        for (name, with, without) in &cells {
            let less = *with != Cell::Denied && *without != Cell::Allowed;
            assert!(less, "{name} without {permission:?}: {with:?}, then {without:?}");
        }
        let forbids = cells.iter().any(|(.., without)| *without == Cell::Denied);
        assert!(forbids != WIDENING.contains(&permission), "{permission:?} forbids: {forbids}");
    }
    assert_eq!(idle, BTreeSet::new(), "nothing asks for these");
}
