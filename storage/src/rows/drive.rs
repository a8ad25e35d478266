//! Rows of drives and of their parts.

use std::collections::BTreeSet;

use caodiem_domain::drive::{Drive, DriveState, Phase, Settles};
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{DriveId, IndicatorId, PhaseId, UnitId};
use caodiem_domain::plan::PlanColumn;
use caodiem_domain::reporting::rule::{Reporters, ReportingRule};
use caodiem_domain::team::{Organisation, TeamKind, TeamRule};
use caodiem_domain::text::{Key, PlanNumber, Post, Title};
use caodiem_domain::time::{Calendar, DayRange};
use caodiem_domain::unit::Level;
use chrono::{NaiveDate, NaiveTime};
use diesel::prelude::*;

use super::code::Stored;
use super::column as shows;
use super::corrupt;
use crate::tables::{drive, drive_day, drive_indicator, phase, plan_column, reporting_rule, team_rule};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = drive, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct DriveRow {
    pub(crate) id: i64,
    pub(crate) plan_number: String,
    title: String,
    issuer: String,
    unit_id: i64,
    parent_id: Option<i64>,
    book_id: i64,
    issued_on: NaiveDate,
    pub(crate) starts_on: NaiveDate,
    ends_on: NaiveDate,
    declared_days: Option<i32>,
    tree_date: NaiveDate,
    settles: String,
    state: String,
    weekdays: i32,
    synthetic: bool,
    pub(crate) version: i32,
}

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = phase, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct PhaseRow {
    pub(crate) id: i64,
    pub(crate) drive_id: i64,
    ordinal: i32,
    name: String,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    declared_days: Option<i32>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = drive_day)]
pub(crate) struct DayRow {
    pub(crate) drive_id: i64,
    day: NaiveDate,
    working: bool,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = reporting_rule, treat_none_as_default_value = false)]
pub(crate) struct ReportingRuleRow {
    pub(crate) drive_id: i64,
    level: String,
    reporters: String,
    before: NaiveTime,
    grace_minutes: i32,
    closes_after_minutes: Option<i32>,
    weekly: Option<i32>,
    phase_due_days: Option<i32>,
    final_due_days: Option<i32>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = drive_indicator)]
pub(crate) struct InUseRow {
    pub(crate) drive_id: i64,
    indicator_id: i64,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = team_rule, treat_none_as_default_value = false)]
pub(crate) struct TeamRuleRow {
    pub(crate) drive_id: i64,
    ordinal: i32,
    kind: String,
    size_min: i32,
    size_max: i32,
    leader_position: Option<String>,
    it_members_min: i32,
    it_organisations: String,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = plan_column)]
pub(crate) struct ColumnRow {
    pub(crate) drive_id: i64,
    ordinal: i32,
    key: String,
    heading_vi: String,
    heading_en: String,
    shows: String,
}

/// The rows of a drive's parts.
#[derive(Default)]
pub(crate) struct PartRows {
    pub(crate) phases: Vec<PhaseRow>,
    pub(crate) days: Vec<DayRow>,
    pub(crate) reporting_rules: Vec<ReportingRuleRow>,
    pub(crate) indicators: Vec<InUseRow>,
    pub(crate) team_rules: Vec<TeamRuleRow>,
    pub(crate) columns: Vec<ColumnRow>,
}

/// Numbers of the plan are far below what a column holds; one that is not is refused by the column's check.
fn small(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(-1)
}

fn natural(what: &str, number: i32) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(corrupt(what))
}

impl From<&Drive> for DriveRow {
    fn from(drive: &Drive) -> Self {
        Self {
            id: drive.id.get(),
            plan_number: drive.plan_number.to_string(),
            title: drive.title.to_string(),
            issuer: drive.issuer.to_string(),
            unit_id: drive.unit.get(),
            parent_id: drive.parent.map(DriveId::get),
            book_id: drive.book.get(),
            issued_on: drive.issued_on,
            starts_on: drive.days.from(),
            ends_on: drive.days.to(),
            declared_days: drive.declared_days.map(small),
            tree_date: drive.tree_date,
            settles: drive.settles.word().to_owned(),
            state: drive.state.word().to_owned(),
            weekdays: drive.calendar.weekdays.iter().fold(0, |mask, day| mask | (1 << (day % 7))),
            synthetic: drive.synthetic,
            version: drive.version,
        }
    }
}

