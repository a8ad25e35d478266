//! The errors that leave the domain: a refusal the caller can read, or a failure of storage.

use std::fmt;

use crate::problem::{Code, Kind, Problem};

/// What the rules of the database refused, by name of the rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Constraint {
    /// One unit per code at a time.
    UnitCode,
    /// One drive per plan number and unit.
    PlanNumber,
    /// One indicator per code.
    IndicatorCode,
    /// One group per code.
    GroupCode,
    /// One quota per drive, phase, holder, indicator and group.
    QuotaKey,
    /// One effect per request id.
    RequestId,
    /// One account per login.
    Login,
    /// One key per `kid` of an account.
    ServiceKey,
    /// One account per subject of an issuer.
    External,
    /// History is only ever added to.
    AppendOnly,
    /// A reference to what does not exist.
    Reference,
    /// A check on one row.
    Check,
}

impl Constraint {
    const fn code(self) -> Code {
        match self {
            Self::UnitCode => Code::UnitCodeTaken,
            Self::PlanNumber => Code::PlanNumberTaken,
            Self::IndicatorCode | Self::GroupCode | Self::Login | Self::ServiceKey => Code::CodeTaken,
            Self::QuotaKey | Self::AppendOnly | Self::Reference | Self::Check | Self::External => Code::Conflict,
            Self::RequestId => Code::RequestIdReused,
        }
    }
}

/// How storage can fail. An error always ends the job and leaves nothing of it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum StoreError {
    /// A rule of the database.
    #[error("constraint {0:?}")]
    Conflict(Constraint),
    /// An update found another version than the one it was made on.
    #[error("stale version")]
    Stale,
    /// A cursor that the list did not hand out.
    #[error("bad cursor")]
    BadCursor,
    /// Another writer holds the database; safe to try again.
    #[error("busy")]
    Busy,
    /// A statement took longer than it may.
    #[error("timed out")]
    TimedOut,
    /// No connection, or it broke before the commit.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// The connection broke during the commit: it may or may not stand. Retry under the same request id.
    #[error("outcome unknown: {0}")]
    Unknown(String),
    /// A stored row that the domain's types refuse.
    #[error("corrupt: {0}")]
    Corrupt(String),
    /// Anything else; the text is for the log only.
    #[error("{0}")]
    Other(String),
}

/// What a use case answers when it does not succeed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Error {
    /// The caller can mend it: every problem found, at least one.
    #[error("refused: {0:?}")]
    Refused(Vec<Problem>),
    /// Storage failed; nothing was done, unless it is [`StoreError::Unknown`].
    #[error(transparent)]
    Store(StoreError),
}

impl Error {
    /// The same refusal inside of a field; a storage failure stays as it is.
    #[must_use]
    pub fn at(self, field: impl fmt::Display) -> Self {
        match self {
            Self::Refused(problems) => Self::Refused(problems.into_iter().map(|problem| problem.at(&field)).collect()),
            failure @ Self::Store(_) => failure,
        }
    }

    /// The kind of the first problem; `None` for a storage failure.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Self::Refused(problems) => problems.first().map(|problem| problem.code().kind()),
            Self::Store(_) => None,
        }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Refused(vec![problem])
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(rule) => Problem::new(rule.code())
                .with("constraint", format_args!("{rule:?}"))
                .with("code", "")
                .with("number", "")
                .into(),
            StoreError::Stale => {
                Problem::new(Code::StaleVersion).with("actual", "?").with("expected", "?").at("expectedVersion").into()
            }
            StoreError::BadCursor => Problem::new(Code::BadCursor).at("after").into(),
            other => Self::Store(other),
        }
    }
}

/// `Ok` when nothing is wrong, otherwise every problem at once.
///
/// # Errors
/// [`Error::Refused`] with all of `problems`.
pub fn refuse_if_any(problems: Vec<Problem>) -> Result<(), Error> {
    if problems.is_empty() { Ok(()) } else { Err(Error::Refused(problems)) }
}
