//! `caodiem schema`: prints the schema in its definition language.

use std::io::Write;

use crate::failure::Failure;

/// Runs the command.
///
/// # Errors
/// When standard output cannot be written.
pub fn run() -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(caodiem_schema::sdl().as_bytes());
    written.map_err(|error| Failure::failed("the schema cannot be printed", error))
}
