//! The ports over diesel, written once: [`super::Conn`] is PostgreSQL's or SQLite's, depending on who mounts this file.
//!
//! One file per port file of the domain. A method takes a batch and asks a fixed number of statements, whatever the
//! length of the batch; lists of keys are cut into [`CHUNK`]s, because SQLite takes 32,766 values a statement.
//! `$1` stands for a value in raw SQL of either database, if the numbers first appear in ascending order.

#[path = "repo/accounts.rs"]
mod accounts;
#[path = "repo/acknowledgements.rs"]
mod acknowledgements;
#[path = "repo/assignments.rs"]
mod assignments;
#[path = "repo/audit.rs"]
mod audit;
#[path = "repo/baselines.rs"]
mod baselines;
#[path = "repo/catalogue.rs"]
mod catalogue;
#[path = "repo/check.rs"]
pub(crate) mod check;
#[path = "repo/compilations.rs"]
mod compilations;
#[path = "repo/drives.rs"]
mod drives;
#[path = "repo/emulation.rs"]
mod emulation;
#[path = "repo/extracts.rs"]
mod extracts;
#[path = "repo/fold.rs"]
mod fold;
#[path = "repo/inspections.rs"]
mod inspections;
#[path = "repo/literal.rs"]
mod literal;
#[path = "repo/over_days.rs"]
mod over_days;
#[path = "repo/page.rs"]
mod page;
#[path = "repo/period_reports.rs"]
mod period_reports;
#[path = "repo/proposals.rs"]
mod proposals;
#[path = "repo/quotas.rs"]
mod quotas;
#[path = "repo/rebuild.rs"]
pub(crate) mod rebuild;
#[path = "repo/reporters.rs"]
mod reporters;
#[path = "repo/reporting.rs"]
mod reporting;
#[path = "repo/requests.rs"]
mod requests;
#[path = "repo/rollup.rs"]
pub(crate) mod rollup;
#[path = "repo/samples.rs"]
mod samples;
#[path = "repo/scope.rs"]
mod scope;
#[path = "repo/sessions.rs"]
mod sessions;
#[path = "repo/settlements.rs"]
mod settlements;
#[path = "repo/stood.rs"]
mod stood;
#[path = "repo/tallies.rs"]
mod tallies;
#[path = "repo/teams.rs"]
mod teams;
#[path = "repo/trees.rs"]
mod trees;
#[path = "repo/units.rs"]
pub(crate) mod units;
#[path = "repo/write_units.rs"]
mod write_units;

use caodiem_domain::error::StoreError;
use caodiem_domain::id::Sequence;
use caodiem_domain::ports::{Lock, ReadTx, WriteTx};
use diesel::QueryResult;

use super::cells::cells;
use super::{Conn, Db, bulk, dialect};
use crate::memory::Memory;
use crate::trees::OwnTrees;

/// The most keys or rows of one statement.
pub(crate) const CHUNK: usize = 1_000;

/// One transaction, through which the ports are asked.
pub(crate) struct Tx<'job> {
    /// The connection it runs on.
    pub(crate) conn: &'job mut Conn,
    memory: &'job Memory,
    own_trees: OwnTrees,
    /// Whether it wrote drives: what it reads of them from then on is its own affair until it commits.
    wrote_drives: bool,
    noted: audit::Noted,
}

impl<'job> Tx<'job> {
    /// The transaction that was begun on `conn`.
    pub(crate) fn new(conn: &'job mut Conn, memory: &'job Memory) -> Self {
        Self { conn, memory, own_trees: OwnTrees::default(), wrote_drives: false, noted: audit::Noted::default() }
    }
}

/// diesel's errors as the domain's: `query.load(conn).or_failed()?`.
pub(crate) trait OrFailed<T> {
    /// The value, or the error in the domain's words.
    fn or_failed(self) -> Result<T, StoreError>;
}

impl<T> OrFailed<T> for QueryResult<T> {
    fn or_failed(self) -> Result<T, StoreError> {
        self.map_err(dialect::failed)
    }
}

/// The entities of rows, each with its key.
pub(crate) fn keyed<Row, T, K>(rows: Vec<Row>, key: impl Fn(&T) -> K) -> Result<Vec<(K, T)>, StoreError>
where
    T: TryFrom<Row, Error = StoreError>,
{
    rows.into_iter().map(|row| T::try_from(row).map(|entity| (key(&entity), entity))).collect()
}

/// The answer to a write that did not find the version it was made on. Part of it may have been written, so the job may
/// not commit.
pub(crate) fn stale() -> StoreError {
    crate::doom::doom();
    StoreError::Stale
}

impl ReadTx for Tx<'_> {}

impl WriteTx for Tx<'_> {
    fn lock(&mut self, locks: &[Lock]) -> Result<(), StoreError> {
        let mut locks = locks.to_vec();
        if locks.contains(&Lock::Tree) {
            locks.retain(|lock| *lock != Lock::TreeShared);
        }
        locks.sort_unstable();
        locks.dedup();
        dialect::lock(self.conn, &locks)
    }

    fn allocate(&mut self, sequence: Sequence, count: usize) -> Result<Vec<i64>, StoreError> {
        if count == 0 { Ok(Vec::new()) } else { dialect::allocate(self.conn, sequence, count) }
    }

    fn as_read(&mut self) -> &mut dyn ReadTx {
        self
    }
}
