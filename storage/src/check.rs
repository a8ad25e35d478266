//! Checking that what is derived agrees with what it is derived from: the roll-up with the tallies, standing figures
//! with their history, places with parents. Reads one snapshot, beside a running server; changes nothing.

use std::fmt;

use caodiem_domain::error::{Error, StoreError};
use caodiem_domain::id::{DriveId, QuotaId, UnitId};
use caodiem_domain::tally::{RollupDelta, RollupKey, Slot};
use caodiem_domain::time::Day;

use crate::config::{Config, Database};
use crate::open::OpenError;
use crate::{pg, sqlite};

/// What is being gone through.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Tallies are folded over the tree of each day and the drives above.
    Rollup,
    /// Standing tallies are held against their revisions.
    Tallies,
    /// Standing quotas are held against their amendments.
    Quotas,
    /// Paths are held against parents.
    Units,
}

/// How far a check or a rebuild has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// What is being gone through.
    pub step: Step,
    /// How much of it is done, in rows, or in families of drives for [`Step::Tallies`].
    pub done: u64,
    /// How much there is.
    pub of: u64,
}

/// Something that does not agree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Difference {
    /// A row of the roll-up is not what the tallies add up to. Where there is no row, 0 is stored.
    Rollup {
        /// Which row.
        key: RollupKey,
        /// What it says.
        stored: RollupDelta,
        /// What the tallies add up to.
        expected: RollupDelta,
    },
    /// Tallies that count for nothing: no such drive in the family, or no such unit on the day.
    Uncounted {
        /// The drive they were reported to.
        drive: DriveId,
        /// The unit they are credited to.
        unit: UnitId,
        /// The day.
        day: Day,
    },
    /// A standing figure and its revisions disagree.
    Tally {
        /// Which.
        slot: Slot,
        /// How.
        how: String,
    },
    /// A quota and its amendments disagree.
    Quota {
        /// Which.
        quota: QuotaId,
        /// How.
        how: String,
    },
    /// A unit has another place than under its parent.
    Unit {
        /// Which.
        unit: UnitId,
        /// Its path.
        stored: String,
        /// Its parent's path and its own segment.
        expected: String,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rollup { key, stored, expected } => write!(
                out,
                "roll-up of drive {drive}, unit {unit}, indicator {indicator}, {day}: total {has}, own {own}; the tallies \
                give {total} and {owned}",
                drive = key.drive.get(),
                unit = key.unit.get(),
                indicator = key.indicator.get(),
                day = key.day,
                has = stored.total,
                own = stored.own,
                total = expected.total,
                owned = expected.own,
            ),
            Self::Uncounted { drive, unit, day } => {
                write!(out, "tallies of drive {}, unit {}, {day} count for nothing", drive.get(), unit.get())
            }
            Self::Tally { slot, how } => write!(
                out,
                "tally of book {book}, unit {unit}, {day}, indicator {indicator}, {reporter:?}: {how}",
                book = slot.book.get(),
                unit = slot.credited.get(),
                day = slot.day,
                indicator = slot.indicator.get(),
                reporter = slot.reporter,
            ),
            Self::Quota { quota, how } => write!(out, "quota {}: {how}", quota.get()),
            Self::Unit { unit, stored, expected } => {
                write!(out, "unit {}: its path is {stored}, its parent makes it {expected}", unit.get())
            }
        }
    }
}

/// What a check found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CheckReport {
    /// The first differences, as many as were asked for.
    pub differences: Vec<Difference>,
    /// How many there are; at least so many where a query was cut short.
    pub found: u64,
    /// How many sums of tallies were folded.
    pub tallies: u64,
    /// How many sums of the roll-up were compared.
    pub rollup_sums: u64,
}

impl CheckReport {
    /// Whether everything agrees.
    #[must_use]
    pub const fn agrees(&self) -> bool {
        self.found == 0
    }
}

/// Why a check or a rebuild could not be done.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The database could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It failed on the way; nothing was changed.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<StoreError> for CheckError {
    fn from(error: StoreError) -> Self {
        Self::Failed(Error::Store(error))
    }
}

/// Checks a database. The report holds the first `keep` differences; `tell` hears how far it has come.
///
/// # Errors
/// [`CheckError`]. Differences are no errors.
pub fn check(config: &Config, keep: usize, tell: &mut dyn FnMut(Progress)) -> Result<CheckReport, CheckError> {
    let config = unhurried(config)?;
    match &config.database {
        Database::Sqlite(_) => {
            let mut conn = sqlite::connect::open_existing(&config, sqlite::connect::Use::Read)?;
            Ok(sqlite::repo::check::run(&mut conn, keep, tell)?)
        }
        Database::Postgres(_) => {
            let mut conn = pg::connect::open_existing(&config, "check")?;
            Ok(pg::repo::check::run(&mut conn, keep, tell)?)
        }
    }
}

/// The settings without time-outs for statements: whole tables are gone through.
pub(crate) fn unhurried(config: &Config) -> Result<Config, OpenError> {
    config.validate()?;
    Ok(Config { statement_timeout_ms: 0, idle_in_transaction_ms: 0, ..config.clone() })
}
