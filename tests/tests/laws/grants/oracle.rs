//! What the grantor rule promises, said once more without it: by parents instead of paths, by lists instead of roles.

use std::collections::BTreeSet;

use caodiem_domain::access::grant::Grant;
use caodiem_domain::access::{Permission, Role, permits};
use caodiem_domain::account::{AccountKind, AccountState};
use caodiem_domain::time::Day;

use super::realm::{Made, Realm, number, of_drives};

/// What can be broken.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Breach {
    OutOfSubtree,
    AccountNotSeen,
    NotAGrantor,
    ToOneself,
    MoreThanHeld,
    AdminNotBelow,
    Wider,
    ClosedUnit,
    DisabledAccount,
    EndBeforeBeginning,
    OutlastsGrantor,
    MachineTooLong,
    RoleUnsuited,
    Operations,
    ForeignTeam,
    ForeignDrive,
    ReportsAndVerifies,
    LongChain,
    SubtreeGrew,
}

/// What a role appoints to, beyond what it holds.
const fn appoints(role: Role) -> &'static [Role] {
    match role {
        Role::UnitAdmin => {
            &[Role::UnitAdmin, Role::Planner, Role::Reporter, Role::Verifier, Role::Analyst, Role::Integrator]
        }
        Role::SystemAdmin => &[Role::UnitAdmin, Role::Auditor],
        _ => &[],
    }
}

/// What somebody in a role may hand out: what it holds, and all that those hold whom it appoints.
fn hands_out(role: Role) -> BTreeSet<Permission> {
    let roles = appoints(role).iter().chain([&role]);
    let held = |role: &Role| Permission::ALL.iter().copied().filter(|one| permits(*role, *one)).collect::<Vec<_>>();
    roles.flat_map(held).collect()
}

fn given(made: &Made) -> Vec<Permission> {
    let only = &made.grant.only;
    let all = Permission::ALL.iter().copied().filter(|one| permits(made.grant.role, *one));
    all.filter(|one| only.is_empty() || only.contains(one)).collect()
}

/// What is wrong with one grant.
pub(super) fn breaches(realm: &Realm, at: usize) -> Vec<Breach> {
    let made = &realm.made[at];
    let by = &realm.made[made.under.expect("it was granted")];
    let (grant, from) = (&made.grant, &by.grant);
    let (unit, own) = (number(grant.unit.get()), number(from.unit.get()));
    let person = &realm.people[number(grant.account.get())];
    let everywhere = from.role == Role::SystemAdmin;
    let within = |unit: usize| everywhere || realm.stands_over(own, unit);
    let machine = person.grantee.kind == AccountKind::Service;
    let holds: Vec<Permission> = given(by);
    let appointed = appoints(from.role).contains(&grant.role);
    let admin = matches!(grant.role, Role::UnitAdmin);
    let top = realm.places[unit].above.is_none_or(|above| realm.places[above].above.is_none());
    let year = realm.today.iter_days().nth(365).expect("a day");
    let team_fits = grant
        .team
        .is_none_or(|team| team.get() == grant.unit.get() && matches!(grant.role, Role::Reporter | Role::Integrator));
    let drive_fits = grant.drive.is_none_or(|drive| {
        let area = number(drive.get());
        of_drives(grant.role) && (realm.stands_over(area, unit) || realm.stands_over(unit, area))
    });
    let operations_fit = if machine {
        !grant.only.is_empty() && grant.only.iter().all(|one| permits(Role::Integrator, *one))
    } else {
        grant.only.is_empty()
    };
    let checks = [
        (Breach::OutOfSubtree, within(unit)),
        (Breach::AccountNotSeen, within(person.home)),
        (Breach::NotAGrantor, matches!(from.role, Role::SystemAdmin | Role::UnitAdmin)),
        (Breach::ToOneself, grant.account != from.account),
        (
            Breach::MoreThanHeld,
            grant.role != Role::BreakGlass && (appointed || given(made).iter().all(|one| holds.contains(one))),
        ),
        (Breach::AdminNotBelow, !admin || if everywhere { top } else { unit != own && within(unit) }),
        (Breach::Wider, from.drive.is_none() || from.drive == grant.drive),
        (Breach::ClosedUnit, !realm.places[unit].closed),
        (Breach::DisabledAccount, person.grantee.state != AccountState::Disabled),
        (Breach::EndBeforeBeginning, grant.valid_to.is_none_or(|to| to > grant.valid_from)),
        (Breach::OutlastsGrantor, from.valid_to.is_none_or(|end| grant.valid_to.is_some_and(|to| to <= end))),
        (Breach::MachineTooLong, !machine || grant.valid_to.is_some_and(|to| to <= year)),
        (Breach::RoleUnsuited, machine == (grant.role == Role::Integrator)),
        (Breach::Operations, operations_fit),
        (Breach::ForeignTeam, team_fits),
        (Breach::ForeignDrive, drive_fits),
        (Breach::ReportsAndVerifies, !reports_and_verifies(realm, made)),
        (Breach::LongChain, made.chain <= 6),
    ];
    checks.into_iter().filter(|(_, holds)| !holds).map(|(breach, _)| breach).collect()
}

/// Whether the holder also holds the other of the two over the same units, for the same drive, on some same day.
fn reports_and_verifies(realm: &Realm, made: &Made) -> bool {
    let other = match made.grant.role {
        Role::Reporter => Role::Verifier,
        Role::Verifier => Role::Reporter,
        _ => return false,
    };
    let one = &made.grant;
    realm.made.iter().map(|made| &made.grant).any(|held| {
        let (unit, held_unit) = (number(one.unit.get()), number(held.unit.get()));
        let same_day = |day: Day| {
            let in_it = |grant: &Grant| grant.valid_from <= day && grant.valid_to.is_none_or(|to| day < to);
            in_it(one) && in_it(held)
        };
        held.account == one.account
            && held.role == other
            && (realm.stands_over(unit, held_unit) || realm.stands_over(held_unit, unit))
            && (one.drive.is_none() || held.drive.is_none() || one.drive == held.drive)
            && (same_day(one.valid_from) || same_day(held.valid_from))
    })
}

/// The law as a whole: over each unit, what is held by grants that go back to one assignment of the host is no more than
/// that assignment's role hands out, and nothing outside of its subtree.
pub(super) fn reach(realm: &Realm) -> Option<Breach> {
    let root_of = |mut at: usize| {
        while let Some(under) = realm.made[at].under {
            at = under;
        }
        at
    };
    let exceeds = |at: usize| {
        let (root, made) = (&realm.made[root_of(at)], &realm.made[at]);
        let mut most = hands_out(root.grant.role);
        if root.grant.role == Role::SystemAdmin {
            most.extend(hands_out(Role::UnitAdmin));
        }
        let place = |made: &Made| number(made.grant.unit.get());
        let outside = root.grant.role != Role::SystemAdmin && !realm.stands_over(place(root), place(made));
        outside || given(made).iter().any(|one| !most.contains(one))
    };
    (0..realm.made.len()).any(exceeds).then_some(Breach::SubtreeGrew)
}
