//! What introspection shows to whom: what a role may use, and nothing that is only reached through what it may not.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use caodiem_domain::access::Role;
use caodiem_tests::database::Backend;
use caodiem_tests::golden;

use crate::door::{Door, InProcess};
use crate::matrix::{is_let_in, rows};
use crate::people::Principal;
use crate::shape::{Kind, Shape};
use crate::table::Row;
use crate::world::World;

pub(crate) const VISIBLE: &str = "tests/golden/visible.txt";

fn holders() -> Vec<Principal> {
    Role::ALL.iter().map(|role| Principal::Holder(*role)).collect()
}

pub(crate) fn shapes(door: &dyn Door) -> BTreeMap<Principal, Shape> {
    holders().into_iter().map(|who| (who, Shape::shown_to(door, who))).collect()
}

/// Everything that can be shown: types, and fields as `Type.field`.
fn names(shape: &Shape) -> BTreeSet<String> {
    let fields = |(name, kind): (&String, &Kind)| match kind {
        Kind::Object(fields) => fields.iter().map(|field| format!("{name}.{}", field.name)).collect(),
        _ => Vec::new(),
    };
    shape.types.keys().cloned().chain(shape.types.iter().flat_map(fields)).collect()
}

pub(crate) fn print(shapes: &BTreeMap<Principal, Shape>) -> String {
    let mut table = String::from(
        "# What introspection shows to whom. What everybody sees is left out, and fields of a type that stand as the type does.\n",
    );
    let _ = write!(table, "{:40}", "");
    for who in shapes.keys() {
        let _ = write!(table, " {:>3}", who.heading());
    }
    table.push('\n');
    let seen: BTreeMap<Principal, BTreeSet<String>> = shapes.iter().map(|(who, shape)| (*who, names(shape))).collect();
    let marks = |name: &str| seen.values().map(|names| names.contains(name)).collect::<Vec<_>>();
    for name in names(&Shape::of_schema()) {
        let shown = marks(&name);
        let as_its_type = name.split_once('.').is_some_and(|(of, _)| marks(of) == shown);
        if shown.iter().all(|shown| *shown) || as_its_type {
            continue;
        }
        let _ = write!(table, "{name:40}");
        for shown in shown {
            let _ = write!(table, " {:>3}", if shown { "+" } else { "-" });
        }
        table.push('\n');
    }
    table
}

#[test]
fn golden_visible() {
    let world = World::new(Backend::Sqlite).expect("SQLite is always there");
    let shapes = shapes(&InProcess::new(&world));
    golden::check(VISIBLE, &print(&shapes));
}

#[test]
fn what_is_shown_hangs_together_and_nothing_else_is() {
    let world = World::new(Backend::Sqlite).expect("SQLite is always there");
    for (who, shape) in shapes(&InProcess::new(&world)) {
        let shown: BTreeSet<String> = shape.types.keys().cloned().collect();
        let idle: Vec<_> = shown.difference(&shape.reachable()).cloned().collect();
        assert!(idle.is_empty(), "{} is shown what it cannot reach: {idle:?}", who.name());
        assert_eq!(shape.dangling(), BTreeSet::new(), "{}", who.name());
        let empty = |(_, kind): &(&String, &Kind)| {
            matches!(kind, Kind::Object(fields) if fields.is_empty())
                || matches!(kind, Kind::Abstract(names) if names.is_empty())
        };
        let empty: Vec<_> = shape.types.iter().filter(empty).map(|(name, _)| name).collect();
        assert!(empty.is_empty(), "{} is shown types of nothing: {empty:?}", who.name());
    }
}

/// The root fields that are shown or used, and not both.
fn differ(shape: &Shape, rows: &[Row], role: Role) -> Vec<String> {
    let shown =
        ["Query", "Mutation"].into_iter().flat_map(|root| shape.fields(root).iter().map(|field| field.name.clone()));
    let used = rows.iter().filter(|row| is_let_in(row, role).1).map(|row| row.sample.field().to_owned());
    let (shown, used): (BTreeSet<String>, BTreeSet<String>) = (shown.collect(), used.collect());
    shown.symmetric_difference(&used).cloned().collect()
}

/// A root field is shown to exactly those who are let in somewhere.
#[test]
fn a_role_is_shown_what_it_can_use() {
    let world = World::new(Backend::Sqlite).expect("SQLite is always there");
    let door = InProcess::new(&world);
    let rows = rows(&door, &world);
    let shapes = shapes(&door);
    for (who, shape) in &shapes {
        let Principal::Holder(role) = who else { continue };
        assert_eq!(differ(shape, &rows, *role), Vec::<String>::new(), "{}: shown or used, not both", role.as_str());
        // Where nothing is hidden, that is seen for every role; and so does the printed table.
        assert!(!differ(&Shape::of_schema(), &rows, *role).is_empty(), "{}: nothing is hidden", role.as_str());
        let mut open = shapes.clone();
        open.insert(*who, Shape::of_schema());
        assert!(!golden::differences(&golden::kept(VISIBLE), &print(&open)).is_empty(), "{}", role.as_str());
    }
}

#[test]
fn what_hangs_loose_is_seen() {
    let mut shape = Shape::of_schema();
    shape.types.remove("Team");
    assert!(shape.dangling().iter().any(|place| place.starts_with("TeamConnection.nodes")));
    assert!(!shape.reachable().contains("Member") || shape.reachable().contains("Unit"));
}
