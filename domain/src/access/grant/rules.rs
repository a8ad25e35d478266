//! The conditions of the grantor rule, one by one: a table, so that a test can take one out and see what breaks.

use chrono::Days;

use super::{Case, Held};
use crate::access::delegation::{
    CHAIN_MAX, KEPT_APART, MACHINE_DAYS_MAX, TOP_DEPTH, gives, holds_all, is_exception, is_of_drives,
};
use crate::access::{Permission, Role, Scope, permits};
use crate::account::{AccountKind, AccountState};
use crate::problem::{Code, Problem};
use crate::time::Day;

/// When a condition is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// What is named has to be seen: out of scope equals not found, and nothing else is told of it.
    Sight,
    /// Role and place: who could have granted that. Holds for ending an assignment as well.
    Reach,
    /// Terms of a new or renewed assignment.
    Terms,
}

/// A condition.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Its name in tests.
    pub name: &'static str,
    /// When it is looked at.
    pub stage: Stage,
    /// What is wrong, if anything.
    pub broken: fn(&Case<'_>) -> Option<Problem>,
}

const fn rule(name: &'static str, stage: Stage, broken: fn(&Case<'_>) -> Option<Problem>) -> Rule {
    Rule { name, stage, broken }
}

/// The grantor rule. All hold, or nothing is granted.
pub const RULES: &[Rule] = &[
    rule("the unit is in scope", Stage::Sight, unit_in_scope),
    rule("the account is seen", Stage::Sight, account_seen),
    rule("the team is seen", Stage::Sight, team_seen),
    rule("the drive is seen", Stage::Sight, drive_seen),
    rule("the grantor may grant", Stage::Reach, holds_the_right),
    rule("never oneself", Stage::Reach, not_oneself),
    rule("the role is held or delegable", Stage::Reach, role_held_or_delegable),
    rule("admins strictly below", Stage::Reach, strictly_below),
    rule("a bound grantor hands on no more", Stage::Reach, no_wider),
    rule("the unit stands", Stage::Terms, unit_stands),
    rule("the account is not disabled", Stage::Terms, not_disabled),
    rule("an end after its beginning", Stage::Terms, dates_in_order),
    rule("no longer than the grantor", Stage::Terms, no_longer),
    rule("machines for a year at most", Stage::Terms, machines_for_a_year),
    rule("the role suits the account", Stage::Terms, role_suits),
    rule("operations of the role", Stage::Terms, operations_of_role),
    rule("a team of the unit", Stage::Terms, team_of_unit),
    rule("a drive of the unit", Stage::Terms, drive_of_unit),
    rule("reporting and verifying apart", Stage::Terms, kept_apart),
    rule("a chain of six at most", Stage::Terms, short_chain),
];

fn unit_in_scope(case: &Case<'_>) -> Option<Problem> {
    let seen = case.facts.place.as_ref().is_some_and(|place| case.grantor.actor.scope.covers(place));
    (!seen).then(|| Problem::not_found("Unit", case.grant.unit.get()).at("unit"))
}

fn account_seen(case: &Case<'_>) -> Option<Problem> {
    let missing = || Problem::not_found("Account", case.grant.account.get()).at("account");
    case.facts.grantee.is_none().then(missing)
}

fn team_seen(case: &Case<'_>) -> Option<Problem> {
    let team = case.grant.team.filter(|_| case.facts.team_unit.is_none())?;
    Some(Problem::not_found("Team", team.get()).at("team"))
}

fn drive_seen(case: &Case<'_>) -> Option<Problem> {
    let drive = case.grant.drive.filter(|_| case.facts.book.is_none())?;
    Some(Problem::not_found("Drive", drive.get()).at("drive"))
}

fn holds_the_right(case: &Case<'_>) -> Option<Problem> {
    let actor = case.grantor.actor;
    let refused = || {
        Problem::new(Code::Forbidden)
            .with("role", actor.role.as_str())
            .with("permission", Permission::GrantRoles.as_str())
    };
    (!actor.may(Permission::GrantRoles)).then(refused)
}

fn not_oneself(case: &Case<'_>) -> Option<Problem> {
    (case.grantor.actor.account == case.grant.account).then(|| Problem::new(Code::GrantToSelf).at("account"))
}

fn role_held_or_delegable(case: &Case<'_>) -> Option<Problem> {
    let (actor, grant) = (case.grantor.actor, case.grant);
    // A system admin sees the whole country, wherever the assignment stands.
    let everywhere = grant.role != Role::SystemAdmin || actor.scope == Scope::Country;
    let fits = everywhere && (holds_all(actor, grant.role, &grant.only) || is_exception(actor.role, grant.role));
    let refused =
        || Problem::new(Code::RoleNotGrantable).with("grantor", actor.role.as_str()).with("role", grant.role.as_str());
    (!fits || grant.role == Role::BreakGlass).then(|| refused().at("role"))
}

/// Whether the role administers others: such assignments go downwards only.
fn is_admin(role: Role) -> bool {
    role != Role::SystemAdmin && (permits(role, Permission::GrantRoles) || permits(role, Permission::ManageAccounts))
}

