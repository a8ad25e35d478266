//! A whole drive, made up from a fixed seed: 19 communes of 12 villages report for 70 days, some silent, some late, some
//! corrected, with a holiday, excuses, and a merger of two communes in the middle. What storage and the rules make of it is
//! compared with a tally kept by the script itself, and printed to `tests/golden/reporting.txt`, the same on both adapters.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use caodiem_domain::access::{Role, Scope};
use caodiem_domain::drive::Drive;
use caodiem_domain::id::{DriveId, IndicatorId, Sequence, UnitId};
use caodiem_domain::page::{Direction, PageRequest};
use caodiem_domain::reporting::rates::Rates;
use caodiem_domain::reporting::rule::{ReportKind, ReportingRule};
use caodiem_domain::reporting::status::ReportStatus;
use caodiem_domain::tally::{Figure, Reporter, RowResult, TallyRow};
use caodiem_domain::text::{Reason, UnitCode, UnitName};
use caodiem_domain::time::{Day, DayRange, DaySpan, Instant, from_viet_nam};
use caodiem_domain::unit::{Level, Unit, UnitKind};
use caodiem_domain::usecase::excuse_reports::{ExcuseReports, excuse_reports};
use caodiem_domain::usecase::read_reporting::{
    ReportingQuestion, StatusQuestion, chase_list, corrected_figures, report_statuses, reporting,
};
use caodiem_domain::usecase::record_tallies::Submission;
use caodiem_domain::usecase::reform_units::{MergeUnits, Successor, merge_units};
use caodiem_tests::database::Backend;
use caodiem_tests::golden;
use caodiem_tests::on_both;
use caodiem_tests::stage::{Stage, act, actor, request};
use chrono::NaiveTime;

use crate::world::{all_pages, count, day, days, indicator, moment, plan, title, unit};

const COMMUNES: usize = 19;
const VILLAGES: usize = 12;
const FROM: &str = "2023-04-11";
const TO: &str = "2023-06-19";
const HOLIDAY: &str = "2023-05-01";
const REFORM: &str = "2023-05-16";

/// Marsaglia's xorshift: the same numbers for ever.
struct Dice(u64);

impl Dice {
    fn of_hundred(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % 100
    }
}

/// What a village does on a day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deed {
    Silent,
    Nil,
    OnTime,
    Late,
    /// On time, and corrected the next morning.
    Corrected,
}

struct Play {
    stage: Stage,
    district: UnitId,
    communes: Vec<UnitId>,
    /// By commune; ids for ever.
    villages: Vec<Vec<UnitId>>,
    drive: DriveId,
    indicator: IndicatorId,
    deeds: BTreeMap<(UnitId, Day), Deed>,
}

fn at(on: Day, time: &str) -> Instant {
    from_viet_nam(on, time.parse::<NaiveTime>().expect("a time"))
}

fn deed(dice: &mut Dice, commune: usize, village: usize, on: Day) -> Deed {
    let roll = dice.of_hundred();
    // One village falls silent for good, another for nine days; the fifth commune is late more often than not.
    if (commune == 2 && village == 3 && on >= day("2023-06-05"))
        || (commune == 7 && village == 0 && (day("2023-06-02")..day("2023-06-11")).contains(&on))
    {
        return Deed::Silent;
    }
    match roll {
        0..=5 => Deed::Silent,
        6..=9 => Deed::Nil,
        10..=17 => Deed::Late,
        18..=70 if commune == 4 => Deed::Late,
        18..=20 => Deed::Corrected,
        _ => Deed::OnTime,
    }
}

