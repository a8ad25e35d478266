//! Inputs: what clients send, turned into commands of the domain, with every problem found at once.

pub(crate) mod account;
pub(crate) mod act;
pub(crate) mod assignment;
pub(crate) mod baseline;
pub(crate) mod basis;
pub(crate) mod break_glass;
pub(crate) mod calendar;
pub(crate) mod cascade;
pub(crate) mod change_drive;
pub(crate) mod column;
pub(crate) mod compilation;
pub(crate) mod consistency;
pub(crate) mod define_catalogue;
pub(crate) mod drive;
pub(crate) mod emulation;
pub(crate) mod external;
pub(crate) mod extract;
pub(crate) mod inspection;
pub(crate) mod period_report;
pub(crate) mod plan_drive;
pub(crate) mod progress;
pub(crate) mod proposal;
pub(crate) mod quota;
pub(crate) mod reform_units;
pub(crate) mod reporting;
pub(crate) mod revise_drive;
pub(crate) mod revise_unit;
pub(crate) mod session;
pub(crate) mod settlement;
pub(crate) mod tally;
pub(crate) mod team;
pub(crate) mod unit;

use std::fmt;

use async_graphql::MaybeUndefined;
use caodiem_domain::problem::{Code, Problem};

use crate::error::Result;

/// The `input` of a mutation.
pub(crate) trait MutationInput: TryInto<Self::Command, Error = Vec<Problem>> {
    /// The command of the use case.
    type Command: Send + 'static;

    /// The client's request id.
    fn request_id(&self) -> &str;
}

/// Declares inputs of mutations with the command of each.
macro_rules! mutation_inputs {
    ($($input:ty => $command:ty),+ $(,)?) => {$(
        impl $crate::inputs::MutationInput for $input {
            type Command = $command;

            fn request_id(&self) -> &str {
                &self.request_id
            }
        }
    )+};
}
pub(crate) use mutation_inputs;

/// Collects the problems of an input, so that a client learns of all of them at once.
#[derive(Default)]
pub(crate) struct Check(Vec<Problem>);

impl Check {
    /// Notes a problem.
    pub(crate) fn note(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// A field's value, or `None` with its problem noted.
    pub(crate) fn field<T>(&mut self, name: impl fmt::Display, value: Result<T, Problem>) -> Option<T> {
        value.map_err(|problem| self.note(problem.at(name))).ok()
    }

    /// A field that may be absent: `Some(None)` when it is.
    #[expect(clippy::option_option, reason = "absent and wrong are different answers")]
    pub(crate) fn optional<S, T>(
        &mut self,
        name: impl fmt::Display,
        value: Option<S>,
        parse: impl FnOnce(&S) -> Result<T, Problem>,
    ) -> Option<Option<T>> {
        let Some(value) = value else {
            return Some(None);
        };
        self.field(name, parse(&value)).map(Some)
    }

    /// A field of a partial update: absent keeps (`Some(None)`), null is refused because there is nothing to clear.
    #[expect(clippy::option_option, reason = "absent and wrong are different answers")]
    pub(crate) fn kept<S, T>(
        &mut self,
        name: impl fmt::Display,
        value: MaybeUndefined<S>,
        parse: impl FnOnce(&S) -> Result<T, Problem>,
    ) -> Option<Option<T>> {
        match value {
            MaybeUndefined::Undefined => Some(None),
            MaybeUndefined::Null => self.field(name, Err(Problem::new(Code::Empty))),
            MaybeUndefined::Value(value) => self.field(name, parse(&value)).map(Some),
        }
    }

    /// Refuses a list that is too long, by the same words as every other problem.
    pub(crate) fn at_most<T>(&mut self, name: impl fmt::Display, items: &[T], most: usize) {
        if items.len() > most {
            self.note(Problem::new(Code::TooMany).with("actual", items.len()).with("max", most).at(name));
        }
    }

    /// A list, each item by itself; problems carry the index.
    pub(crate) fn each<S, C: FromIterator<T>, T>(
        &mut self,
        name: &str,
        values: impl IntoIterator<Item = S>,
        mut parse: impl FnMut(S) -> Result<T, Problem>,
    ) -> Option<C> {
        let items: Vec<_> = values
            .into_iter()
            .enumerate()
            .map(|(index, value)| self.field(format_args!("{name}.{index}"), parse(value)))
            .collect();
        items.into_iter().collect()
    }

    /// An input inside of the input.
    pub(crate) fn nested<S, T>(&mut self, name: impl fmt::Display, value: S) -> Option<T>
    where
        S: TryInto<T, Error = Vec<Problem>>,
    {
        self.within(name, value.try_into())
    }

    /// What was made of an input inside of the input.
    pub(crate) fn within<T>(&mut self, name: impl fmt::Display, made: Result<T, Vec<Problem>>) -> Option<T> {
        let note = |problems: Vec<Problem>| problems.into_iter().for_each(|problem| self.note(problem.at(&name)));
        made.map_err(note).ok()
    }

    /// What was made of several fields at once.
    pub(crate) fn all<T>(&mut self, made: Result<T, Vec<Problem>>) -> Option<T> {
        made.map_err(|problems| self.0.extend(problems)).ok()
    }

    /// Inputs inside of a list, each by itself; problems carry the index.
    pub(crate) fn each_within<S, T>(
        &mut self,
        name: &str,
        values: impl IntoIterator<Item = S>,
        mut make: impl FnMut(S) -> Result<T, Vec<Problem>>,
    ) -> Option<Vec<T>> {
        let numbered = values.into_iter().enumerate();
        let items: Vec<_> =
            numbered.map(|(index, value)| self.within(format_args!("{name}.{index}"), make(value))).collect();
        items.into_iter().collect()
    }

    /// A list of inputs, each item by itself; problems carry the index.
    pub(crate) fn nested_each<S, T>(&mut self, name: &str, values: Vec<S>) -> Option<Vec<T>>
    where
        S: TryInto<T, Error = Vec<Problem>>,
    {
        let indexed = values.into_iter().enumerate();
        let items: Vec<_> = indexed.map(|(index, value)| self.nested(format_args!("{name}.{index}"), value)).collect();
        items.into_iter().collect()
    }

    /// What `build` makes of the fields when nothing is wrong.
    pub(crate) fn done<T>(self, build: impl FnOnce() -> Option<T>) -> Result<T, Vec<Problem>> {
        match build() {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self.0),
        }
    }
}
