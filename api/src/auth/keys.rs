//! A key that signs and verifies: ES256, in a PEM file that only its owner may read.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
};
use jsonwebtoken::{DecodingKey, EncodingKey};
use uuid::Uuid;

use crate::failure::Failure;

const LABEL: &str = "PRIVATE KEY";

/// A signing key with its name.
#[derive(Clone)]
pub struct SigningKey {
    /// `kid`: the beginning of the SHA-256 of the public key.
    pub id: String,
    /// Signs tokens.
    pub signs: EncodingKey,
    /// Verifies tokens.
    pub verifies: DecodingKey,
    /// The point, uncompressed: 65 bytes.
    pub public: Vec<u8>,
    pair: Arc<EcdsaKeyPair>,
}

impl SigningKey {
    /// Reads a key that nobody else may read.
    ///
    /// # Errors
    /// [`Failure::Config`] when the file is no PKCS#8 PEM of a P-256 key or others may read it; [`Failure::Failed`] when
    /// it cannot be read.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        let text = std::fs::read(path).map_err(|error| Failure::failed(&format!("{shown} cannot be read"), error))?;
        refuse_open_file(path)?;
        Self::from_pem(&text).map_err(|why| Failure::config(format!("{shown}: {why}")))
    }

    /// Makes a key; gives it with its PEM.
    ///
    /// # Errors
    /// [`Failure::Failed`].
    pub fn make() -> Result<(Self, String), Failure> {
        let fail = |why: String| Failure::failed("a signing key cannot be made", why);
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
            .map_err(|error| fail(error.to_string()))?;
        let key = Self::from_der(der.as_ref()).map_err(fail)?;
        Ok((key, pem::encode(&pem::Pem::new(LABEL, der.as_ref()))))
    }

    /// Reads a key from PEM.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn from_pem(text: &[u8]) -> Result<Self, String> {
        let block = pem::parse(text).map_err(|error| format!("it is no PEM file: {error}"))?;
        if block.tag() != LABEL {
            return Err(format!("it holds a {tag}; a PKCS#8 {LABEL} is needed", tag = block.tag()));
        }
        Self::from_der(block.contents())
    }

    fn from_der(der: &[u8]) -> Result<Self, String> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der)
            .map_err(|rejected| format!("it is no ES256 (P-256) key: {rejected}"))?;
        let public = pair.public_key().as_ref().to_vec();
        Ok(Self {
            id: key_id(&public),
            signs: EncodingKey::from_ec_der(der),
            verifies: DecodingKey::from_ec_der(&public),
            public,
            pair: Arc::new(pair),
        })
    }

    /// Signs bytes: r and s, 64 bytes.
    ///
    /// # Errors
    /// When the library cannot.
    pub fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, Failure> {
        let signed = self.pair.sign(&SystemRandom::new(), bytes);
        signed.map(|signature| signature.as_ref().to_vec()).map_err(|error| Failure::failed("signing", error))
    }
}

/// The name of a public key.
pub(crate) fn key_id(public: &[u8]) -> String {
    begin(digest(&SHA256, public).as_ref()).simple().to_string()
}

/// Whether the signature over the bytes is that of the key.
pub(crate) fn is_signed(public: &[u8], bytes: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public).verify(bytes, signature).is_ok()
}

/// The first 128 bits of a hash.
pub(crate) fn begin(hash: &[u8]) -> Uuid {
    hash.get(..16).and_then(|bytes| Uuid::from_slice(bytes).ok()).unwrap_or_default()
}

/// Writes a new file that only its owner may read; an existing one is left alone.
pub(crate) fn write_private(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Whoever reads the key can be anybody, so nobody else may.
#[cfg(unix)]
fn refuse_open_file(path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path)
        .map_err(|error| Failure::failed("the signing key cannot be read", error))?
        .permissions()
        .mode();
    let of_others = mode & 0o077;
    if of_others == 0 {
        return Ok(());
    }
    let path = path.display();
    Err(Failure::config(format!("{path}: others may read the signing key (mode {mode:o}); run: chmod 600 {path}")))
}

#[cfg(not(unix))]
fn refuse_open_file(_path: &Path) -> Result<(), Failure> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_others_may_read_is_refused() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("key.pem");
        let (made, text) = SigningKey::make().map_err(|failure| failure.to_string())?;
        write_private(&path, text.as_bytes())?;
        let read = SigningKey::read(&path).map_err(|failure| failure.to_string())?;
        assert_eq!(made.id, read.id);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path)?.permissions().mode() & 0o777, 0o600);
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644))?;
            let refused = SigningKey::read(&path).map(|key| key.id);
            assert!(refused.is_err_and(|failure| failure.to_string().contains("chmod 600")));
        }
        Ok(())
    }

    #[test]
    fn what_is_no_p256_key_is_refused_with_what_it_is() {
        let refused = |text: &str| SigningKey::from_pem(text.as_bytes()).map_or_else(|why| why, |key| key.id);
        assert!(refused("nothing").contains("no PEM"));
        let certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(refused(certificate).contains("CERTIFICATE"));
        let other = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        assert!(refused(other).contains("ES256"));
    }

    #[test]
    fn a_signature_is_of_one_key_over_one_text() -> Result<(), Failure> {
        let ((one, _), (other, _)) = (SigningKey::make()?, SigningKey::make()?);
        let signature = one.sign(b"text")?;
        assert!(is_signed(&one.public, b"text", &signature));
        assert!(!is_signed(&one.public, b"test", &signature));
        assert!(!is_signed(&other.public, b"text", &signature));
        Ok(())
    }
}
