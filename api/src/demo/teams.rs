//! Made-up teams, one per village (rule 12): positions and organisations, no names. Some break the plan's rules, as real
//! lists do.

use std::collections::BTreeMap;

use caodiem_domain::access::Role;
use caodiem_domain::id::{TeamId, UnitId};
use caodiem_domain::problem::Problem;
use caodiem_domain::team::{Organisation, TeamKind};
use caodiem_domain::text::{Post, Title};
use caodiem_domain::time::Day;
use caodiem_domain::unit::{Unit, UnitKind};
use caodiem_domain::usecase::manage_teams::{FormTeam, NewMember, form_teams};

use super::chance::Chance;
use super::places::Places;
use super::script::{Script, fault, moment};
use crate::failure::Failure;

/// The team of each village.
pub(super) type VillageTeams = BTreeMap<UnitId, TeamId>;

/// Who may be in a team after its leader, in the order in which they are asked.
const MEMBERS: [(&str, Organisation, bool); 6] = [
    ("Bí thư chi đoàn", Organisation::YouthUnion, true),
    ("Công an xã phụ trách địa bàn", Organisation::Police, false),
    ("Chi hội trưởng phụ nữ", Organisation::WomensUnion, true),
    ("Chi hội trưởng nông dân", Organisation::FarmersUnion, false),
    ("Trưởng ban công tác mặt trận", Organisation::FatherlandFront, false),
    ("Chi hội trưởng cựu chiến binh", Organisation::VeteransAssociation, false),
];

/// Forms them all on one day.
pub(super) fn form(script: &Script<'_>, places: &Places, from: Day) -> Result<VillageTeams, Failure> {
    let admin = script.actor(Role::UnitAdmin, places.binh_gia.id)?;
    let villages: Vec<&Unit> = places.villages.values().flatten().collect();
    let teams = villages.iter().map(|village| team(village, from)).collect::<Result<Vec<_>, _>>().map_err(fault)?;
    let at = moment(from, 7, 45)?;
    let ids = script.act(&admin, at, "Bình Gia: form teams", |act, tx| form_teams(act, tx, &teams))?;
    Ok(villages.iter().map(|village| village.id).zip(ids).collect())
}

fn team(village: &Unit, from: Day) -> Result<FormTeam, Problem> {
    let mut chance = Chance::of(&format!("team {}", village.version.code));
    let leader = if village.version.kind == UnitKind::Village { "Trưởng thôn" } else { "Trưởng khu phố" };
    let mut members = vec![member(leader, Organisation::VillageBoard, true, chance.happens(30))?];
    let size = chance.between(2, 6);
    for (post, organisation, knows_it) in MEMBERS.iter().take(usize::try_from(size).unwrap_or(2)) {
        members.push(member(post, *organisation, false, *knows_it && !chance.happens(10))?);
    }
    Ok(FormTeam {
        unit: village.id,
        kind: TeamKind::Project06,
        name: Title::new(&format!(
            "Tổ Đề án 06 {kind} {name}",
            kind = village.version.kind.label(),
            name = village.version.name
        ))?,
        valid_from: from,
        members,
        synthetic: true,
    })
}

fn member(position: &str, organisation: Organisation, is_leader: bool, knows_it: bool) -> Result<NewMember, Problem> {
    Ok(NewMember { position: Post::new(position)?, organisation, is_leader, knows_it, weight: None, valid_from: None })
}
