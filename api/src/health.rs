//! Liveness and readiness.

use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpResponse, rt, web};
use serde_json::json;

use crate::app::App;

/// How long the database may take to answer.
const PING: Duration = Duration::from_secs(1);

/// The process runs; nothing else is looked at.
pub(crate) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

/// Whether requests can be served, check by check, without secrets.
pub(crate) async fn ready(app: web::Data<App>) -> HttpResponse {
    let store = Arc::clone(&app.store);
    let ping = web::block(move || store.read(|tx| Ok(tx.groups()?.len())));
    let database = match rt::time::timeout(PING, ping).await {
        Ok(Ok(Ok(_count))) => "ok",
        Ok(_failed) => "failed",
        Err(_elapsed) => "slow",
    };
    let draining = app.is_draining();
    let ready = database == "ok" && !draining;
    let body = json!({
        "status": if ready { "ok" } else { "unavailable" },
        "checks": { "database": database, "draining": draining, "insecure": app.config.insecure_choices() },
        "version": env!("CARGO_PKG_VERSION"),
    });
    if ready { HttpResponse::Ok().json(body) } else { HttpResponse::ServiceUnavailable().json(body) }
}
