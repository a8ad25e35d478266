//! Problems as data: refusals that the caller can mend, and findings.

use std::borrow::Cow;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::Field;
use async_graphql::registry::{EnumBuilder, MetaEnumValue, MetaTypeId, Registry};
use async_graphql::{ContextSelectionSet, Name, Object, OutputType, Positioned, ServerResult, Value};
use caodiem_domain::problem::{Code, Language, Problem};

/// The stable code of a problem. Written out by hand instead of derived: the domain's table of codes is the only list.
pub(crate) struct ProblemCode(pub(crate) Code);

impl OutputType for ProblemCode {
    fn type_name() -> Cow<'static, str> {
        "ProblemCode".into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Enum, |_| {
            let value = |code: &Code| {
                let mut value = MetaEnumValue::new(code.as_str());
                value.description = Some(code.template(Language::En).to_owned());
                (code.as_str().to_owned(), value)
            };
            let values: IndexMap<_, _> = Code::ALL.iter().map(value).collect();
            EnumBuilder::new("ProblemCode", values)
                .description(Some(
                    "What is wrong or noteworthy. A code is never reused for another meaning.".to_owned(),
                ))
                .rust_typename(std::any::type_name::<Self>())
                .build()
        })
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::Enum(Name::new(self.0.as_str())))
    }
}

/// A refusal.
pub(crate) struct UserError(pub(crate) Problem);

/// Something in the input that the caller can mend. Nothing was changed.
#[Object]
impl UserError {
    /// The place in the input, from the outermost field inwards; indexes of lists are numbers as text. Null when it
    /// concerns the whole.
    async fn field(&self) -> Option<Vec<String>> {
        place(&self.0)
    }

    /// What is wrong.
    async fn code(&self) -> ProblemCode {
        ProblemCode(self.0.code())
    }

    /// What is wrong, in Vietnamese.
    async fn message(&self) -> String {
        self.0.text(Language::Vi)
    }

    /// What is wrong, in English.
    async fn message_en(&self) -> String {
        self.0.text(Language::En)
    }
}

/// A finding.
pub(crate) struct Finding(pub(crate) Problem);

/// Something to look at, such as a total that its cells do not add up to. A finding never blocks and never changes a
/// figure.
#[Object]
impl Finding {
    /// The place it speaks of, from the outermost inwards; null when it concerns the whole.
    async fn field(&self) -> Option<Vec<String>> {
        place(&self.0)
    }

    /// What was found.
    async fn code(&self) -> ProblemCode {
        ProblemCode(self.0.code())
    }

    /// What was found, in Vietnamese.
    async fn message(&self) -> String {
        self.0.text(Language::Vi)
    }

    /// What was found, in English.
    async fn message_en(&self) -> String {
        self.0.text(Language::En)
    }

    /// The figures in the message.
    async fn figures(&self) -> Vec<Figure> {
        self.0.params().iter().map(|(name, value)| Figure { name: (*name).to_owned(), value: value.clone() }).collect()
    }
}

/// A figure in a message.
#[derive(async_graphql::SimpleObject)]
pub(crate) struct Figure {
    /// What it is: `cells`, `total`, `declared` …
    name: String,
    /// The figure as text.
    value: String,
}

fn place(problem: &Problem) -> Option<Vec<String>> {
    (!problem.field().is_empty()).then(|| problem.field().split('.').map(str::to_owned).collect())
}
