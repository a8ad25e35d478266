//! The gates that are commands, each given something to refuse: a small crate under this workspace's own settings.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use crate::sources::{read, run, top};

/// A crate of one file with the workspace's lints, formatting and toolchain settings.
fn planted(source: &str, licence: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let workspace = read("Cargo.toml");
    let lints = workspace.split_once("[workspace.lints.rust]").expect("lints").1;
    let lints = lints.split_once("[profile").map_or(lints, |(lints, _)| lints);
    let lints = format!("[lints.rust]{lints}").replace("[workspace.lints.", "[lints.");
    let manifest = format!(
        "[package]\nname = \"planted\"\nversion = \"0.1.0\"\nedition = \"2024\"\nlicense = \"{licence}\"\n\n{lints}\n[workspace]\n"
    );
    fs::write(folder.path().join("Cargo.toml"), manifest).expect("written");
    fs::create_dir(folder.path().join("src")).expect("made");
    fs::write(folder.path().join("src/lib.rs"), source).expect("written");
    for settings in [".clippy.toml", ".rustfmt.toml", ".deny.toml"] {
        fs::copy(top().join(settings), folder.path().join(settings)).expect("copied");
    }
    folder
}

/// Runs cargo in a planted crate, with a target folder of its own.
fn cargo(folder: &TempDir, arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO"));
    for inherited in ["RUSTFLAGS", "RUSTDOCFLAGS", "CLIPPY_CONF_DIR"] {
        command.env_remove(inherited);
    }
    run(command.args(arguments).current_dir(folder.path()).env("CARGO_TARGET_DIR", folder.path().join("target")))
}

const GOOD: &str = "//! A crate.\n\n/// Adds one.\npub fn more(count: u8) -> u8 {\n    count.saturating_add(1)\n}\n";

#[test]
fn the_format_gate_refuses_what_is_not_formatted() {
    assert!(cargo(&planted(GOOD, "MIT"), &["fmt", "--check"]).0);
    assert!(!cargo(&planted("pub fn more( ) {}", "MIT"), &["fmt", "--check"]).0);
}

#[test]
fn the_lint_gate_refuses_each_thing_that_is_banned() {
    let clippy = ["clippy", "--offline", "--quiet", "--", "-D", "warnings"];
    let (clean, said) = cargo(&planted(GOOD, "MIT"), &clippy);
    assert!(clean, "{said}");
    let bad = "//! A crate.\n\n#[allow(dead_code)]\nfn unused() {}\n\
        pub fn clock() { let _ = (std::time::SystemTime::now(), std::time::Instant::now()); }\n\
        pub fn first(of: &[u8]) -> u8 { of[0] }\n\
        pub fn force(of: Option<u8>) -> u8 { of.unwrap() }\n\
        pub fn hope(of: Option<u8>) -> u8 { of.expect(\"one\") }\n\
        pub fn cut(of: u64) -> u8 { of as u8 }\n\
        pub fn later() { todo!() }\n\
        pub fn look(of: u8) -> u8 { dbg!(of) }\n\
        pub fn lose(of: &str) -> Result<u8, String> { of.parse::<u8>().map_err(|_| String::new()) }\n";
    let (clean, said) = cargo(&planted(bad, "MIT"), &clippy);
    assert!(!clean);
    for lint in [
        "allow_attributes",
        "as_conversions",
        "dbg_macro",
        "disallowed_methods",
        "expect_used",
        "indexing_slicing",
        "map_err_ignore",
        "todo",
        "unwrap_used",
    ] {
        let dashed = lint.replace('_', "-");
        assert!(said.contains(lint) || said.contains(&dashed), "{lint} does not fire\n{said}");
    }
    assert_eq!(said.matches("use of a disallowed method").count(), 2, "{said}");
    let long = format!("//! A crate.\n\n/// Long.\npub fn long() {{\n{}}}\n", "    println!(\"one\");\n".repeat(61));
    assert!(cargo(&planted(&long, "MIT"), &clippy).1.contains("too many lines"));
}

#[test]
fn the_documents_gate_refuses_a_broken_link() {
    let doc = |source: &str| {
        let folder = planted(source, "MIT");
        let mut command = Command::new(env!("CARGO"));
        command.args(["doc", "--offline", "--quiet", "--no-deps"]).current_dir(folder.path());
        run(command.env("CARGO_TARGET_DIR", folder.path().join("target")).env("RUSTDOCFLAGS", "-D warnings"))
    };
    assert!(doc(GOOD).0);
    assert!(!doc("//! See [`Nowhere`].\n").0);
}

#[test]
fn the_crates_gate_refuses_a_licence_that_is_not_listed() {
    let deny = ["deny", "--offline", "check", "licenses"];
    let (clean, said) = cargo(&planted(GOOD, "MIT"), &deny);
    if said.contains("no such command") {
        assert!(std::env::var_os("CI").is_none(), "CI has no cargo-deny");
        eprintln!("SKIPPED: cargo-deny is not installed");
        return;
    }
    assert!(clean, "{said}");
    assert!(!cargo(&planted(GOOD, "GPL-3.0-or-later"), &deny).0);
}

#[test]
fn every_gate_of_the_script_is_run() {
    let script = read(".ci/run");
    for command in ["cargo fmt", "cargo clippy", "cargo doc", "cargo nextest run", "cargo test", "cargo deny"] {
        assert!(script.contains(command), "{command}");
    }
}
