//! States that tests begin from, made by the binary's own commands.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::app::prepare;
use crate::binary::caodiem;
use crate::database::{Backend, Database};

/// The 2023 tree and the starter catalogue.
///
/// # Panics
/// When the binary refuses.
pub fn country(backend: Backend) -> Option<Database> {
    Database::prepared(backend, &key("country"), |url| {
        let home = tempfile::tempdir().expect("a folder");
        prepare(url, home.path(), &["migrate"]);
        prepare(url, home.path(), &["import", "units", "--builtin", "2023"]);
        prepare(url, home.path(), &["import", "catalogue"]);
    })
}

/// A template's name: what it holds, and which binary made it.
fn key(state: &str) -> String {
    let mut hasher = DefaultHasher::new();
    let binary = std::fs::metadata(caodiem()).expect("the binary");
    (binary.len(), binary.modified().ok()).hash(&mut hasher);
    format!("{state}_{:016x}", hasher.finish())
}
