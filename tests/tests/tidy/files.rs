//! Where files stand, what they are called and how long they are.

use std::collections::BTreeSet;

use crate::sources::{files, read};

/// What may stand at the top, beside dot-files.
const TOP: &[&str] = &[
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "api",
    "domain",
    "schema",
    "storage",
    "tests",
];

/// Names that say nothing about what is inside.
const BANNED: &[&str] =
    &["utils", "util", "helpers", "helper", "common", "manager", "service", "misc", "extra", "dto", "mod"];

/// A file longer than this, unit tests apart, is a smell; longer than the second, refused.
const SMELL: usize = 400;
const LIMIT: usize = 600;

/// Longer files, each with the length it may not pass. The list only shrinks.
const EXEMPT: &[(&str, usize)] = &[];

fn misplaced(names: &[String]) -> BTreeSet<&str> {
    let tops = names.iter().filter_map(|name| name.split('/').next());
    tops.filter(|top| !top.starts_with('.') && !TOP.contains(top)).collect()
}

fn badly_named(names: &[String]) -> Vec<&str> {
    let stem = |name: &str| name.rsplit('/').next().unwrap_or(name).trim_end_matches(".rs").to_owned();
    let banned = |name: &&str| {
        let folders = name.split('/').any(|part| BANNED.contains(&part));
        is_rust(name) && (folders || BANNED.contains(&stem(name).as_str()))
    };
    names.iter().map(String::as_str).filter(banned).collect()
}

/// Lines of a source file before its unit tests.
fn length(text: &str) -> usize {
    text.lines().take_while(|line| !line.starts_with("#[cfg(test)]")).count()
}

/// Files that pass their limit, and exemptions that are no longer needed.
fn too_long(lengths: &[(&str, usize)], exempt: &[(&str, usize)]) -> Vec<String> {
    let allowed = |name: &str| exempt.iter().find(|(file, _)| *file == name).map_or(LIMIT, |(_, limit)| *limit);
    let long = lengths
        .iter()
        .filter(|(name, lines)| *lines > allowed(name))
        .map(|(name, lines)| format!("{name} has {lines} lines"));
    let idle = exempt
        .iter()
        .filter(|(file, _)| !lengths.iter().any(|(name, lines)| name == file && *lines > LIMIT))
        .map(|(file, _)| format!("{file} needs no exemption"));
    long.chain(idle).collect()
}

fn is_rust(name: &str) -> bool {
    name.strip_suffix(".rs").is_some()
}

fn rust(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).filter(|name| is_rust(name)).collect()
}

#[test]
fn the_top_holds_what_it_may() {
    assert_eq!(misplaced(&files()), BTreeSet::new());
    let planted = ["docs/x.md", "Makefile", "api/src/main.rs", ".ci/run"].map(str::to_owned);
    assert_eq!(misplaced(&planted), BTreeSet::from(["docs", "Makefile"]));
}

#[test]
fn names_say_what_is_inside() {
    assert_eq!(badly_named(&files()), Vec::<&str>::new());
    let planted = ["api/src/utils.rs", "schema/src/common/ids.rs", "storage/src/repo/mod.rs", "domain/src/unit.rs"];
    let planted = planted.map(str::to_owned);
    assert_eq!(badly_named(&planted), ["api/src/utils.rs", "schema/src/common/ids.rs", "storage/src/repo/mod.rs"]);
}

#[test]
fn files_are_short() {
    let names = files();
    let lengths: Vec<(&str, usize)> = rust(&names).into_iter().map(|name| (name, length(&read(name)))).collect();
    for (name, lines) in lengths.iter().filter(|(_, lines)| *lines > SMELL) {
        println!("WARNING: {name} has {lines} lines");
    }
    assert_eq!(too_long(&lengths, EXEMPT), Vec::<String>::new());
    let planted = [("a.rs", 601), ("b.rs", 700), ("c.rs", 10)];
    let found = too_long(&planted, &[("b.rs", 700), ("c.rs", 650)]);
    assert_eq!(found, ["a.rs has 601 lines", "c.rs needs no exemption"]);
    assert_eq!(length("fn a() {}\n#[cfg(test)]\nmod tests {}\n"), 1);
}

/// Ports without a repository of the same name.
fn unpaired(names: &[String]) -> Vec<String> {
    let in_folder = |folder: &str| -> BTreeSet<String> {
        let inside = names.iter().filter_map(|name| name.strip_prefix(folder)?.strip_suffix(".rs"));
        inside.filter(|stem| !stem.contains('/')).map(str::to_owned).collect()
    };
    let repositories = in_folder("storage/src/repo/");
    in_folder("domain/src/ports/").difference(&repositories).cloned().collect()
}

#[test]
fn the_same_noun_has_the_same_file_name() {
    assert_eq!(unpaired(&files()), Vec::<String>::new());
    let planted = ["domain/src/ports/units.rs", "domain/src/ports/teams.rs", "storage/src/repo/units.rs"];
    assert_eq!(unpaired(&planted.map(str::to_owned)), ["teams"]);
}

/// Migrations that one of the two databases lacks.
fn without_twin(names: &[String]) -> BTreeSet<String> {
    let of = |backend: &str| -> BTreeSet<String> {
        let folder = format!("storage/migrations/{backend}/");
        names.iter().filter_map(|name| name.strip_prefix(&folder)).map(str::to_owned).collect()
    };
    of("postgres").symmetric_difference(&of("sqlite")).cloned().collect()
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = files();
    assert!(names.iter().any(|name| name.starts_with("storage/migrations/sqlite/")), "migrations stand elsewhere");
    assert_eq!(without_twin(&names), BTreeSet::new());
    let planted = ["storage/migrations/postgres/1/up.sql", "storage/migrations/sqlite/2/up.sql"].map(str::to_owned);
    assert_eq!(without_twin(&planted).len(), 2);
}
