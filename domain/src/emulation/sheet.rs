//! A candidate list as data: what it is of, by which terms, and the units with the facts and what follows from them.

use super::{Facts, Judgement, Terms};
use crate::comparison::Tolerance;
use crate::exact::Exact;
use crate::id::{DriveId, GroupId, IndicatorId, PhaseId, UnitId};
use crate::time::{DayRange, Instant};
use crate::unit::Level;

/// What a sheet is of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct About {
    /// Of which drive.
    pub drive: DriveId,
    /// The unit whose units are its candidates.
    pub unit: UnitId,
    /// All units of this level under the unit; those directly under it when `None`.
    pub level: Option<Level>,
    /// The phase of the quotas; `None` for the whole drive.
    pub phase: Option<PhaseId>,
    /// Of what.
    pub indicator: IndicatorId,
    /// Of whom.
    pub group: GroupId,
    /// The days that are judged.
    pub days: DayRange,
    /// By what.
    pub terms: Terms,
    /// How far reported and official may lie apart; `None` where the drive tolerates nothing.
    pub tolerated: Option<Tolerated>,
    /// The moment at which it was worked out.
    pub known_at: Instant,
}

/// What a drive tolerated, as figures.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tolerated {
    /// Of the official figure, 0 to 100.
    pub percent: Exact,
    /// In number.
    pub absolute: i64,
}

impl From<&Tolerance> for Tolerated {
    fn from(tolerance: &Tolerance) -> Self {
        Self { percent: tolerance.percent.clone(), absolute: tolerance.absolute.get() }
    }
}

/// A candidate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// The unit.
    pub unit: UnitId,
    /// Its official code.
    pub code: String,
    /// Its name with its kind.
    pub name: String,
    /// What is known of it.
    pub facts: Facts,
    /// What follows.
    pub judgement: Judgement,
}

/// A candidate list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sheet {
    /// What it is of.
    pub about: About,
    /// The candidates, best place first; those without a place last, in the order of the tree.
    pub candidates: Vec<Candidate>,
}

impl Sheet {
    /// The candidate of that unit.
    #[must_use]
    pub fn candidate(&self, unit: UnitId) -> Option<&Candidate> {
        self.candidates.iter().find(|candidate| candidate.unit == unit)
    }
}
