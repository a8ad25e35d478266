//! Reading figures by their slots, and who reported.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::{Actor, Permission, Scope};
use crate::error::Error;
use crate::id::{DriveId, UnitId};
use crate::ports::{ReadTx, Revisions};
use crate::problem::Problem;
use crate::tally::{Report, Slot, Tally};
use crate::text::UnitCode;
use crate::time::{Day, DaySpan};
use crate::usecase::visible_drive;

/// The standing figures of those slots whose credited unit is in scope; silent slots are left out.
///
/// # Errors
/// `Forbidden`.
pub fn tallies_by_slot(actor: &Actor, tx: &mut dyn ReadTx, slots: &[Slot]) -> Result<BTreeMap<Slot, Tally>, Error> {
    let slots = slots_in_scope(actor, tx, slots)?;
    let mut found = tx.tallies(&slots)?;
    found.retain(|_, tally| actor.is_for(tally.drive));
    Ok(found)
}

/// Every revision of those slots whose credited unit is in scope, oldest first.
///
/// # Errors
/// `Forbidden`.
pub fn tally_revisions(actor: &Actor, tx: &mut dyn ReadTx, slots: &[Slot]) -> Result<Revisions, Error> {
    let slots = slots_in_scope(actor, tx, slots)?;
    let mut found = tx.revisions(&slots)?;
    for revisions in found.values_mut() {
        revisions.retain(|tally| actor.is_for(tally.drive));
    }
    Ok(found)
}

/// The reports of a unit and its teams to a drive, by day; an open end of the days is that of the drive.
///
/// # Errors
/// `Forbidden`, `NotFound`, `DatesReversed`.
pub fn reports(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    drive: DriveId,
    unit: UnitId,
    days: DaySpan,
) -> Result<Vec<Report>, Error> {
    actor.require(Permission::ReadTallies)?;
    let plan = visible_drive(actor, tx, drive)?;
    if !tx.units_by_id(&actor.scope, &[unit])?.contains_key(&unit) {
        return Err(Problem::not_found("Unit", unit.get()).at("unit").into());
    }
    let days = days.of(plan.days).map_err(|problem| problem.at("to"))?;
    Ok(tx.reports_of(drive, &[unit], days)?)
}

/// The units that official codes named on days. Over the whole country: a team that helps residents of another commune
/// names it (rule 2), and official codes are public. Whether the unit may be credited is decided when it is.
///
/// # Errors
/// `Forbidden`.
pub fn units_named(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    named: &BTreeMap<Day, Vec<UnitCode>>,
) -> Result<BTreeMap<(Day, UnitCode), UnitId>, Error> {
    actor.require(Permission::SubmitTallies)?;
    let mut found = BTreeMap::new();
    for (day, codes) in named {
        let units = tx.units_by_code(&Scope::Country, codes, *day)?;
        found.extend(units.into_iter().map(|unit| ((*day, unit.version.code), unit.id)));
    }
    Ok(found)
}

fn slots_in_scope(actor: &Actor, tx: &mut dyn ReadTx, slots: &[Slot]) -> Result<Vec<Slot>, Error> {
    actor.require(Permission::ReadTallies)?;
    let credited: BTreeSet<UnitId> = slots.iter().map(|slot| slot.credited).collect();
    let seen = tx.units_by_id(&actor.scope, &credited.into_iter().collect::<Vec<_>>())?;
    Ok(slots.iter().filter(|slot| seen.contains_key(&slot.credited)).copied().collect())
}
