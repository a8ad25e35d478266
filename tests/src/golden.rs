//! Tables that are printed to a file and read in review. `GOLDEN=write cargo golden` writes them anew.

use std::path::{Path, PathBuf};

fn place(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

/// The table as it is kept; empty when there is none.
pub fn kept(name: &str) -> String {
    std::fs::read_to_string(place(name)).unwrap_or_default()
}

/// What differs, by line; nothing when the texts are equal.
pub fn differences(kept: &str, actual: &str) -> Vec<String> {
    let lines = kept.lines().count().max(actual.lines().count());
    let pairs = (0..lines).map(|at| (at + 1, kept.lines().nth(at), actual.lines().nth(at)));
    let unequal = pairs.filter(|(_, kept, actual)| kept != actual);
    unequal.take(20).map(|(line, kept, actual)| format!("{line}: {kept:?} is now {actual:?}")).collect()
}

/// Compares what is kept with what is; with `GOLDEN=write` it is written first.
///
/// # Panics
/// When they differ.
pub fn check(name: &str, actual: &str) {
    if std::env::var("GOLDEN").is_ok_and(|word| word == "write") {
        std::fs::write(place(name), actual).expect("the file is written");
    }
    let differences = differences(&kept(name), actual);
    assert!(differences.is_empty(), "{name} differs; GOLDEN=write cargo golden\n{}", differences.join("\n"));
}
