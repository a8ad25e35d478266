//! Forming teams, adding and releasing members, and holding them against what the plan says.

use std::collections::BTreeSet;

use crate::access::{Actor, Permission};
use crate::audit::{Change, told};
use crate::error::{Error, refuse_if_any};
use crate::exact::Exact;
use crate::id::{DriveId, MemberId, Sequence, TeamId, UnitId};
use crate::ports::{Lock, ReadTx, WriteTx};
use crate::problem::{Code, Problem};
use crate::team::{Member, Organisation, Team, TeamKind};
use crate::text::{Post, Title};
use crate::time::Day;
use crate::usecase::{Act, note, visible_drive};

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

/// The most teams formed at once.
pub const MAX_TEAMS: usize = 1_000;

/// The most people in a team: far above any plan, so that a list of citizens is not taken for one.
const MAX_MEMBERS: usize = 100;

/// Forms teams, all or none; at most [`MAX_TEAMS`]. Broken plan rules are findings, see [`team_findings`].
///
/// # Errors
/// `Forbidden`; at `teams.<index>`: `NotFound`, `UnitNotValid`, `Repeated` (a second leader), `OutOfRange`, `TooMany`.
pub fn form_teams(act: &Act, tx: &mut dyn WriteTx, teams: &[FormTeam]) -> Result<Vec<TeamId>, Error> {
    act.actor.require(Permission::ManageTeams)?;
    if teams.len() > MAX_TEAMS {
        let problem = Problem::new(Code::TooMany).with("actual", teams.len()).with("max", MAX_TEAMS);
        return Err(problem.at("teams").into());
    }
    act.once(tx, |tx| {
        tx.lock(&[Lock::TreeShared])?;
        refuse_if_any(team_problems(act, tx, teams)?)?;
        let ids: Vec<TeamId> = tx.allocate(Sequence::Team, teams.len())?.into_iter().map(TeamId::new).collect();
        let formed = ids.iter().zip(teams).map(|(id, team)| Team {
            id: *id,
            unit: team.unit,
            kind: team.kind,
            name: team.name.clone(),
            valid_from: team.valid_from,
            valid_to: None,
            synthetic: team.synthetic,
            version: 1,
        });
        let formed: Vec<Team> = formed.collect();
        tx.insert_teams(&formed)?;
        note(tx, formed.iter().map(|team| Change::made("Team", team.id.get(), told::team(team))).collect());
        let places = formed.iter().zip(teams).flat_map(|(team, form)| form.members.iter().map(move |new| (team, new)));
        let places: Vec<(&Team, &NewMember)> = places.collect();
        insert_members(tx, &places)?;
        Ok(ids)
    })
}

/// Revises a team: its name, its end, who is in it.
///
/// # Errors
/// `Forbidden`, `NotFound`, `StaleVersion`, `DatesReversed`, `Repeated` (a second leader), `OutOfRange`, `TooMany`.
pub fn revise_team(act: &Act, tx: &mut dyn WriteTx, command: &ReviseTeam) -> Result<TeamId, Error> {
    act.actor.require(Permission::ManageTeams)?;
    act.once(tx, |tx| {
        let missing = || Problem::not_found("Team", command.team.get()).at("team");
        let mut team = tx.teams_by_id(&act.actor.scope, &[command.team])?.remove(&command.team).ok_or_else(missing)?;
        if team.version != command.expected_version {
            let problem = Problem::new(Code::StaleVersion).with("actual", team.version);
            return Err(problem.with("expected", command.expected_version).at("expectedVersion").into());
        }
        let members = tx.members_of(&[team.id])?.remove(&team.id).unwrap_or_default();
        refuse_if_any(revision_problems(&team, &members, command))?;
        let before = told::team(&team);
        if let Some(name) = &command.name {
            team.name = name.clone();
        }
        team.valid_to = command.valid_to.or(team.valid_to);
        team.version = team.version.saturating_add(1);
        tx.update_team(&team)?;
        tx.changed(Change::altered("Team", team.id.get(), before, told::team(&team)));
        note(tx, released(&members, &command.release));
        tx.end_members(&command.release)?;
        let added: Vec<(&Team, &NewMember)> = command.add.iter().map(|new| (&team, new)).collect();
        insert_members(tx, &added)?;
        Ok(team.id)
    })
}

/// Holds teams against the rules of a drive's plan on a day: size, leader, composition. Kinds that the plan does not
/// speak of have no findings.
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
    actor.require(Permission::ReadTeams)?;
    let drive = visible_drive(actor, tx, drive)?;
    let known = tx.teams_by_id(&actor.scope, teams)?;
    let found: Vec<TeamId> = known.keys().copied().collect();
    let members = tx.members_of(&found)?;
    let mut findings = Vec::new();
    for team in known.values().filter(|team| team.is_valid_on(on)) {
        let present = members.get(&team.id).into_iter().flatten().filter(|member| member.is_valid_on(on));
        let present: Vec<&Member> = present.collect();
        for rule in drive.team_rules.iter().filter(|rule| rule.kind == team.kind) {
            findings.extend(rule.findings(&present).into_iter().map(|finding| (team.id, finding)));
        }
    }
    Ok(findings)
}

