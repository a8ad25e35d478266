//! Inputs that narrow and order lists of drives.

use async_graphql::{Enum, ID, InputObject};
use caodiem_domain::drive::{self, DrivePredicate};
use caodiem_domain::text::PlanNumber;

use crate::filter::{LIST_MAX, Parts, Where};
use crate::ids::key_of;
use crate::inputs::Check;
use crate::objects::drive::DriveState;
use crate::scalars::Date;

/// The orders of a list of drives.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "drive::DriveOrder")]
pub(crate) enum DriveOrder {
    /// By first day, ascending.
    StartsOn,
    /// By plan number.
    PlanNumber,
}

/// Narrows a list of drives. All given fields hold together.
#[derive(InputObject)]
pub(crate) struct DriveWhere {
    /// All of these hold.
    and: Option<Vec<DriveWhere>>,
    /// At least one of these holds.
    or: Option<Vec<DriveWhere>>,
    /// This does not hold.
    not: Option<Box<DriveWhere>>,
    /// One of these states.
    state: Option<Vec<DriveState>>,
    /// Exactly this plan number.
    plan_number: Option<String>,
    /// Directly under this drive.
    parent: Option<ID>,
    /// Of one of these units; at most 100.
    unit: Option<Vec<ID>>,
    /// Running on that day.
    runs_on: Option<Date>,
    /// Made up, or not.
    synthetic: Option<bool>,
}

impl Where for DriveWhere {
    type Predicate = DrivePredicate;

    fn parts(self, check: &mut Check) -> Parts<Self, DrivePredicate> {
        check.at_most("state", self.state.as_deref().unwrap_or_default(), LIST_MAX);
        check.at_most("unit", self.unit.as_deref().unwrap_or_default(), LIST_MAX);
        let number = check.optional("planNumber", self.plan_number, |text| PlanNumber::new(text)).flatten();
        let parent = check.optional("parent", self.parent, key_of).flatten();
        let units = self.unit.map(|ids| check.each("unit", ids, |id| key_of(&id)));
        let is = [
            self.state.map(|states| DrivePredicate::State(states.into_iter().map(Into::into).collect())),
            number.map(DrivePredicate::PlanNumber),
            parent.map(DrivePredicate::Parent),
            units.flatten().map(DrivePredicate::Unit),
            self.runs_on.map(|day| DrivePredicate::RunsOn(day.0)),
            self.synthetic.map(DrivePredicate::Synthetic),
        ];
        Parts { and: self.and, or: self.or, not: self.not, is: is.into_iter().flatten().collect() }
    }
}
