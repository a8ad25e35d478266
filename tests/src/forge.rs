//! Makes tokens by hand, good ones and forged ones, with the very key of a server under test.

use std::path::Path;

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair,
};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// A key pair that signs tokens.
#[derive(Debug)]
pub struct Forge {
    /// The name of the key.
    pub kid: String,
    pair: EcdsaKeyPair,
}

impl Forge {
    /// The key that signs for the server whose data stands in `home`.
    ///
    /// # Panics
    /// When there is none.
    pub fn of(home: &Path) -> Self {
        let folder = home.join("keys");
        let notes = std::fs::read(folder.join("keys.json")).expect("a ring of keys");
        let notes: Value = serde_json::from_slice(&notes).expect("JSON");
        let keys = notes["keys"].as_array().expect("keys");
        let active = keys.iter().find(|key| key["state"] == "active").expect("an active key");
        let kid = active["kid"].as_str().expect("a name").to_owned();
        let text = std::fs::read_to_string(folder.join(format!("{kid}.pem"))).expect("the key");
        let body: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
        let der = BASE64_STANDARD.decode(body).expect("PEM");
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der).expect("a P-256 key");
        Self { kid, pair }
    }

    /// A key of nobody's.
    ///
    /// # Panics
    /// When none can be made.
    pub fn stranger(kid: &str) -> Self {
        Self { kid: kid.to_owned(), pair: fresh(&ECDSA_P256_SHA256_FIXED_SIGNING) }
    }

    /// The public point.
    pub fn public(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    /// Publishes the key as an issuer does: a JWKS in a file, whole whenever it is read.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn publish(&self, file: &Path) {
        let [x, y] = [1..33, 33..65].map(|half| BASE64_URL_SAFE_NO_PAD.encode(&self.public()[half]));
        let key = json!({ "kty": "EC", "crv": "P-256", "use": "sig", "kid": self.kid, "x": x, "y": y });
        let fresh = file.with_extension("new");
        std::fs::write(&fresh, json!({ "keys": [key] }).to_string()).expect("written");
        std::fs::rename(fresh, file).expect("renamed");
    }

    /// Signs header and payload.
    ///
    /// # Panics
    /// When it cannot.
    pub fn sign(&self, header: &Value, payload: &Value) -> String {
        self.sign_text(&header.to_string(), &payload.to_string())
    }

    /// Signs claims as the server does.
    pub fn sign_claims(&self, claims: &Value) -> String {
        self.sign(&json!({ "alg": "ES256", "typ": "at+jwt", "kid": self.kid }), claims)
    }

    /// Signs header and payload as they are written.
    ///
    /// # Panics
    /// When it cannot.
    pub fn sign_text(&self, header: &str, payload: &str) -> String {
        let input = input(header, payload);
        let signature = self.pair.sign(&SystemRandom::new(), input.as_bytes()).expect("signed");
        joined(&input, signature.as_ref())
    }
}

/// Header and payload under HMAC with a secret.
pub fn hs256(secret: &[u8], header: &Value, payload: &Value) -> String {
    let input = input(&header.to_string(), &payload.to_string());
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), input.as_bytes());
    joined(&input, tag.as_ref())
}

/// Header and payload under a fresh key on another curve.
///
/// # Panics
/// When it cannot.
pub fn es384(header: &Value, payload: &Value) -> String {
    let input = input(&header.to_string(), &payload.to_string());
    let signature =
        fresh(&ECDSA_P384_SHA384_FIXED_SIGNING).sign(&SystemRandom::new(), input.as_bytes()).expect("signed");
    joined(&input, signature.as_ref())
}

/// Header and payload without a signature.
pub fn unsigned(header: &Value, payload: &Value) -> String {
    joined(&input(&header.to_string(), &payload.to_string()), b"")
}

/// What a token says.
///
/// # Panics
/// When it is none.
pub fn claims_of(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("three parts");
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("JSON")
}

fn fresh(algorithm: &'static EcdsaSigningAlgorithm) -> EcdsaKeyPair {
    let der = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).expect("a key");
    EcdsaKeyPair::from_pkcs8(algorithm, der.as_ref()).expect("a key")
}

fn input(header: &str, payload: &str) -> String {
    [header, payload].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part)).join(".")
}

fn joined(input: &str, signature: &[u8]) -> String {
    format!("{input}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
}
