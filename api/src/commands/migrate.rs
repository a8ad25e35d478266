//! `caodiem migrate`: brings the database up to date.

use crate::app;
use crate::config::Config;
use crate::failure::Failure;

/// Runs the command.
///
/// # Errors
/// What the database said.
pub fn run(config: &Config) -> Result<(), Failure> {
    let applied = app::migrate(config)?;
    let place = config.database_for_print();
    match applied.as_slice() {
        [] => println!("{place}: up to date"),
        versions => println!("{place}: applied {versions}", versions = versions.join(", ")),
    }
    Ok(())
}
