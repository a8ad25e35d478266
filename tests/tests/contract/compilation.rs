//! Compilation upwards: waiting, ready, here, elsewhere; gaps by name, returns, changes after a confirmation, stated totals.

use caodiem_domain::access::{Actor, Role};
use caodiem_domain::error::Error;
use caodiem_domain::id::{CompilationId, UnitId};
use caodiem_domain::problem::Code;
use caodiem_domain::reporting::compilation::Stand;
use caodiem_domain::reporting::rule::{ReportKind, ReportingRule};
use caodiem_domain::reporting::status::ReportStatus;
use caodiem_domain::tally::{Reporter, RowResult};
use caodiem_domain::text::Reason;
use caodiem_domain::unit::Level;
use caodiem_domain::usecase::confirm_day::{ConfirmDay, ReturnDay, confirm_day, return_day};
use caodiem_domain::usecase::read_compilation::{CompilationAct, CompilationQuestion, CompilationView, compilation};
use caodiem_tests::database::Backend;
use caodiem_tests::on_both;
use caodiem_tests::stage::{act, actor};

use crate::reporting::{Desk, half_past_three};
use crate::world::{count, day, moment};

const ON: &str = "2023-06-14";

/// Communes report before 15:30, districts before 17:00 and every Monday, provinces before 18:00.
fn desk(backend: Backend) -> Option<Desk> {
    Desk::with(backend, |drive| {
        let at = |level, time: &str| ReportingRule::daily(level, time.parse().expect("a time"));
        let district = ReportingRule { weekly: Some(0), ..at(Level::District, "17:00:00") };
        drive.reporting_rules = vec![at(Level::Province, "18:00:00"), district, half_past_three()];
    })
}

fn confirmation(desk: &Desk, unit: UnitId, gaps: &[UnitId]) -> ConfirmDay {
    ConfirmDay {
        drive: desk.world.drive,
        unit,
        kind: ReportKind::Daily,
        day: day(ON),
        gaps: gaps.iter().map(|gap| Reporter::Unit(*gap)).collect(),
        stated: Vec::new(),
        reason: None,
    }
}

type Told = Result<CompilationId, Vec<(Code, String)>>;

fn told(done: Result<CompilationId, Error>) -> Told {
    done.map_err(|error| match error {
        Error::Refused(problems) => problems.iter().map(|one| (one.code(), one.field().to_owned())).collect(),
        Error::Store(error) => panic!("{error}"),
    })
}

fn confirm(desk: &Desk, command: &ConfirmDay, at: &str) -> Told {
    told(desk.world.store.write(|tx| confirm_day(&act(Role::Planner, moment(at)), tx, command)))
}

fn send_back(desk: &Desk, unit: UnitId, at: &str) -> Told {
    let reason = Reason::new("số liệu lệch biên bản").expect("a reason");
    let command = ReturnDay { drive: desk.world.drive, unit, kind: ReportKind::Daily, day: day(ON), reason };
    told(desk.world.store.write(|tx| return_day(&act(Role::Planner, moment(at)), tx, &command)))
}

fn seen_by(actor: &Actor, desk: &Desk, unit: UnitId, at: &str) -> CompilationView {
    let question =
        CompilationQuestion { drive: desk.world.drive, unit, kind: ReportKind::Daily, day: day(ON), now: moment(at) };
    desk.world.store.read(|tx| compilation(actor, tx, question)).expect("a compilation")
}

fn seen(desk: &Desk, unit: UnitId, at: &str) -> CompilationView {
    seen_by(&actor(Role::Planner), desk, unit, at)
}

fn refusal(code: Code, field: &str) -> Told {
    Err(vec![(code, field.to_owned())])
}

fn report(desk: &Desk, unit: UnitId, value: i64, at: &str, reason: Option<&str>) -> RowResult {
    desk.send(Reporter::Unit(unit), ON, Some(value), at, reason)
}

