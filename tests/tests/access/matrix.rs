//! What comes of every sample for everybody at every place, against the printed table and against the rules.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use caodiem_domain::access::{Role, Scope};
use caodiem_tests::database::Backend;
use caodiem_tests::golden;
use serde_json::Value;

use crate::door::{Door, InProcess};
use crate::people::Principal;
use crate::place::{Place, Relation};
use crate::rules::{self, Rule};
use crate::samples::{self, Sample};
use crate::table::{Cell, Row, print};
use crate::world::World;

pub(crate) const MATRIX: &str = "tests/golden/matrix.txt";

/// Samples that can only be refused for what they say, since what is done takes a secret; other tests do it.
const NEVER_DONE: &[&str] = &[
    "signIn",
    "signInExternal",
    "refreshSession",
    "redeemCode",
    "changePassword",
    "setUpTotp",
    "confirmTotp",
    "removeTotp",
    "approveProposal",
];

/// What nobody does alone: the sample that is refused, and the proposal that succeeds instead.
const TAKES_TWO: &[(&str, &str)] = &[
    ("foundUnit 2", "proposeChange 3"),
    ("mergeUnits", "proposeChange 5"),
    ("splitUnit", "proposeChange 6"),
    ("reopenDay", "proposeChange 9"),
];

/// The places that a sample is asked at.
pub(crate) fn places_of(world: &World, sample: &Sample) -> Vec<Relation> {
    let names = crate::place::names(&sample.text);
    let personal = names.iter().any(|name| crate::place::PERSONAL.contains(name));
    let local = world.place(Relation::Own, None).is_named_in(&sample.text);
    let asked = |relation: &Relation| match relation {
        Relation::Mine => personal,
        Relation::Own => true,
        _ => local,
    };
    Relation::ALL.into_iter().filter(asked).collect()
}

/// What somebody is answered to a sample at a place.
pub(crate) fn answer(door: &dyn Door, world: &World, sample: &Sample, who: Principal, place: &Place) -> Value {
    let document = sample.document(&world.fill(place, &sample.text));
    door.ask(who, &document)
}

/// Every cell of the matrix.
pub(crate) fn rows(door: &dyn Door, world: &World) -> Vec<Row> {
    let samples = samples::all();
    let row = |sample: &Sample| {
        let cells = places_of(world, sample).into_iter().map(|relation| {
            let cell = |who: Principal| {
                let person = world.people.iter().find(|person| person.principal == who);
                let answer = answer(door, world, sample, who, &world.place(relation, person));
                Cell::of(sample, &answer)
            };
            (relation, Principal::all().into_iter().map(cell).collect())
        });
        Row { sample: sample.clone(), cells: cells.collect() }
    };
    in_parallel(&samples, row)
}

/// Does a piece of work for each item, on all cores; gives what came of them in their order.
pub(crate) fn in_parallel<I: Sync, O: Send>(items: &[I], work: impl Fn(&I) -> O + Sync) -> Vec<O> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let threads = thread::available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((at, item)) =
                    Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, items.get(at)?)))
                {
                    let outcome = work(item);
                    done.lock().expect("the outcomes").push((at, outcome));
                }
            });
        }
    });
    let mut done = done.into_inner().expect("the outcomes");
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}

/// Whether a role is ever let in to what a sample asks.
pub(crate) fn is_let_in(row: &Row, role: Role) -> (bool, bool) {
    let column = Principal::all().iter().position(|who| *who == Principal::Holder(role)).expect("a column");
    let cells = || row.cells.iter().map(|(_, cells)| &cells[column]);
    let succeeds = cells().any(|cell| *cell == Cell::Allowed);
    (succeeds, cells().any(|cell| !matches!(cell, Cell::Denied | Cell::Unauthenticated)))
}

