//! Report discipline over the clock: what is on time, late, closed, excused, reopened; the same on both adapters.

use caodiem_domain::access::{Actor, Role, Scope};
use caodiem_domain::drive::Drive;
use caodiem_domain::error::Error;
use caodiem_domain::id::UnitId;
use caodiem_domain::page::Page;
use caodiem_domain::problem::{Code, Problem};
use caodiem_domain::reporting::chase::Silent;
use caodiem_domain::reporting::rule::{ReportKind, Reporters, ReportingRule};
use caodiem_domain::reporting::status::ReportStatus;
use caodiem_domain::tally::{Figure, Reporter, RowResult, TallyRow};
use caodiem_domain::text::{PlanNumber, Reason};
use caodiem_domain::time::{Calendar, Day, DaySpan, Instant};
use caodiem_domain::unit::Level;
use caodiem_domain::usecase::excuse_reports::{ExcuseReports, WithdrawExcuse, excuse_reports, withdraw_excuse};
use caodiem_domain::usecase::read_reporting::slots::ReportSlot;
use caodiem_domain::usecase::read_reporting::{
    Reporting, ReportingQuestion, StatusQuestion, chase_list, corrected_figures, report_statuses, reporting,
};
use caodiem_domain::usecase::record_tallies::{Submission, SubmissionOutcome};
use caodiem_domain::usecase::reopen_day::{ReopenDay, reopen_day};
use caodiem_tests::database::Backend;
use caodiem_tests::on_both;
use caodiem_tests::stage::{act, actor, request};

use crate::world::{World, count, day, days, first, moment, title};

/// The small country whose communes report before 15:30, with a drive of a year and a half.
pub(crate) struct Desk {
    pub(crate) world: World,
}

pub(crate) fn half_past_three() -> ReportingRule {
    ReportingRule::daily(Level::Commune, "15:30:00".parse().expect("a time"))
}

impl Desk {
    pub(crate) fn new(backend: Backend, rule: ReportingRule) -> Option<Self> {
        Self::with(backend, |drive| drive.reporting_rules = vec![rule])
    }

    pub(crate) fn with(backend: Backend, change: impl Fn(&mut Drive)) -> Option<Self> {
        let world = World::new(backend)?;
        world.write(|tx| {
            let mut drive = tx.drives_by_id(&Scope::Country, &[world.drive])?.remove(&world.drive).expect("the drive");
            drive.days = days("2023-06-01", "2024-12-31");
            drive.phases.clear();
            change(&mut drive);
            drive.version += 1;
            tx.update_drive(&drive)
        });
        Some(Self { world })
    }

    /// Sends a row that arrives at a moment.
    pub(crate) fn send(
        &self,
        reporter: Reporter,
        on: &str,
        figure: Option<i64>,
        at: &str,
        reason: Option<&str>,
    ) -> RowResult {
        let rows = vec![self.row(reporter, on, figure, reason)];
        self.submit(self.submission(rows, at)).rows.remove(0)
    }

    pub(crate) fn row(&self, reporter: Reporter, on: &str, figure: Option<i64>, reason: Option<&str>) -> TallyRow {
        let value = |value| Figure::Value { indicator: self.world.indicators[0], value: count(value) };
        TallyRow {
            reporter,
            credited: None,
            day: day(on),
            figure: figure.map_or(Figure::Nil, value),
            reason: reason.map(|text| Reason::new(text).expect("a reason")),
            device_at: None,
        }
    }

    pub(crate) fn submission(&self, rows: Vec<TallyRow>, at: &str) -> Submission {
        let actor = actor(Role::Reporter);
        Submission { request: request(&actor, 7), actor, received_at: moment(at), drive: self.world.drive, rows }
    }

    pub(crate) fn submit(&self, submission: Submission) -> SubmissionOutcome {
        let (reply, answer) = std::sync::mpsc::channel();
        self.world.store.submit(submission, Box::new(move |outcome| drop(reply.send(outcome))));
        answer.recv().expect("a reply").expect("an outcome")
    }

    pub(crate) fn question(&self, unit: UnitId, on: Day, now: Instant) -> StatusQuestion {
        StatusQuestion {
            drive: self.world.drive,
            unit,
            kind: ReportKind::Daily,
            day: on,
            level: None,
            team: None,
            statuses: Vec::new(),
            now,
        }
    }

