//! Reading inspections and samples. Whoever sees a figure sees what came of checking it.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::{Actor, Permission};
use crate::error::Error;
use crate::id::{DriveId, InspectionId, SampleId, UnitId};
use crate::inspection::{Inspection, InspectionPredicate};
use crate::page::{Filter, Page, PageRequest};
use crate::ports::ReadTx;
use crate::sample::Sample;
use crate::tally::Slot;
use crate::usecase::visible_drive;

/// The most samples of a drive that are listed.
const SAMPLES_MAX: u16 = 100;

/// Inspections of figures in scope, by id; missing ones are left out.
///
/// # Errors
/// `Forbidden`.
pub fn inspections_by_id(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    ids: &[InspectionId],
) -> Result<BTreeMap<InspectionId, Inspection>, Error> {
    actor.require(Permission::ReadTallies)?;
    let mut found = tx.inspections_by_id(&actor.scope, ids)?;
    found.retain(|_, inspection| actor.is_for(inspection.drive));
    Ok(found)
}

/// The latest inspection of each of those figures that are in scope.
///
/// # Errors
/// `Forbidden`.
pub fn latest_inspections(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    slots: &[Slot],
) -> Result<BTreeMap<Slot, Inspection>, Error> {
    actor.require(Permission::ReadTallies)?;
    let credited: BTreeSet<UnitId> = slots.iter().map(|slot| slot.credited).collect();
    let seen = tx.units_by_id(&actor.scope, &credited.into_iter().collect::<Vec<_>>())?;
    let slots: Vec<Slot> = slots.iter().filter(|slot| seen.contains_key(&slot.credited)).copied().collect();
    let mut found = tx.latest_inspections(&slots)?;
    found.retain(|_, inspection| actor.is_for(inspection.drive));
    Ok(found)
}

fn seen(actor: &Actor, filter: &Filter<InspectionPredicate>) -> Filter<InspectionPredicate> {
    let own = actor.drive.map(|drive| Filter::Is(InspectionPredicate::Drive(drive)));
    Filter::All(std::iter::once(filter.clone()).chain(own).collect())
}

/// A page of inspections of figures in scope, newest first.
///
/// # Errors
/// `Forbidden`, `BadCursor`.
pub fn list_inspections(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    filter: &Filter<InspectionPredicate>,
    page: &PageRequest,
) -> Result<Page<Inspection>, Error> {
    actor.require(Permission::ReadTallies)?;
    Ok(tx.list_inspections(&actor.scope, &seen(actor, filter), page)?)
}

/// How many inspections of figures in scope fit.
///
/// # Errors
/// `Forbidden`.
pub fn count_inspections(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    filter: &Filter<InspectionPredicate>,
) -> Result<u64, Error> {
    actor.require(Permission::ReadTallies)?;
    Ok(tx.count_inspections(&actor.scope, &seen(actor, filter))?)
}

/// Samples in scope, by id; missing ones are left out. For those who check alone: whoever reports is not to know what will
/// be looked at.
///
/// # Errors
/// `Forbidden`.
pub fn samples_by_id(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    ids: &[SampleId],
) -> Result<BTreeMap<SampleId, Sample>, Error> {
    actor.require(Permission::VerifyTallies)?;
    let mut found = tx.samples_by_id(&actor.scope, ids)?;
    found.retain(|_, sample| actor.is_for(sample.drive));
    Ok(found)
}

/// The samples of a drive whose unit is in scope, newest first, at most 100.
///
/// # Errors
/// `Forbidden`, `NotFound` at `drive`.
pub fn samples_of(actor: &Actor, tx: &mut dyn ReadTx, drive: DriveId) -> Result<Vec<Sample>, Error> {
    actor.require(Permission::VerifyTallies)?;
    visible_drive(actor, tx, drive)?;
    Ok(tx.samples_of(&actor.scope, drive, SAMPLES_MAX)?)
}
