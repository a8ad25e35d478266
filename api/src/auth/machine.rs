//! `POST /oauth/token`: machines sign in with an assertion under their own key (RFC 6749 client credentials, RFC 7523
//! `private_key_jwt`). A short access token, no refresh.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::WWW_AUTHENTICATE;
use actix_web::{Error as WebError, HttpMessage, HttpRequest, HttpResponse, web};
use caodiem_domain::error::Error;
use caodiem_domain::id::UnitId;
use caodiem_domain::text::{Key, Subject};
use caodiem_domain::time::Instant;
use caodiem_domain::usecase::sign_in_service::{
    ServiceSignIn, SignInService, refuse_service, service_key, sign_in_service,
};
use chrono::DateTime;
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::auth::jws::{Parts, given, object};
use crate::auth::keys::is_signed;
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
}

impl Refused {
    const fn told(self) -> (StatusCode, &'static str) {
        match self {
            Self::Request => (StatusCode::BAD_REQUEST, "invalid_request"),
            Self::Grant => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
            Self::Client => (StatusCode::UNAUTHORIZED, "invalid_client"),
            Self::Scope => (StatusCode::BAD_REQUEST, "invalid_scope"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"),
        }
    }
}

/// Answers a machine.
pub(crate) async fn serve(
    request: HttpRequest,
    posted: Result<web::Form<Posted>, WebError>,
    app: web::Data<App>,
) -> HttpResponse {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let answer = match posted {
        Ok(posted) => admit(posted.into_inner(), app, id).await,
        Err(_unfit) => Err(Refused::Request),
    };
    match answer {
        Ok(answer) => HttpResponse::Ok().json(answer),
        Err(refused) => {
            let (status, error) = refused.told();
            let mut response = HttpResponse::build(status);
            if status == StatusCode::UNAUTHORIZED {
                response.insert_header((WWW_AUTHENTICATE, "Bearer"));
            }
            response.json(json!({ "error": error }))
        }
    }
}

async fn admit(posted: Posted, app: web::Data<App>, id: String) -> Result<serde_json::Value, Refused> {
    if posted.grant_type != GRANT {
        return Err(Refused::Grant);
    }
    if posted.client_assertion_type != ASSERTION || posted.client_assertion.len() > MAX_BYTES {
        return Err(Refused::Request);
    }
    let unit =
        posted.scope.as_deref().map(|scope| unit_of(scope).map(UnitId::new).ok_or(Refused::Scope)).transpose()?;
    let desk = Desk { app: Arc::clone(&app), id, unit };
    let done = web::block(move || desk.decide(&posted)).await.map_err(|_cancelled| Refused::Unavailable)?;
    let claims = match done {
        Ok(ServiceSignIn::Admitted(claims)) => claims,
        Ok(ServiceSignIn::Refused) | Err(Error::Refused(_)) => return Err(Refused::Client),
        Ok(ServiceSignIn::WhichUnit) => return Err(Refused::Scope),
        Err(Error::Store(error)) => {
            tracing::error!(%error, "a machine cannot be let in");
            return Err(Refused::Unavailable);
        }
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
    unit: Option<UnitId>,
}

impl Desk {
    /// Reads the key, verifies the signature outside of any transaction, and decides.
    fn decide(&self, posted: &Posted) -> Result<ServiceSignIn, Error> {
        let Some((parts, command)) = self.read(posted) else { return Ok(ServiceSignIn::Refused) };
        let store = self.app.store.as_ref();
        let key = store.read(|tx| service_key(tx, (&command.login, &command.kid), command.now))?;
        // Without a key, the work is done with another one: time tells nothing.
        let (ring, _) = self.app.tokens.keys().current();
        let own = ring.signing().map(|own| own.public.clone()).unwrap_or_default();
        let public = key.as_ref().map_or(own, |(_, key)| key.public.clone());
        let is_signed = is_signed(&public, parts.input.as_bytes(), &parts.signature) && key.is_some();
        store.write(|tx| if is_signed { sign_in_service(tx, &command) } else { refuse_service(tx, &command) })
    }

    /// What the assertion says, not verified yet; `None` when it is not exactly what it has to be.
    fn read<'text>(&self, posted: &'text Posted) -> Option<(Parts<'text>, SignInService)> {
        let parts = Parts::of(&posted.client_assertion)?;
        let (head, wire): (Head, Wire) = (object(&parts.head)?, object(&parts.payload)?);
        let types = ["jwt", "client-authentication+jwt"];
        let typ_fits = head.typ.is_none_or(|typ| types.iter().any(|known| typ.eq_ignore_ascii_case(known)));
        let named = posted.client_id.as_ref().is_none_or(|client| *client == wire.sub);
        let expires_at = self.ends(&wire)?;
        if head.alg != "ES256" || !typ_fits || !named || wire.iss != wire.sub || !self.is_for_us(&wire.aud) {
            return None;
        }
        let command = SignInService {
            login: Subject::new(&wire.sub).ok()?,
            kid: Key::new(&head.kid).ok()?,
            jti: Some(wire.jti).filter(|jti| (1..=64).contains(&jti.len()))?,
            expires_at,
            unit: self.unit,
            now: self.app.clock.now(),
            request: self.id.clone(),
        };
        Some((parts, command))
    }

    /// The issuer's name, or the address of this endpoint under it.
    fn is_for_us(&self, audience: &str) -> bool {
        let issuer = &self.app.config.issuer;
        audience == issuer || audience.strip_prefix(issuer.as_str()) == Some(PATH)
    }

    /// When the assertion ends, if its times are right by the real clock.
    fn ends(&self, wire: &Wire) -> Option<Instant> {
        let now = self.app.tokens.now().timestamp();
        let begun = |at: Option<i64>| at.is_none_or(|at| (0..=now.saturating_add(LEEWAY)).contains(&at));
        let live = now < wire.exp.saturating_add(LEEWAY) && wire.exp <= now.saturating_add(ASSERTION_LIFE + LEEWAY);
        let kept = wire.exp.saturating_add(LEEWAY);
        (live && begun(wire.iat) && begun(wire.nbf)).then(|| DateTime::from_timestamp(kept, 0)).flatten()
    }
}
