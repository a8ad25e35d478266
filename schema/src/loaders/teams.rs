//! Loaders of teams, their members and what they did.

use std::collections::{BTreeMap, HashMap};

use async_graphql::dataloader::Loader;
use caodiem_domain::access::Permission;
use caodiem_domain::error::Error;
use caodiem_domain::id::{DriveId, IndicatorId, MemberId, TeamId};
use caodiem_domain::problem::Problem;
use caodiem_domain::team::{Member, Team};
use caodiem_domain::time::{Day, DaySpan};
use caodiem_domain::usecase::manage_teams::team_findings;
use caodiem_domain::usecase::read_progress::team_done;

use super::{Batch, apart, sorted};

/// A team in scope.
impl Loader<TeamId> for Batch {
    type Value = Team;
    type Error = Error;

    async fn load(&self, keys: &[TeamId]) -> Result<HashMap<TeamId, Team>, Error> {
        let ids = sorted(keys);
        let found = self.read_briefly(Permission::ReadTeams, move |actor, tx| Ok(tx.teams_by_id(&actor.scope, &ids)?));
        Ok(found.await?.into_iter().collect())
    }
}

/// A member of a team in scope.
impl Loader<MemberId> for Batch {
    type Value = Member;
    type Error = Error;

    async fn load(&self, keys: &[MemberId]) -> Result<HashMap<MemberId, Member>, Error> {
        let ids = sorted(keys);
        let found =
            self.read_briefly(Permission::ReadTeams, move |actor, tx| Ok(tx.members_by_id(&actor.scope, &ids)?));
        Ok(found.await?.into_iter().collect())
    }
}

/// The members of a team that the caller sees, past ones included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct MembersOf(pub(crate) TeamId);

impl Loader<MembersOf> for Batch {
    type Value = Vec<Member>;
    type Error = Error;

    async fn load(&self, keys: &[MembersOf]) -> Result<HashMap<MembersOf, Vec<Member>>, Error> {
        let ids: Vec<TeamId> = sorted(keys).into_iter().map(|key| key.0).collect();
        let found = self.read_briefly(Permission::ReadTeams, move |_, tx| Ok(tx.members_of(&ids)?)).await?;
        Ok(found.into_iter().map(|(id, members)| (MembersOf(id), members)).collect())
    }
}

/// Where a team departs from the rules of a drive's plan, on a day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FindingsOf {
    pub(crate) drive: DriveId,
    pub(crate) on: Day,
    pub(crate) team: TeamId,
}

impl Loader<FindingsOf> for Batch {
    type Value = Result<Vec<Problem>, Error>;
    type Error = Error;

    async fn load(&self, keys: &[FindingsOf]) -> Result<HashMap<FindingsOf, Self::Value>, Error> {
        let mut asked: BTreeMap<(DriveId, Day), Vec<TeamId>> = BTreeMap::new();
        for key in sorted(keys) {
            asked.entry((key.drive, key.on)).or_default().push(key.team);
        }
        self.read(Permission::ReadTeams, move |actor, tx| {
            let mut found = HashMap::new();
            for ((drive, on), teams) in &asked {
                let key = |team: &TeamId| FindingsOf { drive: *drive, on: *on, team: *team };
                let done = apart(team_findings(actor, tx, *drive, teams, *on))?;
                found.extend(teams.iter().map(|team| {
                    let own = |all: &Vec<(TeamId, Problem)>| {
                        all.iter().filter(|(of, _)| of == team).map(|(_, problem)| problem.clone()).collect()
                    };
                    (key(team), done.as_ref().map(own).map_err(Clone::clone))
                }));
            }
            Ok(found)
        })
        .await
    }
}

/// What a team reported to a drive in an indicator over some days.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct DoneBy {
    pub(crate) drive: DriveId,
    pub(crate) indicator: IndicatorId,
    pub(crate) days: DaySpan,
    pub(crate) team: TeamId,
}

impl Loader<DoneBy> for Batch {
    type Value = Result<i64, Error>;
    type Error = Error;

    async fn load(&self, keys: &[DoneBy]) -> Result<HashMap<DoneBy, Self::Value>, Error> {
        let mut asked: BTreeMap<(DriveId, IndicatorId, DaySpan), Vec<TeamId>> = BTreeMap::new();
        for key in sorted(keys) {
            asked.entry((key.drive, key.indicator, key.days)).or_default().push(key.team);
        }
        self.read(Permission::ReadProgress, move |actor, tx| {
            let mut found = HashMap::new();
            for ((drive, indicator, days), teams) in &asked {
                let key = |team| DoneBy { drive: *drive, indicator: *indicator, days: *days, team };
                match apart(team_done(actor, tx, *drive, *indicator, teams, *days))? {
                    Ok(done) => found.extend(done.into_iter().map(|(team, done)| (key(team), Ok(done)))),
                    Err(refusal) => found.extend(teams.iter().map(|team| (key(*team), Err(refusal.clone())))),
                }
            }
            Ok(found)
        })
        .await
    }
}
