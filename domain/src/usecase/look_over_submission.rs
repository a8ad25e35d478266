//! What is to be looked at after a submission: the consistency findings of the units and days that it speaks of.

use std::collections::BTreeSet;

use crate::access::{Actor, Permission};
use crate::error::Error;
use crate::id::{DriveId, UnitId};
use crate::ports::ReadTx;
use crate::tally::{Reporter, TallyRow};
use crate::time::{Day, DayRange};
use crate::unit::tree::Tree;
use crate::usecase::check_consistency::{ConsistencyQuestion, Looked, check_consistency};
use crate::usecase::{homes_of, visible_drive};

/// What a submission spoke of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spoken {
    /// To which drive.
    pub drive: DriveId,
    /// Who reported for which day, credited to whom where that is not the reporter's own unit.
    pub rows: Vec<(Reporter, Option<UnitId>, Day)>,
}

impl Spoken {
    /// What rows speak of.
    #[must_use]
    pub fn of(drive: DriveId, rows: &[TallyRow]) -> Self {
        Self { drive, rows: rows.iter().map(|row| (row.reporter, row.credited, row.day)).collect() }
    }
}

/// The findings of the units and days of a submission as figures stand after it, of those units that are in scope; they are
/// looked for under the lowest unit that has them all. Findings refuse nothing: they are there to be seen by who reports
/// (rule 9: what is not so is best found early).
///
/// # Errors
/// As [`check_consistency`]; `TooMany` where the unit that has them all has too many figures, or the days are too many.
pub fn look_over_submission(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    spoken: &Spoken,
    today: Day,
) -> Result<Vec<Looked>, Error> {
    actor.require(Permission::ReadTallies)?;
    let drive = visible_drive(actor, tx, spoken.drive)?;
    let homes = homes_of(tx, spoken.rows.iter().map(|(reporter, _, _)| *reporter))?;
    let places = spoken
        .rows
        .iter()
        .filter_map(|(reporter, credited, day)| Some((credited.or(homes.get(reporter).copied())?, *day)));
    let places = places.filter(|(_, day)| drive.days.contains(*day) && *day <= today);
    let mut places: BTreeSet<(UnitId, Day)> = places.collect();
    let units: BTreeSet<UnitId> = places.iter().map(|(unit, _)| *unit).collect();
    let seen = tx.units_by_id(&actor.scope, &units.into_iter().collect::<Vec<_>>())?;
    places.retain(|(unit, _)| seen.contains_key(unit));
    let Some((first, last)) = places.iter().map(|(_, day)| *day).min().zip(places.iter().map(|(_, day)| *day).max())
    else {
        return Ok(Vec::new());
    };
    let tree = tx.tree(last)?;
    let units: BTreeSet<UnitId> = places.iter().map(|(unit, _)| *unit).collect();
    let days = DayRange::new(first, last)?;
    let mut found = Vec::new();
    for unit in tops(actor, tx, &tree, &units)? {
        let question = ConsistencyQuestion { drive: drive.id, unit, days: days.into(), today };
        found.extend(check_consistency(actor, tx, question)?);
    }
    // Sums of a unit are looked at as of the last day, whichever day was reported.
    found.retain(|(one, _)| {
        units.contains(&one.unit) && (one.reporter.is_none() || places.contains(&(one.unit, one.day)))
    });
    Ok(found)
}

/// The lowest unit in scope that has all of the units; where there is none, the units themselves.
fn tops(actor: &Actor, tx: &mut dyn ReadTx, tree: &Tree, units: &BTreeSet<UnitId>) -> Result<Vec<UnitId>, Error> {
    let Some(first) = units.first() else { return Ok(Vec::new()) };
    let common = tree.lineage_up(*first).find(|above| units.iter().all(|unit| tree.covers(*above, *unit)));
    if let Some(common) = common
        && tx.units_by_id(&actor.scope, &[common])?.contains_key(&common)
    {
        return Ok(vec![common]);
    }
    Ok(units.iter().copied().collect())
}
