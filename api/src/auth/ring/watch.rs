//! The ring of a running process: read anew when its file has changed.

use std::path::Path;
use std::sync::Arc;

use caodiem_domain::time::Clock;

use super::{Folder, Ring};
use crate::auth::watched::Watched;
use crate::failure::Failure;

/// The keys as they stand now.
pub struct Keyring {
    folder: Folder,
    ring: Watched<Ring>,
}

impl Keyring {
    /// Opens the ring in a folder, as [`Folder::open`] does. `clock` is the real one.
    ///
    /// # Errors
    /// [`Failure`] when keys cannot be read or written, or others may read them.
    pub fn open(folder: &Path, old: &Path, clock: Arc<dyn Clock>) -> Result<Self, Failure> {
        let folder = Folder::new(folder);
        let now = clock.now();
        let ring = Watched::new(folder.notes(), clock, |_| folder.open(old, now))?;
        Ok(Self { folder, ring })
    }

    /// The ring, and a number that goes up whenever it has changed.
    pub fn current(&self) -> (Arc<Ring>, u64) {
        self.ring.current(|_| self.folder.read())
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
}
