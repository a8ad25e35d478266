//! The arrows of the hexagon: `api → schema → domain ← storage`, and `api → storage` for wiring.

use crate::sources::{cargo, files, read};

/// What may stand nowhere below a crate, however far down.
const FORBIDDEN: &[(&str, &[&str])] = &[
    (
        "caodiem-domain",
        &[
            "caodiem",
            "caodiem-schema",
            "caodiem-storage",
            "actix-web",
            "async-graphql",
            "async-trait",
            "diesel",
            "futures-util",
            "jsonwebtoken",
            "serde",
            "serde_json",
            "tokio",
            "tracing",
        ],
    ),
    (
        "caodiem-schema",
        &["caodiem", "caodiem-storage", "actix-web", "diesel", "jsonwebtoken", "libsqlite3-sys", "pq-sys"],
    ),
    ("caodiem-storage", &["caodiem", "caodiem-schema", "actix-web", "async-graphql", "jsonwebtoken", "tokio"]),
];

/// The forbidden crates in what `cargo tree --prefix none` prints.
fn found_in<'rule>(tree: &str, forbidden: &[&'rule str]) -> Vec<&'rule str> {
    let stands = |name: &&str| tree.lines().skip(1).any(|line| line.split(' ').next() == Some(*name));
    forbidden.iter().copied().filter(stands).collect()
}

/// The first mention of a chrono clock in a crate's features.
fn names_a_clock(tree: &str) -> bool {
    tree.lines().any(|line| line.starts_with("chrono feature \"clock\"") || line.starts_with("chrono feature \"now\""))
}

#[test]
fn no_crate_sees_what_lies_outside_of_it() {
    for (package, forbidden) in FORBIDDEN {
        let (done, tree) = cargo(&["tree", "--offline", "--package", package, "--edges", "normal", "--prefix", "none"]);
        assert!(done, "{tree}");
        assert_eq!(found_in(&tree, forbidden), Vec::<&str>::new(), "{package} reaches them");
    }
}

#[test]
fn the_rules_are_built_without_a_clock() {
    let arguments =
        ["tree", "--offline", "--package", "caodiem-domain", "--edges", "normal,features", "--prefix", "none"];
    let (done, tree) = cargo(&arguments);
    assert!(done, "{tree}");
    assert!(!names_a_clock(&tree), "{tree}");
}

#[test]
fn a_forbidden_arrow_is_found() {
    let tree = "caodiem-domain v0.1.0 (/x/domain)\nchrono v0.4.45\nserde v1.0.228\nserde_core v1.0.228\n";
    assert_eq!(found_in(tree, &["serde", "diesel", "caodiem-domain"]), ["serde"]);
    let real = cargo(&["tree", "--offline", "--package", "caodiem-storage", "--edges", "normal", "--prefix", "none"]).1;
    assert_eq!(found_in(&real, &["diesel", "actix-web"]), ["diesel"], "the command prints what the rule reads");
    assert!(names_a_clock("caodiem-domain v0.1.0\nchrono feature \"clock\"\n"));
}

/// Members that keep lints or versions of their own.
fn apart(manifest: &str) -> Vec<String> {
    let mut found = Vec::new();
    if !manifest.contains("[lints]\nworkspace = true") {
        found.push("the workspace's lints do not hold".to_owned());
    }
    let mut in_dependencies = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            in_dependencies = line.contains("dependencies");
        } else if in_dependencies && line.contains('=') && !line.contains("workspace = true") {
            found.push(format!("a version of its own: {line}"));
        }
    }
    found
}

#[test]
fn lints_and_versions_stand_once_in_the_workspace() {
    for manifest in files().iter().filter(|name| name.ends_with("/Cargo.toml")) {
        assert_eq!(apart(&read(manifest)), Vec::<String>::new(), "{manifest}");
    }
    let kept = "[dependencies]\nserde = \"1\"\ntokio.workspace = true\n";
    assert_eq!(apart(kept), ["the workspace's lints do not hold", "a version of its own: serde = \"1\""]);
}
