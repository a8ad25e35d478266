//! Emulation lists as storage keeps them, and decisions on them.

use std::collections::BTreeMap;

use caodiem_domain::access::{Actor, Role, Scope};
use caodiem_domain::drive::{Drive, DriveState};
use caodiem_domain::emulation::decision::{Decided, Decision};
use caodiem_domain::emulation::list::{Author, EmulationList, EmulationListPredicate};
use caodiem_domain::error::Constraint;
use caodiem_domain::id::{AccountId, DriveId, EmulationListId, Sequence, UnitId};
use caodiem_domain::inspection::Verdict;
use caodiem_domain::page::{Direction, Filter};
use caodiem_domain::problem::{Code, Language, Problem};
use caodiem_domain::text::{PlanNumber, Reason, Title};
use caodiem_domain::time::DaySpan;
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::decide_emulation::{DecideEmulation, decide_emulation};
use caodiem_domain::usecase::draw_up_emulation::draw_up_emulation;
use caodiem_domain::usecase::read_emulation::{EmulationQuestion, emulation};
use caodiem_tests::database::Backend;
use caodiem_tests::on_both;
use caodiem_tests::people::{alone, hire};

use super::{AFTER, Judged, codes, mended};
use crate::world::{World, all_pages, conflict, day, moment, plan};

impl Judged {
    /// A list as the planner of the country draws it up.
    fn draw_up(&self, planner: &Actor) -> EmulationList {
        let act = alone(planner, moment(AFTER), "drawUpEmulationList");
        let id = draw_up_emulation(&*self.world.store, &act, &self.question()).expect("a list");
        self.read(id)
    }

    fn read(&self, id: EmulationListId) -> EmulationList {
        self.world.read(|tx| tx.emulation_lists_by_id(&Scope::Country, &[id])).remove(&id).expect("a list")
    }

    fn decide(&self, by: &Actor, list: EmulationListId, unit: UnitId, decided: Decided) -> Result<(), Vec<Problem>> {
        let command = DecideEmulation {
            list,
            unit,
            decided,
            number: PlanNumber::new("1024/QĐ-UBND").expect("a number"),
            award: (decided == Decided::Commended).then(|| Title::new("Giấy khen").expect("an award")),
            reason: Reason::new("theo biên bản họp hội đồng").expect("a reason"),
        };
        let act = alone(by, moment(AFTER), "decideEmulation");
        mended(self.world.store.write(|tx| decide_emulation(&act, tx, &command))).map(drop)
    }

    fn decisions(&self, list: EmulationListId) -> Vec<Decision> {
        self.world.read(|tx| tx.emulation_decisions(&[list])).remove(&list).unwrap_or_default()
    }
}

fn drawn(judged: &Judged, by: &Actor, at: &str, question: &EmulationQuestion) -> Vec<(Code, String)> {
    let act = alone(by, moment(at), "drawUpEmulationList");
    let refused = mended(draw_up_emulation(&*judged.world.store, &act, question)).expect_err("it is refused");
    codes(&refused).into_iter().map(|(code, field)| (code, field.to_owned())).collect()
}

