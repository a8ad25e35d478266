//! Teams and members.

use caodiem_domain::access::Scope;
use caodiem_domain::error::{Constraint, StoreError};
use caodiem_domain::id::{MemberId, Sequence, TeamId, UnitId};
use caodiem_domain::page::{Direction, Filter};
use caodiem_domain::team::{Member, Organisation, Team, TeamKind, TeamPredicate};
use caodiem_domain::text::Post;
use caodiem_tests::on_both;

use crate::world::{World, all_pages, conflict, day, exact, first, team, title};

fn member(id: i64, team: TeamId, is_leader: bool) -> Member {
    Member {
        id: MemberId::new(id),
        team,
        position: Post::new("Trưởng thôn").expect("a post"),
        organisation: Organisation::VillageBoard,
        is_leader,
        knows_it: !is_leader,
        weight: exact("3/2"),
        valid_from: day("2023-01-01"),
        valid_to: None,
    }
}

/// Four more teams, among them two of one name.
fn more_teams(world: &World) -> Vec<Team> {
    world.write(|tx| {
        let ids = tx.allocate(Sequence::Team, 4)?;
        let id = |at: usize| TeamId::new(ids[at]);
        let teams = vec![
            Team { valid_to: Some(day("2023-06-10")), ..team(id(0), world.commune_a1a, "Tổ 3") },
            Team { kind: TeamKind::Volunteer, synthetic: false, ..team(id(1), world.district_a2, "Đội") },
            Team { valid_from: day("2023-06-10"), ..team(id(2), world.commune_a1b, "Tổ 3") },
            team(id(3), world.country, "an"),
        ];
        tx.insert_teams(&teams)?;
        Ok(teams)
    })
}

fn names(teams: impl IntoIterator<Item = Team>) -> Vec<String> {
    teams.into_iter().map(|team| team.name.to_string()).collect()
}

