//! Errors as clients see them: a stable code, a fixed or mendable text, the request's id. Causes go to the log only.

use async_graphql::ErrorExtensions;
use caodiem_domain::error::{Error, StoreError};
use caodiem_domain::problem::{Code, Kind, Language, Problem};

use crate::request::Caller;

/// What resolvers answer. The second parameter lets helpers name the domain's errors instead.
pub(crate) type Result<T, E = ApiError> = std::result::Result<T, E>;

/// The codes in `errors[].extensions.code` that resolvers give.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ApiCode {
    BadUserInput,
    BadCursor,
    Unauthenticated,
    Forbidden,
    NotFound,
    Conflict,
    StaleVersion,
    ServiceUnavailable,
    Timeout,
    OutcomeUnknown,
    InternalServerError,
}

impl ApiCode {
    const fn as_str(self) -> &'static str {
        match self {
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::BadCursor => "BAD_CURSOR",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::Conflict => "CONFLICT",
            Self::StaleVersion => "STALE_VERSION",
            Self::ServiceUnavailable => "SERVICE_UNAVAILABLE",
            Self::Timeout => "TIMEOUT",
            Self::OutcomeUnknown => "OUTCOME_UNKNOWN",
            Self::InternalServerError => "INTERNAL_SERVER_ERROR",
        }
    }
}

/// An error that leaves the schema. It has no `Display`, so that no cause can slip out through the library's blanket
/// conversion: only what stands in these fields is told.
#[derive(Clone, Debug)]
pub(crate) struct ApiError(Box<Told>);

#[derive(Clone, Debug)]
struct Told {
    code: ApiCode,
    message: String,
    message_en: String,
    problem: Option<Problem>,
    request: Option<String>,
}

impl ApiError {
    fn new(code: ApiCode, message: impl Into<String>, message_en: impl Into<String>) -> Self {
        let (message, message_en) = (message.into(), message_en.into());
        Self(Box::new(Told { code, message, message_en, problem: None, request: None }))
    }

    /// Nobody is known to ask.
    pub(crate) fn unauthenticated() -> Self {
        Self::new(ApiCode::Unauthenticated, "Cần đăng nhập.", "A valid token is needed.")
    }

    /// The schema runs without a store: a fault of the wiring.
    pub(crate) fn not_wired() -> Self {
        tracing::error!("the schema was asked without a store");
        Self::internal()
    }

    /// An argument that no rule of the domain speaks of.
    pub(crate) fn bad_input(message: &str, message_en: &str) -> Self {
        Self::new(ApiCode::BadUserInput, message, message_en)
    }

    fn internal() -> Self {
        Self::new(ApiCode::InternalServerError, "Lỗi hệ thống. Xin thử lại sau.", "Internal error. Try again later.")
    }

    /// The one place where an error of the domain becomes one of the schema.
    pub(crate) fn of(caller: &Caller, error: Error) -> Self {
        Self::of_request(&caller.request, error)
    }

    /// [`Self::of`] where the caller may be nobody.
    pub(crate) fn of_request(request: &str, error: Error) -> Self {
        let mut told = match error {
            Error::Refused(problems) => problems.into_iter().next().map_or_else(Self::internal, Self::from),
            Error::Store(failure) => Self::of_store(request, failure),
        };
        told.0.request = Some(request.to_owned());
        told
    }

    fn of_store(request: &str, failure: StoreError) -> Self {
        match failure {
            StoreError::Conflict(_) | StoreError::Stale | StoreError::BadCursor => match Error::from(failure) {
                Error::Refused(problems) => problems.into_iter().next().map_or_else(Self::internal, Self::from),
                Error::Store(_) => Self::internal(),
            },
            StoreError::Busy | StoreError::Unavailable(_) => {
                tracing::warn!(request, cause = %failure, "the store is not available");
                Self::new(
                    ApiCode::ServiceUnavailable,
                    "Hệ thống đang bận. Xin thử lại sau; yêu cầu chưa được thực hiện.",
                    "The service is busy. Try again later; nothing was done.",
                )
            }
            StoreError::TimedOut => {
                tracing::warn!(request, "a statement took too long");
                Self::new(
                    ApiCode::Timeout,
                    "Truy vấn mất quá nhiều thời gian. Hãy hỏi ít hơn; yêu cầu chưa được thực hiện.",
                    "It took too long. Ask for less; nothing was done.",
                )
            }
            StoreError::Unknown(_) => {
                tracing::error!(request, cause = %failure, "the outcome of a commit is not known");
                Self::new(
                    ApiCode::OutcomeUnknown,
                    "Chưa rõ yêu cầu đã được ghi hay chưa. Hãy gửi lại với cùng mã yêu cầu.",
                    "It is not known whether the request took effect. Send it again under the same request id.",
                )
            }
            StoreError::Corrupt(_) | StoreError::Other(_) => {
                tracing::error!(request, cause = %failure, "the store failed");
                Self::internal()
            }
        }
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        let code = match (problem.code(), problem.code().kind()) {
            (Code::BadCursor, _) => ApiCode::BadCursor,
            (_, Kind::Invalid) => ApiCode::BadUserInput,
            (_, Kind::NotFound) => ApiCode::NotFound,
            (_, Kind::Forbidden) => ApiCode::Forbidden,
            (_, Kind::Conflict) => ApiCode::Conflict,
            (_, Kind::Stale) => ApiCode::StaleVersion,
            (_, Kind::Finding) => ApiCode::InternalServerError,
        };
        let mut error = Self::new(code, problem.text(Language::Vi), problem.text(Language::En));
        error.0.problem = Some(problem);
        error
    }
}

impl From<Vec<Problem>> for ApiError {
    fn from(problems: Vec<Problem>) -> Self {
        problems.into_iter().next().map_or_else(Self::internal, Self::from)
    }
}

impl From<ApiError> for async_graphql::Error {
    fn from(error: ApiError) -> Self {
        let told = *error.0;
        Self::new(told.message).extend_with(|_, extensions| {
            extensions.set("code", told.code.as_str());
            extensions.set("messageEn", told.message_en);
            if let Some(problem) = told.problem {
                extensions.set("problem", problem.code().as_str());
                if !problem.field().is_empty() {
                    extensions.set("field", problem.field());
                }
            }
            if let Some(request) = told.request {
                extensions.set("requestId", request);
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_of_the_store_have_a_code_and_give_no_cause_away() {
        let cause = || "tally_pkey at 10.0.0.7".to_owned();
        let failures = [
            (StoreError::Busy, "SERVICE_UNAVAILABLE"),
            (StoreError::Unavailable(cause()), "SERVICE_UNAVAILABLE"),
            (StoreError::TimedOut, "TIMEOUT"),
            (StoreError::Unknown(cause()), "OUTCOME_UNKNOWN"),
            (StoreError::Corrupt(cause()), "INTERNAL_SERVER_ERROR"),
            (StoreError::Other(cause()), "INTERNAL_SERVER_ERROR"),
        ];
        for (failure, code) in failures {
            let ApiError(told) = ApiError::of_request("request-1", failure.into());
            assert_eq!(told.code.as_str(), code);
            assert_ne!(told.message, told.message_en);
            let all = format!("{}{}", told.message, told.message_en);
            assert!(!all.contains("10.0.0.7") && !all.contains("tally"), "{all}");
        }
    }
}
