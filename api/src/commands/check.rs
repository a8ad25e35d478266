//! `caodiem check`: compares what is derived with what it is derived from, beside a running server.

use crate::app::store_config;
use crate::config::Config;
use crate::failure::Failure;
use crate::progress::Progress;

/// How many differences are printed.
const KEEP: usize = 50;

/// Runs the command: fails when anything differs.
///
/// # Errors
/// [`Failure::Failed`], for differences too.
pub fn run(config: &Config) -> Result<(), Failure> {
    let store = store_config(config)?;
    let progress = Progress::begin();
    let report = caodiem_storage::check(&store, KEEP, &mut |step| progress.tell(step));
    progress.end();
    let report = report.map_err(|error| Failure::failed("check", error))?;
    for difference in &report.differences {
        println!("{difference}");
    }
    if report.agrees() {
        println!("{} sums of tallies and {} sums of the roll-up agree", report.tallies, report.rollup_sums);
        return Ok(());
    }
    let remedy = "`caodiem rebuild` makes the roll-up anew; other differences are to be looked into first";
    Err(Failure::Failed(format!("{found} differences; {remedy}", found = report.found)))
}