on_both! {
    a_list_comes_back_to_the_letter_whatever_is_reported_later(backend) {
        let Some(judged) = Judged::new(backend) else { return };
        let planner = hire(&*judged.world.store, "an", Role::Planner, judged.world.country);
        let sheet = judged.ask(&planner, &judged.question());
        let list = judged.draw_up(&planner);
        assert_eq!(list.sheet(), Ok(sheet.clone()));
        assert_eq!(list.author, Author { account: planner.account, login: planner.subject.clone() });
        judged.report(judged.world.commune_a1b, "2023-06-03", 900);
        judged.inspect(judged.untrue, Verdict::True);
        assert_ne!(judged.ask(&planner, &judged.question()).candidates, sheet.candidates);
        assert_eq!(judged.read(list.id).sheet(), Ok(sheet));
    }

    a_list_is_drawn_up_once_under_a_request(backend) {
        let Some(judged) = Judged::new(backend) else { return };
        let planner = hire(&*judged.world.store, "an", Role::Planner, judged.world.country);
        let act = alone(&planner, moment(AFTER), "drawUpEmulationList");
        let draw = |act: &Act| draw_up_emulation(&*judged.world.store, act, &judged.question());
        let first = draw(&act).expect("a list");
        assert_eq!(draw(&act).expect("the same list"), first);
        let all = judged.world.read(|tx| tx.count_emulation_lists(&Scope::Country, &Filter::everything()));
        assert_eq!(all, 1);
    }

    lists_are_drawn_up_for_days_that_are_over_by_who_plans_the_drive(backend) {
        let Some(judged) = Judged::new(backend) else { return };
        let (world, question) = (&judged.world, judged.question());
        let planner = hire(&*world.store, "an", Role::Planner, world.country);
        let today = EmulationQuestion { days: DaySpan { from: None, to: Some(day("2023-06-03")) }, ..question.clone() };
        assert_eq!(drawn(&judged, &planner, AFTER, &today), [(Code::EmulationNotOver, "days".to_owned())]);
        assert_eq!(drawn(&judged, &planner, "2023-06-01T01:00:00Z", &question), [(Code::EmulationNotOver, "days".to_owned())]);
        let late = EmulationQuestion { days: DaySpan { from: None, to: Some(day("2023-07-01")) }, ..question.clone() };
        assert_eq!(drawn(&judged, &planner, "2023-07-05T01:00:00Z", &late), [(Code::DayOutsideDrive, "days".to_owned())]);
        // A planner under the drive's unit sees the drive, and does not draw up its lists.
        let below = hire(&*world.store, "binh", Role::Planner, world.province_a);
        let own = EmulationQuestion { unit: world.province_a, ..question.clone() };
        assert_eq!(drawn(&judged, &below, AFTER, &own), [(Code::NotFound, "drive".to_owned())]);
        let hidden = EmulationQuestion { unit: world.province_b, ..question.clone() };
        let asked = mended(world.store.read(|tx| emulation(&below, tx, &hidden, moment(AFTER)))).expect_err("hidden");
        assert_eq!(codes(&asked), [(Code::NotFound, "unit")]);
        let analyst = hire(&*world.store, "chi", Role::Analyst, world.country);
        assert_eq!(drawn(&judged, &analyst, AFTER, &question), [(Code::Forbidden, String::new())]);
        let local = EmulationQuestion { drive: world.local_drive, unit: world.province_b, ..question };
        assert_eq!(drawn(&judged, &planner, AFTER, &local), [(Code::UnitOutsideDrive, "unit".to_owned())]);
        let draft = world.write(|tx| {
            let id = DriveId::new(tx.allocate(Sequence::Drive, 1)?[0]);
            tx.insert_drive(&Drive { state: DriveState::Draft, ..plan(id, world.country, "4/KH") })?;
            Ok(id)
        });
        let planned = EmulationQuestion { drive: draft, ..judged.question() };
        assert_eq!(drawn(&judged, &planner, AFTER, &planned), [(Code::DriveState, "drive".to_owned())]);
    }

    the_council_commends_nobody_who_is_out_of_the_running(backend) {
        let Some(judged) = Judged::new(backend) else { return };
        let World { commune_a1a, commune_a2a, commune_b1a, district_a1, .. } = judged.world;
        let planner = hire(&*judged.world.store, "an", Role::Planner, judged.world.country);
        let list = judged.draw_up(&planner).id;
        let refused = judged.decide(&planner, list, commune_a2a, Decided::Commended).expect_err("it is silent");
        assert_eq!(codes(&refused), [(Code::OutOfRunning, "decided")]);
        assert_eq!(refused[0].text(Language::Vi), "Không xét khen thưởng Xã Đơn vị A2a: không báo cáo (1).");
        let refused = judged.decide(&planner, list, commune_b1a, Decided::Commended).expect_err("it is untrue");
        assert!(refused[0].text(Language::En).contains("INSPECTED_UNTRUE"));
        assert_eq!(judged.decide(&planner, list, commune_a2a, Decided::Criticised), Ok(()));
        assert_eq!(judged.decide(&planner, list, commune_a1a, Decided::Commended), Ok(()));
        let unknown = judged.decide(&planner, list, district_a1, Decided::Neither).expect_err("no candidate");
        assert_eq!(codes(&unknown), [(Code::NotFound, "unit")]);
        let verifier = hire(&*judged.world.store, "chi", Role::Verifier, judged.world.country);
        let refused = judged.decide(&verifier, list, commune_a1a, Decided::Neither).expect_err("not theirs");
        assert_eq!(refused[0].code(), Code::Forbidden);
        let below = hire(&*judged.world.store, "binh", Role::Planner, judged.world.province_a);
        let refused = judged.decide(&below, list, commune_a1a, Decided::Neither).expect_err("out of sight");
        assert_eq!(codes(&refused), [(Code::NotFound, "list")]);
    }

    a_later_decision_stands_and_the_earlier_stays(backend) {
        let Some(judged) = Judged::new(backend) else { return };
        let unit = judged.world.commune_a1a;
        let planner = hire(&*judged.world.store, "an", Role::Planner, judged.world.country);
        let list = judged.draw_up(&planner).id;
        for decided in [Decided::Commended, Decided::Neither] {
            judged.decide(&planner, list, unit, decided).expect("decided");
        }
        let found = judged.decisions(list);
        let told: Vec<_> = found.iter().map(|one| (one.unit, one.version, one.decided, one.is_out)).collect();
        assert_eq!(told, [(unit, 1, Decided::Commended, false), (unit, 2, Decided::Neither, false)]);
        assert_eq!(found[0].award, Title::new("Giấy khen").ok());
        assert_eq!((found[1].author.account, found[1].at), (planner.account, moment(AFTER)));
        let again = judged.world.try_write(|tx| tx.insert_emulation_decision(&found[1]));
        assert!(again.is_err(), "a version is given once");
    }

    the_database_itself_refuses_to_commend_who_is_out(backend) {
        let Some(judged) = Judged::new(backend) else { return };
        let planner = hire(&*judged.world.store, "an", Role::Planner, judged.world.country);
        let list = judged.draw_up(&planner).id;
        let decision = |unit, is_out| Decision {
            list,
            unit,
            version: 1,
            decided: Decided::Commended,
            number: PlanNumber::new("1/QĐ").expect("a number"),
            award: None,
            reason: Reason::new("thử").expect("a reason"),
            is_out,
            author: Author { account: AccountId::new(0), login: planner.subject.clone() },
            at: moment(AFTER),
        };
        let put = |unit, is_out| judged.world.try_write(|tx| tx.insert_emulation_decision(&decision(unit, is_out)));
        let World { commune_a1a, commune_a2a, district_a1, .. } = judged.world;
        assert_eq!(put(commune_a2a, true), conflict(Constraint::Check));
        // Passing for one in the running does not help.
        assert_eq!(put(commune_a2a, false), conflict(Constraint::Reference));
        assert_eq!(put(district_a1, false), conflict(Constraint::Reference));
        assert_eq!(put(commune_a1a, false), Ok(()));
    }

    nothing_of_a_list_is_ever_changed_and_what_was_is_noticed(backend) {
        let Some(judged) = Judged::new(backend) else { return };
        let (world, unit) = (&judged.world, judged.world.commune_a1a);
        let planner = hire(&*world.store, "an", Role::Planner, world.country);
        let list = judged.draw_up(&planner);
        judged.decide(&planner, list.id, unit, Decided::Commended).expect("decided");
        for table in ["emulation_list", "emulation_candidate", "emulation_decision"] {
            for sql in [format!("UPDATE {table} SET unit_id = unit_id"), format!("DELETE FROM {table}")] {
                assert!(world.refuses(&sql), "{sql}");
            }
        }
        let open = match backend {
            Backend::Sqlite => "DROP TRIGGER emulation_list_no_update",
            Backend::Postgres => "ALTER TABLE emulation_list DISABLE TRIGGER USER",
        };
        world.database.execute(&format!("{open}; UPDATE emulation_list SET content = REPLACE(content, 'CRITICISE', 'COMMEND')"));
        assert_eq!(judged.read(list.id).sheet().map_err(|problem| problem.code()), Err(Code::EmulationAltered));
        let refused = judged.decide(&planner, list.id, unit, Decided::Neither).expect_err("altered");
        assert_eq!(codes(&refused), [(Code::EmulationAltered, "list")]);
    }

    a_list_with_another_hash_is_not_the_one_on_record(backend) {
        let Some(judged) = Judged::new(backend) else { return };
        let planner = hire(&*judged.world.store, "an", Role::Planner, judged.world.country);
        let list = judged.draw_up(&planner);
        // Whoever can change a row can change the hash beside it, and add a list of his own making.
        let forged = judged.world.write(|tx| {
            let id = EmulationListId::new(tx.allocate(Sequence::EmulationList, 1)?[0]);
            let mut sheet = list.sheet().expect("a sheet");
            for candidate in &mut sheet.candidates {
                candidate.judgement.reasons.clear();
            }
            let forged = EmulationList::freeze(id, list.author.clone(), &sheet);
            tx.insert_emulation_list(&forged, &sheet)?;
            Ok(forged.id)
        });
        assert!(judged.read(forged).sheet().is_ok(), "by its own hash it is whole");
        let refused = judged.decide(&planner, forged, judged.world.commune_a2a, Decided::Commended).expect_err("forged");
        assert_eq!(codes(&refused), [(Code::EmulationAltered, "list")]);
    }

    lists_go_by_scope_drive_and_unit(backend) {
        let Some(judged) = Judged::new(backend) else { return };
        let world = &judged.world;
        let planner = hire(&*world.store, "an", Role::Planner, world.country);
        let drawn: BTreeMap<UnitId, EmulationListId> = [world.country, world.province_a, world.province_b]
            .into_iter()
            .map(|unit| {
                let act = alone(&planner, moment(AFTER), "drawUpEmulationList");
                let question = EmulationQuestion { unit, ..judged.question() };
                (unit, draw_up_emulation(&*world.store, &act, &question).expect("a list"))
            })
            .collect();
        let [whole, one, other] = [world.country, world.province_a, world.province_b].map(|unit| drawn[&unit]);
        let found = |scope: &Scope, filter: &Filter<EmulationListPredicate>| {
            let walk = |way| all_pages(way, 2, |page| world.read(|tx| tx.list_emulation_lists(scope, filter, page)));
            let rows = walk(Direction::Forward);
            assert_eq!(walk(Direction::Backward), rows);
            let count = world.read(|tx| tx.count_emulation_lists(scope, filter));
            assert_eq!(count, u64::try_from(rows.len()).expect("a count"));
            rows.into_iter().map(|list| list.id).collect::<Vec<_>>()
        };
        let everything = Filter::everything();
        assert_eq!(found(&Scope::Country, &everything), [other, one, whole]);
        assert_eq!(found(&world.scope(&[world.province_a]), &everything), [one]);
        assert_eq!(found(&world.scope(&[world.district_a1]), &everything), []);
        let hidden = world.scope(&[world.province_b]);
        assert_eq!(world.read(|tx| tx.emulation_lists_by_id(&hidden, &[one, other])).into_keys().collect::<Vec<_>>(), [other]);
        let is = |predicate| found(&Scope::Country, &Filter::Is(predicate));
        assert_eq!(is(EmulationListPredicate::Drive(judged.drive)).len(), 3);
        assert_eq!(is(EmulationListPredicate::Drive(world.drive)), []);
        assert_eq!(is(EmulationListPredicate::Unit(vec![world.country])), [whole]);
        assert_eq!(is(EmulationListPredicate::Under(world.province_a)), [one]);
    }
}
