//! What is wrong, where, and what would be right: the one form of every refusal and every finding.

mod codes;
mod words;

use std::fmt;

pub use codes::Code;

/// How a refusal is to be treated by whoever reads its code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// The input has to be mended.
    Invalid,
    /// It does not exist, or lies out of the caller's scope; the two look alike.
    NotFound,
    /// The role may not do this anywhere.
    Forbidden,
    /// Another fact stands in the way.
    Conflict,
    /// Somebody else changed the record first; read it again.
    Stale,
    /// Not a refusal: something to look at. Findings never change a figure.
    Finding,
}

/// The language of a message. Vietnamese is the working language, English for integrators.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    /// Tiếng Việt.
    Vi,
    /// English.
    En,
}

/// The most characters of a key that a message repeats.
const SHOWN_MAX: usize = 60;

/// What a client gave as a key, fit for a message.
fn shown(key: &str) -> String {
    let mut shown: String = key.chars().filter(|char| !char.is_control()).take(SHOWN_MAX).collect();
    if key.chars().nth(SHOWN_MAX).is_some() {
        shown.push('…');
    }
    if shown.trim().is_empty() { format!("\"{shown}\"") } else { shown }
}

/// One thing that is wrong or noteworthy: code, place and the figures of its message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    code: Code,
    field: String,
    params: Vec<(&'static str, String)>,
}

impl Problem {
    /// A problem of the whole input; [`Self::at`] narrows it.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self { code, field: String::new(), params: Vec::new() }
    }

    /// [`Code::NotFound`] for `what` under `key`, shown as it was given: on one line, shortened, and `""` when empty.
    #[must_use]
    pub fn not_found(what: &'static str, key: impl fmt::Display) -> Self {
        Self::new(Code::NotFound).with("what", what).with("key", shown(&key.to_string()))
    }

    /// Prefixes the place: dotted input path with indexes, as in `rows.3.value`.
    #[must_use]
    pub fn at(mut self, field: impl fmt::Display) -> Self {
        self.field =
            if self.field.is_empty() { field.to_string() } else { format!("{field}.{rest}", rest = self.field) };
        self
    }

    /// Gives a figure of the message.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.params.push((name, value.to_string()));
        self
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// Dotted place in the input, empty for the whole.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The figures of the message, in the order they were given.
    #[must_use]
    pub fn params(&self) -> &[(&'static str, String)] {
        &self.params
    }

    /// The message in one language.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        self.params.iter().fold(self.code.template(language).to_owned(), |text, (name, value)| {
            let word = if language == Language::Vi { words::in_vietnamese(name, value) } else { None };
            text.replace(&format!("{{{name}}}"), word.unwrap_or(value))
        })
    }
}