impl Play {
    fn new(backend: Backend) -> Option<Self> {
        let stage = Stage::empty(backend)?;
        let made = stage.store.write(|tx| {
            let ids = tx.allocate(Sequence::Unit, 2 + COMMUNES + COMMUNES * VILLAGES)?;
            let mut ids = ids.into_iter().map(UnitId::new);
            let mut next = || ids.next().expect("a key");
            let root = unit(next(), None, "P", UnitKind::Province);
            let district = unit(next(), Some(&root), "D", UnitKind::RuralDistrict);
            let (mut units, mut communes, mut villages) = (vec![root, district.clone()], Vec::new(), Vec::new());
            for at in 1..=COMMUNES {
                let commune = unit(next(), Some(&district), &format!("C{at:02}"), UnitKind::RuralCommune);
                let below: Vec<Unit> = (1..=VILLAGES)
                    .map(|village| unit(next(), Some(&commune), &format!("C{at:02}V{village:02}"), UnitKind::Village))
                    .collect();
                communes.push(commune.id);
                villages.push(below.iter().map(|village| village.id).collect());
                units.push(commune);
                units.extend(below);
            }
            tx.insert_units(&units)?;
            let counted = IndicatorId::new(tx.allocate(Sequence::Indicator, 1)?[0]);
            tx.insert_indicator(&indicator(counted, "L1", Vec::new()))?;
            let drive = DriveId::new(tx.allocate(Sequence::Drive, 1)?[0]);
            let mut planned = Drive {
                days: days(FROM, TO),
                tree_date: day(FROM),
                title: title("Đợt giả lập"),
                reporting_rules: vec![ReportingRule::daily(Level::Village, "15:30:00".parse().expect("a time"))],
                ..plan(drive, district.id, "9/KH")
            };
            planned.indicators.insert(counted);
            planned.calendar.holidays.insert(day(HOLIDAY));
            tx.insert_drive(&planned)?;
            Ok((district.id, communes, villages, drive, counted))
        });
        let (district, communes, villages, drive, indicator) = made.expect("a district");
        Some(Self { stage, district, communes, villages, drive, indicator, deeds: BTreeMap::new() })
    }

    fn row(&self, village: UnitId, on: Day, figure: Option<i64>, reason: Option<&str>) -> TallyRow {
        TallyRow {
            reporter: Reporter::Unit(village),
            credited: None,
            day: on,
            figure: figure
                .map_or(Figure::Nil, |value| Figure::Value { indicator: self.indicator, value: count(value) }),
            reason: reason.map(|text| Reason::new(text).expect("a reason")),
            device_at: None,
        }
    }

    fn send(&self, rows: Vec<TallyRow>, received_at: Instant) {
        if rows.is_empty() {
            return;
        }
        let actor = actor(Role::Reporter);
        let submission = Submission { request: request(&actor, 3), actor, received_at, drive: self.drive, rows };
        for result in self.stage.submit(submission).expect("an outcome").rows {
            assert!(matches!(result, RowResult::Accepted { .. }), "{result:?}");
        }
    }

    /// Plays the days one after another; the reform comes where it falls, the excuse before its days.
    fn play(&mut self) {
        let mut dice = Dice(0x0051_6a2d_eb1a_2023);
        for on in days(FROM, TO).days() {
            if on == day(REFORM) {
                self.merge();
            }
            let (mut before, mut after, mut corrections) = (Vec::new(), Vec::new(), Vec::new());
            for commune in 0..COMMUNES {
                for village in 0..VILLAGES {
                    let deed = deed(&mut dice, commune, village, on);
                    let id = self.villages[commune][village];
                    self.deeds.insert((id, on), deed);
                    let figure = i64::try_from(commune + village).expect("a figure") % 7;
                    match deed {
                        Deed::Silent => {}
                        Deed::Nil => before.push(self.row(id, on, None, None)),
                        Deed::OnTime => before.push(self.row(id, on, Some(figure), None)),
                        Deed::Late => after.push(self.row(id, on, Some(figure), Some("mất sóng"))),
                        Deed::Corrected => {
                            before.push(self.row(id, on, Some(figure), None));
                            corrections.push(self.row(id, on, Some(figure + 1), Some("đếm lại")));
                        }
                    }
                }
            }
            self.send(before, at(on, "15:29:59.999999"));
            self.send(after, at(on, "15:30:00"));
            self.send(corrections, at(on.succ_opt().expect("a day"), "08:00:00"));
        }
    }

    /// Communes 18 and 19 become one, and their villages move along.
    fn merge(&self) {
        let command = MergeUnits {
            from: self.communes[17..].to_vec(),
            into: Successor::Founded {
                parent: self.district,
                code: UnitCode::new("C20").expect("a code"),
                name: UnitName::new("Hợp Nhất").expect("a name"),
                kind: UnitKind::RuralCommune,
            },
            on: day(REFORM),
            legal_basis: None,
        };
        let by = act(Role::SystemAdmin, at(day(REFORM), "00:00:00"));
        self.stage.store.write(|tx| merge_units(&by, tx, &command)).expect("a merger");
    }