    pub(crate) fn slots_as(&self, actor: &Actor, unit: UnitId, on: &str, now: &str) -> Vec<ReportSlot> {
        let question = self.question(unit, day(on), moment(now));
        let read = self.world.store.read(|tx| report_statuses(actor, tx, &question, &first(100)));
        let (page, count) = read.expect("statuses");
        assert_eq!(count, u64::try_from(page.rows.len()).expect("a count"));
        page.rows.into_iter().map(|(_, slot)| slot).collect()
    }

    /// How the report of a commune stands.
    pub(crate) fn status(&self, unit: UnitId, on: &str, now: &str) -> ReportStatus {
        let slots = self.slots_as(&actor(Role::Planner), unit, on, now);
        assert_eq!(slots.len(), 1, "{slots:?}");
        slots[0].status
    }

    pub(crate) fn rates(&self, unit: UnitId, from: &str, to: &str, now: &str) -> Reporting {
        let days = DaySpan { from: Some(day(from)), to: Some(day(to)) };
        let question = ReportingQuestion { drive: self.world.drive, unit, days, now: moment(now) };
        self.world.store.read(|tx| reporting(&actor(Role::Analyst), tx, &question)).expect("rates")
    }

    /// Expected, actual, on time, excused of communes under a unit.
    pub(crate) fn counts(&self, unit: UnitId, from: &str, to: &str, now: &str) -> [u64; 4] {
        let levels = self.rates(unit, from, to, now).whole.levels;
        let rates = levels.iter().find(|one| one.level == Level::Commune).map(|one| one.rates).unwrap_or_default();
        [rates.expected(), rates.actual(), rates.on_time(), rates.excused()]
    }

    pub(crate) fn chase(&self, unit: UnitId, on: &str, now: &str) -> Page<Silent> {
        let question = self.question(unit, day(on), moment(now));
        self.world.store.read(|tx| chase_list(&actor(Role::Planner), tx, &question, &first(100))).expect("a list").0
    }
}

fn code(result: &RowResult) -> Option<Code> {
    match result {
        RowResult::Refused(problem) => Some(problem.code()),
        _ => None,
    }
}

fn refused<T>(done: Result<T, Error>) -> Vec<(Code, String)> {
    match done {
        Err(Error::Refused(problems)) => {
            problems.iter().map(|problem: &Problem| (problem.code(), problem.field().to_owned())).collect()
        }
        Err(Error::Store(error)) => panic!("{error}"),
        Ok(_) => Vec::new(),
    }
}

