//! The command line: what can be asked of the binary.

use std::path::PathBuf;

use caodiem_domain::time::Day;
use clap::{Parser, Subcommand};

use crate::commands::admin::AdminCommand;
use crate::commands::audit::AuditCommand;
use crate::commands::import::{ImportSuccession, ImportUnits};
use crate::commands::import_official::ImportOfficial;
use crate::commands::keys::KeysCommand;
use crate::commands::token::TokenArgs;
use crate::config::Settings;

/// Caodiem runs e-ID activation drives: a GraphQL server in one binary.
#[derive(Debug, Parser)]
#[command(name = "caodiem", version, arg_required_else_help = true)]
pub struct Cli {
    /// Settings file [default: caodiem.toml where there is one]
    #[arg(long, global = true, env = "CAODIEM_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Settings of the command line.
    #[command(flatten, next_help_heading = "Settings")]
    pub settings: Settings,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make two drives on real plans with made-up tallies, and serve them
    Demo {
        /// Throw the demonstration's database away first
        #[arg(long)]
        fresh: bool,
        /// Prepare only; do not serve
        #[arg(long)]
        prepare_only: bool,
    },
    /// Serve a migrated database
    Serve,
    /// Bring the database up to date
    Migrate,
    /// Import units, a succession, the starter catalogue, or official figures
    #[command(subcommand)]
    Import(ImportCommand),
    /// Compare roll-ups with tallies; fails when they differ
    Check,
    /// Verify the record of acts, or sign how far it goes
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Make the roll-ups anew from the tallies
    Rebuild,
    /// Mint a token for an account under one of its assignments
    Token(TokenArgs),
    /// The first system admin, grants and the emergency entry, from the host
    #[command(subcommand)]
    Admin(AdminCommand),
    /// The keys that sign tokens
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Print the schema
    Schema,
}

/// What to import.
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// The first tree, or a tree that is built in with its succession
    Units(ImportUnits),
    /// A later tree with the succession from the tree before it
    Succession(ImportSuccession),
    /// The starter catalogue of indicators and groups; what is there already stays
    Catalogue,
    /// Official figures from an extract of the national database
    Official(ImportOfficial),
}

/// Reads a day for clap.
///
/// # Errors
/// What a day looks like.
pub(crate) fn day(text: &str) -> Result<Day, String> {
    text.parse().map_err(|_no_day| "a day is written like 2025-07-01".to_owned())
}
