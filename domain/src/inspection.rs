//! Inspections (kiểm tra thực tế): what somebody found who checked a reported figure against reality (rule 9).
//!
//! A verdict belongs to one revision of a slot: a correction has none, so the figure is unverified again, and the inspection
//! shows up among those that were overtaken.

use crate::count::Count;
use crate::id::{AccountId, DriveId, InspectionId, UnitId};
use crate::tally::{Reporter, Slot};
use crate::text::{Reason, Subject};
use crate::time::{Day, DayRange, Instant};

/// What came of checking a figure.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Verdict {
    /// It is so: everything that was checked was confirmed.
    True,
    /// It is not so.
    Untrue,
    /// It could not be checked.
    Unreachable,
}

impl Verdict {
    /// The word in messages and on record.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::True => "TRUE",
            Self::Untrue => "UNTRUE",
            Self::Unreachable => "UNREACHABLE",
        }
    }
}

/// The record of a check. Append-only: the latest of its revision stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Inspection {
    /// Identity.
    pub id: InspectionId,
    /// The drive the figure was reported to.
    pub drive: DriveId,
    /// The figure's place.
    pub slot: Slot,
    /// The revision that was checked.
    pub revision: i32,
    /// What it said.
    pub value: Count,
    /// What came of it.
    pub verdict: Verdict,
    /// How many of them were checked.
    pub checked: Count,
    /// How many of those were confirmed.
    pub confirmed: Count,
    /// What was seen, where the evidence lies. No names of citizens.
    pub note: Reason,
    /// Who checked it.
    pub author: Subject,
    /// The account.
    pub account: AccountId,
    /// When it was recorded, by the server's clock.
    pub at: Instant,
    /// Whether the figure was corrected since: then it is unverified again.
    pub overtaken: bool,
}

/// What was verified of a unit itself on a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VerifiedFigure {
    /// The unit it is credited to.
    pub unit: UnitId,
    /// The day.
    pub day: Day,
    /// The sum of the standing figures that were found true.
    pub value: i64,
}

/// A figure that was found to be not so: by the latest inspection of that revision, corrected since or not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UntrueFigure {
    /// Who reported it.
    pub reporter: Reporter,
    /// Of which day.
    pub day: Day,
}

/// What lists of inspections can be narrowed by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum InspectionPredicate {
    /// Of figures reported to this drive.
    Drive(DriveId),
    /// Of figures credited to this unit or any under it, by the tree as it stands.
    Under(UnitId),
    /// With one of these verdicts.
    Verdict(Vec<Verdict>),
    /// Of figures of these days.
    Days(DayRange),
    /// Recorded by this account.
    By(AccountId),
    /// Overtaken by a correction, or not.
    Overtaken(bool),
}