    fn excuse(&self) {
        let command = ExcuseReports {
            drive: self.drive,
            unit: self.communes[10],
            team: None,
            days: days("2023-05-20", "2023-05-22"),
            reason: Reason::new("lũ quét").expect("a reason"),
        };
        let by = act(Role::Planner, at(day("2023-05-20"), "06:00:00"));
        self.stage.store.write(|tx| excuse_reports(&by, tx, &command)).expect("an excuse");
    }

    /// What the script itself says of some villages over some days, once they are over.
    fn expected(&self, villages: &[UnitId], over: DayRange) -> Rates {
        let excused = |village: UnitId, on: Day| {
            self.villages[10].contains(&village) && days("2023-05-20", "2023-05-22").contains(on)
        };
        let of = |village: UnitId, on: Day| {
            let deed = self.deeds[&(village, on)];
            Rates::of(match deed {
                _ if on == day(HOLIDAY) => ReportStatus::NotExpected,
                Deed::Nil | Deed::OnTime | Deed::Corrected => ReportStatus::OnTime,
                Deed::Late => ReportStatus::Late,
                Deed::Silent if excused(village, on) => ReportStatus::Excused,
                Deed::Silent => ReportStatus::Missing,
            })
        };
        villages
            .iter()
            .flat_map(|village| over.days().map(move |on| (*village, on)))
            .map(|(village, on)| of(village, on))
            .sum()
    }

    fn rates(&self, unit: UnitId, over: DayRange) -> caodiem_domain::usecase::read_reporting::Reporting {
        let span = DaySpan { from: Some(over.from()), to: Some(over.to()) };
        let question = ReportingQuestion { drive: self.drive, unit, days: span, now: moment("2023-06-20T00:00:00Z") };
        self.stage.store.read(|tx| reporting(&actor(Role::Analyst), tx, &question)).expect("rates")
    }

    fn corrected(&self) -> u64 {
        let question = ReportingQuestion {
            drive: self.drive,
            unit: self.district,
            days: DaySpan::default(),
            now: moment("2023-06-20T00:00:00Z"),
        };
        self.stage.store.read(|tx| corrected_figures(&actor(Role::Analyst), tx, &question)).expect("a count")
    }

    fn question(&self, unit: UnitId, on: Day, now: Instant) -> StatusQuestion {
        StatusQuestion {
            drive: self.drive,
            unit,
            kind: ReportKind::Daily,
            day: on,
            level: None,
            team: None,
            statuses: Vec::new(),
            now,
        }
    }
}

fn line(rates: Rates) -> String {
    let rate = |rate: Option<caodiem_domain::exact::Exact>| rate.map_or("-".to_owned(), |rate| rate.to_decimal(6));
    format!(
        "{:>6} {:>6} {:>6} {:>4}  {}  {}",
        rates.expected(),
        rates.actual(),
        rates.on_time(),
        rates.excused(),
        rate(rates.rate()),
        rate(rates.rate_on_time())
    )
}

fn village_rates(of: &caodiem_domain::usecase::read_reporting::UnitRates) -> Rates {
    of.levels.iter().find(|one| one.level == Level::Village).map(|one| one.rates).unwrap_or_default()
}

impl Play {
    fn code(&self, unit: UnitId) -> String {
        let found = self.stage.store.read(|tx| Ok(tx.units_by_id(&Scope::Country, &[unit])?)).expect("units");
        found[&unit].version.code.to_string()
    }

    /// Who is silent on a day at a moment, as the chase list tells it, page by page.
    fn chased(&self, on: Day, now: Instant) -> Vec<String> {
        let question = self.question(self.district, on, now);
        let read = |page: &PageRequest| {
            self.stage.store.read(|tx| Ok(chase_list(&actor(Role::Planner), tx, &question, page)?.0)).expect("a list")
        };
        let rows = all_pages(Direction::Forward, 7, read);
        rows.iter()
            .map(|one| {
                let last = one.last_reported.map_or("never".to_owned(), |day| day.to_string());
                format!("{code} {days} days, last {last}", code = self.code(one.debtor.unit), days = one.in_a_row)
            })
            .collect()
    }

