//! The repository as the gates read it.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The top of the repository.
pub(crate) fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

/// Every file that is or would be committed, relative to the top.
pub(crate) fn files() -> Vec<String> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"])
        .current_dir(top())
        .output()
        .expect("git is there");
    assert!(listed.status.success(), "not a git work tree: {}", String::from_utf8_lossy(&listed.stderr));
    let listed = String::from_utf8(listed.stdout).expect("names are UTF-8");
    listed.split('\0').filter(|name| !name.is_empty() && top().join(name).exists()).map(str::to_owned).collect()
}

/// The text of a file.
pub(crate) fn read(name: &str) -> String {
    std::fs::read_to_string(top().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Runs cargo at the top; gives its output and whether it succeeded.
pub(crate) fn cargo(arguments: &[&str]) -> (bool, String) {
    run(Command::new(env!("CARGO")).args(arguments).current_dir(top()))
}

/// Runs a command; gives both its streams and whether it succeeded.
pub(crate) fn run(command: &mut Command) -> (bool, String) {
    let done = command.output().expect("the program is there");
    let text = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8_lossy(&text).into_owned())
}
