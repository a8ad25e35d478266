//! Holding a team against what the plan says (rule 12). Broken rules are findings: real lists hold 6 or 7 people.

use crate::problem::{Code, Problem};
use crate::team::{Member, Organisation, TeamRule};

impl Organisation {
    /// The name in messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VillageBoard => "ban cán sự thôn",
            Self::Police => "công an",
            Self::YouthUnion => "Đoàn Thanh niên",
            Self::WomensUnion => "Hội Phụ nữ",
            Self::FarmersUnion => "Hội Nông dân",
            Self::VeteransAssociation => "Hội Cựu chiến binh",
            Self::FatherlandFront => "Mặt trận Tổ quốc",
            Self::School => "nhà trường",
            Self::StateBody => "cơ quan nhà nước",
            Self::Other => "khác",
        }
    }
}

impl TeamRule {
    /// What of the rule the members of a day do not meet.
    #[must_use]
    pub fn findings(&self, members: &[&Member]) -> Vec<Problem> {
        let mut findings = Vec::new();
        let (min, max) = self.size;
        let size = u32::try_from(members.len()).unwrap_or(u32::MAX);
        if !(min..=max).contains(&size) {
            findings.push(Problem::new(Code::TeamSize).with("actual", size).with("min", min).with("max", max));
        }
        findings.extend(self.leader(members));
        findings.extend(self.composition(members));
        findings
    }

    fn leader(&self, members: &[&Member]) -> Option<Problem> {
        let Some(leader) = members.iter().find(|member| member.is_leader) else {
            return Some(Problem::new(Code::TeamWithoutLeader));
        };
        let expected = self.leader_position.as_ref()?;
        let agrees = expected.as_str().to_lowercase() == leader.position.as_str().to_lowercase();
        let finding = Problem::new(Code::TeamLeaderPosition).with("expected", expected);
        (!agrees).then(|| finding.with("actual", &leader.position))
    }

    fn composition(&self, members: &[&Member]) -> Option<Problem> {
        let any = self.it_organisations.is_empty();
        let fits = |member: &&&Member| member.knows_it && (any || self.it_organisations.contains(&member.organisation));
        let actual = u32::try_from(members.iter().filter(fits).count()).unwrap_or(u32::MAX);
        let names: Vec<&str> = self.it_organisations.iter().map(|organisation| organisation.as_str()).collect();
        let finding = Problem::new(Code::TeamComposition).with("min", self.it_members_min).with("actual", actual);
        (actual < self.it_members_min).then(|| finding.with("organisations", names.join(", ")))
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "tests may panic")]
mod tests {
    use super::*;
    use crate::exact::Exact;
    use crate::id::{MemberId, TeamId};
    use crate::team::TeamKind;
    use crate::text::Post;
    use crate::time::Day;

    fn member(position: &str, organisation: Organisation, is_leader: bool, knows_it: bool) -> Member {
        Member {
            id: MemberId::new(1),
            team: TeamId::new(1),
            position: Post::new(position).expect("a position"),
            organisation,
            is_leader,
            knows_it,
            weight: Exact::from(1),
            valid_from: Day::default(),
            valid_to: None,
        }
    }

    fn rule() -> TeamRule {
        TeamRule {
            kind: TeamKind::Project06,
            size: (3, 5),
            leader_position: Some(Post::new("Trưởng thôn").expect("a position")),
            it_members_min: 2,
            it_organisations: vec![Organisation::YouthUnion, Organisation::WomensUnion],
        }
    }

    #[test]
    fn a_team_by_the_plan_has_no_findings() {
        let head = member("trưởng thôn", Organisation::VillageBoard, true, false);
        let youth = member("Bí thư chi đoàn", Organisation::YouthUnion, false, true);
        let women = member("Chi hội trưởng", Organisation::WomensUnion, false, true);
        assert_eq!(rule().findings(&[&head, &youth, &women]), []);
    }

    #[test]
    fn every_broken_rule_is_named() {
        let police = member("Công an viên", Organisation::Police, true, true);
        let codes: Vec<Code> = rule().findings(&[&police]).iter().map(Problem::code).collect();
        assert_eq!(codes, [Code::TeamSize, Code::TeamLeaderPosition, Code::TeamComposition]);
        assert!(rule().findings(&[]).iter().any(|finding| finding.code() == Code::TeamWithoutLeader));
    }
}
