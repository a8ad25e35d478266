//! The ring of keys: which key signs, which ones verify, and the rules of changing that.
//!
//! A folder with a PEM file per key and `keys.json`, which says where each key stands. Commands change it under a lock
//! and replace the file as a whole; a running server looks at it every second ([`Keyring`]).

pub mod notes;
mod watch;

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use caodiem_domain::time::Instant;

use crate::auth::keys::{SigningKey, is_signed, write_private};
use crate::failure::Failure;
use notes::{KeyState, Note, Notes};
pub use watch::Keyring;

const NOTES: &str = "keys.json";

/// The keys as they stood when they were read.
pub struct Ring {
    /// Where each key stands.
    pub notes: Notes,
    keys: HashMap<String, SigningKey>,
}

impl Ring {
    /// The key that signs.
    pub fn signing(&self) -> Option<&SigningKey> {
        self.published().find(|(state, _)| *state == KeyState::Active).map(|(_, key)| key)
    }

    /// The key of exactly that name, if what it signed counts.
    pub fn verifying(&self, kid: &str) -> Option<&SigningKey> {
        self.notes.state(kid).filter(|state| state.verifies()).and_then(|_| self.keys.get(kid))
    }

    /// The keys that others may verify with.
    pub fn published(&self) -> impl Iterator<Item = (KeyState, &SigningKey)> {
        let published = self.notes.keys.iter().filter(|note| note.state.verifies());
        published.filter_map(|note| Some((note.state, self.keys.get(&note.kid)?)))
    }

    /// Whether the signature over the bytes is that of the key of that name, removed keys included: what they signed in
    /// their time still counts. A disabled key's signatures count no more.
    pub fn is_signed(&self, kid: &str, bytes: &[u8], signature: &[u8]) -> bool {
        let known = self.notes.keys.iter().find(|note| note.kid == kid && note.state != KeyState::Disabled);
        known.and_then(Note::point).is_some_and(|public| is_signed(&public, bytes, signature))
    }
}

/// The folder of the ring.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder at a path. It need not exist yet.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// The file that says where each key stands.
    #[must_use]
    pub fn notes(&self) -> PathBuf {
        self.0.join(NOTES)
    }

    fn key(&self, kid: &str) -> PathBuf {
        self.0.join(format!("{kid}.pem"))
    }

    /// Reads the ring. Where there is none, makes one of the single key in `old`, if that file is there, or of a new key.
    ///
    /// # Errors
    /// [`Failure`] when keys cannot be read or written, or others may read them.
    pub fn open(&self, old: &Path, now: Instant) -> Result<Ring, Failure> {
        if !self.notes().exists() {
            self.change(old, now, |_| Ok(()))?;
        }
        self.read()
    }

    /// Reads the ring.
    ///
    /// # Errors
    /// [`Failure`] when notes or keys cannot be read, or others may read them.
    pub fn read(&self) -> Result<Ring, Failure> {
        let path = self.notes();
        let text = std::fs::read(&path)
            .map_err(|error| Failure::failed(&format!("{} cannot be read", path.display()), error))?;
        let notes: Notes =
            serde_json::from_slice(&text).map_err(|error| Failure::config(format!("{}: {error}", path.display())))?;
        let mut keys = HashMap::new();
        for note in notes.keys.iter().filter(|note| note.state.verifies()) {
            let key = SigningKey::read(&self.key(&note.kid))?;
            if key.id != note.kid {
                return Err(Failure::config(format!("{} holds another key", self.key(&note.kid).display())));
            }
            keys.insert(note.kid.clone(), key);
        }
        Ok(Ring { notes, keys })
    }

    /// Changes the ring under its lock; a ring that does not exist yet is made first.
    ///
    /// # Errors
    /// What `change` is refused with, or [`Failure`] when files cannot be read or written.
    pub fn change(
        &self,
        old: &Path,
        now: Instant,
        change: impl FnOnce(&mut Change<'_>) -> Result<(), Failure>,
    ) -> Result<Notes, Failure> {
        let _lock = self.lock()?;
        let mut notes = if self.notes().exists() { self.read()?.notes } else { self.begin(old, now)? };
        change(&mut Change { folder: self, notes: &mut notes, now })?;
        self.store(&notes)?;
        Ok(notes)
    }

    /// A ring of one key, which signs at once: nobody can know another one yet.
    fn begin(&self, old: &Path, now: Instant) -> Result<Notes, Failure> {
        let mut notes = Notes::default();
        let key = if old.exists() {
            let key = SigningKey::read(old)?;
            let text = std::fs::read(old).map_err(|error| self.failed(&error))?;
            self.keep(&key.id, &text)?;
            key
        } else {
            let (key, text) = SigningKey::make()?;
            self.keep(&key.id, text.as_bytes())?;
            key
        };
        notes.begin(&key.id, &key.public, now);
        Ok(notes)
    }

    fn keep(&self, kid: &str, text: &[u8]) -> Result<(), Failure> {
        match write_private(&self.key(kid), text) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(self.failed(&error)),
            _ => Ok(()),
        }
    }

    /// Replaces the notes as a whole, so that nobody ever reads half of them.
    fn store(&self, notes: &Notes) -> Result<(), Failure> {
        let text = serde_json::to_vec_pretty(notes).map_err(|error| Failure::failed("the ring of keys", error))?;
        let fresh = self.0.join("keys.json.new");
        if fresh.exists() {
            std::fs::remove_file(&fresh).map_err(|error| self.failed(&error))?;
        }
        write_private(&fresh, &text)
            .and_then(|()| std::fs::rename(&fresh, self.notes()))
            .map_err(|error| self.failed(&error))
    }

    fn lock(&self) -> Result<File, Failure> {
        let mut folder = std::fs::DirBuilder::new();
        folder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        folder.create(&self.0).map_err(|error| self.failed(&error))?;
        let path = self.0.join("lock");
        let lock = OpenOptions::new().create(true).append(true).open(path).map_err(|error| self.failed(&error))?;
        lock.lock().map_err(|error| self.failed(&error))?;
        Ok(lock)
    }

    fn failed(&self, error: &std::io::Error) -> Failure {
        Failure::failed(&format!("the keys in {}", self.0.display()), error)
    }
}

/// A change of the ring under way.
pub struct Change<'a> {
    folder: &'a Folder,
    /// Where each key stands.
    pub notes: &'a mut Notes,
    /// When it is made.
    pub now: Instant,
}

impl Change<'_> {
    /// Makes a key and publishes it; it does not sign yet.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be made or kept.
    pub fn publish(&mut self) -> Result<String, Failure> {
        let (key, text) = SigningKey::make()?;
        self.folder.keep(&key.id, text.as_bytes())?;
        self.notes.publish(&key.id, &key.public, self.now);
        Ok(key.id)
    }

    /// Throws the private part of a key away that the notes say is removed.
    ///
    /// # Errors
    /// [`Failure`] when the file cannot be removed.
    pub fn throw_away(&self, kid: &str) -> Result<(), Failure> {
        match std::fs::remove_file(self.folder.key(kid)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(self.folder.failed(&error)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
