//! Teams (tổ): people assigned to a unit. Persons appear by position and organisation, never by name.

mod findings;

use std::collections::BTreeMap;

use crate::exact::Exact;
use crate::id::{MemberId, TeamId, UnitId};
use crate::text::{Post, Title};
use crate::time::Day;

/// What a team is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TeamKind {
    /// Tổ Đề án 06: one per village, led by the village head.
    Project06,
    /// Tổ công nghệ số cộng đồng.
    CommunityDigital,
    /// Tổ thu nhận cố định.
    FixedEnrolment,
    /// Tổ thu nhận lưu động.
    MobileEnrolment,
    /// Tổ tình nguyện, at schools, markets and industrial zones.
    Volunteer,
}

/// A team of a unit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Team {
    /// Identity.
    pub id: TeamId,
    /// The unit it works for.
    pub unit: UnitId,
    /// What it is for.
    pub kind: TeamKind,
    /// Its name: `Tổ Đề án 06 thôn 3`.
    pub name: Title,
    /// First day of work.
    pub valid_from: Day,
    /// First day no longer at work; `None` while it stands.
    pub valid_to: Option<Day>,
    /// Made up for a demonstration.
    pub synthetic: bool,
    /// For optimistic locking; 1, 2, 3 …
    pub version: i32,
}

impl Team {
    /// Whether it is at work on the day.
    #[must_use]
    pub fn is_valid_on(&self, day: Day) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|end| day < end)
    }
}

/// Who is at work on a day: what a pace is shared among.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Hands {
    /// Teams at work.
    pub teams: u32,
    /// Their members on that day.
    pub members: u32,
}

/// The body a member comes from, as the plans name them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Organisation {
    /// Trưởng thôn, phó thôn, ban cán sự.
    VillageBoard,
    /// Công an xã, lực lượng bảo vệ an ninh trật tự ở cơ sở.
    Police,
    /// Đoàn Thanh niên.
    YouthUnion,
    /// Hội Phụ nữ.
    WomensUnion,
    /// Hội Nông dân.
    FarmersUnion,
    /// Hội Cựu chiến binh.
    VeteransAssociation,
    /// Mặt trận Tổ quốc.
    FatherlandFront,
    /// Nhà trường.
    School,
    /// Cơ quan nhà nước.
    StateBody,
    /// Anything else.
    Other,
}

/// One person's place in a team. Ends are dated, nothing is deleted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// Identity.
    pub id: MemberId,
    /// The team.
    pub team: TeamId,
    /// Position, as in `Trưởng thôn`.
    pub position: Post,
    /// Where the member comes from.
    pub organisation: Organisation,
    /// Whether the member leads the team.
    pub is_leader: bool,
    /// Whether the member knows IT.
    pub knows_it: bool,
    /// Weight in a proportional share of the team's quota; 1 by default, at least 0.
    pub weight: Exact,
    /// First day.
    pub valid_from: Day,
    /// First day no longer in it; `None` while in it.
    pub valid_to: Option<Day>,
}

impl Member {
    /// Whether the member is in the team on the day.
    #[must_use]
    pub fn is_valid_on(&self, day: Day) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|end| day < end)
    }
}

/// What a plan says of the teams of one kind (rule 12). Broken rules are findings, never refusals.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TeamRule {
    /// The kind it speaks of.
    pub kind: TeamKind,
    /// Fewest and most people: 3 to 5.
    pub size: (u32, u32),
    /// The position that the leader has to hold.
    pub leader_position: Option<Post>,
    /// At least so many members who know IT …
    pub it_members_min: u32,
    /// … of these organisations; empty for any.
    pub it_organisations: Vec<Organisation>,
}

/// Members by team, as storage hands them out.
pub type MembersByTeam = BTreeMap<TeamId, Vec<Member>>;

/// What lists of teams can be narrowed by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TeamPredicate {
    /// Of one of these units.
    Unit(Vec<UnitId>),
    /// Of this unit or any under it, by the tree as it stands.
    Under(UnitId),
    /// One of these kinds.
    Kind(Vec<TeamKind>),
    /// At work on that day.
    ValidOn(Day),
    /// Made up, or not.
    Synthetic(bool),
}
