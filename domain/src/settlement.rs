//! Settling a figure (chốt số liệu): what is held to be true where the figures differ, by whom and why.

use crate::count::Count;
use crate::id::{AccountId, DriveId, IndicatorId, SettlementId, UnitId};
use crate::text::{Reason, Subject};
use crate::time::{Day, Instant};

/// What a figure is settled by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SettledBy {
    /// What was reported.
    Reported,
    /// What inspection confirmed.
    Verified,
    /// What the national database says.
    Official,
    /// None of these: a figure of its own.
    Other,
}

impl SettledBy {
    /// The word in messages and on record.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reported => "REPORTED",
            Self::Verified => "VERIFIED",
            Self::Official => "OFFICIAL",
            Self::Other => "OTHER",
        }
    }
}

/// Why the figures differ.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum GapReason {
    /// They do not.
    NoGap,
    /// The national database had not received them yet.
    LateSync,
    /// Records wait for approval.
    PendingApproval,
    /// They count for the unit of residence, not for the one that reported.
    OtherResidence,
    /// People were counted twice.
    Duplicate,
    /// A slip of the pen.
    EntryError,
    /// What was reported is not so (rule 9).
    Untrue,
    /// The official figure is wrong.
    OfficialError,
    /// Anything else; the note says what.
    Other,
}

impl GapReason {
    /// The word on record.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoGap => "NO_GAP",
            Self::LateSync => "LATE_SYNC",
            Self::PendingApproval => "PENDING_APPROVAL",
            Self::OtherResidence => "OTHER_RESIDENCE",
            Self::Duplicate => "DUPLICATE",
            Self::EntryError => "ENTRY_ERROR",
            Self::Untrue => "UNTRUE",
            Self::OfficialError => "OFFICIAL_ERROR",
            Self::Other => "OTHER",
        }
    }
}

/// A settled figure. Append-only: the latest of its unit, indicator and day stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settlement {
    /// Identity.
    pub id: SettlementId,
    /// The drive.
    pub drive: DriveId,
    /// Whose figure.
    pub unit: UnitId,
    /// Of what, simple or composite.
    pub indicator: IndicatorId,
    /// What was done from the drive's first day up to this one.
    pub day: Day,
    /// By what.
    pub by: SettledBy,
    /// How many.
    pub value: Count,
    /// What was reported at that moment.
    pub reported: Option<i64>,
    /// What was verified.
    pub verified: Option<i64>,
    /// What was done by the official figures.
    pub official: Option<i64>,
    /// Why they differ.
    pub reason: GapReason,
    /// In words.
    pub note: Option<Reason>,
    /// Who settled it.
    pub author: Subject,
    /// The account.
    pub account: AccountId,
    /// When, by the server's clock.
    pub at: Instant,
}
