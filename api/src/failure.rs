//! How a command can end badly: what it says, and with which exit code.

use std::fmt;
use std::process::ExitCode;

use caodiem_domain::error::{Error, StoreError};
use caodiem_domain::problem::Language;

/// How many complaints about a file are listed before the rest is only counted.
const COMPLAINTS_MAX: usize = 20;

/// The end of a command that did not succeed.
#[derive(Debug)]
pub enum Failure {
    /// Settings or arguments are wrong: every complaint found. Exit code 2.
    Config(Vec<String>),
    /// A file given to us is wrong: every complaint found. Exit code 1.
    Input(Vec<String>),
    /// Something could not be done. Exit code 1.
    Failed(String),
}

impl Failure {
    /// One complaint about settings or arguments.
    #[must_use]
    pub fn config(complaint: impl Into<String>) -> Self {
        Self::Config(vec![complaint.into()])
    }

    /// One complaint about a file.
    #[must_use]
    pub fn input(complaint: impl Into<String>) -> Self {
        Self::Input(vec![complaint.into()])
    }

    /// Complaints about a file: the first of them, and how many more there are.
    #[must_use]
    pub fn input_all(mut complaints: Vec<String>) -> Self {
        let more = complaints.len().saturating_sub(COMPLAINTS_MAX);
        complaints.truncate(COMPLAINTS_MAX);
        if more > 0 {
            complaints.push(format!("… and {more} more"));
        }
        Self::Input(complaints)
    }

    /// What could not be done, and why.
    #[must_use]
    pub fn failed(what: &str, why: impl fmt::Display) -> Self {
        Self::Failed(format!("{what}: {why}"))
    }

    /// What a use case answered, in words.
    #[must_use]
    pub fn refused(what: &str, error: &Error) -> Self {
        match error {
            Error::Refused(problems) => Self::input_all(
                problems
                    .iter()
                    .map(|problem| {
                        let (text, code) = (problem.text(Language::En), problem.code().as_str());
                        let place = problem.field();
                        let at = if place.is_empty() { String::new() } else { format!(" at {place}") };
                        format!("{what}{at}: {text} ({code})")
                    })
                    .collect(),
            ),
            Error::Store(StoreError::Unknown(why)) => {
                Self::Failed(format!("{what}: it may or may not have taken effect; run it again: {why}"))
            }
            Error::Store(error) => Self::failed(what, error),
        }
    }

    /// 2 for settings and arguments, 1 for everything else.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Config(_) => ExitCode::from(2),
            Self::Input(_) | Self::Failed(_) => ExitCode::from(1),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(text) => out.write_str(text),
            Self::Config(complaints) | Self::Input(complaints) => out.write_str(&complaints.join("\n")),
        }
    }
}
