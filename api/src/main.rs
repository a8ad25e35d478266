//! The binary `caodiem`.

use std::process::ExitCode;

use caodiem::cli::Cli;
use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match caodiem::run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("caodiem: {failure}");
            failure.exit_code()
        }
    }
}
