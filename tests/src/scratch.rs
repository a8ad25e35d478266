//! Where things are kept for the length of a test run: in the build's own folder, which nobody commits.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How old a kept thing is when it goes.
const STALE: Duration = Duration::from_secs(3600);

/// A folder of that name; what lies in it longer than an hour goes.
pub(crate) fn folder(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("this test's own file");
    // cargo marks its target folder so that backups leave it out.
    let target = test.ancestors().find(|above| above.join("CACHEDIR.TAG").exists());
    let kept = target.map_or_else(std::env::temp_dir, Path::to_owned).join("tmp").join(name);
    fs::create_dir_all(&kept).expect("a folder");
    kept
}

/// Removes what has lain longer than an hour, locks apart.
pub(crate) fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let changed = entry.metadata().ok().and_then(|file| file.modified().ok());
        let is_stale = changed.and_then(|time| time.elapsed().ok()).is_some_and(|age| age > STALE);
        if is_stale && entry.file_name() != "lock" {
            // Another process may have been quicker.
            let _ = fs::remove_file(entry.path());
        }
    }
}