    /// How long a village has been silent up to a day, by the script.
    fn silence(&self, village: UnitId, on: Day) -> u32 {
        let back = DayRange::new(day(FROM), on).expect("days").days().collect::<Vec<_>>().into_iter().rev();
        let excused = |on: Day| self.villages[10].contains(&village) && days("2023-05-20", "2023-05-22").contains(on);
        let silent = back.take_while(|on| self.deeds[&(village, *on)] == Deed::Silent);
        let owed = silent.filter(|on| *on != day(HOLIDAY) && !excused(*on));
        u32::try_from(owed.count()).expect("a count")
    }

    fn print(&self) -> String {
        let mut text = String::from(
            "# Expected, actual, on time, excused; rate, rate on time: of villages, over the whole drive.\n",
        );
        let whole = self.rates(self.district, days(FROM, TO));
        let _ = writeln!(text, "all  {}", line(village_rates(&whole.whole)));
        for child in &whole.children {
            let _ = writeln!(text, "{:<4} {}", self.code(child.unit), line(village_rates(child)));
        }
        let _ = writeln!(text, "corrected figures {}\n\n# The same of all villages, day by day.", self.corrected());
        for on in days(FROM, TO).days() {
            let _ = writeln!(text, "{on} {}", line(village_rates(&self.rates(self.district, DayRange::day(on)).whole)));
        }
        for (on, now) in [("2023-05-21", "15:30:00"), ("2023-06-10", "15:30:00"), (TO, "23:59:59")] {
            let _ = writeln!(text, "\n# Who has to be chased for {on} at {now}.");
            for one in self.chased(day(on), at(day(on), now)) {
                let _ = writeln!(text, "{one}");
            }
        }
        text
    }
}

on_both! {
    a_drive_of_seventy_days_reports_as_its_script_says(backend) {
        let Some(mut play) = Play::new(backend) else { return };
        play.play();
        play.excuse();
        let all: Vec<UnitId> = play.villages.concat();
        // Rates of any unit and any range are those of the script: on each side of the reform, across it, around the
        // holiday and the excuse.
        for (from, to) in [(FROM, TO), (FROM, "2023-05-15"), (REFORM, TO), ("2023-04-30", "2023-05-02"), ("2023-05-19", "2023-05-23"), (TO, TO)] {
            let over = days(from, to);
            let found = play.rates(play.district, over);
            assert_eq!(village_rates(&found.whole), play.expected(&all, over), "{from} to {to}");
            let children: Rates = found.children.iter().map(village_rates).sum();
            assert_eq!(children, village_rates(&found.whole), "what is under a unit adds up, {from} to {to}");
            for commune in [0, 4, 10] {
                let expected = play.expected(&play.villages[commune], over);
                assert_eq!(village_rates(&play.rates(play.communes[commune], over).whole), expected, "commune {commune}, {from} to {to}");
            }
        }
        // A commune that went into another owes nothing from that day on.
        let gone = play.expected(&play.villages[18], days(FROM, "2023-05-15"));
        assert_eq!(village_rates(&play.rates(play.communes[18], days(FROM, TO)).whole), gone);
        let corrected = play.deeds.values().filter(|deed| **deed == Deed::Corrected).count();
        assert_eq!(play.corrected(), u64::try_from(corrected).expect("a count"));

        // The status table of a day, slot by slot, and the chase list with its days in a row.
        let on = day("2023-06-10");
        let question = play.question(play.district, on, at(on, "15:30:00"));
        let read = |page: &PageRequest| play.stage.store.read(|tx| Ok(report_statuses(&actor(Role::Planner), tx, &question, page)?.0)).expect("statuses");
        let slots = all_pages(Direction::Forward, 50, read);
        assert_eq!(slots.len(), COMMUNES * VILLAGES);
        for slot in &slots {
            let silent = play.deeds[&(slot.debtor.unit, on)] == Deed::Silent;
            assert_eq!(slot.status == ReportStatus::Missing, silent, "{slot:?}");
        }
        let silent: Vec<UnitId> = all.iter().copied().filter(|village| play.deeds[&(*village, on)] == Deed::Silent).collect();
        let chased = play.chased(on, at(on, "15:30:00"));
        assert_eq!(chased.len(), silent.len());
        for village in silent {
            let told = format!("{code} {days} days,", code = play.code(village), days = play.silence(village, on));
            assert!(chased.iter().any(|line| line.starts_with(&told)), "{told} is not in {chased:#?}");
        }
        golden::check("tests/golden/reporting.txt", &play.print());
    }
}
