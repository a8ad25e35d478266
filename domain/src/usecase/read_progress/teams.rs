//! What teams themselves reported.

use std::collections::{BTreeMap, BTreeSet};

use super::frame::Frame;
use crate::access::Scope;
use crate::error::Error;
use crate::id::{IndicatorId, TeamId, UnitId};
use crate::page::{Direction, Filter, PageRequest, PageSize};
use crate::ports::ReadTx;
use crate::tally::{Reporter, TallyOrder, TallyPredicate};

/// What each of the teams reported within the frame's days.
///
/// # Errors
/// A failure of storage.
pub(super) fn done(tx: &mut dyn ReadTx, frame: &Frame, teams: &[TeamId]) -> Result<BTreeMap<TeamId, i64>, Error> {
    let mut sums: BTreeMap<TeamId, i64> = BTreeMap::new();
    if !frame.flows.is_empty() {
        for ((team, _), sum) in tx.team_totals(frame.drive.id, &frame.flows, teams, frame.days)? {
            *sums.entry(team).or_default() += sum;
        }
    }
    if !frame.levels.is_empty() {
        for (team, level) in levels(tx, frame, teams)? {
            *sums.entry(team).or_default() += level;
        }
    }
    Ok(sums)
}

/// The latest level of each slot of the teams, newest first through the pages: levels are few, and reported rarely.
fn levels(tx: &mut dyn ReadTx, frame: &Frame, teams: &[TeamId]) -> Result<BTreeMap<TeamId, i64>, Error> {
    let filter = Filter::All(vec![
        Filter::Is(TallyPredicate::Team(teams.to_vec())),
        Filter::Is(TallyPredicate::Indicator(frame.levels.clone())),
        Filter::Is(TallyPredicate::Days(frame.days)),
    ]);
    let mut request = PageRequest { size: PageSize::new(100)?, direction: Direction::Forward, cursor: None };
    let mut seen: BTreeSet<(TeamId, UnitId, IndicatorId)> = BTreeSet::new();
    let mut sums: BTreeMap<TeamId, i64> = BTreeMap::new();
    loop {
        let page = tx.list_tallies(&Scope::Country, frame.drive.id, &filter, TallyOrder::NewestDay, &request)?;
        for (cursor, tally) in page.rows {
            let slot = tally.slot;
            if let Reporter::Team(team) = slot.reporter
                && seen.insert((team, slot.credited, slot.indicator))
            {
                *sums.entry(team).or_default() += tally.value.get();
            }
            request.cursor = Some(cursor);
        }
        if !page.has_next {
            return Ok(sums);
        }
    }
}
