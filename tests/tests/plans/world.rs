//! A small province with a drive: two districts of two communes each, one district without any, two villages.

use std::collections::BTreeSet;

use caodiem_domain::access::{Actor, Role, Scope};
use caodiem_domain::baseline::BaselineKey;
use caodiem_domain::count::Count;
use caodiem_domain::drive::Settles;
use caodiem_domain::error::Error;
use caodiem_domain::exact::Exact;
use caodiem_domain::id::{DriveId, GroupId, IndicatorId, PhaseId, TeamId, UnitId};
use caodiem_domain::indicator::{Attribution, Stage as Step, TimeRule};
use caodiem_domain::ports::WriteTx;
use caodiem_domain::quota::{Basis, Holder, Quota, QuotaKey};
use caodiem_domain::tally::{Figure, Reporter, TallyRow};
use caodiem_domain::team::{Organisation, TeamKind};
use caodiem_domain::text::{Key, PlanNumber, Post, Reason, Source, Title, UnitCode, UnitName};
use caodiem_domain::time::{Calendar, Day, DayRange, Instant};
use caodiem_domain::unit::UnitKind;
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::change_drive::open_drive;
use caodiem_domain::usecase::define_catalogue::{DefineGroup, DefineIndicator, define_group, define_indicator};
use caodiem_domain::usecase::manage_teams::{FormTeam, NewMember, form_teams};
use caodiem_domain::usecase::plan_drive::{CreateDrive, PhasePlan, create_drive};
use caodiem_domain::usecase::record_baselines::{RecordBaselines, record_baselines};
use caodiem_domain::usecase::record_tallies::Submission;
use caodiem_domain::usecase::revise_unit::{FoundUnit, found_unit};
use caodiem_domain::usecase::set_quotas::{QuotaSetting, SetQuotas, set_quotas};
use caodiem_tests::database::Backend;
use caodiem_tests::stage::{Stage, act, actor, request};

/// What everybody is told is the time.
pub(crate) fn now() -> Instant {
    "2023-06-25T02:00:00Z".parse().expect("a moment")
}

pub(crate) fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

pub(crate) fn exact(text: &str) -> Exact {
    Exact::parse(text).expect("a number")
}

pub(crate) fn key(text: &str) -> Key {
    Key::new(text).expect("a key")
}

pub(crate) fn title(text: &str) -> Title {
    Title::new(text).expect("a title")
}

/// A quota that does not exist yet.
pub(crate) fn first(key: QuotaKey, basis: Basis) -> QuotaSetting {
    QuotaSetting { key, basis, due: None, counts_opening: false, expected_version: 0 }
}

/// The codes and places of a refusal.
pub(crate) fn refusals<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Vec<(&'static str, String)> {
    match outcome {
        Err(Error::Refused(problems)) => {
            problems.iter().map(|problem| (problem.code().as_str(), problem.field().to_owned())).collect()
        }
        other => panic!("not refused: {other:?}"),
    }
}

/// The province and its drive.
pub(crate) struct World {
    pub(crate) stage: Stage,
    pub(crate) province: UnitId,
    pub(crate) districts: Vec<UnitId>,
    /// Two of the first district, two of the second.
    pub(crate) communes: Vec<UnitId>,
    pub(crate) villages: Vec<UnitId>,
    pub(crate) group: GroupId,
    pub(crate) eligible: IndicatorId,
    /// Level 1, level 2.
    pub(crate) parts: [IndicatorId; 2],
    /// Both together.
    pub(crate) activated: IndicatorId,
    /// A level: records that wait for approval.
    pub(crate) waiting: IndicatorId,
    pub(crate) drive: DriveId,
    /// 20 to 29 June, nine days declared; 30 June to 19 July.
    pub(crate) phases: Vec<PhaseId>,
}

fn found(tx: &mut dyn WriteTx, parent: Option<UnitId>, kind: UnitKind, code: &str) -> UnitId {
    let command = FoundUnit {
        parent,
        code: UnitCode::new(code).expect("a code"),
        name: UnitName::new(&format!("Đơn vị {code}")).expect("a name"),
        kind,
        valid_from: day("2023-01-01"),
        legal_basis: None,
        synthetic: true,
    };
    found_unit(&act(Role::SystemAdmin, now()), tx, &command).expect("a unit")
}