on_both! {
    a_district_waits_is_ready_and_confirms(backend) {
        let Some(desk) = desk(backend) else { return };
        let (district, one, other) = (desk.world.district_a1, desk.world.commune_a1a, desk.world.commune_a1b);
        assert_eq!(confirm(&desk, &confirmation(&desk, district, &[one, other]), "2023-06-13T16:59:59Z"), refusal(Code::PeriodNotOpen, "day"));
        report(&desk, one, 3, "2023-06-14T03:00:00Z", None);
        let waiting = seen(&desk, district, "2023-06-14T04:00:00Z");
        assert_eq!((waiting.stand, waiting.gaps.len(), &waiting.may), (Stand::Waiting, 1, &vec![CompilationAct::ConfirmWithGaps]));

        // Nobody confirms blindly: each gap is named, and nobody else is.
        let at = "2023-06-14T09:00:00Z";
        assert_eq!(confirm(&desk, &confirmation(&desk, district, &[]), at), refusal(Code::GapNotNamed, "gaps"));
        assert_eq!(confirm(&desk, &confirmation(&desk, district, &[other, one]), at), refusal(Code::NotAGap, "gaps.1"));
        assert_eq!(confirm(&desk, &confirmation(&desk, district, &[other, other]), at), refusal(Code::Repeated, "gaps.1"));

        report(&desk, other, 4, "2023-06-14T08:00:00Z", None);
        let ready = seen(&desk, district, at);
        assert_eq!((ready.stand, &ready.may), (Stand::Ready, &vec![CompilationAct::Confirm]));
        assert!(confirm(&desk, &confirmation(&desk, district, &[]), at).is_ok());
        let here = seen(&desk, district, at);
        assert_eq!((here.stand, here.changes, &here.may), (Stand::Here, 0, &vec![CompilationAct::Return]));
        let latest = here.latest.expect("a revision");
        assert_eq!((latest.revision, latest.expected, latest.received, latest.on_time), (1, 2, 2, 2));
        // The confirmation is the district's own report, on time by its receipt.
        let slots = desk.slots_as(&actor(Role::Planner), district, ON, "2023-06-14T12:00:00Z");
        let own = slots.iter().find(|slot| slot.level == Level::District).expect("a slot");
        assert_eq!((own.status, own.received), (ReportStatus::OnTime, Some(moment(at))));
        assert_eq!(confirm(&desk, &confirmation(&desk, district, &[]), at), refusal(Code::CompilationStand, ""), "nothing has changed");
        assert!(desk.world.refuses("UPDATE compilation SET received = 0") && desk.world.refuses("DELETE FROM compilation"));
    }

    a_gap_that_is_named_may_still_come_and_is_a_change(backend) {
        let Some(desk) = desk(backend) else { return };
        let (district, one, other) = (desk.world.district_a1, desk.world.commune_a1a, desk.world.commune_a1b);
        report(&desk, one, 3, "2023-06-14T03:00:00Z", None);
        let at = "2023-06-14T11:00:00Z";
        assert!(confirm(&desk, &confirmation(&desk, district, &[other]), at).is_ok());
        assert_eq!(seen(&desk, district, at).latest.expect("a revision").gaps.iter().map(|gap| gap.unit).collect::<Vec<_>>(), [other]);
        assert_eq!(seen(&desk, district, at).changes, 0);
        report(&desk, other, 4, "2023-06-14T11:30:00Z", Some("mất sóng"));
        report(&desk, one, 5, "2023-06-14T11:31:00Z", Some("đếm lại"));
        let changed = seen(&desk, district, "2023-06-14T12:00:00Z");
        assert_eq!((changed.stand, changed.changes), (Stand::Here, 2));
        assert!(changed.may.contains(&CompilationAct::Confirm), "what has changed may be confirmed again: {:?}", changed.may);
        assert!(confirm(&desk, &confirmation(&desk, district, &[]), "2023-06-14T12:00:01Z").is_ok());
        let again = seen(&desk, district, "2023-06-14T12:01:00Z");
        assert_eq!((again.changes, again.latest.map(|latest| (latest.revision, latest.on_time, latest.received))), (0, Some((2, 1, 2))));
        // The first confirmation, after 17:00, is the one that counts.
        let slots = desk.slots_as(&actor(Role::Planner), district, ON, "2023-06-14T12:01:00Z");
        assert_eq!(slots[0].status, ReportStatus::Late);
        assert_eq!(slots[0].received, Some(moment(at)));
    }

    what_is_returned_is_a_gap_until_it_is_answered(backend) {
        let Some(desk) = desk(backend) else { return };
        let (province, district, one, other) = (desk.world.province_a, desk.world.district_a1, desk.world.commune_a1a, desk.world.commune_a1b);
        assert_eq!(send_back(&desk, one, "2023-06-14T02:00:00Z"), refusal(Code::CompilationStand, ""), "there is nothing to return");
        for unit in [one, other] {
            report(&desk, unit, 3, "2023-06-14T03:00:00Z", None);
        }
        assert!(send_back(&desk, one, "2023-06-14T04:00:00Z").is_ok());
        let waiting = seen(&desk, district, "2023-06-14T04:00:01Z");
        assert_eq!((waiting.stand, waiting.gaps.iter().map(|gap| gap.unit).collect::<Vec<_>>()), (Stand::Waiting, vec![one]));
        assert_eq!(send_back(&desk, one, "2023-06-14T04:30:00Z"), refusal(Code::CompilationStand, ""), "it was returned already");
        report(&desk, one, 2, "2023-06-14T05:00:00Z", Some("sửa theo biên bản"));
        assert_eq!(seen(&desk, district, "2023-06-14T05:00:01Z").stand, Stand::Ready);
        assert_eq!(desk.status(one, ON, "2023-06-14T09:00:00Z"), ReportStatus::OnTime, "a return makes nothing late");

        // A district that is returned confirms again, although nothing below has changed.
        assert!(confirm(&desk, &confirmation(&desk, district, &[]), "2023-06-14T06:00:00Z").is_ok());
        assert!(send_back(&desk, district, "2023-06-14T06:30:00Z").is_ok());
        let returned = seen(&desk, province, "2023-06-14T06:31:00Z");
        assert!(returned.gaps.iter().any(|gap| gap.unit == district), "{:?}", returned.gaps);
        assert_eq!(seen(&desk, district, "2023-06-14T06:31:00Z").stand, Stand::Ready);
        assert!(confirm(&desk, &confirmation(&desk, district, &[]), "2023-06-14T07:00:00Z").is_ok());

        // Above it is confirmed with a district that stayed silent; what is above it is elsewhere, the gap is not.
        let silent = desk.world.district_a2;
        assert!(confirm(&desk, &confirmation(&desk, province, &[silent]), "2023-06-14T10:00:00Z").is_ok());
        let (below, gap) = (seen(&desk, district, "2023-06-14T10:01:00Z"), seen(&desk, silent, "2023-06-14T10:01:00Z"));
        assert_eq!((below.stand, below.may.len(), gap.stand), (Stand::Elsewhere, 0, Stand::Waiting));
        assert_eq!(send_back(&desk, district, "2023-06-14T10:02:00Z"), refusal(Code::CompilationStand, ""));
        assert!(confirm(&desk, &confirmation(&desk, silent, &[desk.world.commune_a2a]), "2023-06-14T10:03:00Z").is_ok());
    }

    a_total_that_a_level_states_stands_beside_its_parts(backend) {
        let Some(desk) = desk(backend) else { return };
        let (district, one, other) = (desk.world.district_a1, desk.world.commune_a1a, desk.world.commune_a1b);
        report(&desk, one, 30, "2023-06-14T03:00:00Z", None);
        report(&desk, other, 12, "2023-06-14T03:00:00Z", None);
        let [simple, _, composite] = desk.world.indicators;
        let stated = |indicators: &[(caodiem_domain::id::IndicatorId, i64)]| ConfirmDay {
            stated: indicators.iter().map(|(indicator, total)| (*indicator, count(*total))).collect(),
            ..confirmation(&desk, district, &[])
        };
        let at = "2023-06-14T09:00:00Z";
        assert_eq!(confirm(&desk, &stated(&[(composite, 50)]), at), refusal(Code::IndicatorIsComposite, "stated.0"));
        assert_eq!(confirm(&desk, &stated(&[(simple, 50), (simple, 51)]), at), refusal(Code::Repeated, "stated.1"));
        assert!(confirm(&desk, &stated(&[(simple, 50)]), at).is_ok());
        report(&desk, other, 15, "2023-06-14T09:30:00Z", Some("cộng thiếu"));
        let view = seen(&desk, district, "2023-06-14T10:00:00Z");
        let total = view.latest.expect("a revision").stated[0];
        assert_eq!((total.stated.get(), total.parts, total.gap(), view.sums[&simple]), (50, 42, 8, 45));
    }

    who_may_confirm_and_return_is_a_matter_of_scope(backend) {
        let Some(desk) = desk(backend) else { return };
        let (district, one) = (desk.world.district_a1, desk.world.commune_a1a);
        for unit in [one, desk.world.commune_a1b] {
            report(&desk, unit, 3, "2023-06-14T03:00:00Z", None);
        }
        let at = moment("2023-06-14T09:00:00Z");
        let by = |role, unit: UnitId| {
            let scope = desk.world.scope(&[unit]);
            let mut act = act(role, at);
            act.actor = Actor { unit, scope, ..act.actor };
            act
        };
        let as_of = |act: &caodiem_domain::usecase::Act, unit| {
            told(desk.world.store.write(|tx| confirm_day(act, tx, &confirmation(&desk, unit, &[]))))
        };
        assert_eq!(as_of(&by(Role::Reporter, desk.world.district_a2), district), refusal(Code::NotFound, "unit"));
        assert_eq!(as_of(&by(Role::Analyst, district), district), refusal(Code::Forbidden, ""));
        let mut team = by(Role::Reporter, district);
        team.actor.team = Some(desk.world.teams[0]);
        assert_eq!(as_of(&team, district), refusal(Code::NotFound, "unit"), "a team's reporter confirms nothing");
        assert!(as_of(&by(Role::Reporter, district), district).is_ok());
        // The district does not return its own report; the level above does.
        let returned = |act: &caodiem_domain::usecase::Act| {
            let reason = Reason::new("xem lại").expect("a reason");
            let command = ReturnDay { drive: desk.world.drive, unit: district, kind: ReportKind::Daily, day: day(ON), reason };
            told(desk.world.store.write(|tx| return_day(act, tx, &command)))
        };
        assert_eq!(returned(&by(Role::Planner, district)), refusal(Code::NotFound, "unit"));
        assert_eq!(seen_by(&by(Role::Planner, district).actor, &desk, district, "2023-06-14T09:00:00Z").may, []);
        assert!(returned(&by(Role::Planner, desk.world.province_a)).is_ok());
    }

    a_week_is_compiled_on_its_monday(backend) {
        let Some(desk) = desk(backend) else { return };
        let district = desk.world.district_a1;
        let status = |now: &str| {
            let mut question = desk.question(district, day("2023-06-11"), moment(now));
            question.kind = ReportKind::Weekly;
            question.level = Some(Level::District);
            let first = crate::world::first(10);
            let read = desk.world.store.read(|tx| {
                caodiem_domain::usecase::read_reporting::report_statuses(&actor(Role::Planner), tx, &question, &first)
            });
            let (page, _) = read.expect("statuses");
            page.rows.into_iter().map(|(_, slot)| slot.status).collect::<Vec<_>>()
        };
        // The week of 5 to 11 June is over on Monday the 12th and due before 17:00.
        assert_eq!(status("2023-06-11T16:59:59Z"), [ReportStatus::NotExpected]);
        assert_eq!(status("2023-06-12T09:59:59Z"), [ReportStatus::Expected]);
        assert_eq!(status("2023-06-12T10:00:00Z"), [ReportStatus::Missing]);
        let week = ConfirmDay { kind: ReportKind::Weekly, day: day("2023-06-11"), ..confirmation(&desk, district, &[]) };
        assert_eq!(confirm(&desk, &week, "2023-06-11T16:59:59Z"), refusal(Code::PeriodNotOpen, "day"));
        let other = ConfirmDay { day: day("2023-06-12"), ..week.clone() };
        assert_eq!(confirm(&desk, &other, "2023-06-14T03:00:00Z"), refusal(Code::NoReportDue, "day"));
        assert!(confirm(&desk, &week, "2023-06-12T09:59:59.999999Z").is_ok());
        assert_eq!(status("2023-06-12T10:00:00Z"), [ReportStatus::OnTime]);
    }
}
