//! The district of Bình Gia: 17,410 activations in proportion to residents of 14 and over, 19 communes, 70 plan days.

use std::collections::BTreeMap;

use caodiem_domain::access::Role;
use caodiem_domain::drive::Settles;
use caodiem_domain::id::{DriveId, TeamId, UnitId};
use caodiem_domain::plan::{Column, PlanColumn};
use caodiem_domain::problem::Problem;
use caodiem_domain::quota::cascade::{Among, Policy};
use caodiem_domain::quota::{Basis, Holder, QuotaKey};
use caodiem_domain::reporting::rule::ReportingRule;
use caodiem_domain::team::{Organisation, TeamKind, TeamRule};
use caodiem_domain::text::{PlanNumber, Post, Title};
use caodiem_domain::time::{Calendar, DayRange};
use caodiem_domain::unit::{Level, Unit};
use caodiem_domain::usecase::plan_drive::{CreateDrive, create_drive};
use chrono::NaiveTime;

use super::chance::{Chance, spread};
use super::places::{Catalogue, Places};
use super::script::{Script, day, fault, moment};
use super::steps::{Baselines, Desk, MADE_UP, column, first_setting, key, unit_key};
use super::teams::{self, VillageTeams};
use crate::data::plans::{self, PrintedPlan};
use crate::failure::Failure;

const SOURCE: &str = "Phụ lục kế hoạch cao điểm huyện Bình Gia, số liệu đến 11/4/2023";
const TARGET: i64 = 17_410;
/// The commune whose quota goes down to the last member.
const SHOWN_COMMUNE: &str = "06091";

/// The drive as planned.
pub(super) struct District {
    pub(super) drive: DriveId,
    pub(super) days: DayRange,
    /// What each village has to reach, roughly: the ground of made-up tallies.
    pub(super) targets: BTreeMap<UnitId, i64>,
    pub(super) teams: VillageTeams,
    /// A village of the shown commune, and its team.
    pub(super) shown: (Unit, TeamId),
}

/// Plans and opens the drive.
pub(super) fn plan(script: &Script<'_>, places: &Places, catalogue: &Catalogue) -> Result<District, Failure> {
    let printed = plans::binh_gia()?;
    let days = DayRange::new(day(4, 11)?, day(6, 20)?).map_err(fault)?;
    let planner = script.actor(Role::Planner, places.binh_gia.id)?;
    let desk = Desk { script, planner, at: moment(days.from(), 7, 30)?, plan: "Bình Gia" };
    let eligible = record_eligible(&desk, places, catalogue, &printed)?;
    let command = drive(places, catalogue, days).map_err(fault)?;
    let drive = desk.act("create the drive", |act, tx| create_drive(act, tx, &command))?;
    desk.columns(drive, columns(catalogue)?)?;
    let (group, activated) = (catalogue.group("RESIDENTS_14_PLUS")?, catalogue.indicator("ACTIVATED")?);
    let whole = unit_key(drive, None, places.binh_gia.id, activated, group);
    desk.quotas("quota", vec![first_setting(whole, Basis::Absolute { amount: TARGET.into() }, false)])?;
    let policy = Policy::Proportional { group, indicator: catalogue.indicator("ELIGIBLE")? };
    desk.cascade("cascade to communes and villages", whole, Among::Units { levels: 2 }, policy)?;
    desk.printed_totals(drive, &printed, SOURCE)?;
    let teams = teams::form(script, places, days.from())?;
    let shown = cascade_to_members(&desk, places, whole, &teams)?;
    desk.open(drive)?;
    let all: i64 = eligible.values().sum();
    let targets = eligible.into_iter().map(|(village, count)| (village, TARGET * count / all.max(1))).collect();
    Ok(District { drive, days, targets, teams, shown })
}

/// Records the printed residents of the communes, and made-up ones of their villages that add up to them.
fn record_eligible(
    desk: &Desk<'_>,
    places: &Places,
    catalogue: &Catalogue,
    printed: &PrintedPlan,
) -> Result<BTreeMap<UnitId, i64>, Failure> {
    let mut of = Baselines {
        group: catalogue.group("RESIDENTS_14_PLUS")?,
        indicator: catalogue.indicator("ELIGIBLE")?,
        as_of: day(4, 11)?,
        source: SOURCE,
        synthetic: false,
    };
    let mut communes = Vec::new();
    let mut villages = BTreeMap::new();
    for (code, residents) in printed.column("residents_14_plus") {
        let commune = places.commune(code.as_str())?;
        communes.push((commune.id, residents));
        let below: &[Unit] = places.villages.get(&commune.id).map(Vec::as_slice).unwrap_or_default();
        let weights: Vec<i64> =
            below.iter().map(|village| Chance::of(village.version.code.as_str()).between(60, 140)).collect();
        villages.extend(below.iter().map(|village| village.id).zip(spread(residents, &weights)));
    }
    desk.baselines("residents of communes", &of, &communes)?;
    of.source = MADE_UP;
    of.synthetic = true;
    let rows: Vec<(UnitId, i64)> = villages.iter().map(|(village, count)| (*village, *count)).collect();
    desk.baselines("residents of villages", &of, &rows)?;
    Ok(villages)
}

