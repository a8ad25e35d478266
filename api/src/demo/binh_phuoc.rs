//! The province of Bình Phước: 500,000 activated over 11 districts by the end of phase 1, 80 % of what is left in phase 2,
//! a fifth of that at level 2 (rule 7).

use std::collections::BTreeMap;

use caodiem_domain::access::{Role, Scope};
use caodiem_domain::drive::{Drive, Settles};
use caodiem_domain::id::{DriveId, PhaseId, UnitId};
use caodiem_domain::plan::{Column, PlanColumn};
use caodiem_domain::problem::Problem;
use caodiem_domain::quota::Basis;
use caodiem_domain::quota::cascade::{Among, Policy};
use caodiem_domain::reporting::rule::ReportingRule;
use caodiem_domain::text::{PlanNumber, Title};
use caodiem_domain::time::{Calendar, DayRange};
use caodiem_domain::unit::{Level, Unit};
use caodiem_domain::usecase::plan_drive::{CreateDrive, PhasePlan, create_drive};

use super::binh_gia::by_end_of_day;
use super::chance::{Chance, spread};
use super::places::{Catalogue, Places};
use super::script::{Script, day, fault, moment};
use super::steps::{Baselines, Desk, MADE_UP, column, first_setting, key, unit_key};
use crate::data::plans::{self, PrintedPlan};
use crate::failure::Failure;

const SOURCE: &str = "Phụ lục kế hoạch cao điểm tỉnh Bình Phước, giai đoạn 1, số liệu đến 18/6/2023";
const TARGET: i64 = 500_000;
/// As many as possible are enrolled at level 2, up to so many a district.
const LEVEL_2_CEILING: i64 = 12_500;

/// The drive as planned.
pub(super) struct Province {
    pub(super) drive: DriveId,
    pub(super) days: DayRange,
    /// What each commune has to activate and to enrol in phase 1, roughly: the ground of made-up tallies.
    pub(super) targets: BTreeMap<UnitId, (i64, i64)>,
}

/// Plans and opens the drive.
pub(super) fn plan(script: &Script<'_>, places: &Places, catalogue: &Catalogue) -> Result<Province, Failure> {
    let printed = plans::binh_phuoc()?;
    let days = DayRange::new(day(6, 20)?, day(9, 20)?).map_err(fault)?;
    let planner = script.actor(Role::Planner, places.binh_phuoc.id)?;
    let desk = Desk { script, planner, at: moment(day(6, 19)?, 9, 0)?, plan: "Bình Phước" };
    record_baselines(&desk, places, catalogue, &printed)?;
    let command = drive(places, catalogue, days)?;
    let drive = desk.act("create the drive", |act, tx| create_drive(act, tx, &command))?;
    let stored = script.read(|tx| Ok(tx.drives_by_id(&Scope::Country, &[drive])?.remove(&drive)))?;
    let phases = phases(stored.as_ref())?;
    desk.columns(drive, columns(catalogue, phases.0)?)?;
    set_quotas(&desk, places, catalogue, drive, phases)?;
    desk.printed_totals(drive, &printed, SOURCE)?;
    desk.open(drive)?;
    Ok(Province { drive, days, targets: targets(places, &printed) })
}

fn phases(drive: Option<&Drive>) -> Result<(PhaseId, PhaseId), Failure> {
    let ids: Vec<PhaseId> = drive.into_iter().flat_map(|drive| &drive.phases).map(|phase| phase.id).collect();
    match ids.as_slice() {
        [first, second] => Ok((*first, *second)),
        _ => Err(Failure::failed("the demonstration", "the drive has no two phases")),
    }
}

/// The communes of a district with made-up weights.
fn weighted<'a>(places: &'a Places, district: &Unit) -> (&'a [Unit], Vec<i64>) {
    let communes = places.district_communes.get(&district.id).map(Vec::as_slice).unwrap_or_default();
    (communes, communes.iter().map(|unit| Chance::of(unit.version.code.as_str()).between(50, 150)).collect())
}