/// Where the matrix departs from the rules as `access.md` states them.
pub(crate) fn departures(rows: &[Row]) -> Vec<String> {
    let mut found = Vec::new();
    for row in rows {
        for role in Role::ALL {
            let rule = rules::of(&row.sample.groups, *role);
            let (succeeds, let_in) = is_let_in(row, *role);
            let departs = match rule {
                Rule::Allowed => !succeeds,
                Rule::Conditional => false,
                Rule::Never => let_in,
            };
            if departs {
                found.push(format!(
                    "{}: {} is {rule:?}, but let in: {let_in}, succeeds: {succeeds}",
                    row.sample.name,
                    role.as_str()
                ));
            }
        }
        let open = row.sample.groups.iter().any(|group| group == "door");
        for (relation, cells) in &row.cells {
            for (who, cell) in Principal::all().iter().zip(cells) {
                let shut_out = !matches!(who, Principal::Holder(_));
                if shut_out && !open && *cell != Cell::Unauthenticated {
                    found.push(format!("{} at {}: {} is let in", row.sample.name, relation.as_str(), who.name()));
                }
            }
        }
    }
    found
}

#[test]
fn golden_matrix() {
    let world = World::new(Backend::Sqlite).expect("SQLite is always there");
    let rows = rows(&InProcess::new(&world), &world);
    assert_eq!(departures(&rows), Vec::<String>::new());
    let idle: BTreeSet<&str> =
        rows.iter().filter(|row| !row.ever(Cell::Allowed)).map(|row| row.sample.name.as_str()).collect();
    for (alone, by_two) in TAKES_TWO {
        assert!(idle.contains(alone), "{alone} is done by one person");
        assert!(!idle.contains(by_two), "{alone} is done by nobody");
    }
    let not_done = |name: &&&str| NEVER_DONE.contains(name) || TAKES_TWO.iter().any(|(alone, _)| alone == *name);
    let idle: Vec<&&str> = idle.iter().filter(|name| !not_done(name)).collect();
    assert!(idle.is_empty(), "samples that succeed for nobody show nothing: {idle:?}");
    golden::check(MATRIX, &print(&rows));
}

/// What is hidden as others' own, not by scope.
const PERSONAL: [&str; 1] = ["endSession"];

/// Every "none" hides something: without the filter by scope the record would have shown.
#[test]
fn the_matrix_is_red_without_scope() {
    let world = World::new(Backend::Sqlite).expect("SQLite is always there");
    let door = InProcess::new(&world);
    let (rows, widened) =
        (rows(&door, &world), rows(&door.altered(&world, |actor| actor.scope = Scope::Country), &world));
    let mut blind = BTreeSet::new();
    for (row, widened) in rows.iter().zip(&widened) {
        let places = row.cells.iter().zip(&widened.cells);
        let places = places.filter(|((place, _), _)| !place.is_in_scope() && *place != Relation::Unknown);
        // Cell by cell: what one's role does not concern stays hidden from it in any scope.
        let cells = places.flat_map(|((_, cells), (_, widened))| cells.iter().zip(widened));
        let hidden: Vec<_> = cells.filter(|(cell, _)| **cell == Cell::NotFound).collect();
        if !hidden.is_empty() && hidden.iter().all(|(_, widened)| **widened == Cell::NotFound) {
            blind.insert(row.sample.name.clone());
        }
    }
    assert_eq!(blind, BTreeSet::from(PERSONAL.map(str::to_owned)), "these stay green without scope");
}

/// Every "no" forbids something: with the rights of another role it would have been done.
#[test]
fn the_matrix_is_red_without_permissions() {
    let world = World::new(Backend::Sqlite).expect("SQLite is always there");
    let door = InProcess::new(&world);
    for role in [Role::UnitAdmin, Role::Planner] {
        let widened = rows(&door.altered(&world, |actor| actor.role = role), &world);
        assert!(!departures(&widened).is_empty(), "everybody as {role:?} goes unnoticed");
        assert!(golden::differences(&golden::kept(MATRIX), &print(&widened)).len() > 5);
    }
}
