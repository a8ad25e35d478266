//! `caodiem serve`: serves a migrated database.

use std::io::Write;
use std::net::SocketAddr;

use caodiem_domain::usecase::begin_demonstration::refuse_demo_accounts;

use crate::app::{App, open_store};
use crate::config::Config;
use crate::failure::Failure;
use crate::server;

/// Runs the command until a signal comes.
///
/// # Errors
/// What kept it from serving.
pub fn run(config: Config) -> Result<(), Failure> {
    tracing::info!(?config, "starting");
    for choice in config.insecure_choices() {
        tracing::warn!(choice, "insecure by choice");
    }
    let store = open_store(&config)?;
    let real = store.read(|tx| refuse_demo_accounts(tx));
    real.map_err(|error| Failure::refused("accounts of the demonstration outside of it", &error))?;
    server::run(App::new(config, store)?, |_, address| announce(address))
}

/// Says where it listens, in a line that programs can wait for.
///
/// # Errors
/// When standard output cannot be written.
pub(crate) fn announce(address: SocketAddr) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "listening on http://{address}")
        .and_then(|()| out.flush())
        .map_err(|error| Failure::failed("standard output cannot be written", error))
}
