//! Teams and members.

use std::collections::BTreeMap;

use caodiem_domain::access::Scope;
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{MemberId, TeamId, UnitId};
use caodiem_domain::page::{Filter, Page, PageRequest};
use caodiem_domain::ports::{ReadTeams, WriteTeams};
use caodiem_domain::team::{Hands, Member, MembersByTeam, Team, TeamPredicate};
use caodiem_domain::time::Day;
use diesel::dsl::{InnerJoinQuerySource, count};
use diesel::prelude::*;

use super::dialect::among;
use super::page::{Condition, cursor, keyset, meets, page_of, part, place};
use super::scope::{by_id_in_scope, count_in_scope, in_scope, under_unit};
use super::{CHUNK, Conn, OrFailed, Tx, keyed, stale};
use crate::rows::code::Stored;
use crate::rows::team::{MemberRow, TeamRow};
use crate::tables::{member, team, unit};

/// Teams with their unit.
type Source = InnerJoinQuerySource<team::table, unit::table>;

const BY_NAME: &str = "team.name";

impl ReadTeams for Tx<'_> {
    fn teams_by_id(&mut self, scope: &Scope, ids: &[TeamId]) -> Result<BTreeMap<TeamId, Team>, StoreError> {
        by_id_in_scope!(self.conn, scope, ids, team: TeamRow => Team)
    }

    fn teams_of(&mut self, units: &[UnitId], on: Day) -> Result<BTreeMap<UnitId, Vec<Team>>, StoreError> {
        let mut found: BTreeMap<UnitId, Vec<Team>> = BTreeMap::new();
        for units in units.chunks(CHUNK) {
            let rows: Vec<TeamRow> = team::table
                .filter(team::unit_id.eq_any(units.iter().map(|unit| unit.get())))
                .filter(team::valid_from.le(on))
                .filter(team::valid_to.is_null().or(team::valid_to.gt(on)))
                .order(team::id)
                .load(self.conn)
                .or_failed()?;
            for (key, team) in keyed(rows, |team: &Team| team.unit)? {
                found.entry(key).or_default().push(team);
            }
        }
        Ok(found)
    }

    fn hands_of(&mut self, units: &[UnitId], on: Day) -> Result<BTreeMap<UnitId, Hands>, StoreError> {
        let on_the_day =
            member::valid_from.le(on).and(member::valid_to.is_null().or(member::valid_to.assume_not_null().gt(on)));
        let rows: Vec<(i64, i64, i64)> = team::table
            .left_join(member::table.on(member::team_id.eq(team::id).and(on_the_day)))
            .filter(among(team::unit_id, units.iter().map(|unit| unit.get())))
            .filter(team::valid_from.le(on))
            .filter(team::valid_to.is_null().or(team::valid_to.gt(on)))
            .group_by(team::unit_id)
            .select((team::unit_id, count(team::id).aggregate_distinct(), count(member::id.nullable())))
            .load(self.conn)
            .or_failed()?;
        let whole = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        let hands =
            |(unit, teams, members)| (UnitId::new(unit), Hands { teams: whole(teams), members: whole(members) });
        Ok(rows.into_iter().map(hands).collect())
    }

    fn list_teams(
        &mut self,
        scope: &Scope,
        filter: &Filter<TeamPredicate>,
        page: &PageRequest,
    ) -> Result<Page<Team>, StoreError> {
        let from = match place(BY_NAME, page)? {
            Some([name, id]) => Some((name, part::<i64>(&id)?)),
            None => None,
        };
        let query = team::table
            .inner_join(unit::table)
            .filter(in_scope::<Source>(scope))
            .filter(conditions(self.conn, filter)?)
            .select(team::all_columns)
            .into_boxed();
        let rows: Vec<TeamRow> = keyset!(query, page, from, team::name, team::id).load(self.conn).or_failed()?;
        page_of(rows, page, |row| {
            let team = Team::try_from(row)?;
            Ok((cursor(BY_NAME, &[&team.name, &team.id.get()]), team))
        })
    }

    fn count_teams(&mut self, scope: &Scope, filter: &Filter<TeamPredicate>) -> Result<u64, StoreError> {
        count_in_scope!(self.conn, scope, conditions(self.conn, filter)?, team)
    }

    fn members_of(&mut self, teams: &[TeamId]) -> Result<MembersByTeam, StoreError> {
        let mut found = MembersByTeam::new();
        for teams in teams.chunks(CHUNK) {
            let rows: Vec<MemberRow> = member::table
                .filter(member::team_id.eq_any(teams.iter().map(|team| team.get())))
                .order((member::is_leader.desc(), member::id))
                .load(self.conn)
                .or_failed()?;
            for (key, member) in keyed(rows, |member: &Member| member.team)? {
                found.entry(key).or_default().push(member);
            }
        }
        Ok(found)
    }

    fn members_by_id(&mut self, scope: &Scope, ids: &[MemberId]) -> Result<BTreeMap<MemberId, Member>, StoreError> {
        let mut found = BTreeMap::new();
        for ids in ids.chunks(CHUNK) {
            let rows: Vec<MemberRow> =
                member::table.filter(member::id.eq_any(ids.iter().map(|id| id.get()))).load(self.conn).or_failed()?;
            found.extend(keyed(rows, |member: &Member| member.id)?);
        }
        let teams: Vec<TeamId> = found.values().map(|member| member.team).collect();
        let visible = self.teams_by_id(scope, &teams)?;
        found.retain(|_, member| visible.contains_key(&member.team));
        Ok(found)
    }
}

