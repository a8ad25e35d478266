//! Teams and members.

use std::collections::BTreeMap;

use crate::access::Scope;
use crate::error::StoreError;
use crate::id::{MemberId, TeamId, UnitId};
use crate::page::{Filter, Page, PageRequest};
use crate::team::{Hands, Member, MembersByTeam, Team, TeamPredicate};
use crate::time::Day;

/// Reading teams.
pub trait ReadTeams {
    /// Teams in scope by id; missing ones are left out.
    fn teams_by_id(&mut self, scope: &Scope, ids: &[TeamId]) -> Result<BTreeMap<TeamId, Team>, StoreError>;

    /// The teams of each unit itself at work on a day, by id. Unscoped.
    fn teams_of(&mut self, units: &[UnitId], on: Day) -> Result<BTreeMap<UnitId, Vec<Team>>, StoreError>;

    /// How many teams of each unit itself are at work on a day, and how many members they have then; nothing for a unit
    /// without teams. Unscoped.
    fn hands_of(&mut self, units: &[UnitId], on: Day) -> Result<BTreeMap<UnitId, Hands>, StoreError>;

    /// A page of teams in scope by name, then id.
    fn list_teams(
        &mut self,
        scope: &Scope,
        filter: &Filter<TeamPredicate>,
        page: &PageRequest,
    ) -> Result<Page<Team>, StoreError>;

    /// How many teams in scope fit.
    fn count_teams(&mut self, scope: &Scope, filter: &Filter<TeamPredicate>) -> Result<u64, StoreError>;

    /// The members of each team, past ones included, leader first. Unscoped.
    fn members_of(&mut self, teams: &[TeamId]) -> Result<MembersByTeam, StoreError>;

    /// Members by id with their team's unit in scope.
    fn members_by_id(&mut self, scope: &Scope, ids: &[MemberId]) -> Result<BTreeMap<MemberId, Member>, StoreError>;
}

/// Writing teams.
pub trait WriteTeams {
    /// Adds teams.
    fn insert_teams(&mut self, teams: &[Team]) -> Result<(), StoreError>;

    /// Replaces a team where the stored version is one less.
    ///
    /// # Errors
    /// [`StoreError::Stale`].
    fn update_team(&mut self, team: &Team) -> Result<(), StoreError>;

    /// Adds members.
    fn insert_members(&mut self, members: &[Member]) -> Result<(), StoreError>;

    /// Sets the last day of members.
    fn end_members(&mut self, endings: &[(MemberId, Day)]) -> Result<(), StoreError>;
}