on_both! {
    on_time_is_strictly_before_on_every_kind_of_day(backend) {
        let Some(desk) = Desk::new(backend, half_past_three()) else { return };
        let unit = desk.world.commune_a1a;
        // An ordinary day, a month's end, a year's end, a leap day: the last microsecond counts, the cut-off does not.
        for (on, before, cutoff, midnight) in [
            ("2023-06-14", "2023-06-14T08:29:59.999999Z", "2023-06-14T08:30:00Z", "2023-06-13T17:00:00Z"),
            ("2023-06-30", "2023-06-30T08:29:59.999999Z", "2023-06-30T08:30:00Z", "2023-06-29T17:00:00Z"),
            ("2023-12-31", "2023-12-31T08:29:59.999999Z", "2023-12-31T08:30:00Z", "2023-12-30T17:00:00Z"),
            ("2024-01-01", "2024-01-01T08:29:59.999999Z", "2024-01-01T08:30:00Z", "2023-12-31T17:00:00Z"),
            ("2024-02-29", "2024-02-29T08:29:59.999999Z", "2024-02-29T08:30:00Z", "2024-02-28T17:00:00Z"),
        ] {
            let (one, other) = (Reporter::Unit(unit), Reporter::Unit(desk.world.commune_a1b));
            let early = moment(midnight) - chrono::TimeDelta::microseconds(1);
            assert_eq!(code(&desk.send(one, on, Some(3), &early.to_rfc3339(), None)), Some(Code::DayInFuture), "{on}");
            assert_eq!(desk.status(unit, on, &early.to_rfc3339()), ReportStatus::NotExpected, "{on}");
            assert_eq!(desk.status(unit, on, midnight), ReportStatus::Expected, "{on}");
            assert_eq!(desk.status(unit, on, before), ReportStatus::Expected, "{on}");
            assert_eq!(desk.status(unit, on, cutoff), ReportStatus::Missing, "{on}");
            assert_eq!(desk.send(one, on, Some(3), before, None), RowResult::Accepted { revision: 1 }, "{on}");
            assert_eq!(desk.status(unit, on, cutoff), ReportStatus::OnTime, "{on}");
            assert_eq!(code(&desk.send(other, on, Some(3), cutoff, None)), Some(Code::LateReasonRequired), "{on}");
            assert_eq!(desk.send(other, on, Some(3), cutoff, Some("mất điện")), RowResult::Accepted { revision: 1 }, "{on}");
            assert_eq!(desk.status(desk.world.commune_a1b, on, cutoff), ReportStatus::Late, "{on}");
            assert_eq!(desk.counts(desk.world.district_a1, on, on, cutoff), [2, 2, 1, 0], "{on}");
        }
        let reports = desk.world.read(|tx| tx.reports_of(desk.world.drive, &[desk.world.commune_a1b], days("2024-02-29", "2024-02-29")));
        assert_eq!(reports[0].late_reason.as_ref().map(Reason::as_str), Some("mất điện"));
    }

    a_correction_or_a_retry_after_the_cut_off_leaves_a_report_on_time(backend) {
        let Some(desk) = Desk::new(backend, half_past_three()) else { return };
        let (unit, after) = (Reporter::Unit(desk.world.commune_a1a), "2023-06-14T09:00:00Z");
        let submission = desk.submission(vec![desk.row(unit, "2023-06-14", Some(5), None)], "2023-06-14T08:29:59.999999Z");
        assert!(!desk.submit(submission.clone()).replayed);
        let retried = desk.submit(Submission { received_at: moment(after), ..submission });
        assert_eq!((retried.replayed, &retried.rows[0]), (true, &RowResult::Accepted { revision: 1 }));
        // The same figure under another id says nothing new either; a correction is counted and changes no status.
        assert_eq!(desk.send(unit, "2023-06-14", Some(5), after, None), RowResult::Unchanged { revision: 1 });
        assert_eq!(desk.send(unit, "2023-06-14", Some(6), after, Some("đếm lại")), RowResult::Accepted { revision: 2 });
        assert_eq!(desk.status(desk.world.commune_a1a, "2023-06-14", after), ReportStatus::OnTime);
        let days = DaySpan { from: Some(day("2023-06-14")), to: Some(day("2023-06-14")) };
        let question = ReportingQuestion { drive: desk.world.drive, unit: desk.world.district_a1, days, now: moment(after) };
        let corrected = desk.world.store.read(|tx| corrected_figures(&actor(Role::Analyst), tx, &question));
        assert_eq!(corrected, Ok(1));
    }

    a_nil_report_is_a_report_and_a_team_speaks_for_its_unit(backend) {
        let Some(desk) = Desk::new(backend, half_past_three()) else { return };
        let (on, now) = ("2023-06-14", "2023-06-14T09:00:00Z");
        let team = Reporter::Team(desk.world.teams[0]);
        assert_eq!(desk.send(team, on, None, "2023-06-14T03:00:00Z", None), RowResult::Accepted { revision: 0 });
        // Its unit has spoken: another of it is not late any more.
        let own = desk.send(Reporter::Unit(desk.world.commune_a1a), on, Some(2), now, None);
        assert_eq!(own, RowResult::Accepted { revision: 1 });
        assert_eq!(desk.status(desk.world.commune_a1a, on, now), ReportStatus::OnTime);
        assert_eq!(desk.counts(desk.world.country, on, on, now), [4, 1, 1, 0]);
    }

    each_team_reports_by_itself_where_the_rule_says_so(backend) {
        let rule = ReportingRule { reporters: Reporters::EachTeam, ..half_past_three() };
        let Some(desk) = Desk::new(backend, rule) else { return };
        let (on, now) = ("2023-06-14", "2023-06-14T09:00:00Z");
        desk.send(Reporter::Unit(desk.world.commune_a1a), on, Some(2), "2023-06-14T03:00:00Z", None);
        assert_eq!(desk.counts(desk.world.country, on, on, now), [2, 0, 0, 0], "the unit's own word is no team's");
        desk.send(Reporter::Team(desk.world.teams[0]), on, None, "2023-06-14T03:00:00Z", None);
        assert_eq!(desk.counts(desk.world.country, on, on, now), [2, 1, 1, 0]);
        assert_eq!(desk.counts(desk.world.district_a1, on, on, now), [1, 1, 1, 0]);
        let slots = desk.slots_as(&actor(Role::Planner), desk.world.country, on, now);
        let stands: Vec<_> = slots.iter().map(|slot| (slot.debtor.team, slot.status)).collect();
        assert_eq!(stands, [(Some(desk.world.teams[0]), ReportStatus::OnTime), (Some(desk.world.teams[1]), ReportStatus::Missing)]);
        // A reporter of one team sees that team alone, in lists and counts.
        let own = Actor { team: Some(desk.world.teams[1]), unit: desk.world.commune_b1a, ..actor(Role::Reporter) };
        let seen = desk.slots_as(&own, desk.world.country, on, now);
        assert_eq!(seen.iter().map(|slot| slot.debtor.team).collect::<Vec<_>>(), [Some(desk.world.teams[1])]);
    }

    grace_counts_as_on_time_and_a_closed_day_takes_nothing(backend) {
        let rule = ReportingRule { grace_minutes: 10, closes_after_minutes: Some(510), ..half_past_three() };
        let Some(desk) = Desk::new(backend, rule) else { return };
        let (one, other) = (Reporter::Unit(desk.world.commune_a1a), Reporter::Unit(desk.world.commune_a1b));
        let on = "2023-06-14";
        assert_eq!(desk.send(one, on, Some(1), "2023-06-14T08:39:59.999999Z", None), RowResult::Accepted { revision: 1 });
        assert_eq!(desk.status(desk.world.commune_a1a, on, "2023-06-14T09:00:00Z"), ReportStatus::OnTime);
        let late = |at: &str| code(&desk.send(other, on, Some(1), at, Some("muộn")));
        let closed = "2023-06-14T17:00:00Z";
        assert_eq!(late(closed), Some(Code::PeriodClosed));
        assert_eq!(code(&desk.send(one, on, Some(2), closed, Some("đếm lại"))), Some(Code::PeriodClosed), "not even a correction");
        assert_eq!(late("2023-06-14T16:59:59.999999Z"), None);

        // Two people open it again, for one commune and an hour.
        let command = ReopenDay {
            drive: desk.world.drive,
            unit: desk.world.commune_a1a,
            days: days(on, on),
            until: moment("2023-06-15T04:00:00Z"),
            reason: Reason::new("sửa theo biên bản").expect("a reason"),
            decision: PlanNumber::new("12/QĐ").expect("a number"),
        };
        let planner = act(Role::Planner, moment("2023-06-15T03:00:00Z"));
        let alone = caodiem_domain::usecase::Act { actor: Actor { account: caodiem_domain::id::AccountId::new(9), ..planner.actor.clone() }, ..planner.clone() };
        assert_eq!(refused(desk.world.store.write(|tx| reopen_day(&alone, tx, &command))), [(Code::NeedsTwoPeople, String::new())]);
        let never = ReopenDay { until: moment("2023-06-15T02:00:00Z"), ..command.clone() };
        assert_eq!(refused(desk.world.store.write(|tx| reopen_day(&planner, tx, &never))), [(Code::OutOfRange, "until".to_owned())]);
        desk.world.store.write(|tx| reopen_day(&planner, tx, &command)).expect("it is opened");
        let again = |reporter, at: &str| code(&desk.send(reporter, on, Some(4), at, Some("đếm lại")));
        assert_eq!(again(other, "2023-06-15T03:30:00Z"), Some(Code::PeriodClosed), "the other commune stays closed");
        assert_eq!(again(one, "2023-06-15T03:30:00Z"), None);
        assert_eq!(code(&desk.send(one, on, Some(5), "2023-06-15T04:00:00Z", Some("lần nữa"))), Some(Code::PeriodClosed));
        assert!(desk.world.refuses("UPDATE reopening SET until = until + 1"), "reopened days are a record");
    }

    silence_is_excused_with_a_reason_until_that_is_withdrawn(backend) {
        let Some(desk) = Desk::new(backend, half_past_three()) else { return };
        let (on, now) = ("2023-06-14", "2023-06-14T09:00:00Z");
        let planner = || act(Role::Planner, moment("2023-06-13T03:00:00Z"));
        let command = ExcuseReports {
            drive: desk.world.drive,
            unit: desk.world.district_a1,
            team: None,
            days: days("2023-06-13", "2023-06-15"),
            reason: Reason::new("lũ quét").expect("a reason"),
        };
        let outside = ExcuseReports { days: days("2023-05-31", "2023-06-15"), ..command.clone() };
        let refusal = refused(desk.world.store.write(|tx| excuse_reports(&planner(), tx, &outside)));
        assert_eq!(refusal, [(Code::DayOutsideDrive, "days".to_owned())]);
        let excuse = desk.world.store.write(|tx| excuse_reports(&planner(), tx, &command)).expect("an excuse");
        desk.send(Reporter::Unit(desk.world.commune_a1b), on, Some(1), "2023-06-14T03:00:00Z", None);
        assert_eq!(desk.status(desk.world.commune_a1a, on, now), ReportStatus::Excused);
        assert_eq!(desk.status(desk.world.commune_a1b, on, now), ReportStatus::OnTime, "what came, came");
        assert_eq!(desk.counts(desk.world.district_a1, on, on, now), [1, 1, 1, 1]);
        assert_eq!(desk.counts(desk.world.district_a1, "2023-06-12", on, now), [2 + 1, 1, 1, 3]);
        assert_eq!(desk.chase(desk.world.district_a1, on, now).rows.len(), 0);
        // The district's own admin does not polish the rates of a drive from above.
        let below = Actor { unit: desk.world.district_a1, scope: desk.world.scope(&[desk.world.district_a1]), ..actor(Role::Planner) };
        let mut by_district = planner();
        by_district.actor = below;
        let refusal = refused(desk.world.store.write(|tx| excuse_reports(&by_district, tx, &command)));
        assert_eq!(refusal, [(Code::NotFound, "drive".to_owned())]);

        let back = WithdrawExcuse { excuse, expected_version: 1, reason: Reason::new("nhầm huyện").expect("a reason") };
        let stale = WithdrawExcuse { expected_version: 2, ..back.clone() };
        assert_eq!(refused(desk.world.store.write(|tx| withdraw_excuse(&planner(), tx, &stale))), [(Code::StaleVersion, "expectedVersion".to_owned())]);
        desk.world.store.write(|tx| withdraw_excuse(&planner(), tx, &back)).expect("it is withdrawn");
        assert_eq!(refused(desk.world.store.write(|tx| withdraw_excuse(&planner(), tx, &back.clone()))), [(Code::ExcuseWithdrawn, "excuse".to_owned())]);
        assert_eq!(desk.counts(desk.world.district_a1, on, on, now), [2, 1, 1, 0]);
        let kept = desk.world.read(|tx| tx.excuses(&[desk.world.drive], days(on, on)));
        assert_eq!(kept.len(), 1, "it stays on record");
        assert_eq!(kept[0].withdrawn.as_ref().map(|one| one.reason.as_str()), Some("nhầm huyện"));
    }

    holidays_owe_nothing_and_silence_is_counted_in_days_that_do(backend) {
        let rest = Calendar {
            weekdays: (0..5).collect(),
            holidays: [day("2023-06-14")].into(),
            extra_days: [day("2023-06-17")].into(),
        };
        let Some(desk) = Desk::with(backend, |drive| {
            drive.reporting_rules = vec![half_past_three()];
            drive.calendar = rest.clone();
        }) else { return };
        let unit = Reporter::Unit(desk.world.commune_a1a);
        assert_eq!(desk.status(desk.world.commune_a1a, "2023-06-14", "2023-06-20T00:00:00Z"), ReportStatus::NotExpected);
        assert_eq!(desk.status(desk.world.commune_a1a, "2023-06-17", "2023-06-20T00:00:00Z"), ReportStatus::Missing);
        // A report on a day off takes no reason, however late, and counts for no rate.
        assert_eq!(desk.send(unit, "2023-06-14", Some(2), "2023-06-15T03:00:00Z", None), RowResult::Accepted { revision: 1 });
        // Monday to Saturday with the holiday out and the extra day in: five days of four communes.
        assert_eq!(desk.counts(desk.world.country, "2023-06-12", "2023-06-18", "2023-06-20T00:00:00Z"), [20, 0, 0, 0]);
        desk.send(Reporter::Unit(desk.world.commune_a1b), "2023-06-13", Some(2), "2023-06-13T03:00:00Z", None);
        let page = desk.chase(desk.world.district_a1, "2023-06-19", "2023-06-19T09:00:00Z");
        let told: Vec<_> = page.rows.iter().map(|(_, one)| (one.debtor.unit, one.in_a_row, one.last_reported)).collect();
        // Since the 14th: 15, 16, 17 (extra), 19; since the 13th the same, the holiday between owes nothing.
        assert_eq!(told, [
            (desk.world.commune_a1a, 4, Some(day("2023-06-14"))),
            (desk.world.commune_a1b, 4, Some(day("2023-06-13"))),
        ]);
    }

    who_is_out_of_scope_is_not_in_lists_or_counts(backend) {
        let Some(desk) = Desk::new(backend, half_past_three()) else { return };
        let (on, now) = ("2023-06-14", "2023-06-14T09:00:00Z");
        let scope = desk.world.scope(&[desk.world.district_a1]);
        let below = Actor { unit: desk.world.district_a1, scope, ..actor(Role::Planner) };
        let seen = desk.slots_as(&below, desk.world.district_a1, on, now);
        assert_eq!(seen.len(), 2);
        for unit in [desk.world.province_a, desk.world.district_b1, UnitId::new(999_999)] {
            let question = desk.question(unit, day(on), moment(now));
            let refusal = refused(desk.world.store.read(|tx| report_statuses(&below, tx, &question, &first(5))));
            assert_eq!(refusal, [(Code::NotFound, "unit".to_owned())]);
            let refusal = refused(desk.world.store.read(|tx| chase_list(&below, tx, &question, &first(5))));
            assert_eq!(refusal, [(Code::NotFound, "unit".to_owned())]);
        }
        let bound = Actor { drive: Some(desk.world.local_drive), ..below };
        let question = desk.question(desk.world.district_a1, day(on), moment(now));
        assert_eq!(refused(desk.world.store.read(|tx| report_statuses(&bound, tx, &question, &first(5)))), [(Code::NotFound, "drive".to_owned())]);
    }

    reports_to_a_drive_below_count_above(backend) {
        let Some(desk) = Desk::new(backend, half_past_three()) else { return };
        let (on, now) = ("2023-06-14", "2023-06-14T09:00:00Z");
        desk.world.write(|tx| {
            let local = desk.world.local_drive;
            let mut drive = tx.drives_by_id(&Scope::Country, &[local])?.remove(&local).expect("the drive");
            drive.indicators = desk.world.indicators.into_iter().collect();
            drive.title = title("Đợt của huyện");
            drive.version += 1;
            tx.update_drive(&drive)
        });
        // The district's own drive has no rule for communes: that of the drive above holds.
        let row = desk.row(Reporter::Unit(desk.world.commune_a1a), on, Some(2), None);
        let submission = |at: &str| Submission { drive: desk.world.local_drive, ..desk.submission(vec![row.clone()], at) };
        assert_eq!(code(&desk.submit(submission("2023-06-14T08:30:00Z")).rows[0]), Some(Code::LateReasonRequired));
        assert_eq!(code(&desk.submit(submission("2023-06-14T08:00:00Z")).rows[0]), None);
        assert_eq!(desk.status(desk.world.commune_a1a, on, now), ReportStatus::OnTime);
        assert_eq!(desk.counts(desk.world.country, on, on, now), [4, 1, 1, 0]);
    }
}