fn strictly_below(case: &Case<'_>) -> Option<Problem> {
    let (actor, role) = (case.grantor.actor, case.grant.role);
    let place = case.facts.place.as_ref().filter(|_| is_admin(role))?;
    let problem = |code| Some(Problem::new(code).with("role", role.as_str()).at("unit"));
    if actor.role == Role::SystemAdmin {
        return if place.depth() <= TOP_DEPTH { None } else { problem(Code::GrantNotTop) };
    }
    let below = case.grantor.path.as_ref().is_some_and(|own| own != place && own.covers(place));
    if below { None } else { problem(Code::GrantNotBelow) }
}

fn no_wider(case: &Case<'_>) -> Option<Problem> {
    let (actor, grant) = (case.grantor.actor, case.grant);
    let wider =
        (actor.drive.is_some() && actor.drive != grant.drive) || (actor.team.is_some() && actor.team != grant.team);
    wider.then(|| Problem::new(Code::GrantWider))
}

fn unit_stands(case: &Case<'_>) -> Option<Problem> {
    let problem = || Problem::new(Code::UnitNotValid).with("unit", case.grant.unit.get()).with("day", case.today);
    case.facts.closed.then(|| problem().at("unit"))
}

fn not_disabled(case: &Case<'_>) -> Option<Problem> {
    let disabled = case.facts.grantee.is_some_and(|grantee| grantee.state == AccountState::Disabled);
    disabled.then(|| Problem::new(Code::AccountState).with("actual", AccountState::Disabled.as_str()).at("account"))
}

fn dates_in_order(case: &Case<'_>) -> Option<Problem> {
    let to = case.grant.valid_to.filter(|to| *to <= case.grant.valid_from)?;
    Some(Problem::new(Code::DatesReversed).with("from", case.grant.valid_from).with("to", to).at("validTo"))
}

/// Whether something that ends at `to` outlasts `end`.
fn outlasts(to: Option<Day>, end: Option<Day>) -> Option<Day> {
    end.filter(|end| to.is_none_or(|to| to > *end))
}

fn no_longer(case: &Case<'_>) -> Option<Problem> {
    let end = outlasts(case.grant.valid_to, case.grantor.valid_to)?;
    Some(Problem::new(Code::GrantOutlasts).with("to", end).at("validTo"))
}

fn machines_for_a_year(case: &Case<'_>) -> Option<Problem> {
    case.facts.grantee.filter(|grantee| grantee.kind == AccountKind::Service)?;
    let end = outlasts(case.grant.valid_to, case.today.checked_add_days(Days::new(MACHINE_DAYS_MAX)))?;
    Some(Problem::new(Code::GrantOutlasts).with("to", end).at("validTo"))
}

fn role_suits(case: &Case<'_>) -> Option<Problem> {
    let machine = case.facts.grantee?.kind == AccountKind::Service;
    let unsuited = machine != (case.grant.role == Role::Integrator);
    let problem = || Problem::new(Code::RoleUnsuited).with("role", case.grant.role.as_str());
    unsuited.then(|| problem().with("kind", if machine { "SERVICE" } else { "PERSON" }).at("role"))
}

/// A machine names its operations; a person has those of the role.
fn operations_of_role(case: &Case<'_>) -> Option<Problem> {
    let (role, only) = (case.grant.role, &case.grant.only);
    let fits = if role == Role::Integrator {
        !only.is_empty() && only.iter().all(|permission| gives(role, &[], *permission))
    } else {
        only.is_empty()
    };
    (!fits).then(|| Problem::new(Code::GrantOperations).with("role", role.as_str()).at("only"))
}

fn team_of_unit(case: &Case<'_>) -> Option<Problem> {
    case.grant.team?;
    let reports = permits(case.grant.role, Permission::SubmitTallies);
    let fits = reports && case.facts.team_unit == Some(case.grant.unit);
    (!fits).then(|| Problem::new(Code::GrantTeam).at("team"))
}

fn drive_of_unit(case: &Case<'_>) -> Option<Problem> {
    case.grant.drive?;
    let fits = is_of_drives(case.grant.role) && case.facts.drive_concerns;
    (!fits).then(|| Problem::new(Code::GrantDrive).at("drive"))
}

fn kept_apart(case: &Case<'_>) -> Option<Problem> {
    let other = KEPT_APART.iter().find_map(|(one, other)| match case.grant.role {
        role if role == *one => Some(*other),
        role if role == *other => Some(*one),
        _ => None,
    })?;
    let clashes = |held: &Held| held.role == other && meets(case, held);
    let problem = || Problem::new(Code::GrantApart).with("role", case.grant.role.as_str()).with("held", other.as_str());
    case.facts.held.iter().any(clashes).then(|| problem().at("role"))
}

/// Whether something held is over the same units, for the same family of drives, at the same time as the grant.
fn meets(case: &Case<'_>, held: &Held) -> bool {
    let units = case.facts.place.as_ref().is_some_and(|place| place.covers(&held.path) || held.path.covers(place));
    let drives = case.facts.book.is_none() || held.book.is_none() || case.facts.book == held.book;
    let begins_before = |from: Day, to: Option<Day>| to.is_none_or(|to| from < to);
    units && drives && begins_before(case.grant.valid_from, held.to) && begins_before(held.from, case.grant.valid_to)
}

fn short_chain(case: &Case<'_>) -> Option<Problem> {
    (case.grantor.chain > CHAIN_MAX).then(|| Problem::new(Code::GrantChain).with("max", CHAIN_MAX))
}
