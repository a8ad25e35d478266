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
use crate::team::{Hands, MembersByTeam};
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
    let mut quotas = tx.quotas_by_id(&actor.scope, quotas)?;
    quotas.retain(|_, quota| actor.is_for(quota.key.drive));
    let drives: BTreeSet<DriveId> = quotas.values().map(|quota| quota.key.drive).collect();
    let drives = tx.drives_by_id(&actor.scope, &drives.into_iter().collect::<Vec<_>>())?;
    let workforce = Workforce::load(tx, &quotas, today)?;
    let pace_of = |quota: &Quota| {
        let drive = drives.get(&quota.key.drive)?;
        Some(workforce.pace(drive, quota).map(|pace| (quota.id, pace)))
    };
    Ok(quotas.values().filter_map(pace_of).collect::<Result<_, Problem>>()?)
}

/// Who there is to do the work of the holders.
struct Workforce {
    today: Day,
    units: BTreeMap<UnitId, Hands>,
    members: MembersByTeam,
}

impl Workforce {
    fn load(tx: &mut dyn ReadTx, quotas: &BTreeMap<QuotaId, Quota>, today: Day) -> Result<Self, Error> {
        let (mut units, mut teams) = (BTreeSet::new(), BTreeSet::new());
        for quota in quotas.values() {
            match quota.key.holder {
                Holder::Unit(unit) => drop(units.insert(unit)),
                Holder::Team(team) => drop(teams.insert(team)),
                Holder::Member(_) => {}
            }
        }
        let units = tx.hands_of(&units.into_iter().collect::<Vec<_>>(), today)?;
        let members = tx.members_of(&teams.into_iter().collect::<Vec<_>>())?;
        Ok(Self { today, units, members })
    }

    fn pace(&self, drive: &Drive, quota: &Quota) -> Result<Pace, Problem> {
        let plan_days = drive.plan_days(quota.key.phase)?;
        let Hands { teams, members } = match quota.key.holder {
            Holder::Unit(unit) => self.units.get(&unit).copied().unwrap_or_default(),
            Holder::Team(team) => Hands { teams: 1, members: self.members(team) },
            Holder::Member(_) => Hands { teams: 0, members: 1 },
        };
        Ok(pace(&quota.amount, PaceBase { plan_days, teams, members }))
    }

    fn members(&self, team: TeamId) -> u32 {
        let members = self.members.get(&team).into_iter().flatten();
        u32::try_from(members.filter(|one| one.is_valid_on(self.today)).count()).unwrap_or(u32::MAX)
    }
}
