//! Rows of teams and members.

use caodiem_domain::error::StoreError;
use caodiem_domain::id::{MemberId, TeamId, UnitId};
use caodiem_domain::team::{Member, Organisation, Team, TeamKind};
use caodiem_domain::text::{Post, Title};
use caodiem_domain::time::Day;
use diesel::prelude::*;

use super::code::Stored;
use super::{corrupt, exact};
use crate::tables::{member, team};

/// A team, in the order of its table.
#[derive(Queryable, Insertable, AsChangeset, Clone, Debug)]
#[diesel(table_name = team, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct TeamRow {
    id: i64,
    unit_id: i64,
    kind: String,
    name: String,
    valid_from: Day,
    valid_to: Option<Day>,
    synthetic: bool,
    version: i32,
}

impl From<&Team> for TeamRow {
    fn from(team: &Team) -> Self {
        Self {
            id: team.id.get(),
            unit_id: team.unit.get(),
            kind: team.kind.word().to_owned(),
            name: team.name.to_string(),
            valid_from: team.valid_from,
            valid_to: team.valid_to,
            synthetic: team.synthetic,
            version: team.version,
        }
    }
}

impl TryFrom<TeamRow> for Team {
    type Error = StoreError;

    fn try_from(row: TeamRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: TeamId::new(row.id),
            unit: UnitId::new(row.unit_id),
            kind: TeamKind::from_word(&row.kind)?,
            name: Title::new(&row.name).map_err(corrupt("team.name"))?,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            synthetic: row.synthetic,
            version: row.version,
        })
    }
}

/// A member, in the order of its table.
#[derive(Queryable, Insertable, Clone, Debug)]
#[diesel(table_name = member, treat_none_as_default_value = false)]
pub(crate) struct MemberRow {
    id: i64,
    team_id: i64,
    position: String,
    organisation: String,
    is_leader: bool,
    knows_it: bool,
    weight: String,
    valid_from: Day,
    valid_to: Option<Day>,
}

impl TryFrom<&Member> for MemberRow {
    type Error = StoreError;

    fn try_from(member: &Member) -> Result<Self, StoreError> {
        Ok(Self {
            id: member.id.get(),
            team_id: member.team.get(),
            position: member.position.to_string(),
            organisation: member.organisation.word().to_owned(),
            is_leader: member.is_leader,
            knows_it: member.knows_it,
            weight: exact::encode(&member.weight)?,
            valid_from: member.valid_from,
            valid_to: member.valid_to,
        })
    }
}

impl TryFrom<MemberRow> for Member {
    type Error = StoreError;

    fn try_from(row: MemberRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: MemberId::new(row.id),
            team: TeamId::new(row.team_id),
            position: Post::new(&row.position).map_err(corrupt("member.position"))?,
            organisation: Organisation::from_word(&row.organisation)?,
            is_leader: row.is_leader,
            knows_it: row.knows_it,
            weight: exact::decode(&row.weight)?,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        })
    }
}
