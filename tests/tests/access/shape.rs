//! The schema's types and fields: all of them, or those that introspection shows to somebody.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, FieldDefinition, Type, TypeKind, TypeSystemDefinition};
use serde_json::Value;

use crate::door::{Door, unfit};
use crate::people::Principal;

/// What a type is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Object(Vec<Field>),
    /// An interface or a union, by its possible types.
    Abstract(Vec<String>),
    /// An input with the types of its fields.
    Input(Vec<String>),
    /// An enum or a scalar.
    Leaf,
}

/// A field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    /// The type without lists and exclamation marks.
    pub(crate) gives: String,
    pub(crate) arguments: Vec<Argument>,
}

/// An argument.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Argument {
    pub(crate) name: String,
    /// The type without lists and exclamation marks.
    pub(crate) takes: String,
    /// Whether it has to be given.
    pub(crate) required: bool,
}

/// Types by name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Shape {
    pub(crate) types: BTreeMap<String, Kind>,
}

impl Shape {
    /// All of the schema.
    pub(crate) fn of_schema() -> Self {
        let document = parse_schema(caodiem_schema::sdl()).expect("the schema parses");
        let mut types = BTreeMap::new();
        for definition in document.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let name = definition.node.name.node.to_string();
            let kind = match definition.node.kind {
                TypeKind::Object(object) => {
                    Kind::Object(object.fields.into_iter().map(|field| field_of(field.node)).collect())
                }
                TypeKind::Union(union) => {
                    Kind::Abstract(union.members.iter().map(|name| name.node.to_string()).collect())
                }
                TypeKind::Interface(_) => Kind::Abstract(Vec::new()),
                TypeKind::InputObject(input) => {
                    Kind::Input(input.fields.iter().map(|field| base(&field.node.ty.node)).collect())
                }
                TypeKind::Enum(_) | TypeKind::Scalar => Kind::Leaf,
            };
            types.insert(name, kind);
        }
        Self { types }
    }

    /// What introspection shows to somebody.
    pub(crate) fn shown_to(door: &dyn Door, who: Principal) -> Self {
        const TYPE: &str = "{ name ofType { name ofType { name ofType { name } } } }";
        let required = "kind name ofType { name ofType { name ofType { name } } }";
        let document = format!(
            "{{ __schema {{ types {{ kind name possibleTypes {{ name }} inputFields {{ type {TYPE} }} \
             fields(includeDeprecated: true) {{ name type {TYPE} args {{ name defaultValue type {{ {required} }} }} }} }} }} }}"
        );
        let answer = door.ask(who, &document);
        assert_eq!(unfit(&answer), None, "{answer}");
        let types = answer["data"]["__schema"]["types"].as_array().expect("types").iter();
        let told = types.filter(|told| !text(&told["name"]).starts_with("__"));
        Self { types: told.map(|told| (text(&told["name"]), kind_told(told))).collect() }
    }

    /// The fields of an object; none where there is no such type.
    pub(crate) fn fields(&self, name: &str) -> &[Field] {
        match self.types.get(name) {
            Some(Kind::Object(fields)) => fields,
            _ => &[],
        }
    }

    /// What can be reached from the root types, introspection's own types apart.
    pub(crate) fn reachable(&self) -> BTreeSet<String> {
        let mut open: Vec<String> = ["Query", "Mutation"].into_iter().map(str::to_owned).collect();
        // Every schema has these.
        open.extend(["Boolean", "Float", "ID", "Int", "String"].map(str::to_owned));
        let mut found = BTreeSet::new();
        while let Some(name) = open.pop() {
            let Some(kind) = self.types.get(&name) else { continue };
            if !found.insert(name) {
                continue;
            }
            match kind {
                Kind::Object(fields) => {
                    let argument =
                        |field: &Field| field.arguments.iter().map(|it| it.takes.clone()).collect::<Vec<_>>();
                    open.extend(fields.iter().flat_map(|field| [vec![field.gives.clone()], argument(field)].concat()));
                }
                Kind::Abstract(names) | Kind::Input(names) => open.extend(names.iter().cloned()),
                Kind::Leaf => {}
            }
        }
        found
    }

    /// Types that are spoken of but not shown.
    pub(crate) fn dangling(&self) -> BTreeSet<String> {
        let mut spoken = BTreeSet::new();
        for (name, kind) in &self.types {
            let mut speak = |place: String, of: &str| {
                if !self.types.contains_key(of) {
                    spoken.insert(format!("{place} speaks of {of}"));
                }
            };
            match kind {
                Kind::Object(fields) => {
                    for field in fields {
                        speak(format!("{name}.{}", field.name), &field.gives);
                        field
                            .arguments
                            .iter()
                            .for_each(|it| speak(format!("{name}.{}({})", field.name, it.name), &it.takes));
                    }
                }
                Kind::Abstract(names) | Kind::Input(names) => names.iter().for_each(|of| speak(name.clone(), of)),
                Kind::Leaf => {}
            }
        }
        spoken
    }
}

fn field_of(field: FieldDefinition) -> Field {
    let arguments = field.arguments.into_iter().map(|argument| Argument {
        name: argument.node.name.node.to_string(),
        takes: base(&argument.node.ty.node),
        required: !argument.node.ty.node.nullable && argument.node.default_value.is_none(),
    });
    Field { name: field.name.node.to_string(), gives: base(&field.ty.node), arguments: arguments.collect() }
}

fn base(ty: &Type) -> String {
    match &ty.base {
        BaseType::Named(name) => name.to_string(),
        BaseType::List(inner) => base(inner),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The innermost name of a type as introspection tells it.
fn named(told: &Value) -> String {
    let mut told = told;
    while told["ofType"].is_object() {
        told = &told["ofType"];
    }
    text(&told["name"])
}

fn kind_told(told: &Value) -> Kind {
    let list = |name: &str| told[name].as_array().cloned().unwrap_or_default();
    match told["kind"].as_str().unwrap_or_default() {
        "OBJECT" => Kind::Object(list("fields").iter().map(field_told).collect()),
        "INTERFACE" | "UNION" => Kind::Abstract(list("possibleTypes").iter().map(|one| text(&one["name"])).collect()),
        "INPUT_OBJECT" => Kind::Input(list("inputFields").iter().map(|field| named(&field["type"])).collect()),
        _ => Kind::Leaf,
    }
}

fn field_told(told: &Value) -> Field {
    let arguments = told["args"].as_array().cloned().unwrap_or_default();
    let argument = |one: &Value| Argument {
        name: text(&one["name"]),
        takes: named(&one["type"]),
        required: one["type"]["kind"] == "NON_NULL" && one["defaultValue"].is_null(),
    };
    Field {
        name: text(&told["name"]),
        gives: named(&told["type"]),
        arguments: arguments.iter().map(argument).collect(),
    }
}