fn drive(places: &Places, catalogue: &Catalogue, days: DayRange) -> Result<CreateDrive, Problem> {
    let used = ["ENROLLED", "ACTIVATED", "CARDS_ISSUED"];
    Ok(CreateDrive {
        plan_number: PlanNumber::new("000/KH-UBND (demo)")?,
        title: Title::new("Cao điểm kích hoạt định danh điện tử huyện Bình Gia")?,
        issuer: Title::new("UBND huyện Bình Gia")?,
        unit: places.binh_gia.id,
        parent: None,
        issued_on: days.from(),
        days,
        declared_days: Some(70),
        tree_date: None,
        settles: Settles::Reported,
        calendar: Calendar::every_day(),
        reporting_rules: reporting_rules(),
        phases: Vec::new(),
        indicators: used.iter().filter_map(|code| catalogue.indicator(code).ok()).collect(),
        team_rules: vec![TeamRule {
            kind: TeamKind::Project06,
            size: (3, 5),
            leader_position: Some(Post::new("Trưởng thôn")?),
            it_members_min: 2,
            it_organisations: vec![Organisation::YouthUnion, Organisation::WomensUnion],
        }],
        synthetic: true,
    })
}

/// Villages before 15:30, communes and the district by the end of the day, the district's compilation every Monday and its
/// last report within five days (rule 8).
fn reporting_rules() -> Vec<ReportingRule> {
    let of_villages = NaiveTime::from_hms_opt(15, 30, 0).unwrap_or_default();
    let district = ReportingRule { weekly: Some(0), final_due_days: Some(5), ..by_end_of_day(Level::District) };
    vec![district, by_end_of_day(Level::Commune), ReportingRule::daily(Level::Village, of_villages)]
}

/// A level that reports daily, without a time of day in the plan.
pub(super) fn by_end_of_day(level: Level) -> ReportingRule {
    let last_minute = NaiveTime::from_hms_opt(23, 59, 0).unwrap_or_default();
    ReportingRule { grace_minutes: 1, ..ReportingRule::daily(level, last_minute) }
}

fn columns(catalogue: &Catalogue) -> Result<Vec<PlanColumn>, Failure> {
    let group = catalogue.group("RESIDENTS_14_PLUS")?;
    let (eligible, activated) = (catalogue.indicator("ELIGIBLE")?, catalogue.indicator("ACTIVATED")?);
    let quota = Column::Quota { phase: None, indicator: activated, group };
    let per_day = Column::PerDay { of: key("activation_quota")?, phase: None };
    Ok(vec![
        column(
            "residents_14_plus",
            "Công dân từ đủ 14 tuổi",
            "Residents of 14 and over",
            Column::Baseline { group, indicator: eligible },
        )?,
        column("activation_quota", "Chỉ tiêu kích hoạt", "Activation quota", quota)?,
        column("activation_per_day", "Chỉ tiêu kích hoạt theo ngày", "Activations per day", per_day)?,
    ])
}

/// Shares the quota of each village of one commune among its team, and the team's among its members.
fn cascade_to_members(
    desk: &Desk<'_>,
    places: &Places,
    whole: QuotaKey,
    teams: &VillageTeams,
) -> Result<(Unit, TeamId), Failure> {
    let commune = places.commune(SHOWN_COMMUNE)?;
    let mut shown = None;
    for village in places.villages.get(&commune.id).into_iter().flatten() {
        let Some(team) = teams.get(&village.id).copied() else { continue };
        let code = &village.version.code;
        let of_village = QuotaKey { holder: Holder::Unit(village.id), ..whole };
        desk.cascade(&format!("{code}: cascade to the team"), of_village, Among::Teams, Policy::Equal)?;
        let of_team = QuotaKey { holder: Holder::Team(team), ..whole };
        desk.cascade(&format!("{code}: cascade to members"), of_team, Among::Members, Policy::Equal)?;
        shown.get_or_insert_with(|| (village.clone(), team));
    }
    shown.ok_or_else(|| Failure::failed("the demonstration", "the shown commune has no team"))
}
