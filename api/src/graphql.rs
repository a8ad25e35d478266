//! POST /graphql, by hand: who asks, in what form, within which bounds, and every answer as GraphQL JSON.

pub(crate) mod answer;
mod entrance;
mod lexical;

use std::sync::Arc;

use actix_web::http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, rt, web};
use async_graphql::http::GraphiQLSource;
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection,
};
use async_graphql::{Request, Variables};
use caodiem_domain::access::Actor;
use caodiem_schema::{Caller, Visit};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::app::App;
use crate::auth::principal::Denied;
use crate::observe::{RequestId, Told};
use answer::{Form, Refused};
use entrance::Entrance;

/// The longest document that is read.
const DOCUMENT_MAX: usize = 64 * 1_024;

/// The longest document that is remembered parsed.
const REMEMBERED_MAX: usize = 8 * 1_024;

/// So much of an operation's name goes to the log.
const NAME_SHOWN: usize = 64;

/// What a client posts. Unknown members are ignored.
#[derive(Deserialize)]
struct Posted {
    query: String,
    #[serde(rename = "operationName")]
    operation_name: Option<String>,
    variables: Option<Map<String, Value>>,
    #[serde(rename = "extensions")]
    _extensions: Option<Map<String, Value>>,
}

/// Answers an operation.
pub(crate) async fn post(request: HttpRequest, body: web::Payload, app: web::Data<App>) -> HttpResponse {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let mut told = Told::default();
    let form = Form::accepted(request.headers());
    let outcome = match form {
        Some(form) => handle(&request, body, &app, &id, form, &mut told).await,
        None => Err(Refused::not_acceptable()),
    };
    let mut response = match outcome {
        Ok(response) => response,
        Err(refused) => {
            told.code = Some(refused.code.to_owned());
            refused.respond(form.unwrap_or(Form::Json), &id)
        }
    };
    response.extensions_mut().insert(told);
    response
}

/// Anything but POST.
pub(crate) async fn method_not_allowed(request: HttpRequest) -> HttpResponse {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let form = Form::accepted(request.headers()).unwrap_or(Form::Json);
    Refused::method_not_allowed().respond(form, &id)
}

/// A page to try queries on, in the demonstration only. It loads its scripts from the network and holds no token.
pub(crate) async fn graphiql() -> HttpResponse {
    let page = GraphiQLSource::build().endpoint("/graphql").title("Caodiem").finish();
    let policy = "default-src 'self' https://esm.sh 'unsafe-inline' 'unsafe-eval' data: blob:";
    HttpResponse::Ok()
        .insert_header(("Content-Security-Policy", policy))
        .content_type("text/html; charset=utf-8")
        .body(page)
}

async fn handle(
    request: &HttpRequest,
    body: web::Payload,
    app: &App,
    id: &str,
    form: Form,
    told: &mut Told,
) -> Result<HttpResponse, Refused> {
    let now = app.clock.now();
    let actor = identify(request.headers(), app, told).await?;
    check_media_type(request.headers())?;
    let posted = parse_body(&read_body(request.headers(), body, app).await?)?;
    let (document, known) = parse_document(app, &posted.query)?;
    told.operation = posted.operation_name.as_ref().map(|name| name.chars().take(NAME_SHOWN).collect());
    let meant = meant(&document, posted.operation_name.as_deref())?;
    told.kind = Some(kind(meant)?);
    let decides_who_may = told.kind == Some("mutation") && !only_submits(meant);
    let is_entrance = admit(request, app, actor.is_some(), Entrance::of(&document, meant))?;
    let mut operation = Request::new("");
    operation.set_parsed_query(ExecutableDocument::clone(&document));
    operation.operation_name = posted.operation_name;
    operation.variables = Variables::from_json(Value::Object(posted.variables.unwrap_or_default()));
    let operation = prepare(app, operation, actor, Visit { now, request: id.to_owned() });
    let executed = rt::time::timeout(app.config.execution_timeout, app.schema.execute(operation)).await;
    let response = executed.map_err(|_elapsed| Refused::timeout())?;
    if decides_who_may && !is_entrance {
        app.principals.forget();
    }
    let finished = answer::finish(response, id);
    if !known && !is_entrance && !finished.invalid && posted.query.len() <= REMEMBERED_MAX {
        app.documents.insert(posted.query, document);
    }
    told.code.clone_from(&finished.code);
    Ok(finished.respond(form))
}

/// Ties an operation to who asks, or to nobody.
fn prepare(app: &App, operation: Request, actor: Option<Arc<Actor>>, visit: Visit) -> Request {
    let Some(actor) = actor else { return caodiem_schema::prepare_visit(operation, visit) };
    let caller = Caller { actor: Actor::clone(&actor), now: visit.now, request: visit.request };
    caodiem_schema::prepare(&app.schema, operation, caller)
}