fn rows(places: &Places, printed: &PrintedPlan, name: &str) -> Vec<(UnitId, i64)> {
    let by_code: BTreeMap<_, _> = printed.column(name).into_iter().collect();
    let figure = |unit: &Unit| Some((unit.id, by_code.get(&unit.version.code).copied()?));
    places.districts.iter().filter_map(figure).collect()
}

fn record_baselines(
    desk: &Desk<'_>,
    places: &Places,
    catalogue: &Catalogue,
    printed: &PrintedPlan,
) -> Result<(), Failure> {
    let group = catalogue.group("RESIDENTS_14_PLUS")?;
    let columns = [
        ("eligible", "ELIGIBLE", group),
        ("enrolled_so_far", "ENROLLED", group),
        ("activated_so_far", "ACTIVATED", group),
        ("teams", "TEAMS", catalogue.group("ALL")?),
    ];
    for (name, code, group) in columns {
        let indicator = catalogue.indicator(code)?;
        let mut of = Baselines { group, indicator, as_of: day(6, 18)?, source: SOURCE, synthetic: false };
        let mut districts = rows(places, printed, name);
        let communes: Vec<(UnitId, i64)> = places
            .districts
            .iter()
            .zip(&districts)
            .flat_map(|(district, (_, total))| {
                let (communes, weights) = weighted(places, district);
                communes.iter().map(|unit| unit.id).zip(spread(*total, &weights))
            })
            .collect();
        districts.push((places.binh_phuoc.id, districts.iter().map(|(_, figure)| figure).sum()));
        desk.baselines(&format!("{code} of districts"), &of, &districts)?;
        of.source = MADE_UP;
        of.synthetic = true;
        desk.baselines(&format!("{code} of communes"), &of, &communes)?;
    }
    Ok(())
}

/// Communes and districts daily, districts compile every Monday, a phase report within two days of its end and a final one
/// within five (rule 8).
fn reporting_rules() -> Vec<ReportingRule> {
    let district = ReportingRule {
        weekly: Some(0),
        phase_due_days: Some(2),
        final_due_days: Some(5),
        ..by_end_of_day(Level::District)
    };
    vec![district, by_end_of_day(Level::Commune)]
}

fn drive(places: &Places, catalogue: &Catalogue, days: DayRange) -> Result<CreateDrive, Failure> {
    let phase = |name: &str, from, to, declared| {
        let days = DayRange::new(from, to)?;
        Ok::<_, Problem>(PhasePlan { id: None, name: Title::new(name)?, days, declared_days: Some(declared) })
    };
    let phases = vec![
        phase("Giai đoạn 1", days.from(), day(7, 15)?, 25).map_err(fault)?,
        phase("Giai đoạn 2", day(7, 16)?, days.to(), 65).map_err(fault)?,
    ];
    let used = ["ENROLLED", "ACTIVATED"];
    Ok(CreateDrive {
        plan_number: PlanNumber::new("001/KH-UBND (demo)").map_err(fault)?,
        title: Title::new("Cao điểm thu nhận, kích hoạt tài khoản định danh điện tử tỉnh Bình Phước").map_err(fault)?,
        issuer: Title::new("UBND tỉnh Bình Phước").map_err(fault)?,
        unit: places.binh_phuoc.id,
        parent: None,
        issued_on: day(6, 19)?,
        days,
        declared_days: Some(90),
        tree_date: None,
        settles: Settles::Official,
        calendar: Calendar::every_day(),
        reporting_rules: reporting_rules(),
        phases,
        indicators: used.iter().filter_map(|code| catalogue.indicator(code).ok()).collect(),
        team_rules: Vec::new(),
        synthetic: true,
    })
}

