//! What was read from a file, and is read anew when the file has changed.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use caodiem_domain::time::Clock;

use crate::failure::Failure;

/// How often the file is looked at, in microseconds.
const LOOK: i64 = 1_000_000;

/// What tells one state of a file from another.
type Stamp = Option<(SystemTime, u64)>;

/// What a file says, as it stands now.
pub(super) struct Watched<T> {
    file: PathBuf,
    clock: Arc<dyn Clock>,
    looked: AtomicI64,
    held: RwLock<Held<T>>,
}

struct Held<T> {
    said: Arc<T>,
    generation: u64,
    stamp: Stamp,
}

impl<T> Watched<T> {
    /// What `read` finds in the file. `clock` is the real one.
    ///
    /// # Errors
    /// Whatever `read` answers.
    pub(super) fn new(
        file: PathBuf,
        clock: Arc<dyn Clock>,
        read: impl FnOnce(&Path) -> Result<T, Failure>,
    ) -> Result<Self, Failure> {
        let looked = AtomicI64::new(clock.now().timestamp_micros());
        let said = Arc::new(read(&file)?);
        let held = RwLock::new(Held { said, generation: 0, stamp: stamp(&file) });
        Ok(Self { file, clock, looked, held })
    }

    /// What it says, and a number that goes up whenever that has changed. Once a second, one caller looks whether the file
    /// has changed; what cannot be read leaves everything as it was.
    pub(super) fn current(&self, read: impl FnOnce(&Path) -> Result<T, Failure>) -> (Arc<T>, u64) {
        self.look(read);
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        (Arc::clone(&held.said), held.generation)
    }

    fn look(&self, read: impl FnOnce(&Path) -> Result<T, Failure>) {
        let now = self.clock.now().timestamp_micros();
        let last = self.looked.load(Ordering::Relaxed);
        let due = now.saturating_sub(last) >= LOOK;
        if !due || self.looked.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_err() {
            return;
        }
        let fresh = stamp(&self.file);
        if fresh == self.held.read().unwrap_or_else(PoisonError::into_inner).stamp {
            return;
        }
        let file = self.file.display();
        match read(&self.file) {
            Ok(said) => {
                let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
                let generation = held.generation.wrapping_add(1);
                *held = Held { said: Arc::new(said), generation, stamp: fresh };
                tracing::info!(%file, "the keys have changed");
            }
            Err(failure) => tracing::error!(%file, %failure, "the keys cannot be read; they stay as they were"),
        }
    }
}

fn stamp(file: &Path) -> Stamp {
    let metadata = std::fs::metadata(file).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}
