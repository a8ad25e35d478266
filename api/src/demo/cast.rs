//! Who plays in the demonstration: accounts that are visibly its own, each under one assignment.

use caodiem_domain::access::Role;
use caodiem_domain::account::AccountKind;
use caodiem_domain::id::{TeamId, UnitId};
use caodiem_domain::ports::ReadTx;
use caodiem_domain::problem::Problem;
use caodiem_domain::session::Claims;
use caodiem_domain::text::{Post, Reason, Subject};
use caodiem_domain::time::Instant;
use caodiem_domain::unit::Unit;
use caodiem_domain::usecase::grant_from_host::{GrantFromHost, grant_from_host};

use super::places::Places;
use super::script::{Script, day, fault, moment};
use crate::failure::Failure;

/// Somebody whom a viewer of the demonstration can be.
#[derive(Debug)]
pub struct Part {
    /// The name of the part, and of the file with its token.
    pub name: &'static str,
    /// Where it plays.
    pub place: String,
    /// What its token says.
    pub claims: Claims,
}

/// Each role over a place where it has something to see.
pub(super) fn engage(script: &Script<'_>, places: &Places, shown: (&Unit, TeamId)) -> Result<Vec<Part>, Failure> {
    let (team_unit, team) = shown;
    let parts = [
        (Role::SystemAdmin, &places.country, None, "system-admin"),
        (Role::UnitAdmin, &places.binh_gia, None, "unit-admin"),
        (Role::Planner, &places.binh_gia, None, "planner"),
        (Role::Planner, &places.binh_phuoc, None, "planner-binh-phuoc"),
        (Role::Reporter, team_unit, Some(team), "reporter"),
        (Role::Verifier, &places.binh_gia, None, "verifier"),
        (Role::Analyst, &places.country, None, "analyst"),
        (Role::Integrator, &places.binh_phuoc, None, "integrator"),
        (Role::Auditor, &places.country, None, "auditor"),
    ];
    let part = |(role, unit, team, name): (Role, &Unit, Option<TeamId>, &'static str)| {
        let claims = admit(script, &format!("demo-{name}"), role, unit.id, team)?;
        let place = unit.version.full_name();
        let place = if team.is_some() { format!("the team of {place}") } else { place };
        Ok(Part { name, place, claims })
    };
    parts.into_iter().map(part).collect()
}

/// When everybody was admitted.
pub(super) fn admitted() -> Result<Instant, Failure> {
    moment(day(1, 2)?, 8, 30)
}

/// An account of the demonstration with a role over a unit; made where it is missing.
pub(super) fn admit(
    script: &Script<'_>,
    login: &str,
    role: Role,
    unit: UnitId,
    team: Option<TeamId>,
) -> Result<Claims, Failure> {
    let grant = grant(login, role, unit, team)?.map_err(fault)?;
    let what = format!("account {login}");
    let id = script.act_as_host(admitted()?, &what, |act, tx| grant_from_host(act, tx, &grant))?;
    script.read(|tx: &mut dyn ReadTx| {
        let account = tx.account_by_login(&grant.login)?.ok_or_else(|| Problem::not_found("Account", &grant.login))?;
        let held = tx.assignments_of(&[account.id])?.remove(&account.id).unwrap_or_default();
        let held = held.iter().find(|held| held.id == id).ok_or_else(|| Problem::not_found("Assignment", id.get()))?;
        Ok(Claims::of(&account, held, None))
    })
}

fn grant(
    login: &str,
    role: Role,
    unit: UnitId,
    team: Option<TeamId>,
) -> Result<Result<GrantFromHost, Problem>, Failure> {
    let valid_from = day(1, 2)?;
    let make = || {
        Ok(GrantFromHost {
            login: Subject::new(login)?,
            kind: if role == Role::Integrator { AccountKind::Service } else { AccountKind::Person },
            post: Post::new("Trình diễn / demonstration")?,
            demo: true,
            role,
            unit,
            team,
            valid_from,
            valid_to: None,
            reason: Reason::new("Trình diễn / demonstration")?,
        })
    };
    Ok(make())
}
