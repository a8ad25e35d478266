//! What surrounds every request: its id, its headers, its line in the log.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::{DefaultHeaders, Next};
use actix_web::{Error, HttpMessage};
use caodiem_domain::access::Role;
use caodiem_domain::id::UnitId;
use tracing::Instrument;
use uuid::Uuid;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request, in the log, in errors and in the answer's header.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub(crate) String);

/// What the handler tells the log of an operation. Never variables, never tokens.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(crate) subject: Option<String>,
    pub(crate) role: Option<Role>,
    pub(crate) unit: Option<UnitId>,
    /// `query` or `mutation`.
    pub(crate) kind: Option<&'static str>,
    /// The client's name for the operation.
    pub(crate) operation: Option<String>,
    /// The code of the first error.
    pub(crate) code: Option<String>,
}

/// Headers of every answer.
pub(crate) fn headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add(("Cache-Control", "no-store"))
        .add(("X-Content-Type-Options", "nosniff"))
        .add(("Referrer-Policy", "no-referrer"))
        .add(("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"))
}

/// Gives the request its id and writes its line.
pub(crate) async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    #[expect(clippy::disallowed_methods, reason = "the gateway measures how long a request took")]
    let began = Instant::now();
    let id = request.headers().get(HEADER).and_then(accepted).unwrap_or_else(|| Uuid::new_v4().to_string());
    request.extensions_mut().insert(RequestId(id.clone()));
    let (method, path) = (request.method().clone(), request.path().to_owned());
    let span = tracing::info_span!("request", request_id = %id);
    let mut response = next.call(request).instrument(span).await?;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, value);
    }
    let told = response.response().extensions().get::<Told>().cloned().unwrap_or_default();
    tracing::info!(
        request_id = %id,
        method = %method,
        path = path.as_str(),
        status = response.status().as_u16(),
        micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX),
        subject = told.subject,
        role = told.role.map(Role::as_str),
        unit = told.unit.map(UnitId::get),
        kind = told.kind,
        operation = told.operation,
        code = told.code,
        "answered"
    );
    Ok(response)
}

/// An id of the caller's own, where it is one.
fn accepted(value: &HeaderValue) -> Option<String> {
    let text = value.to_str().ok()?;
    let fits = (8..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    fits.then(|| text.to_owned())
}
