//! What things are, in a line each, for before and after on record: the figures and dates that matter, no person, no
//! secret.

use super::Change;
use crate::baseline::{Baseline, PrintedFigure};
use crate::drive::{Drive, Settles};
use crate::exact::Exact;
use crate::indicator::{Group, Indicator};
use crate::team::{Member, Team};
use crate::time::{Day, DayRange};
use crate::unit::{Unit, UnitVersion};

/// The most changes of one act that are told one by one.
const TOLD_MAX: usize = 100;

/// The changes of one act: beyond a hundred, the others are only counted. What they were stands in the thing's own
/// history.
#[must_use]
pub fn at_most(mut changes: Vec<Change>) -> Vec<Change> {
    let more = changes.len().saturating_sub(TOLD_MAX);
    if more > 0 {
        let kind = changes.first().map_or("Change", |first| first.kind);
        changes.truncate(TOLD_MAX);
        changes.push(Change { kind, id: 0, before: None, after: Some(format!("and {more} more")) });
    }
    changes
}

/// A unit's version.
#[must_use]
pub fn version(version: &UnitVersion) -> String {
    let UnitVersion { number, code, parent, valid_from, .. } = version;
    let above = parent.map_or_else(|| "-".to_owned(), |parent| parent.get().to_string());
    let basis = version.legal_basis.as_ref().map(|basis| format!(", {basis}")).unwrap_or_default();
    format!("version {number} from {valid_from}: {code} {name}, under {above}{basis}", name = version.full_name())
}

/// A unit.
#[must_use]
pub fn unit(unit: &Unit) -> String {
    version(&unit.version)
}

/// A unit that ended.
#[must_use]
pub fn closed(on: Day) -> String {
    format!("closed on {on}")
}

/// A drive.
#[must_use]
pub fn drive(drive: &Drive) -> String {
    let Drive { plan_number, title, unit, version, phases, indicators, reporting_rules, team_rules, columns, .. } =
        drive;
    format!(
        "version {version}: {plan_number} {title}, unit {unit}, {days}{declared}, {state}, settled by {settles}, {phases} \
         phases, {indicators} indicators, {reporting} reporting rules, {rules} team rules, {columns} columns",
        unit = unit.get(),
        days = days(drive.days),
        declared = drive.declared_days.map(|days| format!(" ({days} declared)")).unwrap_or_default(),
        state = drive.state.as_str(),
        settles = settles(drive.settles),
        phases = phases.len(),
        indicators = indicators.len(),
        reporting = reporting_rules.len(),
        rules = team_rules.len(),
        columns = columns.len(),
    )
}

const fn settles(settles: Settles) -> &'static str {
    match settles {
        Settles::Reported => "reported figures",
        Settles::Verified => "verified figures",
        Settles::Official => "official figures",
    }
}

fn days(days: DayRange) -> String {
    format!("{from} to {to}", from = days.from(), to = days.to())
}

/// An indicator of the catalogue.
#[must_use]
pub fn indicator(indicator: &Indicator) -> String {
    let Indicator { code, name_vi, parts, .. } = indicator;
    let parts = if parts.is_empty() { String::new() } else { format!(", of {count} parts", count = parts.len()) };
    format!("{code} {name_vi}{parts}")
}

/// A group of the catalogue.
#[must_use]
pub fn group(group: &Group) -> String {
    let Group { code, name_vi, .. } = group;
    format!("{code} {name_vi}")
}

/// A baseline.
#[must_use]
pub fn baseline(baseline: &Baseline) -> String {
    let Baseline { key, revision, value, source, .. } = baseline;
    let (unit, group, indicator) = (key.unit.get(), key.group.get(), key.indicator.get());
    let as_of = key.as_of;
    format!(
        "revision {revision}: {value} of indicator {indicator}, group {group}, unit {unit}, as of {as_of}, {source}"
    )
}

/// A figure as a source prints it.
#[must_use]
pub fn printed(figure: &PrintedFigure) -> String {
    let PrintedFigure { unit, column, value, source, .. } = figure;
    let row = unit.map_or_else(|| "total".to_owned(), |unit| format!("unit {}", unit.get()));
    format!("{column}, {row}: {value}, {source}")
}

/// A quota: its amount and due day; what it is of follows from its key.
#[must_use]
pub fn quota(version: i32, amount: &Exact, due: Option<Day>) -> String {
    let due = due.map(|due| format!(" by {due}")).unwrap_or_default();
    format!("version {version}: {amount}{due}")
}

/// A team.
#[must_use]
pub fn team(team: &Team) -> String {
    let Team { unit, name, valid_from, valid_to, version, .. } = team;
    let until = valid_to.map(|end| format!(" until {end}")).unwrap_or_default();
    format!("version {version}: {name}, unit {unit}, from {valid_from}{until}", unit = unit.get())
}

/// A member of a team, by position.
#[must_use]
pub fn member(member: &Member) -> String {
    let Member { team, position, valid_from, weight, .. } = member;
    let leads = if member.is_leader { ", leads" } else { "" };
    format!("{position} of team {team} from {valid_from}, weight {weight}{leads}", team = team.get())
}
