//! Lists, page by page: every order, both directions, every cursor, and the counts, hold what is in scope and no more.

use std::collections::BTreeSet;

use caodiem_domain::access::Scope;
use caodiem_tests::database::Backend;
use serde_json::Value;

use crate::alike::of_the_district;
use crate::door::{Door, InProcess, unfit};
use crate::matrix::in_parallel;
use crate::people::Principal;
use crate::place::Relation;
use crate::shape::{Field, Shape};
use crate::world::World;

/// What lists need beyond their page.
const NEEDED: &[(&str, &str)] = &[("drive", "drive: $shared"), ("unit", "unit: $unit"), ("day", "day: \"2023-06-20\"")];

/// A list: field, its arguments but for the page, and what its rows are known by.
type List = (String, String, &'static str);

/// The lists of the schema, each in every one of its orders.
fn lists(shape: &Shape) -> Vec<List> {
    let is_list = |field: &&Field| field.gives.ends_with("Connection");
    let mut found = Vec::new();
    for field in shape.fields("Query").iter().filter(is_list) {
        let needed: Vec<&str> = field
            .arguments
            .iter()
            .filter(|argument| argument.required)
            .map(|argument| NEEDED.iter().find(|(name, _)| *name == argument.name).expect("add it to NEEDED").1)
            .collect();
        let order = field.arguments.iter().find(|argument| argument.name == "orderBy");
        let orders = order.map_or_else(|| vec![String::new()], |order| values(&order.takes));
        for order in orders {
            let order = if order.is_empty() { order } else { format!("orderBy: {order}") };
            found.push((field.name.clone(), [needed.join(" "), order].join(" "), identity(&field.gives)));
        }
    }
    found
}

/// What the rows of a connection are known by: their id, or nothing but their cursor where they are worked out.
fn identity(connection: &str) -> &'static str {
    let node = connection.trim_end_matches("Connection");
    if caodiem_schema::sdl().contains(&format!("type {node} implements Node")) { "... on Node { id }" } else { "" }
}

/// The values of an enum.
fn values(name: &str) -> Vec<String> {
    let sdl = caodiem_schema::sdl();
    let (_, rest) = sdl.split_once(&format!("enum {name} {{")).expect("an enum");
    let (body, _) = rest.split_once('}').expect("its end");
    let words = body
        .lines()
        .map(str::trim)
        .filter(|line| line.chars().all(|c| c.is_ascii_uppercase() || "_0123456789".contains(c)));
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A page: rows with their cursors, and the count of all.
struct Page {
    rows: Vec<(String, String)>,
    total: usize,
}

/// A page of a list, as somebody sees it; `None` where they may not.
fn page(
    door: &dyn Door,
    world: &World,
    who: Principal,
    (field, arguments, identity): &List,
    part: &str,
) -> Option<Page> {
    let text =
        format!("{field}({arguments} {part}) {{ totalCount edges {{ cursor node {{ __typename {identity} }} }} }}");
    let text = world.fill(&world.place(Relation::Own, None), &text);
    let answer = door.ask(who, &format!("{{ {text} }}"));
    assert_eq!(unfit(&answer), None, "{answer}");
    if answer.get("errors").is_some_and(|errors| !errors.as_array().is_some_and(Vec::is_empty)) {
        return None;
    }
    let list = &answer["data"][field];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let edges = list["edges"].as_array().expect("edges").iter();
    let known_by = |edge: &Value| if identity.is_empty() { &edge["cursor"] } else { &edge["node"]["id"] }.to_string();
    let rows = edges.map(|edge| (text(&edge["cursor"]), known_by(edge))).collect();
    Some(Page { rows, total: usize::try_from(list["totalCount"].as_u64().expect("a count")).expect("a size") })
}

fn ids(page: &Page) -> Vec<&str> {
    page.rows.iter().map(|(_, id)| id.as_str()).collect()
}

/// What is wrong with a list for somebody whose scope is the district.
fn wrong(door: &dyn Door, wide: &dyn Door, world: &World, who: Principal, list: &List) -> Vec<String> {
    let Some(seen) = page(door, world, who, list, "first: 100") else { return Vec::new() };
    let all = page(wide, world, who, list, "first: 100").expect("a list");
    let mut wrong = Vec::new();
    let mut need = |right: bool, what: &str| {
        if !right {
            wrong.push(format!("{} {}: {what}", list.0, list.1));
        }
    };
    need(seen.total == seen.rows.len(), "the count is not of what is shown");
    need(ids(&seen).into_iter().collect::<BTreeSet<_>>().len() == seen.rows.len(), "a row stands twice");
    let known = ids(&seen);
    need(ids(&all).into_iter().filter(|id| known.contains(id)).eq(known.iter().copied()), "the order is another one");
    let back = page(door, world, who, list, "last: 100").expect("a list");
    need(ids(&back) == known, "backwards it is another list");
    for (cursor, _) in &all.rows {
        let after = page(door, world, who, list, &format!("first: 100, after: \"{cursor}\"")).expect("a list");
        let before = page(door, world, who, list, &format!("last: 100, before: \"{cursor}\"")).expect("a list");
        need(known.ends_with(&ids(&after)) && known.starts_with(&ids(&before)), "a cursor leads out of the list");
        need(after.total == seen.total, "a cursor changes the count");
    }
    wrong
}

#[test]
fn lists_hold_what_is_in_scope_whatever_the_page() {
    let world = World::new(Backend::Sqlite).expect("SQLite is always there");
    let door = InProcess::new(&world);
    let wide = door.altered(&world, |actor| actor.scope = Scope::Country);
    let lists = lists(&Shape::of_schema());
    assert!(lists.len() > 8, "{lists:?}");
    let people: Vec<Principal> = of_the_district(&world).map(|person| person.principal).collect();
    let cases: Vec<_> = people.iter().flat_map(|who| lists.iter().map(move |list| (*who, list))).collect();
    let found = in_parallel(&cases, |(who, list)| wrong(&door, &wide, &world, *who, list)).concat();
    assert!(found.is_empty(), "{}", found.join("\n"));
    let narrowed: Vec<_> = cases.iter().filter(|(who, list)| shrinks(&door, &wide, &world, *who, list)).collect();
    assert!(narrowed.len() > 20, "scope takes something away from most lists: {}", narrowed.len());
}

fn shrinks(door: &dyn Door, wide: &dyn Door, world: &World, who: Principal, list: &List) -> bool {
    let pages = page(door, world, who, list, "first: 100").zip(page(wide, world, who, list, "first: 100"));
    pages.is_some_and(|(seen, all)| seen.rows.len() < all.rows.len())
}