fn set_quotas(
    desk: &Desk<'_>,
    places: &Places,
    catalogue: &Catalogue,
    drive: DriveId,
    (first, second): (PhaseId, PhaseId),
) -> Result<(), Failure> {
    let group = catalogue.group("RESIDENTS_14_PLUS")?;
    let eligible = catalogue.indicator("ELIGIBLE")?;
    let (activated, level_2) = (catalogue.indicator("ACTIVATED")?, catalogue.indicator("ACTIVATED_L2")?);
    let whole = unit_key(drive, Some(first), places.binh_phuoc.id, activated, group);
    desk.quotas("quota of phase 1", vec![first_setting(whole, Basis::Absolute { amount: TARGET.into() }, true)])?;
    let policy = Policy::Proportional { group, indicator: eligible };
    desk.cascade("cascade to districts and communes", whole, Among::Units { levels: 2 }, policy)?;
    let holders = std::iter::once(&places.binh_phuoc).chain(&places.districts);
    let settings = holders.flat_map(|unit| {
        let rest = Basis::PercentOfRest { percent: 80.into(), phase: first, group, indicator: eligible };
        let floor = Basis::ShareOfTotal { percent: 20.into(), total: activated };
        [
            first_setting(unit_key(drive, Some(second), unit.id, activated, group), rest, false),
            first_setting(unit_key(drive, Some(second), unit.id, level_2, group), floor, false),
        ]
    });
    desk.quotas("quotas of phase 2", settings.collect())
}

fn columns(catalogue: &Catalogue, phase: PhaseId) -> Result<Vec<PlanColumn>, Failure> {
    let group = catalogue.group("RESIDENTS_14_PLUS")?;
    let base = |code: &str| Ok::<_, Failure>(Column::Baseline { group, indicator: catalogue.indicator(code)? });
    let less = |of: &str, less: &str| Ok::<_, Failure>(Column::Less { of: key(of)?, less: key(less)? });
    let teams = Column::Baseline { group: catalogue.group("ALL")?, indicator: catalogue.indicator("TEAMS")? };
    let quota = Column::Quota { phase: Some(phase), indicator: catalogue.indicator("ACTIVATED")?, group };
    let level_2 = Column::UpTo { of: key("to_enrol")?, ceiling: LEVEL_2_CEILING };
    let each_day = Column::PerEachDay { of: key("to_activate")?, each: key("teams")?, phase: Some(phase) };
    Ok(vec![
        column("eligible", "Công dân đủ điều kiện", "Eligible residents", base("ELIGIBLE")?)?,
        column("activation_quota", "Chỉ tiêu kích hoạt", "Activation quota", quota)?,
        column("enrolled_so_far", "Đã thu nhận", "Enrolled so far", base("ENROLLED")?)?,
        column("activated_so_far", "Đã kích hoạt", "Activated so far", base("ACTIVATED")?)?,
        column("to_enrol", "Còn phải thu nhận", "To enrol", less("activation_quota", "enrolled_so_far")?)?,
        column("to_enrol_level2", "Thu nhận mức 2", "To enrol at level 2", level_2)?,
        column("to_enrol_level1", "Thu nhận mức 1", "To enrol at level 1", less("to_enrol", "to_enrol_level2")?)?,
        column("to_activate", "Còn phải kích hoạt", "To activate", less("activation_quota", "activated_so_far")?)?,
        column("teams", "Số tổ", "Teams", teams)?,
        column("activations_per_team_per_day", "Mỗi tổ mỗi ngày", "Per team and day", each_day)?,
    ])
}

fn targets(places: &Places, printed: &PrintedPlan) -> BTreeMap<UnitId, (i64, i64)> {
    let columns = [rows(places, printed, "to_activate"), rows(places, printed, "to_enrol")];
    let [activate, enrol] = columns.map(|rows| rows.into_iter().collect::<BTreeMap<_, _>>());
    let figure = |map: &BTreeMap<UnitId, i64>, unit: &Unit| map.get(&unit.id).copied().unwrap_or_default();
    let district = |unit: &Unit| {
        let (communes, weights) = weighted(places, unit);
        let (activate, enrol) = (spread(figure(&activate, unit), &weights), spread(figure(&enrol, unit), &weights));
        communes.iter().map(|commune| commune.id).zip(activate.into_iter().zip(enrol)).collect::<Vec<_>>()
    };
    places.districts.iter().flat_map(district).collect()
}
