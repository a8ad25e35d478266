//! The log: structured lines on standard error, for people or as JSON. Neither variables nor tokens are ever written.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat};
use crate::failure::Failure;

/// Starts logging. A second call, as in tests, leaves the first one's log in place.
///
/// # Errors
/// [`Failure::Config`] when the filter is none.
pub fn start(config: &Config) -> Result<(), Failure> {
    let filter =
        EnvFilter::try_new(&config.log_filter).map_err(|error| Failure::config(format!("log_filter: {error}")))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let lines = lines.with_ansi(std::io::stderr().is_terminal());
    let started = match config.log_format {
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init(),
        LogFormat::Pretty => lines.try_init(),
    };
    if started.is_err() {
        tracing::debug!("a log was started before; it stays");
    }
    Ok(())
}
