//! Answers as GraphQL JSON: which form, which status, which errors. The mapping of codes to statuses stands here only.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, ALLOW, HeaderMap, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, HttpResponseBuilder};
use async_graphql::{ErrorExtensionValues, Pos, Response, ServerError, Value};
use caodiem_domain::problem::{Kind, Language, Problem};
use serde::Serialize;

use crate::auth::throttle::whole_seconds;

/// The most errors of an answer.
const ERRORS_MAX: usize = 20;

/// The longest message, in characters.
const MESSAGE_MAX: usize = 500;

/// The media type of an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    /// `application/graphql-response+json`: the status tells of request errors.
    Response,
    /// `application/json`: a well-formed request is answered with 200 whatever is wrong with its document.
    Json,
}

impl Form {
    /// The form that the caller likes best, `None` when it accepts neither.
    pub(super) fn accepted(headers: &HeaderMap) -> Option<Self> {
        let mut ranges = headers.get_all(ACCEPT).filter_map(|value| value.to_str().ok()).peekable();
        if ranges.peek().is_none() {
            return Some(Self::Json);
        }
        let mut best: Option<(u16, Self)> = None;
        for range in ranges.flat_map(|list| list.split(',')) {
            let mut parts = range.split(';').map(str::trim);
            let form = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
                "application/graphql-response+json" => Self::Response,
                "application/json" | "application/*" | "*/*" => Self::Json,
                _ => continue,
            };
            let weight = parts.find_map(|parameter| parameter.strip_prefix("q=")).map_or(1_000, per_mille);
            if weight > 0 && best.is_none_or(|(heaviest, _)| weight > heaviest) {
                best = Some((weight, form));
            }
        }
        best.map(|(_, form)| form)
    }

    const fn media_type(self) -> &'static str {
        match self {
            Self::Response => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    fn respond(self, status: StatusCode) -> HttpResponseBuilder {
        let mut response = HttpResponse::build(status);
        response.content_type(self.media_type()).insert_header((VARY, "Accept"));
        response
    }
}

/// A quality value in thousandths; what is none counts as nothing.
fn per_mille(text: &str) -> u16 {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{decimals:0<3}");
    digits.parse().ok().filter(|value| *value <= 1_000).unwrap_or(0)
}

/// A request that is not executed.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) code: &'static str,
    status: StatusCode,
    /// The status in `application/json`, where it differs.
    status_json: Option<StatusCode>,
    message: String,
    details: Option<(usize, usize)>,
    locations: Vec<Pos>,
    /// After how many seconds it may be sent again.
    retry_after: Option<u64>,
    /// The rule that refused; boxed, as it is rare and large.
    problem: Option<Box<Problem>>,
}

impl Refused {
    fn new(code: &'static str, status: StatusCode, message: impl Into<String>) -> Self {
        let message = message.into();
        let (locations, problem) = (Vec::new(), None);
        Self { code, status, status_json: None, message, details: None, locations, retry_after: None, problem }
    }

    /// A request error of the document: 200 in `application/json`.
    fn of_document(code: &'static str, message: impl Into<String>) -> Self {
        Self { status_json: Some(StatusCode::OK), ..Self::new(code, StatusCode::BAD_REQUEST, message) }
    }

    /// One text for every reason: which one it was stands in the log.
    pub(crate) fn unauthenticated() -> Self {
        Self::new("UNAUTHENTICATED", StatusCode::UNAUTHORIZED, "A valid bearer token is needed.")
    }

    /// What lets in stands alone in its request.
    pub(super) fn not_alone() -> Self {
        let message = "signIn, signInExternal, refreshSession and redeemCode stand alone in their request, once and outside of fragments.";
        Self::new("OPERATION_NOT_ALLOWED", StatusCode::FORBIDDEN, message)
    }