fn indicator(tx: &mut dyn WriteTx, code: &str, time_rule: TimeRule, parts: &[IndicatorId]) -> IndicatorId {
    let command = DefineIndicator {
        code: key(code),
        name_vi: title(code),
        name_en: title(code),
        stage: Step::Activate,
        level: None,
        attribution: Attribution::Residence,
        time_rule,
        parts: parts.to_vec(),
    };
    define_indicator(&act(Role::SystemAdmin, now()), tx, &command).expect("an indicator")
}

fn drive(tx: &mut dyn WriteTx, unit: UnitId, indicators: &[IndicatorId]) -> DriveId {
    let phase = |name: &str, from: &str, to: &str, declared_days| PhasePlan {
        id: None,
        name: title(name),
        days: DayRange::new(day(from), day(to)).expect("days"),
        declared_days,
    };
    let command = CreateDrive {
        plan_number: PlanNumber::new("125/KH-UBND").expect("a number"),
        title: title("Đợt cao điểm"),
        issuer: title("UBND tỉnh"),
        unit,
        parent: None,
        issued_on: day("2023-06-15"),
        days: DayRange::new(day("2023-06-20"), day("2023-07-19")).expect("days"),
        declared_days: None,
        tree_date: None,
        settles: Settles::Reported,
        calendar: Calendar::every_day(),
        reporting_rules: Vec::new(),
        phases: vec![
            phase("Giai đoạn 1", "2023-06-20", "2023-06-29", Some(9)),
            phase("Giai đoạn 2", "2023-06-30", "2023-07-19", None),
        ],
        indicators: indicators.iter().copied().collect::<BTreeSet<_>>(),
        team_rules: Vec::new(),
        synthetic: true,
    };
    create_drive(&act(Role::Planner, now()), tx, &command).expect("a drive")
}

impl World {
    /// A fresh one; `None` where there is no such database.
    pub(crate) fn new(backend: Backend) -> Option<Self> {
        let stage = Stage::empty(backend)?;
        let store = stage.store.clone();
        let world = store.write(|tx| {
            let country = found(tx, None, UnitKind::Country, "VN");
            let province = found(tx, Some(country), UnitKind::Province, "P");
            let mut under = |above: UnitId, kind, codes: &[&str]| -> Vec<UnitId> {
                codes.iter().map(|code| found(tx, Some(above), kind, code)).collect()
            };
            let districts = under(province, UnitKind::RuralDistrict, &["D1", "D2", "D3"]);
            let mut communes = under(districts[0], UnitKind::RuralCommune, &["C1", "C2"]);
            communes.extend(under(districts[1], UnitKind::RuralCommune, &["C3", "C4"]));
            let villages = under(communes[0], UnitKind::Village, &["V1", "V2"]);
            let eligible = indicator(tx, "ELIGIBLE", TimeRule::Last, &[]);
            let parts = ["L1", "L2"].map(|code| indicator(tx, code, TimeRule::Sum, &[]));
            let activated = indicator(tx, "ACTIVATED", TimeRule::Sum, &parts);
            let waiting = indicator(tx, "WAITING", TimeRule::Last, &[]);
            let group = DefineGroup { code: key("ALL"), name_vi: title("Tất cả"), name_en: title("Everybody") };
            let group = define_group(&act(Role::SystemAdmin, now()), tx, &group)?;
            let drive = drive(tx, province, &[activated, parts[0], parts[1], waiting]);
            let planned = tx.drives_by_id(&Scope::Country, &[drive])?;
            let phases = planned[&drive].phases.iter().map(|phase| phase.id).collect();
            Ok((province, districts, communes, villages, eligible, parts, activated, waiting, group, drive, phases))
        });
        let (province, districts, communes, villages, eligible, parts, activated, waiting, group, drive, phases) =
            world.expect("the world is made");
        Some(Self {
            stage,
            province,
            districts,
            communes,
            villages,
            group,
            eligible,
            parts,
            activated,
            waiting,
            drive,
            phases,
        })
    }

    /// Communes under a unit.
    pub(crate) fn found_communes(&self, above: UnitId, codes: &[String]) -> Vec<UnitId> {
        let founded = |tx: &mut dyn WriteTx| {
            codes.iter().map(|code| found(tx, Some(above), UnitKind::RuralCommune, code)).collect()
        };
        self.stage.store.write(|tx| Ok::<_, Error>(founded(tx))).expect("communes")
    }

