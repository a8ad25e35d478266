//! The HTTP server: routes, limits of connections, and an orderly end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::rt::signal;
use actix_web::{HttpResponse, HttpServer, rt, web};

use crate::app::App;
use crate::auth::{jwks, machine};
use crate::failure::Failure;
use crate::{graphql, health, observe, reports};

/// How long headers may take to arrive.
const HEADERS: Duration = Duration::from_secs(5);

/// Serves until a signal comes, then finishes what is in flight. `listening` is told the address once it is bound.
///
/// # Errors
/// [`Failure::Failed`] when the address cannot be had.
pub fn run(app: App, listening: impl FnOnce(&App, SocketAddr) -> Result<(), Failure>) -> Result<(), Failure> {
    rt::System::new().block_on(serve(web::Data::from(Arc::new(app)), listening))
}

async fn serve(
    app: web::Data<App>,
    listening: impl FnOnce(&App, SocketAddr) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let shared = app.clone();
    let config = &app.config;
    let graphiql = config.graphiql;
    let server = HttpServer::new(move || {
        actix_web::App::new()
            .app_data(shared.clone())
            .wrap(observe::headers())
            .wrap(from_fn(observe::observe))
            .configure(|routes| mount(routes, graphiql))
    })
    .workers(config.workers)
    .keep_alive(config.keep_alive)
    .client_request_timeout(HEADERS)
    .max_connections(config.connections_max)
    .shutdown_timeout(config.shutdown_timeout.as_secs())
    .disable_signals()
    .bind((config.host, config.port))
    .map_err(|error| Failure::failed(&format!("{}:{} cannot be listened on", config.host, config.port), error))?;
    let address = server.addrs().first().copied();
    let server = server.run();
    if let Some(address) = address {
        listening(&app, address)?;
    }
    rt::spawn(end_on_signal(app.clone(), server.handle()));
    let checkpoints = rt::spawn(app.checkpoints.clone().keep());
    let deeds = rt::spawn(app.deeds.clone().keep());
    let served = server.await;
    deeds.abort();
    checkpoints.abort();
    if let Err(failure) = app.deeds.record_aside().await {
        tracing::error!(%failure, "what the host did to its keys could not be put on record");
    }
    app.checkpoints.make_aside().await;
    served.map_err(|error| Failure::failed("the server", error))?;
    tracing::info!("stopped");
    Ok(())
}

fn mount(routes: &mut web::ServiceConfig, graphiql: bool) {
    routes
        .service(
            web::resource("/graphql")
                .route(web::post().to(graphql::post))
                .default_service(web::to(graphql::method_not_allowed)),
        )
        .route(jwks::PATH, web::get().to(jwks::serve))
        .route(machine::PATH, web::post().to(machine::serve))
        .route(reports::PATH, web::get().to(reports::serve))
        .route("/livez", web::get().to(health::live))
        .route("/healthz", web::get().to(health::live))
        .route("/readyz", web::get().to(health::ready))
        .default_service(web::to(HttpResponse::NotFound));
    if graphiql {
        routes.route("/graphiql", web::get().to(graphql::graphiql));
    }
}

/// The first signal drains, the second ends at once.
async fn end_on_signal(app: web::Data<App>, server: ServerHandle) {
    signal_received().await;
    tracing::info!("stopping: requests in flight are finished");
    app.drain();
    rt::spawn(async {
        signal_received().await;
        std::process::exit(1);
    });
    server.stop(true).await;
}

#[cfg(unix)]
async fn signal_received() {
    use signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _interrupted = signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = signal::ctrl_c() => {}
    }
}

#[cfg(not(unix))]
async fn signal_received() {
    let _interrupted = signal::ctrl_c().await;
}
