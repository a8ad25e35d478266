//! Who reports on time: the rates that `reporting` answers with, by row.

use std::collections::BTreeMap;

use crate::access::Actor;
use crate::error::Error;
use crate::id::UnitId;
use crate::ports::ReadTx;
use crate::reporting::rates::Rates;
use crate::usecase::read_reporting::{ReportingQuestion, reporting};

/// The daily reports of units, of all levels at and under each together.
pub(super) struct Punctuality(BTreeMap<UnitId, Rates>);

impl Punctuality {
    /// Counts them for a unit and those directly under it.
    ///
    /// # Errors
    /// As [`reporting`].
    pub(super) fn count(actor: &Actor, tx: &mut dyn ReadTx, question: &ReportingQuestion) -> Result<Self, Error> {
        let found = reporting(actor, tx, question)?;
        let rows = found.children.iter().chain([&found.whole]);
        Ok(Self(rows.map(|row| (row.unit, row.together())).collect()))
    }

    /// Of one unit; `None` where nothing was owed.
    pub(super) fn of(&self, unit: UnitId) -> Option<Rates> {
        self.0.get(&unit).copied().filter(|rates| rates.expected() > 0)
    }
}
