//! The schema's conventions: everything is described, every mutation has one input with a request id and one payload
//! with errors, every list is bounded.

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{TypeDefinition, TypeKind, TypeSystemDefinition};
use caodiem_domain::audit::operations::{OF_ADMINS, OF_THE_WORK};

use crate::sources::read;

fn types(sdl: &str) -> Vec<TypeDefinition> {
    let document = parse_schema(sdl).expect("the schema parses");
    let definitions = document.definitions.into_iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(definition) => Some(definition.node),
        TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => None,
    });
    definitions.collect()
}

/// What nobody has described.
fn undescribed(sdl: &str) -> Vec<String> {
    let mut found = Vec::new();
    for definition in types(sdl) {
        let name = definition.name.node.to_string();
        let mut need = |described: bool, what: String| {
            if !described {
                found.push(what);
            }
        };
        need(definition.description.is_some(), name.clone());
        let fields = match &definition.kind {
            TypeKind::Object(object) => object.fields.as_slice(),
            TypeKind::Interface(interface) => interface.fields.as_slice(),
            TypeKind::InputObject(input) => {
                for field in &input.fields {
                    need(field.node.description.is_some(), format!("{name}.{}", field.node.name.node));
                }
                continue;
            }
            TypeKind::Enum(choices) => {
                for choice in &choices.values {
                    need(choice.node.description.is_some(), format!("{name}.{}", choice.node.value.node));
                }
                continue;
            }
            TypeKind::Scalar | TypeKind::Union(_) => continue,
        };
        for field in fields {
            let place = format!("{name}.{}", field.node.name.node);
            need(field.node.description.is_some(), place.clone());
            for argument in &field.node.arguments {
                need(argument.node.description.is_some(), format!("{place}({})", argument.node.name.node));
            }
        }
    }
    found
}

/// Mutations that depart from the form `verbNoun(input: VerbNounInput!): VerbNounPayload!`.
fn irregular(sdl: &str) -> Vec<String> {
    let types = types(sdl);
    let named = |name: &str| types.iter().find(|definition| definition.name.node == name);
    let has_field = |name: &str, field: &str| match named(name).map(|definition| &definition.kind) {
        Some(TypeKind::Object(object)) => object.fields.iter().any(|one| one.node.name.node == field),
        Some(TypeKind::InputObject(input)) => input.fields.iter().any(|one| one.node.name.node == field),
        _ => false,
    };
    let Some(TypeKind::Object(mutation)) = named("Mutation").map(|definition| &definition.kind) else {
        return vec!["there are no mutations".to_owned()];
    };
    let regular = |name: &str, arguments: &[String], gives: &str| {
        let mut letters = name.chars();
        let noun: String = letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect();
        arguments == [format!("input: {noun}Input!")]
            && gives == format!("{noun}Payload!")
            && has_field(&format!("{noun}Input"), "requestId")
            && has_field(&format!("{noun}Payload"), "errors")
    };
    let fields = mutation.fields.iter().map(|field| {
        let arguments = field.node.arguments.iter();
        let arguments = arguments.map(|one| format!("{}: {}", one.node.name.node, one.node.ty.node));
        (field.node.name.node.to_string(), arguments.collect::<Vec<_>>(), field.node.ty.node.to_string())
    });
    fields.filter(|(name, arguments, gives)| !regular(name, arguments, gives)).map(|(name, ..)| name).collect()
}

/// Mutations that nobody has sorted into acts of admins and others, or that are sorted twice.
fn unsorted(sdl: &str) -> Vec<String> {
    let types = types(sdl);
    let mutation = types.iter().find(|definition| definition.name.node == "Mutation");
    let Some(TypeKind::Object(mutation)) = mutation.map(|definition| &definition.kind) else {
        return vec!["there are no mutations".to_owned()];
    };
    let names = mutation.fields.iter().map(|field| field.node.name.node.as_str());
    let times = |name: &&str| [OF_ADMINS, OF_THE_WORK].iter().filter(|sorted| sorted.contains(name)).count();
    names.filter(|name| times(name) != 1).map(str::to_owned).collect()
}

#[test]
fn every_mutation_is_an_act_of_admins_or_of_the_work() {
    assert_eq!(unsorted(&read("schema/schema.graphql")), Vec::<String>::new(), "domain/src/audit/operations.rs");
    assert_eq!(unsorted("type Mutation { foundUnit(a: Int): Int doThat(a: Int): Int }"), ["doThat"]);
}

#[test]
fn everything_is_described() {
    assert_eq!(undescribed(&read("schema/schema.graphql")), Vec::<String>::new());
    let planted = "\"A.\" type A { b(c: Int): Int \"D.\" d: Int } enum E { F }";
    assert_eq!(undescribed(planted), ["A.b", "A.b(c)", "E", "E.F"]);
}

#[test]
fn mutations_have_one_form() {
    assert_eq!(irregular(&read("schema/schema.graphql")), Vec::<String>::new());
    let planted = "type Mutation { doThis(input: DoThisInput!): DoThisPayload! doThat(id: ID!): Boolean! } \
        input DoThisInput { requestId: String! } type DoThisPayload { errors: [Int!]! }";
    assert_eq!(irregular(planted), ["doThat"]);
}
