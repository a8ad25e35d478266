//! Signed texts (RFC 7515) in their compact form, taken apart exactly.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A signed text, not verified yet.
pub(super) struct Parts<'text> {
    /// The header.
    pub(super) head: Vec<u8>,
    /// The payload.
    pub(super) payload: Vec<u8>,
    /// What was signed.
    pub(super) input: &'text str,
    /// The signature.
    pub(super) signature: Vec<u8>,
}

impl<'text> Parts<'text> {
    /// Exactly three parts in base64url.
    pub(super) fn of(text: &'text str) -> Option<Self> {
        let (input, signature) = text.rsplit_once('.')?;
        let (head, payload) = input.split_once('.')?;
        let decoded = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).ok();
        Some(Self { head: decoded(head)?, payload: decoded(payload)?, signature: decoded(signature)?, input })
    }
}

/// A value of an object's members, each of its type and each once; `None` for anything else.
pub(super) fn object<T: DeserializeOwned>(text: &[u8]) -> Option<T> {
    serde_json::from_slice::<Object<T>>(text).ok().map(|object| object.0)
}

/// A member that may be missing, but is not null.
pub(super) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// An object's members, each once; `None` for anything else.
pub(super) fn members(text: &[u8]) -> Option<BTreeMap<String, Value>> {
    struct Once;
    impl<'de> Visitor<'de> for Once {
        type Value = BTreeMap<String, Value>;

        fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            out.write_str("an object whose members stand once")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = BTreeMap::new();
            while let Some((name, value)) = map.next_entry()? {
                if found.insert(name, value).is_some() {
                    return Err(A::Error::custom("a member stands twice"));
                }
            }
            Ok(found)
        }
    }
    let mut from = serde_json::Deserializer::from_slice(text);
    let found = from.deserialize_map(Once).ok()?;
    from.end().is_ok().then_some(found)
}

/// A value that was written as an object: derived readers take an array of the members' values, too.
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Only<T>(std::marker::PhantomData<T>);
        impl<'de, T: DeserializeOwned> Visitor<'de> for Only<T> {
            type Value = Object<T>;

            fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }
        from.deserialize_map(Only(std::marker::PhantomData))
    }
}