    /// The planner of a unit.
    pub(crate) fn planner(&self, unit: UnitId) -> Act {
        let found = self.stage.store.read(|tx| Ok(tx.units_by_id(&Scope::Country, &[unit])?)).expect("units");
        let scope = Scope::Subtrees(vec![found[&unit].path.clone()]);
        let actor = Actor { unit, scope, ..actor(Role::Planner) };
        let request = request(&actor, 0);
        Act::new(actor, now(), request, "test", String::new()).on_the_host()
    }

    pub(crate) fn baselines(&self, indicator: IndicatorId, as_of: &str, figures: &[(UnitId, i64)]) {
        let row = |(unit, value): &(UnitId, i64)| {
            let key = BaselineKey { unit: *unit, group: self.group, indicator, as_of: day(as_of) };
            (key, Count::new(*value).expect("a count"))
        };
        let command = RecordBaselines {
            source: Source::new("Phụ lục 1").expect("a source"),
            rows: figures.iter().map(row).collect(),
            synthetic: true,
        };
        let act = act(Role::Planner, now());
        self.stage.store.write(|tx| record_baselines(&act, tx, &command)).expect("they are recorded");
    }

    /// The eligible of everybody but the second commune of the second district and the third district.
    pub(crate) fn eligible(&self) {
        let [first, second, ..] = self.districts[..] else { panic!("three districts") };
        let figures = [
            (self.province, 1_000),
            (first, 600),
            (second, 400),
            (self.communes[0], 100),
            (self.communes[1], 500),
            (self.communes[2], 400),
        ];
        self.baselines(self.eligible, "2023-06-18", &figures);
    }

    pub(crate) fn key(&self, holder: Holder, phase: Option<usize>) -> QuotaKey {
        QuotaKey {
            drive: self.drive,
            phase: phase.map(|phase| self.phases[phase]),
            holder,
            indicator: self.activated,
            group: self.group,
        }
    }

    /// Sets a quota of so many.
    pub(crate) fn owe(&self, holder: Holder, phase: Option<usize>, amount: i64) {
        let basis = Basis::Absolute { amount: amount.into() };
        let setting = first(self.key(holder, phase), basis);
        let command = SetQuotas { quotas: vec![setting], reason: None, decision: None };
        let act = act(Role::Planner, now());
        self.stage.store.write(|tx| set_quotas(&act, tx, &command)).expect("it is set");
    }

    pub(crate) fn quota(&self, key: QuotaKey) -> Option<Quota> {
        self.stage.store.read(|tx| Ok(tx.quotas_by_key(&[key])?.remove(&key))).expect("quotas")
    }

    /// Forms a team of members with these weights.
    pub(crate) fn team(&self, unit: UnitId, weights: &[i64]) -> TeamId {
        let member = |weight: &i64| NewMember {
            position: Post::new("Trưởng thôn").expect("a position"),
            organisation: Organisation::VillageBoard,
            is_leader: false,
            knows_it: true,
            weight: Some((*weight).into()),
            valid_from: None,
        };
        let team = FormTeam {
            unit,
            kind: TeamKind::Project06,
            name: title("Tổ Đề án 06"),
            valid_from: day("2023-06-20"),
            members: weights.iter().map(member).collect(),
            synthetic: true,
        };
        let act = act(Role::UnitAdmin, now());
        self.stage.store.write(|tx| form_teams(&act, tx, std::slice::from_ref(&team))).expect("a team")[0]
    }

    pub(crate) fn open(&self) {
        let act = act(Role::Planner, now());
        self.stage.store.write(|tx| open_drive(&act, tx, self.drive, 1)).expect("it opens");
    }

    /// Reports figures: reporter, day, indicator, figure.
    pub(crate) fn tallies(&self, rows: &[(Reporter, &str, IndicatorId, i64)]) {
        self.tallies_at(now(), rows);
    }

    /// The same, received at that moment.
    pub(crate) fn tallies_at(&self, received_at: Instant, rows: &[(Reporter, &str, IndicatorId, i64)]) {
        let actor = actor(Role::Reporter);
        let row = |(reporter, on, indicator, value): &(Reporter, &str, IndicatorId, i64)| TallyRow {
            reporter: *reporter,
            credited: None,
            day: day(on),
            figure: Figure::Value { indicator: *indicator, value: Count::new(*value).expect("a count") },
            reason: Some(Reason::new("đếm lại").expect("a reason")),
            device_at: None,
        };
        let rows: Vec<TallyRow> = rows.iter().map(row).collect();
        let request = request(&actor, 1);
        let submission = Submission { actor, received_at, request, drive: self.drive, rows };
        self.stage.submit(submission).expect("they are recorded");
    }
}
