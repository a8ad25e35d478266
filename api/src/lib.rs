//! The gateway: HTTP, tokens, limits, settings, the command line; the binary `caodiem`.
//!
//! [`cli`] says what can be asked of it, [`commands`] does it. [`app`] is the composition root: settings ([`config`]), the
//! store, the clock ([`clock`]), keys and tokens ([`auth`]) and the schema, put together once. [`server`] mounts the
//! routes; `graphql.rs` answers operations, `health.rs` says how the process is, `observe.rs` gives every request its id
//! and its line in the log. [`data`] is the project's own copy of public data; [`demo`] plays two real plans with it. No
//! rule of the domain stands here.
//!
//! To add a command: its file in `commands/`, a variant of [`cli::Command`]. To add a setting: a field of
//! [`config::Config`], its default in `config/sources.rs`, and a flag in [`config::Settings`] where it is worth one.
#![deny(missing_docs)]

pub mod app;
pub mod auth;
pub mod checkpoints;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod data;
pub mod demo;
pub mod failure;
mod graphql;
mod health;
pub mod host;
pub mod log;
mod observe;
pub mod progress;
mod reports;
pub mod server;
pub mod starter;

use cli::{Cli, Command};
use config::{Config, Mode};
use failure::Failure;

/// Does what the command line asks.
///
/// # Errors
/// [`Failure`], with what to print and the exit code.
pub fn run(cli: Cli) -> Result<(), Failure> {
    let mode = if matches!(cli.command, Command::Demo { .. }) { Mode::Demo } else { Mode::Service };
    if matches!(cli.command, Command::Schema) {
        return commands::schema::run();
    }
    let config = Config::load(mode, cli.config.as_deref(), &cli.settings)?;
    log::start(&config)?;
    match cli.command {
        Command::Demo { fresh, prepare_only } => commands::demo::run(config, fresh, prepare_only),
        Command::Serve => commands::serve::run(config),
        Command::Migrate => commands::migrate::run(&config),
        Command::Import(what) => commands::import::run(&config, &what),
        Command::Check => commands::check::run(&config),
        Command::Audit(command) => commands::audit::run(&config, &command),
        Command::Rebuild => commands::rebuild::run(&config),
        Command::Token(args) => commands::token::run(&config, &args),
        Command::Admin(what) => commands::admin::run(&config, &what),
        Command::Keys(what) => commands::keys::run(&config, &what),
        Command::Schema => commands::schema::run(),
    }
}
