//! `POST /oauth/token`: machines sign in with an assertion under their own key (RFC 6749 client credentials, RFC 7523
//! `private_key_jwt`). A short access token, no refresh.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{Error as WebError, HttpMessage, HttpRequest, HttpResponse, web};
use caodiem_domain::error::Error;
use caodiem_domain::id::UnitId;
use caodiem_domain::text::{Key, Subject};
use caodiem_domain::time::Instant;
use caodiem_domain::usecase::sign_in_service::{
    Claimed, ServiceSignIn, SignInService, refuse_service, service_key, sign_in_service,
};
use chrono::DateTime;
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::auth::jws::{Parts, given, object};
use crate::auth::keys::is_signed;
use crate::auth::throttle::{Machine, whole_seconds};
use crate::auth::token::{LEEWAY, MAX_BYTES, unit_of};
use crate::observe::RequestId;

/// Where it is served.
pub const PATH: &str = "/oauth/token";

/// How long a machine's access token counts, in seconds.
const LIFE: i64 = 15 * 60;

/// How far ahead an assertion may end, in seconds.
const ASSERTION_LIFE: i64 = 5 * 60;

const GRANT: &str = "client_credentials";
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What a machine posts. A member that stands twice is refused.
#[derive(Deserialize)]
pub(crate) struct Posted {
    grant_type: String,
    client_assertion_type: String,
    client_assertion: String,
    client_id: Option<String>,
    scope: Option<String>,
}

/// The header of an assertion: nothing that names another key or demands an extension.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    alg: String,
    kid: String,
    #[serde(default, deserialize_with = "given")]
    typ: Option<String>,
}

/// What an assertion says.
#[derive(Deserialize)]
struct Wire {
    iss: String,
    sub: String,
    aud: String,
    exp: i64,
    jti: String,
    #[serde(default, deserialize_with = "given")]
    iat: Option<i64>,
    #[serde(default, deserialize_with = "given")]
    nbf: Option<i64>,
}

/// Why a machine gets no token, in the words of RFC 6749.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Refused {
    Request,
    Grant,
    Client,
    Scope,
    Unavailable,
    /// After a wait.
    TooOften(Duration),
}

impl Refused {
    const fn told(self) -> (StatusCode, &'static str) {
        match self {
            Self::Request => (StatusCode::BAD_REQUEST, "invalid_request"),
            Self::Grant => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
            Self::Client => (StatusCode::UNAUTHORIZED, "invalid_client"),
            Self::Scope => (StatusCode::BAD_REQUEST, "invalid_scope"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"),
            Self::TooOften(_) => (StatusCode::TOO_MANY_REQUESTS, "temporarily_unavailable"),
        }
    }

    fn respond(self) -> HttpResponse {
        let (status, error) = self.told();
        let mut response = HttpResponse::build(status);
        match self {
            Self::Client => drop(response.insert_header((WWW_AUTHENTICATE, "Bearer"))),
            Self::TooOften(wait) => drop(response.insert_header((RETRY_AFTER, whole_seconds(wait)))),
            _ => {}
        }
        response.json(json!({ "error": error }))
    }
}

/// Answers a machine.
pub(crate) async fn serve(
    request: HttpRequest,
    posted: Result<web::Form<Posted>, WebError>,
    app: web::Data<App>,
) -> HttpResponse {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let address = request.peer_addr().map(|peer| peer.ip());
    let answer = match (app.throttle.admit_assertion(address), posted) {
        (Err(wait), _) => Err(Refused::TooOften(wait)),
        (Ok(()), Ok(posted)) => admit(posted.into_inner(), app, (id, address)).await,
        (Ok(()), Err(_unfit)) => Err(Refused::Request),
    };
    answer.map_or_else(Refused::respond, |answer| HttpResponse::Ok().json(answer))
}

async fn admit(
    posted: Posted,
    app: web::Data<App>,
    (id, address): (String, Option<IpAddr>),
) -> Result<serde_json::Value, Refused> {
    if posted.grant_type != GRANT {
        return Err(Refused::Grant);
    }
    if posted.client_assertion_type != ASSERTION || posted.client_assertion.len() > MAX_BYTES {
        return Err(Refused::Request);
    }
    let unit =
        posted.scope.as_deref().map(|scope| unit_of(scope).map(UnitId::new).ok_or(Refused::Scope)).transpose()?;
    let desk = Desk { app: Arc::clone(&app), id, address, unit };
    let done = web::block(move || desk.decide(&posted)).await.map_err(|_cancelled| Refused::Unavailable)?;
    let claims = match done? {
        ServiceSignIn::Admitted(claims) => claims,
        ServiceSignIn::Refused => return Err(Refused::Client),
        ServiceSignIn::WhichUnit => return Err(Refused::Scope),
    };
    let token = app.tokens.mint(&claims, LIFE).map_err(|failure| {
        tracing::error!(%failure, "a machine's token cannot be signed");
        Refused::Unavailable
    })?;
    let scope = format!("unit:{}", claims.unit.get());
    Ok(json!({ "access_token": token, "token_type": "Bearer", "expires_in": LIFE, "scope": scope }))
}

/// Where one request is decided.
struct Desk {
    app: Arc<App>,
    id: String,
    address: Option<IpAddr>,
    unit: Option<UnitId>,
}

impl Desk {
    /// Reads the key, verifies the signature outside of any transaction, and decides. Whatever is wrong goes the same way.
    fn decide(&self, posted: &Posted) -> Result<ServiceSignIn, Refused> {
        let read = Read::of(&posted.client_assertion);
        let command = read.as_ref().and_then(|read| self.command(posted, read));
        let login = read.as_ref().and_then(|read| Subject::new(&read.wire.sub).ok());
        let kid = read.as_ref().and_then(|read| Key::new(&read.head.kid).ok());
        let claimed = Claimed { login, kid, now: self.app.clock.now(), request: self.id.clone() };
        let command = match (command, &read) {
            (Some(command), Some(read)) if self.is_signed(&command, &read.parts)? => Some(command),
            _ => None,
        };
        let name = claimed.login.as_ref().map_or_else(String::new, Subject::to_string);
        let machine = if command.is_some() { Machine::Known(name) } else { Machine::Claimed(name) };
        self.app.throttle.admit_machine(self.address, &machine).map_err(Refused::TooOften)?;
        let done = self.app.store.write(|tx| match &command {
            Some(command) => sign_in_service(tx, command),
            None => refuse_service(tx, &claimed),
        });
        done.or_else(refused_or_failed)
    }

