//! What lies out of scope is answered as what does not exist, byte for byte, wherever it is named.

use caodiem_domain::access::Role;
use caodiem_tests::database::Backend;
use serde_json::Value;

use crate::door::{Door, InProcess};
use crate::matrix::{answer, in_parallel, places_of};
use crate::people::{Person, Principal};
use crate::place::{Place, Relation};
use crate::samples::{self, Sample};
use crate::table::Cell;
use crate::world::World;

/// What a place names that concerns the district although it lies out of its scope: the drives above it, and those above
/// the commune that went into one of its own.
const CONCERNING: &[&str] = &["drive", "draft"];

/// Ids that were never given; where the place's own drives concern the district, with those.
fn unknown_beside(world: &World, relation: Relation) -> Place {
    let unknown = world.place(Relation::Unknown, None);
    let concerns = matches!(relation, Relation::Parent | Relation::Sibling);
    if concerns { unknown.with(CONCERNING, &world.place(relation, None)) } else { unknown }
}

/// An answer without the places in the document that it points at: ids differ in length.
fn text(mut answer: Value) -> String {
    for error in answer["errors"].as_array_mut().into_iter().flatten() {
        error["locations"] = Value::Null;
    }
    answer.to_string()
}

/// Where a sample tells a place out of scope from none, for those of the district.
fn tells(door: &dyn Door, world: &World, sample: &Sample) -> Vec<String> {
    let mut found = Vec::new();
    let places = places_of(world, sample).into_iter();
    for relation in places.filter(|place| !place.is_in_scope() && *place != Relation::Unknown) {
        let (place, unknown) = (world.place(relation, None), unknown_beside(world, relation));
        for person in of_the_district(world) {
            let hidden = answer(door, world, sample, person.principal, &place);
            if Cell::of(sample, &hidden) == Cell::Allowed {
                continue;
            }
            let none = answer(door, world, sample, person.principal, &unknown);
            let (hidden, none) =
                (place.anonymise(&sample.text, &text(hidden)), unknown.anonymise(&sample.text, &text(none)));
            if hidden != none {
                let who = person.principal.name();
                found.push(format!("{} at {} for {who}:\n  {hidden}\n  {none}", sample.name, relation.as_str()));
            }
        }
    }
    found
}

/// Those whose scope is the district.
pub(crate) fn of_the_district(world: &World) -> impl Iterator<Item = &Person> {
    let wide = [Role::SystemAdmin, Role::BreakGlass];
    world
        .people
        .iter()
        .filter(move |person| matches!(person.principal, Principal::Holder(role) if !wide.contains(&role)))
}

#[test]
fn what_is_out_of_scope_is_answered_like_what_does_not_exist() {
    let world = World::new(Backend::Sqlite).expect("SQLite is always there");
    let door = InProcess::new(&world);
    let found = in_parallel(&samples::all(), |sample| tells(&door, &world, sample)).concat();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Somebody who sees it tells it from none: the comparison would notice.
#[test]
fn the_comparison_tells_when_scope_is_gone() {
    let world = World::new(Backend::Sqlite).expect("SQLite is always there");
    let door = InProcess::new(&world);
    let samples = samples::all();
    let revise = samples.iter().find(|sample| sample.name == "reviseUnit").expect("a sample");
    assert_eq!(tells(&door, &world, revise), Vec::<String>::new());
    let wide = door.altered(&world, |actor| actor.unit = caodiem_domain::id::UnitId::new(77_000_099));
    let wide = wide.altered(&world, |actor| actor.scope = caodiem_domain::access::Scope::Country);
    let stale = Sample { text: revise.text.replace("$unitVersion", "99"), ..revise.clone() };
    assert!(!tells(&wide, &world, &stale).is_empty(), "a stale version is told from no unit");
}
