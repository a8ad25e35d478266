//! What a role asks of those who hold it: a second factor, a costly hash, short sessions.

use chrono::TimeDelta;

use crate::access::Role;
use crate::assignment::{Assignment, AssignmentState};
use crate::ports::PasswordCost;
use crate::time::Day;

/// How long sessions live.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SessionLife {
    /// Without being refreshed.
    pub idle: TimeDelta,
    /// Whatever happens.
    pub whole: TimeDelta,
}

/// Whether the role is held under a second factor only.
#[must_use]
pub const fn demands_second_factor(role: Role) -> bool {
    match role {
        Role::SystemAdmin | Role::UnitAdmin | Role::Planner | Role::Auditor | Role::BreakGlass => true,
        Role::Reporter | Role::Verifier | Role::Analyst | Role::Integrator => false,
    }
}

/// Whether the role opens everything, so that its password costs more and its tokens live shorter.
#[must_use]
pub const fn opens_everything(role: Role) -> bool {
    matches!(role, Role::SystemAdmin | Role::BreakGlass)
}

/// How long an access token lives, in seconds.
#[must_use]
pub const fn token_seconds(role: Role) -> i64 {
    if opens_everything(role) { 300 } else { 600 }
}

/// How long a session under the role lives.
#[must_use]
pub const fn session_life(role: Role) -> SessionLife {
    match role {
        Role::Reporter => SessionLife { idle: TimeDelta::hours(8), whole: TimeDelta::hours(24) },
        Role::BreakGlass => SessionLife { idle: TimeDelta::minutes(60), whole: TimeDelta::minutes(60) },
        _ => SessionLife { idle: TimeDelta::minutes(60), whole: TimeDelta::hours(12) },
    }
}

/// Whether any assignment that is not over asks for a second factor.
#[must_use]
pub fn needs_second_factor(held: &[Assignment], today: Day) -> bool {
    standing(held, today).any(|assignment| demands_second_factor(assignment.role))
}

/// Whether any assignment that is not over opens everything.
#[must_use]
pub fn holds_everything(held: &[Assignment], today: Day) -> bool {
    standing(held, today).any(|assignment| opens_everything(assignment.role))
}

/// What the hash of the password of somebody with these assignments costs.
#[must_use]
pub fn password_cost(held: &[Assignment], today: Day) -> PasswordCost {
    if holds_everything(held, today) { PasswordCost::High } else { PasswordCost::Usual }
}

fn standing(held: &[Assignment], today: Day) -> impl Iterator<Item = &Assignment> {
    held.iter().filter(move |assignment| assignment.state_on(today) != AssignmentState::Ended)
}
