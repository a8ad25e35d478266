//! Committing samples, and drawing them.

use sha2::{Digest, Sha256};

use crate::access::Permission;
use crate::audit::{Change, hex};
use crate::crypto::Crypto;
use crate::drive::DriveState;
use crate::error::{Error, StoreError};
use crate::id::{DriveId, SampleId, Sequence, UnitId};
use crate::ports::{Lock, WriteTx};
use crate::problem::{Code, Problem};
use crate::sample::{Drawn, POPULATION_MAX, SIZE_MAX, Sample, draw};
use crate::time::DayRange;
use crate::usecase::{Act, allocate_one, visible_drive};

/// A sample to be committed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CommitSample {
    /// The drive.
    pub drive: DriveId,
    /// Of figures credited to this unit or any under it; in scope.
    pub unit: UnitId,
    /// Of these days, none of which has begun.
    pub days: DayRange,
    /// How many, 1 to 1,000.
    pub size: u32,
}

fn place(id: SampleId) -> String {
    format!("sample.sealed:{id}", id = id.get())
}

/// Commits a sample: a random seed is made and its digest put on record; nobody sees the seed before it is drawn.
///
/// # Errors
/// `Forbidden`; `NotFound`, `DriveState` at `drive`; `NotFound` at `unit`; `DayOutsideDrive`, `SampleTime` at `days`;
/// `OutOfRange` at `size`.
pub fn commit_sample(
    act: &Act,
    tx: &mut dyn WriteTx,
    crypto: &dyn Crypto,
    command: &CommitSample,
) -> Result<SampleId, Error> {
    act.actor.require(Permission::VerifyTallies)?;
    act.once(tx, |tx| {
        let drive = visible_drive(&act.actor, tx.as_read(), command.drive)?;
        drive.require_state(&[DriveState::Draft, DriveState::Open])?;
        if !tx.units_by_id(&act.actor.scope, &[command.unit])?.contains_key(&command.unit) {
            return Err(Problem::not_found("Unit", command.unit.get()).at("unit").into());
        }
        let (from, to) = (command.days.from(), command.days.to());
        drive.require_days(command.days).map_err(|problem| problem.at("days"))?;
        if from <= act.today() {
            return Err(Problem::new(Code::SampleTime).with("from", from).with("to", to).at("days").into());
        }
        if !(1..=SIZE_MAX).contains(&command.size) {
            let problem = Problem::new(Code::OutOfRange).with("actual", command.size);
            return Err(problem.with("min", 1).with("max", SIZE_MAX).at("size").into());
        }
        let id = SampleId::new(allocate_one(tx, Sequence::Sample)?);
        let seed = crypto.random();
        let sample = Sample {
            id,
            drive: command.drive,
            unit: command.unit,
            days: command.days,
            size: command.size,
            commitment: Sha256::digest(seed).into(),
            sealed: crypto.seal(&seed, &place(id))?,
            author: act.actor.subject.clone(),
            account: act.actor.account,
            committed_at: act.now,
            drawn: None,
        };
        tx.insert_sample(&sample)?;
        let told = format!(
            "{size} figures of drive {drive}, unit {unit}, {from} to {to}, committed to {digest}",
            size = sample.size,
            drive = sample.drive.get(),
            unit = sample.unit.get(),
            digest = hex(&sample.commitment),
        );
        tx.changed(Change::made("Sample", id.get(), told));
        Ok(id)
    })
}

/// Draws a sample after its days are over: the seed is told and the figures it draws are kept. Drawn once; asked again, it
/// is the same.
///
/// # Errors
/// `Forbidden`; `NotFound` at `sample`; `SampleTime`, `TooMany` at `sample`.
pub fn draw_sample(act: &Act, tx: &mut dyn WriteTx, crypto: &dyn Crypto, id: SampleId) -> Result<SampleId, Error> {
    act.actor.require(Permission::VerifyTallies)?;
    act.once(tx, |tx| {
        let missing = || Problem::not_found("Sample", id.get()).at("sample");
        let sample = tx.samples_by_id(&act.actor.scope, &[id])?.remove(&id).ok_or_else(missing)?;
        let drive = visible_drive(&act.actor, tx.as_read(), sample.drive).map_err(|_out_of_sight| missing())?;
        tx.lock(&[Lock::TreeShared, Lock::Book(drive.book)])?;
        let sample = tx.samples_by_id(&act.actor.scope, &[id])?.remove(&id).ok_or_else(missing)?;
        if sample.drawn.is_some() {
            return Ok(id);
        }
        let (from, to) = (sample.days.from(), sample.days.to());
        if act.today() <= to {
            return Err(Problem::new(Code::SampleTime).with("from", from).with("to", to).at("sample").into());
        }
        let seed = crypto.open(&sample.sealed, &place(id)).and_then(|seed| <[u8; 32]>::try_from(seed).ok());
        let seed = seed.filter(|seed| <[u8; 32]>::from(Sha256::digest(seed)) == sample.commitment);
        let seed =
            seed.ok_or_else(|| StoreError::Corrupt("the seed of a sample is not what was committed".to_owned()))?;
        let population = tx.standing_under(sample.drive, sample.unit, sample.days, POPULATION_MAX + 1)?;
        if population.len() > POPULATION_MAX {
            let problem = Problem::new(Code::TooMany).with("actual", population.len());
            return Err(problem.with("max", POPULATION_MAX).at("sample").into());
        }
        let population: Vec<_> = population.into_iter().map(|(slot, revision, _)| (slot, revision)).collect();
        let drawn = Drawn {
            seed,
            population: u32::try_from(population.len()).unwrap_or(u32::MAX),
            author: act.actor.subject.clone(),
            at: act.now,
            slots: draw(&seed, population, sample.size),
        };
        tx.insert_drawn(id, &drawn)?;
        let count = drawn.slots.len();
        let told = format!("{count} of {all} figures by seed {seed}", all = drawn.population, seed = hex(&seed));
        tx.changed(Change::altered("Sample", id.get(), "not drawn".to_owned(), told));
        Ok(id)
    })
}