    /// Too many attempts from one address.
    pub(super) fn rate_limited(wait: Duration) -> Self {
        let seconds = whole_seconds(wait);
        let message = format!("Too many attempts from this address. Try again after {seconds} s.");
        let refused = Self::new("RATE_LIMITED", StatusCode::TOO_MANY_REQUESTS, message);
        Self { retry_after: Some(seconds), ..refused }
    }

    pub(crate) fn unavailable() -> Self {
        let message = "The service is not available at the moment. Try again.";
        Self::new("SERVICE_UNAVAILABLE", StatusCode::SERVICE_UNAVAILABLE, message)
    }

    pub(crate) fn timeout() -> Self {
        let message = "The operation took too long. Ask for less, or try again under the same request id.";
        Self::new("TIMEOUT", StatusCode::SERVICE_UNAVAILABLE, message)
    }

    pub(crate) fn bad_request(message: &str) -> Self {
        Self::new("BAD_REQUEST", StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn media_type() -> Self {
        let message = "The body has to be application/json in UTF-8, without a content encoding.";
        Self::new("UNSUPPORTED_MEDIA_TYPE", StatusCode::UNSUPPORTED_MEDIA_TYPE, message)
    }

    pub(super) fn not_acceptable() -> Self {
        let message = "Answers are application/graphql-response+json or application/json.";
        Self::new("NOT_ACCEPTABLE", StatusCode::NOT_ACCEPTABLE, message)
    }

    pub(super) fn method_not_allowed() -> Self {
        Self::new("METHOD_NOT_ALLOWED", StatusCode::METHOD_NOT_ALLOWED, "Operations are sent with POST.")
    }

    pub(super) fn too_large(limit: usize) -> Self {
        let message = format!("The body may have at most {limit} bytes.");
        Self::new("PAYLOAD_TOO_LARGE", StatusCode::PAYLOAD_TOO_LARGE, message)
    }

    pub(super) fn too_slow() -> Self {
        Self::new("REQUEST_TIMEOUT", StatusCode::REQUEST_TIMEOUT, "The body did not arrive in time.")
    }

    pub(super) fn too_complex(what: &str, limit: usize, actual: usize) -> Self {
        let message = format!("The document has {actual} {what}; at most {limit} are allowed.");
        Self { details: Some((limit, actual)), ..Self::of_document("QUERY_TOO_COMPLEX", message) }
    }

    /// The parser's message shows the document, which is not for echoing: what it expected is told, and where.
    pub(super) fn syntax(error: &async_graphql::parser::Error) -> Self {
        let told = error.to_string();
        let expected = told.rsplit_once("= ").map_or("it cannot be read", |(_, expected)| expected);
        let message = shortened(&format!("The document does not parse: {expected}."));
        Self { locations: error.positions().collect(), ..Self::of_document("GRAPHQL_PARSE_FAILED", message) }
    }

    pub(super) fn operation(message: &str) -> Self {
        Self::of_document("OPERATION_RESOLUTION_FAILURE", message)
    }

    /// What the rules refused, outside of GraphQL: as in its errors, with a status of its own.
    pub(crate) fn by_rule(problem: &Problem) -> Self {
        let (code, status) = match problem.code().kind() {
            Kind::NotFound => ("NOT_FOUND", StatusCode::NOT_FOUND),
            Kind::Forbidden => ("FORBIDDEN", StatusCode::FORBIDDEN),
            Kind::Conflict | Kind::Stale => ("CONFLICT", StatusCode::CONFLICT),
            Kind::Invalid | Kind::Finding => ("BAD_USER_INPUT", StatusCode::BAD_REQUEST),
        };
        let refused = Self::new(code, status, problem.text(Language::Vi));
        Self { problem: Some(Box::new(problem.clone())), ..refused }
    }

    /// A fault of ours; its cause stands in the log.
    pub(crate) fn internal() -> Self {
        let message = "Internal error. Try again later.";
        Self::new("INTERNAL_SERVER_ERROR", StatusCode::INTERNAL_SERVER_ERROR, message)
    }

    /// The answer.
    pub(crate) fn respond(self, form: Form, request_id: &str) -> HttpResponse {
        let status = if form == Form::Json { self.status_json.unwrap_or(self.status) } else { self.status };
        let mut response = form.respond(status);
        if status == StatusCode::UNAUTHORIZED {
            response.insert_header((WWW_AUTHENTICATE, "Bearer"));
            // Whether the body was read by then depends on how far the token came: nobody is to see that.
            response.force_close();
        }
        if status == StatusCode::METHOD_NOT_ALLOWED {
            response.insert_header((ALLOW, "POST"));
        }
        if let Some(seconds) = self.retry_after {
            response.insert_header((RETRY_AFTER, seconds));
        }
        let mut error = ServerError::new(self.message, None);
        error.locations = self.locations;
        let extensions = error.extensions.get_or_insert_default();
        extensions.set("code", self.code);
        extensions.set("requestId", request_id);
        if let Some(seconds) = self.retry_after {
            extensions.set("retryAfter", seconds);
        }
        if let Some(problem) = self.problem {
            extensions.set("problem", problem.code().as_str());
            extensions.set("messageEn", problem.text(Language::En));
        }
        if let Some((limit, actual)) = self.details {
            extensions.set("limit", limit);
            extensions.set("actual", actual);
        }
        response.json(Answer { data: None, errors: vec![error] })
    }
}

/// The body of an answer.
#[derive(Serialize)]
struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ServerError>,
}

/// An executed operation, ready to be sent.
pub(super) struct Finished {
    body: Answer,
    /// The document does not fit the schema: nothing was executed.
    pub(super) invalid: bool,
    /// The code of the first error.
    pub(crate) code: Option<String>,
}

/// Bounds the errors and gives each a code and the request's id.
pub(super) fn finish(response: Response, request_id: &str) -> Finished {
    let Response { data, mut errors, .. } = response;
    let invalid = data == Value::Null && !errors.is_empty() && errors.iter().all(|error| error.path.is_empty());
    // Whatever the resolvers did not name comes from the library: a document or a value that does not fit.
    let unnamed = if invalid { "GRAPHQL_VALIDATION_FAILED" } else { "BAD_USER_INPUT" };
    errors.truncate(ERRORS_MAX);
    for error in &mut errors {
        error.message = shortened(&error.message);
        let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
        if extensions.get("code").is_none() {
            extensions.set("code", unnamed);
        }
        extensions.set("requestId", request_id);
    }
    let code = errors.first().and_then(|error| match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code.clone()),
        _ => None,
    });
    Finished { body: Answer { data: (!invalid).then_some(data), errors }, invalid, code }
}

impl Finished {
    /// The answer.
    pub(super) fn respond(self, form: Form) -> HttpResponse {
        let status = if self.invalid && form == Form::Response { StatusCode::BAD_REQUEST } else { StatusCode::OK };
        form.respond(status).json(self.body)
    }
}

fn shortened(message: &str) -> String {
    message.chars().take(MESSAGE_MAX).collect()
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn accepted(values: &[&'static str]) -> Option<Form> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(ACCEPT, HeaderValue::from_static(value));
        }
        Form::accepted(&headers)
    }

    #[test]
    fn the_form_with_the_highest_quality_is_taken() {
        assert_eq!(accepted(&[]), Some(Form::Json));
        assert_eq!(accepted(&["*/*"]), Some(Form::Json));
        assert_eq!(accepted(&["application/graphql-response+json"]), Some(Form::Response));
        assert_eq!(accepted(&["application/json;q=0.8, Application/GraphQL-Response+JSON"]), Some(Form::Response));
        assert_eq!(accepted(&["application/graphql-response+json;q=0.2", "application/json;q=0.25"]), Some(Form::Json));
        assert_eq!(accepted(&["application/graphql-response+json;q=0, application/json;q=0"]), None);
        assert_eq!(accepted(&["text/html"]), None);
    }
}