impl WriteTeams for Tx<'_> {
    fn insert_teams(&mut self, teams: &[Team]) -> Result<(), StoreError> {
        for chunk in teams.chunks(CHUNK) {
            let rows: Vec<TeamRow> = chunk.iter().map(TeamRow::from).collect();
            diesel::insert_into(team::table).values(&rows).execute(self.conn).or_failed()?;
        }
        Ok(())
    }

    fn update_team(&mut self, team: &Team) -> Result<(), StoreError> {
        let standing = team::table.find(team.id.get()).filter(team::version.eq(team.version - 1));
        let updated = diesel::update(standing).set(TeamRow::from(team)).execute(self.conn).or_failed()?;
        if updated == 1 { Ok(()) } else { Err(stale()) }
    }

    fn insert_members(&mut self, members: &[Member]) -> Result<(), StoreError> {
        for chunk in members.chunks(CHUNK) {
            let rows: Vec<MemberRow> = chunk.iter().map(TryInto::try_into).collect::<Result<_, _>>()?;
            diesel::insert_into(member::table).values(&rows).execute(self.conn).or_failed()?;
        }
        Ok(())
    }

    fn end_members(&mut self, endings: &[(MemberId, Day)]) -> Result<(), StoreError> {
        let mut by_day: BTreeMap<Day, Vec<i64>> = BTreeMap::new();
        for (id, day) in endings {
            by_day.entry(*day).or_default().push(id.get());
        }
        for (day, ids) in by_day {
            for ids in ids.chunks(CHUNK) {
                diesel::update(member::table.filter(member::id.eq_any(ids)))
                    .set(member::valid_to.eq(day))
                    .execute(self.conn)
                    .or_failed()?;
            }
        }
        Ok(())
    }
}

fn conditions(conn: &mut Conn, filter: &Filter<TeamPredicate>) -> Result<Condition<'static, Source>, StoreError> {
    meets(filter, &mut |predicate| {
        Ok(match predicate {
            TeamPredicate::Unit(units) => {
                Box::new(team::unit_id.eq_any(units.iter().map(|unit| unit.get()).collect::<Vec<_>>()))
            }
            TeamPredicate::Under(unit) => under_unit(conn, *unit)?,
            TeamPredicate::Kind(kinds) => {
                Box::new(team::kind.eq_any(kinds.iter().map(|kind| kind.word()).collect::<Vec<_>>()))
            }
            TeamPredicate::ValidOn(day) => Box::new(
                team::valid_from.le(*day).and(team::valid_to.is_null().or(team::valid_to.assume_not_null().gt(*day))),
            ),
            TeamPredicate::Synthetic(synthetic) => Box::new(team::synthetic.eq(*synthetic)),
        })
    })
}
