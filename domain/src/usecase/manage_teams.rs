//! Forming teams, adding and releasing members, and holding them against what the plan says.

use crate::access::Actor;
use crate::error::Error;
use crate::exact::Exact;
use crate::id::{DriveId, MemberId, TeamId, UnitId};
use crate::ports::{ReadTx, WriteTx};
use crate::problem::Problem;
use crate::team::{Organisation, TeamKind};
use crate::text::{Post, Title};
use crate::time::Day;
use crate::usecase::Act;

/// A member to be added.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewMember {
    /// Position.
    pub position: Post,
    /// Where the member comes from.
    pub organisation: Organisation,
    /// Whether the member leads; a team has one leader at a time.
    pub is_leader: bool,
    /// Whether the member knows IT.
    pub knows_it: bool,
    /// Weight in the team's quota; 1 when not named.
    pub weight: Option<Exact>,
    /// First day; the team's first when not named.
    pub valid_from: Option<Day>,
}

/// A team to be formed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FormTeam {
    /// The unit it works for.
    pub unit: UnitId,
    /// What it is for.
    pub kind: TeamKind,
    /// Its name.
    pub name: Title,
    /// First day of work.
    pub valid_from: Day,
    /// Its first members.
    pub members: Vec<NewMember>,
    /// Made up.
    pub synthetic: bool,
}

/// A change of a team; what is `None` stays.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReviseTeam {
    /// Which.
    pub team: TeamId,
    /// The version it is based on.
    pub expected_version: i32,
    /// New name.
    pub name: Option<Title>,
    /// First day no longer at work.
    pub valid_to: Option<Day>,
    /// Members to be added.
    pub add: Vec<NewMember>,
    /// Members to be released, each with the first day no longer in the team.
    pub release: Vec<(MemberId, Day)>,
}

/// Forms teams, all or none; at most 1,000 at once. Broken plan rules are findings, see [`team_findings`].
///
/// # Errors
/// `Forbidden`; at `teams.<index>`: `NotFound`, `UnitNotValid`, `Repeated` (a second leader), `TooMany`.
pub fn form_teams(act: &Act, tx: &mut dyn WriteTx, teams: &[FormTeam]) -> Result<Vec<TeamId>, Error> {
    let _ = (act, tx, teams);
    todo!()
}

/// Revises a team.
///
/// # Errors
/// `Forbidden`, `NotFound`, `StaleVersion`, `DatesReversed`, `Repeated` (a second leader).
pub fn revise_team(act: &Act, tx: &mut dyn WriteTx, command: &ReviseTeam) -> Result<TeamId, Error> {
    let _ = (act, tx, command);
    todo!()
}

/// Holds teams against the rules of a drive's plan on a day: size, leader, composition.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn team_findings(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    drive: DriveId,
    teams: &[TeamId],
    on: Day,
) -> Result<Vec<(TeamId, Problem)>, Error> {
    let _ = (actor, tx, drive, teams, on);
    todo!()
}
