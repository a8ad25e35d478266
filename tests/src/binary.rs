//! The real binary `caodiem`, built as this workspace stands.
//!
//! cargo gives a test only the binaries of its own package, so the first test of a run asks cargo to build it (nothing
//! to do where the run was preceded by a build) and keeps a link to it that no later build replaces.

use std::env;
use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};
use std::sync::OnceLock;

use crate::scratch;

/// The path of the binary. `CAODIEM_BIN` names another one.
///
/// # Panics
/// When it does not build.
pub fn caodiem() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| env::var_os("CAODIEM_BIN").map_or_else(of_this_run, PathBuf::from))
}

/// nextest runs each test in a process of its own and names the run; otherwise the run is this process.
fn of_this_run() -> PathBuf {
    let run = env::var("NEXTEST_RUN_ID").unwrap_or_else(|_| format!("process-{}", process::id()));
    let kept = scratch::folder("binaries");
    let lock = OpenOptions::new().create(true).append(true).open(kept.join("lock")).expect("a lock file");
    lock.lock().expect("the lock");
    let link = kept.join(run);
    if !link.exists() {
        scratch::sweep(&kept);
        fs::hard_link(build(), &link).expect("a link");
    }
    link
}

fn build() -> PathBuf {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--workspace", "--bin", "caodiem", "--message-format=json-render-diagnostics", "--quiet"])
        .args(if cfg!(debug_assertions) { &[][..] } else { &["--release"][..] })
        .current_dir(top)
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo runs");
    assert!(built.status.success(), "caodiem does not build");
    let messages = String::from_utf8(built.stdout).expect("JSON");
    let executables = messages.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let found = executables.filter(|message| message["target"]["name"] == "caodiem");
    let path = found.filter_map(|message| message["executable"].as_str().map(PathBuf::from)).next_back();
    path.expect("cargo names the executable")
}
