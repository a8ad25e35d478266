//! Inputs about teams.

use async_graphql::{ID, InputObject};
use caodiem_domain::id::MemberId;
use caodiem_domain::problem::Problem;
use caodiem_domain::team::TeamPredicate;
use caodiem_domain::text::{Post, Title};
use caodiem_domain::time::Day;
use caodiem_domain::usecase::manage_teams::{FormTeam, NewMember, ReviseTeam};

use crate::error::Result;
use crate::filter::{Parts, Where};
use crate::ids::key_of;
use crate::inputs::{Check, mutation_inputs};
use crate::objects::team::{Organisation, TeamKind};
use crate::scalars::{Date, Decimal};

/// Narrows a list of teams. All given fields hold together.
#[derive(InputObject)]
pub(crate) struct TeamWhere {
    /// All of these hold.
    and: Option<Vec<TeamWhere>>,
    /// At least one of these holds.
    or: Option<Vec<TeamWhere>>,
    /// This does not hold.
    not: Option<Box<TeamWhere>>,
    /// Of one of these units.
    #[graphql(validator(max_items = 100))]
    unit: Option<Vec<ID>>,
    /// Of this unit or any under it, by the tree as it stands.
    under: Option<ID>,
    /// One of these kinds.
    #[graphql(validator(max_items = 20))]
    kind: Option<Vec<TeamKind>>,
    /// At work on that day.
    valid_on: Option<Date>,
    /// Made up, or not.
    synthetic: Option<bool>,
}

impl Where for TeamWhere {
    type Predicate = TeamPredicate;

    fn parts(self, check: &mut Check) -> Parts<Self, TeamPredicate> {
        let units = self.unit.and_then(|ids| check.each("unit", ids, |id| key_of(&id)));
        let under = check.optional("under", self.under, key_of).flatten();
        let is = [
            units.map(TeamPredicate::Unit),
            under.map(TeamPredicate::Under),
            self.kind.map(|kinds| TeamPredicate::Kind(kinds.into_iter().map(Into::into).collect())),
            self.valid_on.map(|day| TeamPredicate::ValidOn(day.0)),
            self.synthetic.map(TeamPredicate::Synthetic),
        ];
        Parts { and: self.and, or: self.or, not: self.not, is: is.into_iter().flatten().collect() }
    }
}

/// Teams to be formed, all or none.
#[derive(InputObject)]
pub(crate) struct FormTeamsInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// The teams, at most 1,000.
    #[graphql(validator(max_items = 1000))]
    teams: Vec<TeamInput>,
}

/// A team to be formed.
#[derive(InputObject)]
pub(crate) struct TeamInput {
    /// The unit it works for.
    unit: ID,
    /// What it is for.
    kind: TeamKind,
    /// Its name, at most 200 characters.
    name: String,
    /// First day of work.
    valid_from: Date,
    /// Its first members, at most 100.
    #[graphql(default, validator(max_items = 100))]
    members: Vec<MemberInput>,
    /// Whether it is made up for a demonstration.
    #[graphql(default)]
    synthetic: bool,
}

/// A member to be added, by position and organisation; names are not taken.
#[derive(InputObject)]
pub(crate) struct MemberInput {
    /// Position, as in `Trưởng thôn`, at most 120 characters.
    position: String,
    /// Where the member comes from.
    organisation: Organisation,
    /// Whether the member leads the team; a team has one leader at a time.
    #[graphql(default)]
    is_leader: bool,
    /// Whether the member knows IT.
    #[graphql(default)]
    knows_it: bool,
    /// Weight in the team's quota, at least 0; 1 when absent.
    weight: Option<Decimal>,
    /// First day in the team; the team's first, or for a team that stands the day of the request, when absent.
    valid_from: Option<Date>,
}

impl TryFrom<MemberInput> for NewMember {
    type Error = Vec<Problem>;

    fn try_from(input: MemberInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let position = check.field("position", Post::new(&input.position));
        check.done(|| {
            Some(Self {
                position: position?,
                organisation: input.organisation.into(),
                is_leader: input.is_leader,
                knows_it: input.knows_it,
                weight: input.weight.map(|weight| weight.0),
                valid_from: input.valid_from.map(|day| day.0),
            })
        })
    }
}

impl TryFrom<TeamInput> for FormTeam {
    type Error = Vec<Problem>;

    fn try_from(input: TeamInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let unit = check.field("unit", key_of(&input.unit));
        let name = check.field("name", Title::new(&input.name));
        let members = check.each_within("members", input.members, NewMember::try_from);
        check.done(|| {
            Some(Self {
                unit: unit?,
                kind: input.kind.into(),
                name: name?,
                valid_from: input.valid_from.0,
                members: members?,
                synthetic: input.synthetic,
            })
        })
    }
}

mutation_inputs! {
    FormTeamsInput => Vec<FormTeam>,
    ReviseTeamInput => ReviseTeam,
}

impl TryFrom<FormTeamsInput> for Vec<FormTeam> {
    type Error = Vec<Problem>;

    fn try_from(input: FormTeamsInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let teams = check.each_within("teams", input.teams, FormTeam::try_from);
        check.done(|| teams)
    }
}

/// A change of a team; what is absent stays.
#[derive(InputObject)]
pub(crate) struct ReviseTeamInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// Which.
    team: ID,
    /// The version it is based on.
    expected_version: i32,
    /// New name, at most 200 characters.
    name: Option<String>,
    /// First day no longer at work.
    valid_to: Option<Date>,
    /// Members to be added, at most 100.
    #[graphql(default, validator(max_items = 100))]
    add: Vec<MemberInput>,
    /// Members to be released, at most 100.
    #[graphql(default, validator(max_items = 100))]
    release: Vec<ReleaseInput>,
}

/// A member to be released.
#[derive(InputObject)]
pub(crate) struct ReleaseInput {
    /// Who.
    member: ID,
    /// First day no longer in the team.
    on: Date,
}

impl TryFrom<ReviseTeamInput> for ReviseTeam {
    type Error = Vec<Problem>;

    fn try_from(input: ReviseTeamInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let team = check.field("team", key_of(&input.team));
        let name = check.optional("name", input.name, |text| Title::new(text));
        let add = check.each_within("add", input.add, NewMember::try_from);
        let release: Option<Vec<(MemberId, Day)>> = check.each("release", input.release, |one| {
            let member = key_of(&one.member).map_err(|problem| problem.at("member"))?;
            Ok((member, one.on.0))
        });
        check.done(|| {
            Some(Self {
                team: team?,
                expected_version: input.expected_version,
                name: name?,
                valid_to: input.valid_to.map(|day| day.0),
                add: add?,
                release: release?,
            })
        })
    }
}
