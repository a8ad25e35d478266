//! SQLite files that are prepared once and copied, as PostgreSQL's templates are.

use std::fs::{self, OpenOptions};
use std::path::PathBuf;

use crate::scratch;

/// The file prepared under `key`; made by whoever comes first, the others wait.
///
/// # Panics
/// When it cannot be made.
pub(crate) fn sqlite(key: &str, prepare: impl FnOnce(&str)) -> PathBuf {
    let folder = scratch::folder("templates");
    let lock = OpenOptions::new().create(true).append(true).open(folder.join("lock")).expect("a lock file");
    lock.lock().expect("the lock");
    let ready = folder.join(format!("{key}.db"));
    if !ready.exists() {
        scratch::sweep(&folder);
        let home = tempfile::tempdir_in(&folder).expect("a folder");
        let file = home.path().join("caodiem.db");
        prepare(&format!("sqlite:{}", file.display()));
        let wal = home.path().join("caodiem.db-wal");
        assert!(fs::metadata(&wal).map_or(0, |wal| wal.len()) == 0, "what prepared it left it open");
        fs::rename(file, &ready).expect("renamed");
    }
    ready
}
