//! What of an input is secret: it goes neither on record nor into a fingerprint, since the hash of a short secret gives it
//! away.
//!
//! Fields are known by name, wherever they stand; a test over the schema fails when a field that sounds like a secret is
//! neither masked nor said to be none.

/// What stands in place of a secret.
pub(crate) const MASK: &str = "***";

/// A field whose name holds one of these words, whatever their case, is secret.
const WORDS: [&str; 9] =
    ["password", "secret", "token", "totp", "otp", "assertion", "passphrase", "passcode", "credential"];

/// Mutations in whose input a `code` is that of a unit, an indicator or a group. Everywhere else it is one that lets
/// somebody in.
const OF_PUBLIC_CODES: [&str; 8] = [
    "foundUnit",
    "reviseUnit",
    "mergeUnits",
    "splitUnit",
    "defineIndicator",
    "defineGroup",
    "submitTallies",
    "proposeChange",
];

/// Whether the field of that name is a secret in the input of a mutation.
pub(crate) fn is_secret(mutation: &str, field: &str) -> bool {
    let name = field.to_ascii_lowercase();
    let names_secret = WORDS.iter().any(|word| name.contains(word)) || name == "pin" || name == "proof";
    names_secret || (name == "code" || name.ends_with("code")) && !OF_PUBLIC_CODES.contains(&mutation)
}

/// Whether the field of that name is a whole file in the input of a mutation.
pub(crate) fn is_file(mutation: &str, field: &str) -> bool {
    (mutation, field) == ("importOfficialFigures", "content")
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use async_graphql::parser::parse_schema;
    use async_graphql::parser::types::{BaseType, Type, TypeKind, TypeSystemDefinition};

    use super::*;

    /// Fields that sound like a secret and are none, each with the reason.
    const NO_SECRETS: [(&str, &str); 0] = [];

    /// What a secret may sound like: wider than [`WORDS`].
    const SOUNDS: [&str; 13] = [
        "pass",
        "secret",
        "token",
        "otp",
        "assert",
        "credential",
        "proof",
        "seed",
        "private",
        "signature",
        "answer",
        "nonce",
        "verifier",
    ];

    /// Fields of inputs by type, and arguments of mutations, each with the name of its own type.
    #[derive(Default)]
    struct Inputs {
        objects: BTreeMap<String, Vec<(String, String)>>,
        mutations: BTreeMap<String, Vec<(String, String)>>,
    }

    fn named(ty: &Type) -> String {
        match &ty.base {
            BaseType::Named(name) => name.to_string(),
            BaseType::List(inner) => named(inner),
        }
    }

    fn inputs() -> Result<Inputs, Box<dyn std::error::Error>> {
        let mut inputs = Inputs::default();
        for definition in parse_schema(crate::sdl())?.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let name = definition.node.name.node.to_string();
            match definition.node.kind {
                TypeKind::InputObject(object) => {
                    let fields = object.fields.iter();
                    let fields = fields.map(|field| (field.node.name.node.to_string(), named(&field.node.ty.node)));
                    inputs.objects.insert(name, fields.collect());
                }
                TypeKind::Object(object) if name == "Mutation" => {
                    for field in object.fields {
                        let arguments = field.node.arguments.iter();
                        let arguments =
                            arguments.map(|one| (one.node.name.node.to_string(), named(&one.node.ty.node))).collect();
                        inputs.mutations.insert(field.node.name.node.to_string(), arguments);
                    }
                }
                _ => {}
            }
        }
        Ok(inputs)
    }

    /// Every field that can be sent to the mutation, however deep it stands.
    fn fields_of(inputs: &Inputs, mutation: &str) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut left: Vec<_> = inputs.mutations.get(mutation).into_iter().flatten().collect();
        while let Some((name, ty)) = left.pop() {
            names.insert(name.clone());
            if seen.insert(ty.clone()) {
                left.extend(inputs.objects.get(ty).into_iter().flatten());
            }
        }
        names
    }

    #[test]
    fn whatever_sounds_like_a_secret_is_masked() -> Result<(), Box<dyn std::error::Error>> {
        let inputs = inputs()?;
        assert!(inputs.mutations.len() > 10, "the schema was not read");
        for mutation in inputs.mutations.keys() {
            for field in fields_of(&inputs, mutation) {
                let lower = field.to_ascii_lowercase();
                let sounds = SOUNDS.iter().any(|sound| lower.contains(sound));
                let known = NO_SECRETS.contains(&(mutation.as_str(), field.as_str()));
                assert!(
                    !sounds || known || is_secret(mutation, &field),
                    "{mutation}: {field} sounds like a secret; mask it in secrets.rs or say there that it is none"
                );
            }
        }
        Ok(())
    }

    #[test]
    fn secrets_are_known_by_name() {
        for field in
            ["password", "newPassword", "totp", "refreshToken", "idToken", "clientAssertion", "code", "resetCode"]
        {
            assert!(is_secret("signIn", field), "{field}");
        }
        for field in ["login", "device", "reason", "version", "requestId"] {
            assert!(!is_secret("signIn", field), "{field}");
        }
        assert!(!is_secret("foundUnit", "code"), "a unit's code is no secret");
        assert!(is_secret("foundUnit", "password"));
    }
}
