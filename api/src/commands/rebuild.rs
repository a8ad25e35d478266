//! `caodiem rebuild`: makes the roll-up anew from the tallies.

use crate::app::store_config;
use crate::config::Config;
use crate::failure::Failure;
use crate::progress::Progress;

/// Runs the command.
///
/// # Errors
/// [`Failure::Failed`]; the roll-up is then as it was.
pub fn run(config: &Config) -> Result<(), Failure> {
    let store = store_config(config)?;
    let progress = Progress::begin();
    let report = caodiem_storage::rebuild(&store, &mut |step| progress.tell(step));
    progress.end();
    let report = report.map_err(|error| Failure::failed("rebuild", error))?;
    println!("{} rows of the roll-up made from {} sums of tallies", report.rollup_rows, report.tallies);
    Ok(())
}