impl PartRows {
    /// The rows of a drive's parts.
    ///
    /// # Errors
    /// As [`shows::encode`].
    pub(crate) fn of(drive: &Drive) -> Result<Self, StoreError> {
        let drive_id = drive.id.get();
        let day = |working| move |day: &NaiveDate| DayRow { drive_id, day: *day, working };
        let calendar = &drive.calendar;
        Ok(Self {
            phases: drive.phases.iter().map(|phase| phase_row(drive_id, phase)).collect(),
            days: calendar.holidays.iter().map(day(false)).chain(calendar.extra_days.iter().map(day(true))).collect(),
            reporting_rules: drive.reporting_rules.iter().map(|rule| reporting_row(drive_id, rule)).collect(),
            indicators: drive.indicators.iter().map(|id| InUseRow { drive_id, indicator_id: id.get() }).collect(),
            team_rules: (1..).zip(&drive.team_rules).map(|rule| rule_row(drive_id, rule)).collect(),
            columns: (1..).zip(&drive.columns).map(|column| column_row(drive_id, column)).collect::<Result<_, _>>()?,
        })
    }
}

fn phase_row(drive_id: i64, phase: &Phase) -> PhaseRow {
    PhaseRow {
        id: phase.id.get(),
        drive_id,
        ordinal: phase.ordinal,
        name: phase.name.to_string(),
        starts_on: phase.days.from(),
        ends_on: phase.days.to(),
        declared_days: phase.declared_days.map(small),
    }
}

fn reporting_row(drive_id: i64, rule: &ReportingRule) -> ReportingRuleRow {
    ReportingRuleRow {
        drive_id,
        level: rule.level.word().to_owned(),
        reporters: rule.reporters.word().to_owned(),
        before: rule.before,
        grace_minutes: small(rule.grace_minutes),
        closes_after_minutes: rule.closes_after_minutes.map(small),
        weekly: rule.weekly.map(i32::from),
        phase_due_days: rule.phase_due_days.map(small),
        final_due_days: rule.final_due_days.map(small),
    }
}

fn rule_row(drive_id: i64, (ordinal, rule): (i32, &TeamRule)) -> TeamRuleRow {
    let organisations: Vec<&str> = rule.it_organisations.iter().map(|organisation| organisation.word()).collect();
    TeamRuleRow {
        drive_id,
        ordinal,
        kind: rule.kind.word().to_owned(),
        size_min: small(rule.size.0),
        size_max: small(rule.size.1),
        leader_position: rule.leader_position.as_ref().map(ToString::to_string),
        it_members_min: small(rule.it_members_min),
        it_organisations: organisations.join(" "),
    }
}

fn column_row(drive_id: i64, (ordinal, column): (i32, &PlanColumn)) -> Result<ColumnRow, StoreError> {
    Ok(ColumnRow {
        drive_id,
        ordinal,
        key: column.key.to_string(),
        heading_vi: column.heading_vi.to_string(),
        heading_en: column.heading_en.to_string(),
        shows: shows::encode(&column.shows)?,
    })
}

/// The drive of a row and the rows of its parts, each kind in the drive's order.
pub(crate) fn drive_of(row: DriveRow, parts: PartRows) -> Result<Drive, StoreError> {
    let declared_days = row.declared_days.map(|days| natural("drive.declared_days", days)).transpose()?;
    Ok(Drive {
        id: DriveId::new(row.id),
        plan_number: PlanNumber::new(&row.plan_number).map_err(corrupt("drive.plan_number"))?,
        title: Title::new(&row.title).map_err(corrupt("drive.title"))?,
        issuer: Title::new(&row.issuer).map_err(corrupt("drive.issuer"))?,
        unit: UnitId::new(row.unit_id),
        parent: row.parent_id.map(DriveId::new),
        book: DriveId::new(row.book_id),
        issued_on: row.issued_on,
        days: DayRange::new(row.starts_on, row.ends_on).map_err(corrupt("drive.ends_on"))?,
        declared_days,
        tree_date: row.tree_date,
        settles: Settles::from_word(&row.settles)?,
        state: DriveState::from_word(&row.state)?,
        calendar: calendar_of(row.weekdays, &parts.days),
        reporting_rules: reporting_rules_of(&parts.reporting_rules)?,
        phases: parts.phases.into_iter().map(phase_of).collect::<Result<_, _>>()?,
        indicators: parts.indicators.iter().map(|row| IndicatorId::new(row.indicator_id)).collect(),
        team_rules: parts.team_rules.into_iter().map(rule_of).collect::<Result<_, _>>()?,
        columns: parts.columns.into_iter().map(column_of).collect::<Result<_, _>>()?,
        synthetic: row.synthetic,
        version: row.version,
    })
}

