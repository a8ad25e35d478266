//! The keys that others may verify our tokens with (RFC 7517).

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, web};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::app::App;
use crate::auth::keys::SigningKey;
use crate::auth::ring::Ring;

/// Where it is served.
pub const PATH: &str = "/.well-known/jwks.json";

/// The set: the keys that sign or verify, public parts only.
#[must_use]
pub fn key_set(ring: &Ring) -> Value {
    json!({ "keys": ring.published().filter_map(|(_, key)| jwk(key)).collect::<Vec<_>>() })
}

/// A key as JSON: the halves of its point.
fn jwk(key: &SigningKey) -> Option<Value> {
    let (x, y) = key.public.strip_prefix(&[4])?.split_at_checked(32)?;
    let [x, y] = [x, y].map(|half| BASE64_URL_SAFE_NO_PAD.encode(half));
    Some(json!({ "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": key.id, "x": x, "y": y }))
}

/// `GET /.well-known/jwks.json`: may be kept for an hour, which is less than a new key is published before it signs.
pub(crate) async fn serve(app: web::Data<App>) -> HttpResponse {
    let (ring, _) = app.tokens.keys().current();
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=3600")).json(key_set(&ring))
}