    /// Whether the key that the assertion names signed it. Without a key, the work is done with another one: time tells
    /// nothing.
    fn is_signed(&self, command: &SignInService, parts: &Parts<'_>) -> Result<bool, Refused> {
        let found = self.app.store.read(|tx| service_key(tx, (&command.login, &command.kid), command.now));
        let key = found.map_err(|error| failed(&error))?;
        let (ring, _) = self.app.tokens.keys().current();
        let own = ring.signing().map(|own| own.public.clone()).unwrap_or_default();
        let public = key.as_ref().map_or(own, |(_, key)| key.public.clone());
        Ok(is_signed(&public, parts.input.as_bytes(), &parts.signature) && key.is_some())
    }

    /// What the assertion asks for, not verified yet; `None` when it is not exactly what it has to be.
    fn command(&self, posted: &Posted, Read { head, wire, .. }: &Read<'_>) -> Option<SignInService> {
        let types = ["jwt", "client-authentication+jwt"];
        let typ_fits = head.typ.as_ref().is_none_or(|typ| types.iter().any(|known| typ.eq_ignore_ascii_case(known)));
        let named = posted.client_id.as_ref().is_none_or(|client| *client == wire.sub);
        let judged_at = self.app.tokens.now();
        let expires_at = ends(wire, judged_at.timestamp())?;
        if head.alg != "ES256" || !typ_fits || !named || wire.iss != wire.sub || !self.is_for_us(&wire.aud) {
            return None;
        }
        Some(SignInService {
            login: Subject::new(&wire.sub).ok()?,
            kid: Key::new(&head.kid).ok()?,
            jti: Some(wire.jti.clone()).filter(|jti| (1..=64).contains(&jti.len()))?,
            expires_at,
            judged_at,
            unit: self.unit,
            now: self.app.clock.now(),
            request: self.id.clone(),
        })
    }

    /// The issuer's name, or the address of this endpoint under it.
    fn is_for_us(&self, audience: &str) -> bool {
        let issuer = &self.app.config.issuer;
        audience == issuer || audience.strip_prefix(issuer.as_str()) == Some(PATH)
    }
}

/// An assertion taken apart.
struct Read<'text> {
    parts: Parts<'text>,
    head: Head,
    wire: Wire,
}

impl<'text> Read<'text> {
    fn of(assertion: &'text str) -> Option<Self> {
        let parts = Parts::of(assertion)?;
        let (head, wire) = (object(&parts.head)?, object(&parts.payload)?);
        Some(Self { parts, head, wire })
    }
}

/// When the assertion ends, if its times are right by the real clock.
fn ends(wire: &Wire, now: i64) -> Option<Instant> {
    let begun = |at: Option<i64>| at.is_none_or(|at| (0..=now.saturating_add(LEEWAY)).contains(&at));
    let live = now < wire.exp.saturating_add(LEEWAY) && wire.exp <= now.saturating_add(ASSERTION_LIFE + LEEWAY);
    let kept = wire.exp.saturating_add(LEEWAY);
    (live && begun(wire.iat) && begun(wire.nbf)).then(|| DateTime::from_timestamp(kept, 0)).flatten()
}

fn refused_or_failed(error: Error) -> Result<ServiceSignIn, Refused> {
    match error {
        Error::Refused(_) => Ok(ServiceSignIn::Refused),
        Error::Store(_) => Err(failed(&error)),
    }
}

fn failed(error: &Error) -> Refused {
    tracing::error!(%error, "a machine cannot be let in");
    Refused::Unavailable
}