/// Whether the operation lets somebody in, and may: alone in its request, and not too often from one address. Nothing else
/// is for somebody without a token.
fn admit(request: &HttpRequest, app: &App, is_known: bool, entrance: Entrance) -> Result<bool, Refused> {
    let Entrance { attempts, refreshes, alone } = entrance;
    if !entrance.any() {
        return if is_known { Ok(false) } else { Err(Refused::unauthenticated()) };
    }
    let address = request.peer_addr().map(|peer| peer.ip());
    app.throttle.admit(address, attempts, refreshes).map_err(Refused::rate_limited)?;
    if alone { Ok(true) } else { Err(Refused::not_alone()) }
}

/// Who asks; `None` when no token is presented. One that is presented has to be good.
pub(crate) async fn identify(headers: &HeaderMap, app: &App, told: &mut Told) -> Result<Option<Arc<Actor>>, Refused> {
    if !headers.contains_key(AUTHORIZATION) {
        return Ok(None);
    }
    match app.principals.identify(headers).await {
        Ok(actor) => {
            told.subject = Some(actor.subject.to_string());
            told.role = Some(actor.role);
            told.unit = Some(actor.unit);
            Ok(Some(actor))
        }
        Err(Denied::Refused(reason)) => {
            tracing::info!(%reason, "unauthenticated");
            Err(Refused::unauthenticated())
        }
        Err(Denied::Unavailable(why)) => {
            tracing::error!(%why, "the caller's scope cannot be read");
            Err(Refused::unavailable())
        }
    }
}

fn check_media_type(headers: &HeaderMap) -> Result<(), Refused> {
    let text = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = text.split(';').map(str::trim);
    let json = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    let utf8 = parts.all(|parameter| {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        !name.eq_ignore_ascii_case("charset") || value.trim_matches('"').eq_ignore_ascii_case("utf-8")
    });
    if json && utf8 && !headers.contains_key(CONTENT_ENCODING) {
        return Ok(());
    }
    Err(Refused::media_type())
}

/// Reads the body within its bounds of size and time.
async fn read_body(headers: &HeaderMap, body: web::Payload, app: &App) -> Result<web::Bytes, Refused> {
    let max = app.config.body_max_bytes;
    let declared = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > max) {
        return Err(Refused::too_large(max));
    }
    let read = rt::time::timeout(app.config.body_timeout, body.to_bytes_limited(max)).await;
    match read {
        Err(_elapsed) => Err(Refused::too_slow()),
        Ok(Err(_over)) => Err(Refused::too_large(max)),
        Ok(Ok(Err(_broken))) => Err(Refused::bad_request("the body broke off")),
        Ok(Ok(Ok(bytes))) => Ok(bytes),
    }
}

fn parse_body(bytes: &[u8]) -> Result<Posted, Refused> {
    serde_json::from_slice(bytes).map_err(|_malformed| {
        Refused::bad_request(
            "The body has to be one JSON object: query a string, operationName a string or null, variables and extensions an object or null.",
        )
    })
}

/// The parsed document, and whether it was remembered.
fn parse_document(app: &App, query: &str) -> Result<(Arc<ExecutableDocument>, bool), Refused> {
    if let Some(known) = app.documents.get(query) {
        return Ok((known, true));
    }
    if query.len() > DOCUMENT_MAX {
        return Err(Refused::too_complex("document bytes", DOCUMENT_MAX, query.len()));
    }
    lexical::check(query).map_err(|over| Refused::too_complex(over.what, over.limit, over.actual))?;
    let document = async_graphql::parser::parse_query(query).map_err(|error| Refused::syntax(&error))?;
    Ok((Arc::new(document), false))
}

/// Which operation is meant.
fn meant<'document>(
    document: &'document ExecutableDocument,
    name: Option<&str>,
) -> Result<&'document OperationDefinition, Refused> {
    let found = match (&document.operations, name) {
        (DocumentOperations::Single(only), None) => Some(only),
        (DocumentOperations::Multiple(all), Some(name)) => all.get(name),
        (DocumentOperations::Multiple(all), None) if all.len() == 1 => all.values().next(),
        (DocumentOperations::Single(_), Some(_)) | (DocumentOperations::Multiple(_), None) => None,
    };
    let unclear = || Refused::operation("It is not clear which operation of the document is meant.");
    found.map(|operation| &operation.node).ok_or_else(unclear)
}

/// Whether an operation submits tallies and does nothing else: there are many of these, and nobody's rights rest on them.
fn only_submits(operation: &OperationDefinition) -> bool {
    let mut fields = operation.selection_set.node.items.iter();
    fields.all(|item| matches!(&item.node, Selection::Field(field) if field.node.name.node == "submitTallies"))
}

/// Of what kind an operation is.
fn kind(operation: &OperationDefinition) -> Result<&'static str, Refused> {
    match operation.ty {
        OperationType::Query => Ok("query"),
        OperationType::Mutation => Ok("mutation"),
        OperationType::Subscription => Err(Refused::operation("Subscriptions are not served over HTTP.")),
    }
}
