//! Making the roll-up anew from the tallies, in one transaction. Needed only after a check found it wrong.

use caodiem_domain::audit::Entry;

use crate::check::{CheckError, Progress, unhurried};
use crate::config::{Config, Database};
use crate::{pg, sqlite};

/// What a rebuild did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RebuildReport {
    /// How many sums of tallies were folded.
    pub tallies: u64,
    /// How many sums the roll-up holds now.
    pub rollup_sums: u64,
}

/// Makes the roll-up anew, and puts that on record as `act` says. SQLite's server has to be stopped; on PostgreSQL
/// submissions wait meanwhile.
///
/// # Errors
/// [`CheckError`]; the roll-up is then as it was.
pub fn rebuild(
    config: &Config,
    act: &dyn Fn(&RebuildReport) -> Entry,
    tell: &mut dyn FnMut(Progress),
) -> Result<RebuildReport, CheckError> {
    let config = unhurried(config)?;
    match &config.database {
        Database::Sqlite(_) => {
            let _lock = sqlite::connect::lock_file(&config)?;
            let mut conn = sqlite::connect::open_existing(&config, sqlite::connect::Use::Write)?;
            Ok(sqlite::repo::rebuild::run(&mut conn, act, tell)?)
        }
        Database::Postgres(_) => {
            let mut conn = pg::connect::open_existing(&config, "rebuild")?;
            Ok(pg::repo::rebuild::run(&mut conn, act, tell)?)
        }
    }
}
