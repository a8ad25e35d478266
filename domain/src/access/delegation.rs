//! The exceptions to "nobody hands on what he does not hold", as data: all that widens the grantor rule stands here.

use crate::access::{Actor, Permission, Role, permits};

/// What a unit admin appoints to although it lacks some of the rights: a unit admin does not verify, but somebody has to
/// appoint the verifier. Unit admins only for units strictly below; integrators with named operations only.
pub const DELEGABLE_BY_UNIT_ADMIN: &[Role] =
    &[Role::Reporter, Role::Verifier, Role::Analyst, Role::Planner, Role::Integrator, Role::UnitAdmin];

/// What a system admin appoints to although it lacks some of the rights: the auditor, and the topmost unit admins, who
/// appoint everybody else.
pub const DELEGABLE_BY_SYSTEM_ADMIN: &[Role] = &[Role::Auditor, Role::UnitAdmin];

/// Who may hand on what it does not hold.
pub const EXCEPTIONS: &[(Role, &[Role])] =
    &[(Role::UnitAdmin, DELEGABLE_BY_UNIT_ADMIN), (Role::SystemAdmin, DELEGABLE_BY_SYSTEM_ADMIN)];

/// Roles that nobody holds over the same units for the same drive: who reports does not verify what was reported (T6).
pub const KEPT_APART: &[(Role, Role)] = &[(Role::Reporter, Role::Verifier)];

/// Roles that one admin alone cannot hand out: they take a proposal and its approval by another.
pub const TAKES_TWO: &[Role] = &[Role::SystemAdmin];

/// How deep in the tree a topmost unit admin's unit may stand: the country (0) and the provinces (1).
pub const TOP_DEPTH: usize = 1;

/// The most grants between an assignment and the host.
pub const CHAIN_MAX: i32 = 6;

/// How many days a machine's assignment may last from the day it is granted.
pub const MACHINE_DAYS_MAX: u64 = 365;

/// Whether an assignment of that role, narrowed to `only` unless that is empty, permits it.
#[must_use]
pub fn gives(role: Role, only: &[Permission], permission: Permission) -> bool {
    permits(role, permission) && (only.is_empty() || only.contains(&permission))
}

/// Everything an assignment of that role permits, narrowed to `only` unless that is empty.
#[must_use]
pub fn permissions(role: Role, only: &[Permission]) -> Vec<Permission> {
    Permission::ALL.iter().copied().filter(|permission| gives(role, only, *permission)).collect()
}

/// Whether the actor holds everything that the role, so narrowed, permits.
#[must_use]
pub fn holds_all(actor: &Actor, role: Role, only: &[Permission]) -> bool {
    permissions(role, only).into_iter().all(|permission| actor.may(permission))
}

/// Whether the role is among the exceptions of the grantor's.
#[must_use]
pub fn is_exception(grantor: Role, role: Role) -> bool {
    EXCEPTIONS.iter().any(|(of, roles)| *of == grantor && roles.contains(&role))
}

/// Whether an assignment of the role can be bound to one drive: admins and auditors have to do with none in particular.
#[must_use]
pub const fn is_of_drives(role: Role) -> bool {
    matches!(role, Role::Planner | Role::Reporter | Role::Verifier | Role::Analyst | Role::Integrator)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever adds an exception changes this list as well, and says why in review.
    #[test]
    fn the_exceptions_have_not_grown() {
        let told: Vec<String> = EXCEPTIONS
            .iter()
            .flat_map(|(by, roles)| roles.iter().map(move |role| format!("{by:?} > {role:?}")))
            .collect();
        assert_eq!(
            told,
            [
                "UnitAdmin > Reporter",
                "UnitAdmin > Verifier",
                "UnitAdmin > Analyst",
                "UnitAdmin > Planner",
                "UnitAdmin > Integrator",
                "UnitAdmin > UnitAdmin",
                "SystemAdmin > Auditor",
                "SystemAdmin > UnitAdmin",
            ]
        );
        assert_eq!(KEPT_APART, [(Role::Reporter, Role::Verifier)]);
        assert_eq!((TAKES_TWO, TOP_DEPTH, CHAIN_MAX, MACHINE_DAYS_MAX), (&[Role::SystemAdmin][..], 1, 6, 365));
    }

    #[test]
    fn nobody_hands_out_the_emergency_entry() {
        assert!(Role::ALL.iter().all(|role| !is_exception(*role, Role::BreakGlass)));
        assert!(Role::ALL.iter().filter(|role| permits(**role, Permission::GrantRoles)).all(|role| {
            permissions(Role::BreakGlass, &[]).into_iter().any(|permission| !permits(*role, permission))
        }));
    }
}
