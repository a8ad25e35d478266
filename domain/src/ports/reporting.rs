//! Report discipline: receipts, excuses and reopened days. Unscoped, unless said: a use case asks only for what it has
//! found in scope.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::Scope;
use crate::error::StoreError;
use crate::id::{DriveId, ExcuseId, TeamId, UnitId};
use crate::reporting::Debtor;
use crate::reporting::excuse::{Excuse, Reopening};
use crate::reporting::rule::{ReportKind, Reporters};
use crate::team::Team;
use crate::time::{Day, DayRange, Instant};

/// Which receipts are asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReceiptQuestion {
    /// A drive and those below it ([`ReadReporting::drives_below`]).
    pub drives: Vec<DriveId>,
    /// The kind of report; all but the daily ones come as confirmations alone.
    pub kind: ReportKind,
    /// Whose reports.
    pub reporters: Reporters,
    /// Whether a unit's confirmation of those below counts as its own daily report.
    pub confirmations: bool,
    /// Only of these units, where they are few; of all when `None`.
    pub units: Option<Vec<UnitId>>,
}

/// When a report was first received.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Receipt {
    /// Whose.
    pub debtor: Debtor,
    /// The last day of what it speaks of.
    pub day: Day,
    /// Its first word.
    pub first: Instant,
}

/// How many reports somebody gave over days.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ReceiptCount {
    /// Who.
    pub debtor: Debtor,
    /// On how many of the days.
    pub days: u64,
    /// How many of them were first received within `on_time_within` of the midnight that begins the day.
    pub on_time: u64,
}

/// Days, and when a report of each is on time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CountedDays {
    /// The days.
    pub days: DayRange,
    /// Those that do not count.
    pub without: BTreeSet<Day>,
    /// Microseconds from midnight UTC of the day to the moment before which a report of it is on time.
    pub on_time_within: i64,
}

/// Reading report discipline.
pub trait ReadReporting {
    /// The drive and every drive under it: what is reported to these counts for it.
    fn drives_below(&mut self, drive: DriveId) -> Result<Vec<DriveId>, StoreError>;

    /// First receipts of the reports whose last day is one of `days`, by debtor and day; nothing for who is silent.
    fn receipts(&mut self, question: &ReceiptQuestion, days: DayRange) -> Result<Vec<Receipt>, StoreError>;

    /// How many daily reports each debtor gave over days, by debtor; nothing for who gave none.
    fn receipt_counts(
        &mut self,
        question: &ReceiptQuestion,
        days: &CountedDays,
    ) -> Result<Vec<ReceiptCount>, StoreError>;

    /// The latest of the days of which each of the debtors reported; nothing for who was silent on all of them.
    fn last_reported(
        &mut self,
        question: &ReceiptQuestion,
        debtors: &[Debtor],
        days: DayRange,
    ) -> Result<BTreeMap<Debtor, Day>, StoreError>;

    /// Excuses of drives that speak of any of the days, withdrawn ones included, by id.
    fn excuses(&mut self, drives: &[DriveId], days: DayRange) -> Result<Vec<Excuse>, StoreError>;

    /// Excuses whose unit is in scope, by id; missing ones are left out.
    fn excuses_by_id(&mut self, scope: &Scope, ids: &[ExcuseId]) -> Result<BTreeMap<ExcuseId, Excuse>, StoreError>;

    /// Reopened days of drives that speak of any of the days, by id.
    fn reopenings(&mut self, drives: &[DriveId], days: DayRange) -> Result<Vec<Reopening>, StoreError>;
}

/// Reading who could report.
pub trait ReadReporters {
    /// The teams of each unit itself that were at work on any of the days, by unit and id.
    fn teams_within(&mut self, units: &[UnitId], days: DayRange) -> Result<Vec<Team>, StoreError>;

    /// Which of the units are in scope.
    fn units_in_scope(&mut self, scope: &Scope, units: &[UnitId]) -> Result<BTreeSet<UnitId>, StoreError>;

    /// The units of those that have corrected a figure of that day after a moment, with how many corrections and new
    /// figures came then.
    fn changes_after(
        &mut self,
        drives: &[DriveId],
        units: &[UnitId],
        days: DayRange,
        after: Instant,
    ) -> Result<BTreeMap<UnitId, u64>, StoreError>;

    /// How many figures of the drives' days were corrected at least once, of those credited to the units.
    fn corrected(&mut self, drives: &[DriveId], units: &[UnitId], days: DayRange) -> Result<u64, StoreError>;

    /// When each team or unit last said anything of a day.
    fn last_words(
        &mut self,
        drives: &[DriveId],
        units: &[UnitId],
        day: Day,
    ) -> Result<BTreeMap<(UnitId, Option<TeamId>), Instant>, StoreError>;
}

/// Writing report discipline.
pub trait WriteReporting {
    /// Adds an excuse.
    fn insert_excuse(&mut self, excuse: &Excuse) -> Result<(), StoreError>;

    /// Replaces an excuse where the stored version is one less.
    ///
    /// # Errors
    /// [`StoreError::Stale`].
    fn update_excuse(&mut self, excuse: &Excuse) -> Result<(), StoreError>;

    /// Adds reopened days.
    fn insert_reopening(&mut self, reopening: &Reopening) -> Result<(), StoreError>;
}
