//! `caodiem audit`: verifies the record of acts, and signs how far it goes. Both run beside a server.

use std::path::PathBuf;
use std::sync::Arc;

use caodiem_domain::audit::verify::{Report, Verifier};
use caodiem_domain::error::Error;
use caodiem_domain::time::Clock;
use caodiem_domain::usecase::verify_audit::{Exported, checkpoint_due, sign_checkpoint, verify_audit};
use clap::Subcommand;

use crate::app::{keyring, open_for_reading};
use crate::checkpoints::file::CheckpointFile;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::failure::Failure;

/// What to do with the record of acts.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Read the whole record and say what was changed, where, and what to do; fails when anything was
    Verify {
        /// File of exported checkpoints [default: audit-checkpoints.jsonl in the data folder, where there is one]
        #[arg(long, value_name = "FILE")]
        checkpoints: Option<PathBuf>,
    },
    /// Sign how far the record goes and add that to the file of exported checkpoints
    Checkpoint,
}

/// Runs the command.
///
/// # Errors
/// [`Failure::Failed`], for findings too.
pub fn run(config: &Config, command: &AuditCommand) -> Result<(), Failure> {
    match command {
        AuditCommand::Verify { checkpoints } => verify(config, checkpoints.as_ref()),
        AuditCommand::Checkpoint => checkpoint(config),
    }
}

fn verify(config: &Config, named: Option<&PathBuf>) -> Result<(), Failure> {
    let file = named.map_or_else(|| CheckpointFile::of(config), |path| CheckpointFile::at(path));
    let (store, keys) = (open_for_reading(config)?, keyring(config, Arc::new(SystemClock::default()))?);
    let (mut unread, mut lines) = (Vec::new(), None);
    if named.is_some() || file.path().exists() {
        lines = Some(file.read()?);
    } else {
        eprintln!("no exported checkpoints: an old backup in the database's place would not be noticed");
    }
    let exported = lines.into_iter().flatten().filter_map(|(number, line): (usize, Option<Exported>)| {
        if line.is_none() {
            unread.push(number);
        }
        line
    });
    let report = verify_audit(&*store, &keys, exported, Verifier::default());
    let report = report.map_err(|error| Failure::refused("audit verify", &error))?;
    tell(&report, &unread, &file)
}

fn tell(report: &Report, unread: &[usize], file: &CheckpointFile) -> Result<(), Failure> {
    for finding in &report.findings {
        println!("{finding}");
    }
    for number in unread {
        println!("line {number} of {file}: no checkpoint; somebody wrote to it", file = file.path().display());
    }
    if report.agrees() && unread.is_empty() {
        println!("{} acts and {} checkpoints agree", report.rows, report.checkpoints);
        return Ok(());
    }
    let found = report.found.saturating_add(u64::try_from(unread.len()).unwrap_or(u64::MAX));
    Err(Failure::Failed(format!("{found} findings in {rows} acts; keep the database as it is", rows = report.rows)))
}

/// Beside a server the database is only read: the checkpoint is exported, and says that it is not stored.
fn checkpoint(config: &Config) -> Result<(), Failure> {
    let refused = |error: Error| Failure::refused("audit checkpoint", &error);
    let store = open_for_reading(config)?;
    let Some(place) = store.read(|tx| Ok(checkpoint_due(tx)?)).map_err(refused)? else {
        println!("nothing was added since the last checkpoint");
        return Ok(());
    };
    let keys = keyring(config, Arc::new(SystemClock::default()))?;
    let signed = sign_checkpoint(&keys, place, SystemClock::default().now());
    let checkpoint = signed.map_err(|error| refused(error.into()))?;
    let file = CheckpointFile::of(config);
    let seq = checkpoint.seq;
    file.append(&Exported { checkpoint, stored: false })?;
    println!("row {seq} is signed in {file}", file = file.path().display());
    Ok(())
}
