//! The pace of quotas: what each holder owes per day, week, month, team-day and member.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::{Actor, Permission};
use crate::drive::Drive;
use crate::error::Error;
use crate::id::{DriveId, QuotaId, TeamId, UnitId};
use crate::ports::ReadTx;
use crate::problem::Problem;
use crate::quota::pace::{Pace, PaceBase, pace};
use crate::quota::{Holder, Quota};
use crate::team::{MembersByTeam, Team};
use crate::time::Day;

/// The paces of those quotas that are in scope, by the plan's days (rule 5).
///
/// Paces per team and per member rest on the teams of a unit itself at work on `today`, on the members of a team on that
/// day, or on the one member.
///
/// # Errors
/// `Forbidden`.
pub fn quota_paces(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    quotas: &[QuotaId],
    today: Day,
) -> Result<BTreeMap<QuotaId, Pace>, Error> {
    actor.require(Permission::ReadQuotas)?;
    let quotas = tx.quotas_by_id(&actor.scope, quotas)?;
    let drives: BTreeSet<DriveId> = quotas.values().map(|quota| quota.key.drive).collect();
    let drives = tx.drives_by_id(&actor.scope, &drives.into_iter().collect::<Vec<_>>())?;
    let hands = Hands::load(tx, &quotas, today)?;
    let pace_of = |quota: &Quota| {
        let drive = drives.get(&quota.key.drive)?;
        Some(hands.pace(drive, quota).map(|pace| (quota.id, pace)))
    };
    Ok(quotas.values().filter_map(pace_of).collect::<Result<_, Problem>>()?)
}

/// Who there is to do the work.
struct Hands {
    today: Day,
    teams: BTreeMap<UnitId, Vec<Team>>,
    members: MembersByTeam,
}

impl Hands {
    fn load(tx: &mut dyn ReadTx, quotas: &BTreeMap<QuotaId, Quota>, today: Day) -> Result<Self, Error> {
        let (mut units, mut teams) = (BTreeSet::new(), BTreeSet::new());
        for quota in quotas.values() {
            match quota.key.holder {
                Holder::Unit(unit) => drop(units.insert(unit)),
                Holder::Team(team) => drop(teams.insert(team)),
                Holder::Member(_) => {}
            }
        }
        let of_units = tx.teams_of(&units.into_iter().collect::<Vec<_>>(), today)?;
        teams.extend(of_units.values().flatten().map(|team| team.id));
        let members = tx.members_of(&teams.into_iter().collect::<Vec<_>>())?;
        Ok(Self { today, teams: of_units, members })
    }

    fn pace(&self, drive: &Drive, quota: &Quota) -> Result<Pace, Problem> {
        let plan_days = drive.plan_days(quota.key.phase)?;
        let (teams, members) = match quota.key.holder {
            Holder::Unit(unit) => {
                let teams = self.teams.get(&unit).map_or(&[][..], Vec::as_slice);
                (teams.len(), teams.iter().map(|team| self.members(team.id)).sum())
            }
            Holder::Team(team) => (1, self.members(team)),
            Holder::Member(_) => (0, 1),
        };
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(pace(&quota.amount, PaceBase { plan_days, teams: count(teams), members: count(members) }))
    }

    fn members(&self, team: TeamId) -> usize {
        self.members.get(&team).map_or(0, |members| members.iter().filter(|one| one.is_valid_on(self.today)).count())
    }
}
