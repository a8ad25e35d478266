//! Teams and members.

use caodiem_domain::access::Scope;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{MemberId, TeamId, UnitId};
use caodiem_domain::page::{Filter, Page, PageRequest};
use caodiem_domain::ports::{ReadTeams, WriteTeams};
use caodiem_domain::team::{Member, MembersByTeam, Team, TeamPredicate};
use caodiem_domain::time::Day;
use std::collections::BTreeMap;

use super::Tx;

impl ReadTeams for Tx<'_> {
    fn teams_by_id(&mut self, _scope: &Scope, _ids: &[TeamId]) -> Result<BTreeMap<TeamId, Team>, StoreError> {
        todo!()
    }

    fn teams_of(&mut self, _units: &[UnitId], _on: Day) -> Result<BTreeMap<UnitId, Vec<Team>>, StoreError> {
        todo!()
    }

    fn list_teams(
        &mut self,
        _scope: &Scope,
        _filter: &Filter<TeamPredicate>,
        _page: &PageRequest,
    ) -> Result<Page<Team>, StoreError> {
        todo!()
    }

    fn count_teams(&mut self, _scope: &Scope, _filter: &Filter<TeamPredicate>) -> Result<u64, StoreError> {
        todo!()
    }

    fn members_of(&mut self, _teams: &[TeamId]) -> Result<MembersByTeam, StoreError> {
        todo!()
    }

    fn members_by_id(&mut self, _scope: &Scope, _ids: &[MemberId]) -> Result<BTreeMap<MemberId, Member>, StoreError> {
        todo!()
    }
}

impl WriteTeams for Tx<'_> {
    fn insert_teams(&mut self, _teams: &[Team]) -> Result<(), StoreError> {
        todo!()
    }

    fn update_team(&mut self, _team: &Team) -> Result<(), StoreError> {
        todo!()
    }

    fn insert_members(&mut self, _members: &[Member]) -> Result<(), StoreError> {
        todo!()
    }

    fn end_members(&mut self, _endings: &[(MemberId, Day)]) -> Result<(), StoreError> {
        todo!()
    }
}
