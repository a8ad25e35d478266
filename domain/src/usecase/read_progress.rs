//! Progress and ranking as use cases.

use crate::access::Actor;
use crate::error::Error;
use crate::exact::Exact;
use crate::id::{DriveId, GroupId, IndicatorId, PhaseId, TeamId, UnitId};
use crate::ports::ReadTx;
use crate::progress::{Peers, Progress, Rank, RankMeasure, TreeView};
use crate::time::{Day, DaySpan};

/// What progress is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProgressQuestion {
    /// The drive.
    pub drive: DriveId,
    /// Units in scope, at most 100.
    pub units: Vec<UnitId>,
    /// Simple or composite.
    pub indicator: IndicatorId,
    /// The group of the quota.
    pub group: GroupId,
    /// The phase of the quota; `None` for the whole drive.
    pub phase: Option<PhaseId>,
    /// The days; an open end is that of the phase's or drive's days up to `today`.
    pub days: DaySpan,
    /// On which tree.
    pub view: TreeView,
    /// The day on which the question is asked: paces and projections look forward from it.
    pub today: Day,
}

/// What ranking is asked for: [`ProgressQuestion`] of one unit, among its peers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RankQuestion {
    /// The unit whose peers are ranked.
    pub unit: UnitId,
    /// Among whom.
    pub peers: Peers,
    /// By what.
    pub measure: RankMeasure,
    /// Units with a smaller quota get no place.
    pub min_quota: Exact,
    /// The figures.
    pub of: ProgressQuestion,
}

/// What one day brought.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DayDone {
    /// The day.
    pub day: Day,
    /// What was done that day.
    pub done: i64,
    /// What was done from the first day of the question up to it.
    pub cumulative: i64,
}

/// Progress of units, in the order asked. Units out of scope are refused as not found.
///
/// # Errors
/// `Forbidden`, `NotFound`, `TooMany`.
pub fn progress(actor: &Actor, tx: &mut dyn ReadTx, question: &ProgressQuestion) -> Result<Vec<Progress>, Error> {
    let _ = (actor, tx, question);
    todo!()
}

/// Day by day, every day of the range; a day without tallies shows 0 done.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn daily_progress(actor: &Actor, tx: &mut dyn ReadTx, question: &ProgressQuestion) -> Result<Vec<DayDone>, Error> {
    let _ = (actor, tx, question);
    todo!()
}

/// The ranking of a unit's peers that are in scope, best first, and always the unit's own rank.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn ranking(actor: &Actor, tx: &mut dyn ReadTx, question: &RankQuestion) -> Result<Vec<Rank>, Error> {
    let _ = (actor, tx, question);
    todo!()
}

/// What teams in scope reported in an indicator over the days; an open end is that of the drive.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn team_done(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    drive: DriveId,
    indicator: IndicatorId,
    teams: &[TeamId],
    days: DaySpan,
) -> Result<Vec<(TeamId, i64)>, Error> {
    let _ = (actor, tx, drive, indicator, teams, days);
    todo!()
}
