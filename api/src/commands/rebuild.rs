//! `caodiem rebuild`: makes the roll-up anew from the tallies.

use caodiem_domain::audit::{ActOutcome, Change, Entry};
use caodiem_domain::time::Clock;
use caodiem_storage::RebuildReport;

use crate::app::store_config;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::failure::Failure;
use crate::host;
use crate::progress::Progress;

/// Runs the command.
///
/// # Errors
/// [`Failure::Failed`]; the roll-up is then as it was.
pub fn run(config: &Config) -> Result<(), Failure> {
    let store = store_config(config)?;
    let progress = Progress::begin();
    let act = host::act(SystemClock::default().now(), "rebuild")
        .map_err(|problem| Failure::refused("rebuild", &problem.into()))?;
    let entry = |report: &RebuildReport| Entry {
        changes: vec![Change::made(
            "Rollup",
            0,
            format!("{} sums made of {} sums of tallies", report.rollup_sums, report.tallies),
        )],
        ..act.entry(ActOutcome::Done)
    };
    let report = caodiem_storage::rebuild(&store, &entry, &mut |step| progress.tell(step));
    progress.end();
    let report = report.map_err(|error| Failure::failed("rebuild", error))?;
    println!("{} sums of the roll-up made from {} sums of tallies", report.rollup_sums, report.tallies);
    Ok(())
}
