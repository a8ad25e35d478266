//! The ring of a running process: read anew when its file has changed.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use caodiem_domain::time::Clock;

use super::{Folder, Ring};
use crate::failure::Failure;

/// How often the file is looked at, in microseconds.
const LOOK: i64 = 1_000_000;

/// What tells one state of a file from another.
type Stamp = Option<(SystemTime, u64)>;

/// The keys as they stand now.
pub struct Keyring {
    folder: Folder,
    file: PathBuf,
    clock: Arc<dyn Clock>,
    looked: AtomicI64,
    held: RwLock<Held>,
}

#[derive(Clone)]
struct Held {
    ring: Arc<Ring>,
    generation: u64,
    stamp: Stamp,
}

impl Keyring {
    /// Opens the ring in a folder, as [`Folder::open`] does. `clock` is the real one.
    ///
    /// # Errors
    /// [`Failure`] when keys cannot be read or written, or others may read them.
    pub fn open(folder: &Path, old: &Path, clock: Arc<dyn Clock>) -> Result<Self, Failure> {
        let folder = Folder::new(folder);
        let now = clock.now();
        let file = folder.notes();
        let ring = Arc::new(folder.open(old, now)?);
        let held = RwLock::new(Held { ring, generation: 0, stamp: stamp(&file) });
        Ok(Self { folder, file, clock, looked: AtomicI64::new(now.timestamp_micros()), held })
    }

    /// The ring, and a number that goes up whenever it has changed.
    pub fn current(&self) -> (Arc<Ring>, u64) {
        self.look();
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        (Arc::clone(&held.ring), held.generation)
    }

    /// Signs bytes; gives the key's name with it.
    ///
    /// # Errors
    /// [`Failure`] when there is no key that signs.
    pub fn sign(&self, bytes: &[u8]) -> Result<(String, Vec<u8>), Failure> {
        let (ring, _) = self.current();
        let key = ring.signing().ok_or_else(|| Failure::Failed("there is no active key".to_owned()))?;
        Ok((key.id.clone(), key.sign(bytes)?))
    }

    /// Whether the signature over the bytes is that of the key of that name. Removed keys count, disabled ones do not.
    pub fn verify(&self, kid: &str, bytes: &[u8], signature: &[u8]) -> bool {
        self.current().0.is_signed(kid, bytes, signature)
    }

    /// Once a second, one caller looks whether the file has changed. What cannot be read leaves the keys as they were.
    fn look(&self) {
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
        match self.folder.read() {
            Ok(ring) => {
                let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
                *held = Held { ring: Arc::new(ring), generation: held.generation.wrapping_add(1), stamp: fresh };
                tracing::info!("the ring of keys has changed");
            }
            Err(failure) => tracing::error!(%failure, "the ring of keys cannot be read; the keys stay as they were"),
        }
    }
}

fn stamp(file: &Path) -> Stamp {
    let metadata = std::fs::metadata(file).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}
