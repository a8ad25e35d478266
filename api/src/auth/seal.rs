//! The key under which secrets are kept in the database: AES-256-GCM, each bound to its place, so that none can be opened in
//! another row. And hashes under a key, that nobody else can make.

use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use caodiem_domain::error::StoreError;

use crate::auth::keys::write_private;
use crate::failure::Failure;

const LABEL: &str = "CAODIEM SEALING KEY";

/// How long the key is, in bytes.
const LENGTH: usize = 32;

/// The first byte of what is sealed: how.
const AES_GCM: u8 = 1;

/// Seals secrets and makes keyed hashes. Whoever serves the same database needs the same key.
pub struct SealingKey {
    seals: RandomizedNonceKey,
    hashes: Key,
}

impl SealingKey {
    /// Reads the key, or makes one and stores it where there is none.
    ///
    /// # Errors
    /// [`Failure::Config`] when the file is no sealing key or others may read it; [`Failure::Failed`] when it cannot be read
    /// or written.
    pub fn load_or_make(path: &Path) -> Result<Self, Failure> {
        match std::fs::read(path) {
            Ok(text) => {
                refuse_open_file(path)?;
                let wrong = |why: &str| Failure::config(format!("{path}: {why}", path = path.display()));
                let block = pem::parse(text).map_err(|error| wrong(&format!("it is no PEM file: {error}")))?;
                if block.tag() != LABEL || block.contents().len() != LENGTH {
                    return Err(wrong(&format!("it has to be a {LABEL} of {LENGTH} bytes")));
                }
                Self::of(block.contents())
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::make(path),
            Err(error) => Err(Failure::failed("the sealing key cannot be read", error)),
        }
    }

    /// The keys that follow from these bytes: one for each use.
    ///
    /// # Errors
    /// [`Failure::Failed`], which does not happen.
    pub fn of(bytes: &[u8]) -> Result<Self, Failure> {
        let root = Key::new(HMAC_SHA256, bytes);
        let seals = RandomizedNonceKey::new(&AES_256_GCM, sign(&root, b"caodiem sealing 1").as_ref());
        let seals = seals.map_err(|error| Failure::failed("the sealing key cannot be used", error))?;
        Ok(Self { seals, hashes: Key::new(HMAC_SHA256, sign(&root, b"caodiem hashing 1").as_ref()) })
    }

    fn make(path: &Path) -> Result<Self, Failure> {
        let fail = |why: String| Failure::failed("the sealing key cannot be made", why);
        let mut bytes = [0; LENGTH];
        aws_lc_rs::rand::fill(&mut bytes).map_err(|error| fail(error.to_string()))?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| fail(format!("{}: {error}", folder.display())))?;
        }
        let text = pem::encode(&pem::Pem::new(LABEL, bytes));
        write_private(path, text.as_bytes()).map_err(|error| fail(format!("{}: {error}", path.display())))?;
        Self::of(&bytes)
    }

    /// Encrypts for one place.
    ///
    /// # Errors
    /// [`StoreError::Other`], which does not happen.
    pub fn seal(&self, plain: &[u8], place: &str) -> Result<Vec<u8>, StoreError> {
        let mut hidden = plain.to_vec();
        let nonce = self.seals.seal_in_place_append_tag(Aad::from(place), &mut hidden);
        let nonce = nonce.map_err(|error| StoreError::Other(format!("a secret cannot be sealed: {error}")))?;
        Ok([[AES_GCM].as_slice(), nonce.as_ref().as_slice(), hidden.as_slice()].concat())
    }

    /// Decrypts what was sealed for that place; `None` for anything else.
    #[must_use]
    pub fn open(&self, sealed: &[u8], place: &str) -> Option<Vec<u8>> {
        let (nonce, hidden) = sealed.strip_prefix(&[AES_GCM])?.split_first_chunk::<NONCE_LEN>()?;
        let mut hidden = hidden.to_vec();
        let opened = self.seals.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(place), &mut hidden);
        opened.ok().map(|plain| plain.to_vec())
    }

    /// A hash under the key, for one purpose.
    #[must_use]
    pub fn keyed(&self, purpose: &str, content: &[u8]) -> [u8; 32] {
        let text = [purpose.as_bytes(), &[0], content].concat();
        <[u8; 32]>::try_from(sign(&self.hashes, &text).as_ref()).unwrap_or_default()
    }
}

/// Whoever reads the key can read every sealed secret, so nobody else may.
#[cfg(unix)]
fn refuse_open_file(path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    let read = std::fs::metadata(path).map_err(|error| Failure::failed("the sealing key cannot be read", error))?;
    let of_others = read.permissions().mode() & 0o077;
    if of_others == 0 {
        return Ok(());
    }
    let path = path.display();
    Err(Failure::config(format!("{path}: others may read the sealing key; run: chmod 600 {path}")))
}

#[cfg(not(unix))]
fn refuse_open_file(_path: &Path) -> Result<(), Failure> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    type Tested = Result<(), Box<dyn std::error::Error>>;

    #[test]
    fn a_key_is_made_once_for_its_owner_only() -> Tested {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("deep/sealing.key");
        let made = SealingKey::load_or_make(&path).map_err(|failure| failure.to_string())?;
        let read = SealingKey::load_or_make(&path).map_err(|failure| failure.to_string())?;
        assert_eq!(made.keyed("x", b"y"), read.keyed("x", b"y"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path)?.permissions().mode() & 0o777, 0o600);
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640))?;
            let refused = SealingKey::load_or_make(&path).err().map(|failure| failure.to_string());
            assert!(refused.is_some_and(|said| said.contains("chmod 600")));
        }
        std::fs::write(&path, "nothing")?;
        assert!(SealingKey::load_or_make(&path).is_err());
        Ok(())
    }

    #[test]
    fn what_is_sealed_opens_at_its_place_only_and_not_when_it_was_altered() -> Tested {
        let [key, other] =
            [[1; 32], [2; 32]].map(|bytes| SealingKey::of(&bytes).map_err(|failure| failure.to_string()));
        let (key, other) = (key?, other?);
        let sealed = key.seal(b"secret", "credentials.totp:1")?;
        assert_eq!(key.open(&sealed, "credentials.totp:1").as_deref(), Some(b"secret".as_slice()));
        assert_eq!(key.open(&sealed, "credentials.totp:2"), None);
        assert_eq!(other.open(&sealed, "credentials.totp:1"), None);
        assert_ne!(sealed, key.seal(b"secret", "credentials.totp:1")?, "each time another nonce");
        for at in 0..sealed.len() {
            let altered: Vec<u8> =
                sealed.iter().enumerate().map(|(here, byte)| if here == at { byte ^ 1 } else { *byte }).collect();
            assert_eq!(key.open(&altered, "credentials.totp:1"), None, "byte {at}");
        }
        assert_eq!(key.open(&[], "credentials.totp:1"), None);
        Ok(())
    }

    #[test]
    fn keyed_hashes_differ_by_purpose_content_and_key() -> Tested {
        let key = SealingKey::of(&[1; 32]).map_err(|failure| failure.to_string())?;
        let other = SealingKey::of(&[2; 32]).map_err(|failure| failure.to_string())?;
        let hashes = [key.keyed("a", b"bc"), key.keyed("ab", b"c"), key.keyed("a", b"bd"), other.keyed("a", b"bc")];
        let distinct: std::collections::BTreeSet<_> = hashes.iter().collect();
        assert_eq!(distinct.len(), hashes.len());
        Ok(())
    }
}