on_both! {
    a_team_is_read_as_it_was_formed(backend) {
        let Some(world) = World::new(backend) else { return };
        let teams = more_teams(&world);
        let mut ids: Vec<TeamId> = teams.iter().map(|team| team.id).collect();
        ids.push(TeamId::new(999));
        let read = |scope: &Scope| world.read(|tx| tx.teams_by_id(scope, &ids)).into_values().collect::<Vec<_>>();
        assert_eq!(read(&Scope::Country), teams);
        assert_eq!(read(&world.scope(&[world.district_a1])), [teams[0].clone(), teams[2].clone()]);
        assert_eq!(read(&Scope::Subtrees(Vec::new())), []);
        let nowhere = team(TeamId::new(998), UnitId::new(999), "Tổ");
        assert_eq!(world.try_write(|tx| tx.insert_teams(std::slice::from_ref(&nowhere))), conflict(Constraint::Reference));
    }

    teams_of_a_unit_are_those_at_work_on_the_day(backend) {
        let Some(world) = World::new(backend) else { return };
        let teams = more_teams(&world);
        let of = |on: &str| {
            let found = world.read(|tx| tx.teams_of(&[world.commune_a1a, world.commune_a1b, world.country], day(on)));
            found.into_values().flatten().map(|team| team.id).collect::<Vec<_>>()
        };
        let standing = world.teams[0];
        assert_eq!(of("2022-12-31"), []);
        assert_eq!(of("2023-06-09"), [teams[3].id, standing, teams[0].id]);
        // The last day is the first one no longer at work.
        assert_eq!(of("2023-06-10"), [teams[3].id, standing, teams[2].id]);
    }

    hands_are_the_teams_at_work_on_the_day_and_their_members_then(backend) {
        let Some(world) = World::new(backend) else { return };
        let teams = more_teams(&world);
        let standing = world.teams[0];
        let ids = world.write(|tx| tx.allocate(Sequence::Member, 4));
        let members = [
            member(ids[0], standing, true),
            Member { valid_to: Some(day("2023-06-09")), ..member(ids[1], standing, false) },
            member(ids[2], teams[0].id, false),
            Member { valid_from: day("2023-06-10"), ..member(ids[3], standing, false) },
        ];
        world.write(|tx| tx.insert_members(&members));
        let of = |on: &str| {
            let asked = [world.commune_a1a, world.commune_a1b, world.country];
            let found = world.read(|tx| tx.hands_of(&asked, day(on)));
            found.into_iter().map(|(unit, hands)| (unit, hands.teams, hands.members)).collect::<Vec<_>>()
        };
        assert_eq!(of("2022-12-31"), []);
        assert_eq!(of("2023-06-08"), [(world.country, 1, 0), (world.commune_a1a, 2, 3)]);
        assert_eq!(of("2023-06-09"), [(world.country, 1, 0), (world.commune_a1a, 2, 2)], "an ending is the first day off");
        let later = [(world.country, 1, 0), (world.commune_a1a, 1, 2), (world.commune_a1b, 1, 0)];
        assert_eq!(of("2023-06-10"), later);
        assert!(world.read(|tx| tx.hands_of(&[], day("2023-06-10"))).is_empty());
    }

    teams_are_listed_by_name_in_one_order_everywhere(backend) {
        let Some(world) = World::new(backend) else { return };
        more_teams(&world);
        // By the bytes of the name, whatever language the database sorts by.
        let expected = ["Tổ 1", "Tổ 2", "Tổ 3", "Tổ 3", "an", "Đội"];
        for direction in [Direction::Forward, Direction::Backward] {
            for size in [1, 2, 3, 50] {
                let listed = all_pages(direction, size, |page| {
                    world.read(|tx| tx.list_teams(&Scope::Country, &Filter::everything(), page))
                });
                assert_eq!(names(listed), expected, "{direction:?} by {size}");
            }
        }
    }

    teams_are_narrowed_by_predicates_and_scope(backend) {
        let Some(world) = World::new(backend) else { return };
        more_teams(&world);
        let narrowed = |scope: &Scope, filter: Filter<TeamPredicate>| {
            let page = world.read(|tx| tx.list_teams(scope, &filter, &first(50)));
            let counted = world.read(|tx| tx.count_teams(scope, &filter));
            assert_eq!(counted, u64::try_from(page.rows.len()).expect("a length"));
            names(page.rows.into_iter().map(|(_, team)| team))
        };
        let is = |predicate| narrowed(&Scope::Country, Filter::Is(predicate));
        assert_eq!(is(TeamPredicate::Unit(vec![world.commune_a1a])), ["Tổ 1", "Tổ 3"]);
        assert_eq!(is(TeamPredicate::Under(world.province_a)), ["Tổ 1", "Tổ 3", "Tổ 3", "Đội"]);
        assert_eq!(is(TeamPredicate::Kind(vec![TeamKind::Volunteer])), ["Đội"]);
        assert_eq!(is(TeamPredicate::Synthetic(false)), ["Đội"]);
        assert_eq!(is(TeamPredicate::ValidOn(day("2023-06-09"))), ["Tổ 1", "Tổ 2", "Tổ 3", "an", "Đội"]);
        let ended = Filter::Not(Box::new(Filter::Is(TeamPredicate::ValidOn(day("2023-06-10")))));
        assert_eq!(narrowed(&Scope::Country, ended), ["Tổ 3"]);
        assert_eq!(narrowed(&world.scope(&[world.province_b]), Filter::everything()), ["Tổ 2"]);
    }

    a_team_is_replaced_where_the_version_is_right(backend) {
        let Some(world) = World::new(backend) else { return };
        let teams = more_teams(&world);
        let renamed = Team { name: title("Tổ lưu động"), version: 2, valid_to: None, ..teams[0].clone() };
        world.write(|tx| tx.update_team(&renamed));
        assert_eq!(world.try_write(|tx| tx.update_team(&renamed)), Err(StoreError::Stale));
        let gone = Team { id: TeamId::new(999), ..renamed.clone() };
        assert_eq!(world.try_write(|tx| tx.update_team(&gone)), Err(StoreError::Stale));
        let found = world.read(|tx| tx.teams_by_id(&Scope::Country, &[renamed.id]));
        assert_eq!(found.into_values().collect::<Vec<_>>(), [renamed]);
    }

    members_come_leader_first_and_end_by_date(backend) {
        let Some(world) = World::new(backend) else { return };
        let [one, two] = world.teams;
        let ids = world.write(|tx| tx.allocate(Sequence::Member, 3));
        let members = [member(ids[0], one, false), member(ids[1], one, true), member(ids[2], two, false)];
        world.write(|tx| tx.insert_members(&members));
        world.write(|tx| tx.end_members(&[(members[0].id, day("2023-06-10"))]));
        let ended = Member { valid_to: Some(day("2023-06-10")), ..members[0].clone() };
        let found = world.read(|tx| tx.members_of(&[one, two, TeamId::new(999)]));
        let expected = [(one, vec![members[1].clone(), ended]), (two, vec![members[2].clone()])];
        assert_eq!(found.into_iter().collect::<Vec<_>>(), expected);
        let scope = world.scope(&[world.province_b]);
        let asked = [members[0].id, members[2].id, MemberId::new(99)];
        let scoped = world.read(|tx| tx.members_by_id(&scope, &asked));
        assert_eq!(scoped.into_keys().collect::<Vec<_>>(), [members[2].id]);
        let nobodys = member(998, TeamId::new(999), false);
        assert_eq!(world.try_write(|tx| tx.insert_members(std::slice::from_ref(&nobodys))), conflict(Constraint::Reference));
    }
}
