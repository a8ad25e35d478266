//! Selections that were not written by hand: everything that a type has, a few levels down, and every single edge.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::shape::{Field, Kind, Shape};

/// What the arguments of fields below the root are given, by name and type. An optional one that is not here is left out.
const ARGUMENTS: &[(&str, &str, &str)] = &[
    ("input", "ProgressInput", "{ drive: $shared, indicator: \"L1\", group: \"RES\" }"),
    ("input", "QuotaOfInput", "{ drive: $drive, indicator: \"L1\", group: \"RES\" }"),
    ("drive", "ID", "$drive"),
    ("unit", "ID", "$unit"),
    ("indicator", "String", "\"L1\""),
    ("day", "Date", "\"2023-06-15\""),
    ("first", "Int", "3"),
];

/// A field with its arguments; `None` where one is required that nobody has thought of.
fn call(field: &Field) -> String {
    let mut given = Vec::new();
    for argument in &field.arguments {
        let value = ARGUMENTS.iter().find(|(name, takes, _)| *name == argument.name && *takes == argument.takes);
        match value {
            Some((name, _, value)) => given.push(format!("{name}: {value}")),
            None => assert!(!argument.required, "add {}: {} to ARGUMENTS", argument.name, argument.takes),
        }
    }
    if given.is_empty() { field.name.clone() } else { format!("{}({})", field.name, given.join(", ")) }
}

fn is_leaf(shape: &Shape, name: &str) -> bool {
    !matches!(shape.types.get(name), Some(Kind::Object(_) | Kind::Abstract(_)))
}

/// The fields of a type that hold no others.
fn leaves(shape: &Shape, name: &str) -> String {
    match shape.types.get(name) {
        Some(Kind::Object(fields)) => {
            let told = fields.iter().filter(|field| is_leaf(shape, &field.gives)).map(call);
            format!("__typename {}", told.collect::<Vec<_>>().join(" "))
        }
        Some(Kind::Abstract(names)) => {
            let part = |name: &String| {
                let told = shape.fields(name).iter().filter(|field| is_leaf(shape, &field.gives));
                let told: Vec<String> = told.map(|field| format!("{name}_{}: {}", field.name, call(field))).collect();
                format!("... on {name} {{ __typename {} }}", told.join(" "))
            };
            format!("__typename {}", names.iter().map(part).collect::<Vec<_>>().join(" "))
        }
        _ => String::new(),
    }
}

/// Everything that a type has, `depth` levels down; a type inside of itself shows its leaves only. Of what may be of many
/// types only the `named` ones, where any of them is possible: all at once would be too much for one request.
pub(crate) fn everything(shape: &Shape, name: &str, named: &BTreeSet<String>, depth: usize) -> String {
    let mut path = Vec::new();
    let possible = match shape.types.get(name) {
        Some(Kind::Abstract(names)) => names.iter().filter(|name| named.contains(*name)).collect(),
        _ => Vec::new(),
    };
    let told = if possible.is_empty() {
        below(shape, name, depth, &mut path)
    } else {
        possible_types(shape, possible.into_iter(), depth, &mut path)
    };
    if told.is_empty() { told } else { format!("{{ {told} }}") }
}

fn below(shape: &Shape, name: &str, depth: usize, path: &mut Vec<String>) -> String {
    if depth == 0 || path.iter().any(|above| above == name) {
        return leaves(shape, name);
    }
    path.push(name.to_owned());
    let told = match shape.types.get(name) {
        Some(Kind::Object(fields)) => {
            let mut parts = vec![leaves(shape, name)];
            for field in fields.iter().filter(|field| !is_leaf(shape, &field.gives)) {
                parts.push(format!("{} {{ {} }}", call(field), below(shape, &field.gives, depth - 1, path)));
            }
            parts.join(" ")
        }
        Some(Kind::Abstract(names)) => possible_types(shape, names.iter(), depth, path),
        _ => String::new(),
    };
    path.pop();
    told
}

fn possible_types<'a>(
    shape: &Shape,
    names: impl Iterator<Item = &'a String>,
    depth: usize,
    path: &mut Vec<String>,
) -> String {
    let parts: Vec<String> =
        names.map(|name| format!("... on {name} {{ {} }}", inside(shape, name, depth, path))).collect();
    format!("__typename {}", parts.join(" "))
}

/// One of the possible types, every field under a name of its own: possible types may differ in what a field gives.
fn inside(shape: &Shape, name: &str, depth: usize, path: &mut Vec<String>) -> String {
    let mut parts = vec!["__typename".to_owned()];
    path.push(name.to_owned());
    for field in shape.fields(name) {
        let called = format!("{name}_{}: {}", field.name, call(field));
        if is_leaf(shape, &field.gives) {
            parts.push(called);
        } else if depth > 1 {
            parts.push(format!("{called} {{ {} }}", below(shape, &field.gives, depth - 1, path)));
        }
    }
    path.pop();
    parts.join(" ")
}

/// A selection for every edge between types that can be reached from a root field's type, by the shortest way, with the
/// leaves of where it leads. By the name of the edge.
pub(crate) fn edges(shape: &Shape, root: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut seen = BTreeSet::from([root.to_owned()]);
    let mut open = VecDeque::from([(root.to_owned(), "{ @ }".to_owned())]);
    while let Some((name, way)) = open.pop_front() {
        match shape.types.get(&name) {
            Some(Kind::Object(fields)) => {
                for field in fields.iter().filter(|field| !is_leaf(shape, &field.gives)) {
                    let way = way.replace('@', &format!("{} {{ @ }}", call(field)));
                    found.insert(format!("{name}.{}", field.name), way.replace('@', &leaves(shape, &field.gives)));
                    if seen.insert(field.gives.clone()) {
                        open.push_back((field.gives.clone(), way));
                    }
                }
            }
            Some(Kind::Abstract(names)) => {
                for one in names {
                    if seen.insert(one.clone()) {
                        open.push_back((one.clone(), way.replace('@', &format!("... on {one} {{ @ }}"))));
                    }
                }
            }
            _ => {}
        }
    }
    found
}

#[test]
fn every_edge_is_walked() {
    let shape = Shape::of_schema();
    let walked = edges(&shape, "UnitConnection");
    for edge in ["Unit.parent", "UnitConnection.nodes", "Unit.lineage", "LineageEdge.unit", "Progress.rank"] {
        assert!(walked.contains_key(edge), "{edge}");
    }
    assert!(everything(&shape, "Unit", &BTreeSet::new(), 2).contains("successors {"));
}