fn calendar_of(weekdays: i32, days: &[DayRow]) -> Calendar {
    let of = |working| days.iter().filter(move |row| row.working == working).map(|row| row.day);
    let weekdays: BTreeSet<u8> = (0..7).filter(|day| weekdays & (1 << day) != 0).collect();
    Calendar { weekdays, holidays: of(false).collect(), extra_days: of(true).collect() }
}

/// From the top down, whatever the order of the words.
fn reporting_rules_of(rows: &[ReportingRuleRow]) -> Result<Vec<ReportingRule>, StoreError> {
    let mut rules = rows.iter().map(reporting_of).collect::<Result<Vec<_>, _>>()?;
    rules.sort_unstable_by_key(|rule| rule.level);
    Ok(rules)
}

fn reporting_of(row: &ReportingRuleRow) -> Result<ReportingRule, StoreError> {
    let number = |what: &str, number: Option<i32>| number.map(|number| natural(what, number)).transpose();
    let weekly = row.weekly.map(u8::try_from).transpose().map_err(corrupt("reporting_rule.weekly"))?;
    Ok(ReportingRule {
        level: Level::from_word(&row.level)?,
        reporters: Reporters::from_word(&row.reporters)?,
        before: row.before,
        grace_minutes: natural("reporting_rule.grace_minutes", row.grace_minutes)?,
        closes_after_minutes: number("reporting_rule.closes_after_minutes", row.closes_after_minutes)?,
        weekly,
        phase_due_days: number("reporting_rule.phase_due_days", row.phase_due_days)?,
        final_due_days: number("reporting_rule.final_due_days", row.final_due_days)?,
    })
}

fn phase_of(row: PhaseRow) -> Result<Phase, StoreError> {
    Ok(Phase {
        id: PhaseId::new(row.id),
        ordinal: row.ordinal,
        name: Title::new(&row.name).map_err(corrupt("phase.name"))?,
        days: DayRange::new(row.starts_on, row.ends_on).map_err(corrupt("phase.ends_on"))?,
        declared_days: row.declared_days.map(|days| natural("phase.declared_days", days)).transpose()?,
    })
}

fn rule_of(row: TeamRuleRow) -> Result<TeamRule, StoreError> {
    let position = row.leader_position.as_deref().map(Post::new).transpose();
    let size = (natural("team_rule.size_min", row.size_min)?, natural("team_rule.size_max", row.size_max)?);
    let organisations = row.it_organisations.split_whitespace().map(Organisation::from_word);
    Ok(TeamRule {
        kind: TeamKind::from_word(&row.kind)?,
        size,
        leader_position: position.map_err(corrupt("team_rule.leader_position"))?,
        it_members_min: natural("team_rule.it_members_min", row.it_members_min)?,
        it_organisations: organisations.collect::<Result<_, _>>()?,
    })
}

fn column_of(row: ColumnRow) -> Result<PlanColumn, StoreError> {
    Ok(PlanColumn {
        key: Key::new(&row.key).map_err(corrupt("plan_column.key"))?,
        heading_vi: Title::new(&row.heading_vi).map_err(corrupt("plan_column.heading_vi"))?,
        heading_en: Title::new(&row.heading_en).map_err(corrupt("plan_column.heading_en"))?,
        shows: shows::decode(&row.shows)?,
    })
}