fn insert_members(tx: &mut dyn WriteTx, places: &[(&Team, &NewMember)]) -> Result<(), Error> {
    if places.is_empty() {
        return Ok(());
    }
    let ids = tx.allocate(Sequence::Member, places.len())?;
    let members = ids.into_iter().zip(places).map(|(id, (team, new))| Member {
        id: MemberId::new(id),
        team: team.id,
        position: new.position.clone(),
        organisation: new.organisation,
        is_leader: new.is_leader,
        knows_it: new.knows_it,
        weight: new.weight.clone().unwrap_or_else(|| Exact::from(1)),
        valid_from: new.valid_from.unwrap_or(team.valid_from),
        valid_to: None,
    });
    let members: Vec<Member> = members.collect();
    tx.insert_members(&members)?;
    note(tx, members.iter().map(|member| Change::made("Member", member.id.get(), told::member(member))).collect());
    Ok(())
}

fn released(members: &[Member], release: &[(MemberId, Day)]) -> Vec<Change> {
    let change = |(id, end): &(MemberId, Day)| {
        let member = members.iter().find(|member| member.id == *id)?;
        Some(Change::altered("Member", id.get(), told::member(member), format!("released on {end}")))
    };
    release.iter().filter_map(change).collect()
}

fn team_problems(act: &Act, tx: &mut dyn WriteTx, teams: &[FormTeam]) -> Result<Vec<Problem>, Error> {
    let units: BTreeSet<UnitId> = teams.iter().map(|team| team.unit).collect();
    let units: Vec<UnitId> = units.into_iter().collect();
    let known = tx.units_by_id(&act.actor.scope, &units)?;
    let mut problems = Vec::new();
    for (index, team) in teams.iter().enumerate() {
        let mut found = member_problems(&team.members, "members");
        if !known.contains_key(&team.unit) {
            found.push(Problem::not_found("Unit", team.unit.get()).at("unit"));
        } else if tx.tree(team.valid_from)?.get(team.unit).is_none() {
            let problem = Problem::new(Code::UnitNotValid).with("unit", team.unit.get());
            found.push(problem.with("day", team.valid_from).at("unit"));
        }
        if team.members.iter().filter(|member| member.is_leader).count() > 1 {
            found.push(second_leader("members"));
        }
        problems.extend(found.into_iter().map(|problem| problem.at(format_args!("teams.{index}"))));
    }
    Ok(problems)
}

fn member_problems(members: &[NewMember], place: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    if members.len() > MAX_MEMBERS {
        let problem = Problem::new(Code::TooMany).with("actual", members.len()).with("max", MAX_MEMBERS);
        problems.push(problem.at(place));
    }
    for (index, member) in members.iter().enumerate() {
        if let Some(weight) = member.weight.as_ref().filter(|weight| weight.is_negative()) {
            let problem = Problem::new(Code::OutOfRange).with("actual", weight).with("min", 0).with("max", "…");
            problems.push(problem.at(format_args!("{place}.{index}.weight")));
        }
    }
    problems
}

fn second_leader(place: &str) -> Problem {
    Problem::new(Code::Repeated).with("first", "isLeader").at(place)
}

fn revision_problems(team: &Team, members: &[Member], command: &ReviseTeam) -> Vec<Problem> {
    let mut problems = member_problems(&command.add, "add");
    if let Some(end) = command.valid_to.filter(|end| *end <= team.valid_from) {
        problems.push(Problem::new(Code::DatesReversed).with("from", team.valid_from).with("to", end).at("validTo"));
    }
    for (index, (id, end)) in command.release.iter().enumerate() {
        let place = |problem: Problem| problem.at(format_args!("release.{index}"));
        match members.iter().find(|member| member.id == *id && member.valid_to.is_none()) {
            None => problems.push(place(Problem::not_found("Member", id.get()).at("member"))),
            Some(member) if *end <= member.valid_from => {
                let problem = Problem::new(Code::DatesReversed).with("from", member.valid_from).with("to", end);
                problems.push(place(problem.at("on")));
            }
            Some(_) => {}
        }
    }
    let released = |member: &Member| command.release.iter().any(|(id, _)| *id == member.id);
    let stays = members.iter().filter(|member| member.is_leader && member.valid_to.is_none() && !released(member));
    let added = command.add.iter().filter(|member| member.is_leader);
    if added.clone().count() > 0 && stays.count() + added.count() > 1 {
        problems.push(second_leader("add"));
    }
    problems
}
