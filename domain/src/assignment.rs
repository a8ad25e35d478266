//! Assignments: who may do what, over which part of the tree, until when, and by whose grant.

use chrono::Days;

use crate::access::{Permission, Role};
use crate::id::{AccountId, AssignmentId, DriveId, TeamId, UnitId};
use crate::text::{Reason, Subject};
use crate::time::{Day, Instant, in_viet_nam};

/// A role over a unit, held by an account. A request is made under exactly one of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assignment {
    /// Its key.
    pub id: AssignmentId,
    /// Who holds it.
    pub account: AccountId,
    /// The role.
    pub role: Role,
    /// The unit: the scope is its subtree as the tree stands.
    pub unit: UnitId,
    /// The team, of a reporter who reports for no other.
    pub team: Option<TeamId>,
    /// The only drive it is for; `None` for all.
    pub drive: Option<DriveId>,
    /// The only operations it is for, of those its role permits; empty for all. For machines.
    pub only: Vec<Permission>,
    /// The first day.
    pub valid_from: Day,
    /// The day after the last; `None` without end.
    pub valid_to: Option<Day>,
    /// The assignment under which it was granted; `None` when it was made on the host.
    pub granted_under: Option<AssignmentId>,
    /// How many grants lie between it and the host: 0 on the host.
    pub chain: i32,
    /// The login of whoever granted it.
    pub granted_by: Subject,
    /// Why.
    pub reason: Reason,
    /// When it was granted.
    pub granted_at: Instant,
    /// When it was ended before its time.
    pub ended_at: Option<Instant>,
    /// The login of whoever ended it.
    pub ended_by: Option<Subject>,
    /// Since when it waits to be confirmed by another admin, because the one under which it was granted was ended.
    pub suspended_at: Option<Instant>,
    /// When it was last used to sign in or refresh.
    pub last_used_at: Option<Instant>,
    /// Counted up by each change.
    pub version: i32,
}

/// How many days a suspended assignment waits to be confirmed; then it is over.
pub const CONFIRM_WITHIN_DAYS: u64 = 7;

/// Where an assignment stands on a day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum AssignmentState {
    /// Its first day has not come.
    Future,
    /// In force.
    InForce,
    /// Waits to be confirmed; permits nothing meanwhile.
    Suspended,
    /// Over: its last day has passed, it was ended, or nobody confirmed it in time.
    Ended,
}

impl AssignmentState {
    /// The word clients see in messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Future => "FUTURE",
            Self::InForce => "IN_FORCE",
            Self::Suspended => "SUSPENDED",
            Self::Ended => "ENDED",
        }
    }
}

impl Assignment {
    /// The first day on which it is over because nobody confirmed it; `None` unless it is suspended.
    #[must_use]
    pub fn lapses_on(&self) -> Option<Day> {
        in_viet_nam(self.suspended_at?).0.checked_add_days(Days::new(CONFIRM_WITHIN_DAYS))
    }

    /// Where it stands on a day.
    #[must_use]
    pub fn state_on(&self, day: Day) -> AssignmentState {
        let over = |end: Option<Day>| end.is_some_and(|end| end <= day);
        if self.ended_at.is_some() || over(self.valid_to) || over(self.lapses_on()) {
            AssignmentState::Ended
        } else if self.suspended_at.is_some() {
            AssignmentState::Suspended
        } else if day < self.valid_from {
            AssignmentState::Future
        } else {
            AssignmentState::InForce
        }
    }
}

/// What lists of assignments can be narrowed by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AssignmentPredicate {
    /// Held by one of these.
    Account(Vec<AccountId>),
    /// One of these roles.
    Role(Vec<Role>),
    /// Over this unit itself.
    Unit(UnitId),
    /// Over this unit or any under it, by the tree as it stands.
    Under(UnitId),
    /// Bound to this drive.
    Drive(DriveId),
    /// In force on that day.
    InForceOn(Day),
    /// Ending on or before that day, and not ended yet.
    EndingBy(Day),
    /// Not used since then, or never.
    UnusedSince(Instant),
    /// Waiting to be confirmed.
    Suspended(bool),
}
