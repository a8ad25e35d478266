//! Samples: figures drawn by chance, to be checked.
//!
//! Before the days begin the digest of a random seed is put on record; after they are over the seed is told, and with it
//! which figures it draws: those whose digest together with the seed is smallest. Nobody can know beforehand which they will
//! be, nobody can draw again, and everybody can reckon it after.

use sha2::{Digest, Sha256};

use crate::id::{AccountId, DriveId, SampleId, UnitId};
use crate::tally::{Reporter, Slot};
use crate::text::Subject;
use crate::time::{DayRange, Instant};

/// The most figures of one sample.
pub const SIZE_MAX: u32 = 1_000;

/// The most figures that one is drawn from.
pub const POPULATION_MAX: usize = 200_000;

/// A committed sample.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sample {
    /// Identity.
    pub id: SampleId,
    /// The drive.
    pub drive: DriveId,
    /// Of figures credited to this unit or any under it.
    pub unit: UnitId,
    /// Of these days.
    pub days: DayRange,
    /// How many.
    pub size: u32,
    /// SHA-256 of the seed.
    pub commitment: [u8; 32],
    /// The seed, encrypted: nobody reads it out of the database before it is drawn.
    pub sealed: Vec<u8>,
    /// Who committed it.
    pub author: Subject,
    /// The account.
    pub account: AccountId,
    /// When.
    pub committed_at: Instant,
    /// What was drawn, once it was.
    pub drawn: Option<Drawn>,
}

/// What a sample drew.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Drawn {
    /// The seed.
    pub seed: [u8; 32],
    /// From how many figures.
    pub population: u32,
    /// Who drew it.
    pub author: Subject,
    /// When.
    pub at: Instant,
    /// The figures with the revision that stood, in the order they were drawn.
    pub slots: Vec<(Slot, i32)>,
}

/// The place of a figure as it is digested: `book.unit.day.indicator.u12`, reporters being `u` a unit or `t` a team.
#[must_use]
pub fn slot_text(slot: &Slot) -> String {
    let (letter, reporter) = match slot.reporter {
        Reporter::Unit(unit) => ('u', unit.get()),
        Reporter::Team(team) => ('t', team.get()),
    };
    let (book, unit, indicator) = (slot.book.get(), slot.credited.get(), slot.indicator.get());
    format!("{book}.{unit}.{day}.{indicator}.{letter}{reporter}", day = slot.day)
}

/// The first `size` of the figures in the order of SHA-256(seed ‖ place): the same whatever order they come in.
#[must_use]
pub fn draw(seed: &[u8; 32], mut population: Vec<(Slot, i32)>, size: u32) -> Vec<(Slot, i32)> {
    population.sort_by_cached_key(|(slot, _)| {
        let digest = Sha256::new().chain_update(seed).chain_update(slot_text(slot)).finalize();
        (<[u8; 32]>::from(digest), *slot)
    });
    population.truncate(usize::try_from(size).unwrap_or(usize::MAX));
    population
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests may panic")]
mod tests {
    use super::*;
    use crate::id::IndicatorId;

    #[test]
    fn a_seed_draws_the_same_whatever_the_order() {
        let slot = |unit: i64| Slot {
            book: DriveId::new(1),
            credited: UnitId::new(unit),
            day: "2023-06-01".parse().unwrap(),
            indicator: IndicatorId::new(2),
            reporter: Reporter::Unit(UnitId::new(unit)),
        };
        let all: Vec<(Slot, i32)> = (1..=100).map(|unit| (slot(unit), 1)).collect();
        let drawn = draw(&[7; 32], all.clone(), 10);
        assert_eq!(drawn.len(), 10);
        assert_eq!(draw(&[7; 32], all.iter().rev().copied().collect(), 10), drawn);
        assert_ne!(draw(&[8; 32], all.clone(), 10), drawn);
        assert_eq!(draw(&[7; 32], all, 1_000).len(), 100);
        assert_eq!(slot_text(&slot(3)), "1.3.2023-06-01.2.u3");
    }
}
