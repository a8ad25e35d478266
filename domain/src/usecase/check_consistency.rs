//! Consistency findings of a drive: derived from the figures each time, acknowledged with a reason.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Days;

use crate::access::{Actor, Permission, Scope};
use crate::audit::Change;
use crate::consistency::daily::{LOOK_BACK_DAYS, capacity, series};
use crate::consistency::{Acknowledgement, Found, parts_of_row};
use crate::count::Count;
use crate::drive::Drive;
use crate::error::Error;
use crate::id::{DriveId, IndicatorId, TeamId, UnitId};
use crate::indicator::{Indicator, Stage, TimeRule};
use crate::ports::{Lock, ReadTx, WriteTx};
use crate::problem::{Code, Problem};
use crate::tally::{Reporter, Slot, TotalsQuestion};
use crate::text::Reason;
use crate::time::{Day, DayRange, DaySpan};
use crate::usecase::{Act, visible_drive};

/// The most days of one question.
pub const DAYS_MAX: u32 = 31;
/// The most figures that one question looks at: a district with its communes and villages over the days and those before.
pub const FIGURES_MAX: usize = 100_000;

/// What is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ConsistencyQuestion {
    /// The drive.
    pub drive: DriveId,
    /// Figures credited to this unit or any under it; in scope.
    pub unit: UnitId,
    /// The days, at most 31; an open end is the drive's last day, or `today` where that has not come.
    pub days: DaySpan,
    /// The day on which the question is asked.
    pub today: Day,
}

/// A finding, and who acknowledged it.
pub type Looked = (Found, Option<Acknowledgement>);

/// Everything that is found, by day, unit and indicator.
///
/// # Errors
/// `Forbidden`; `NotFound` at `drive` or `unit`; `DatesReversed`, `TooMany` at `days`; `TooMany` at `unit` where it has too
/// many figures.
pub fn check_consistency(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    question: ConsistencyQuestion,
) -> Result<Vec<Looked>, Error> {
    actor.require(Permission::ReadTallies)?;
    let drive = visible_drive(actor, tx, question.drive)?;
    if !tx.units_by_id(&actor.scope, &[question.unit])?.contains_key(&question.unit) {
        return Err(Problem::not_found("Unit", question.unit.get()).at("unit").into());
    }
    let days = days(&drive, question)?;
    let found = derive(tx, &drive, question.unit, days)?;
    let digests: Vec<[u8; 32]> = found.iter().map(Found::digest).collect();
    let mut acknowledged = if digests.is_empty() { BTreeMap::new() } else { tx.acknowledgements(&digests)? };
    let looked = found.into_iter().zip(digests).map(|(found, digest)| (found, acknowledged.remove(&digest)));
    Ok(looked.collect())
}

fn days(drive: &Drive, question: ConsistencyQuestion) -> Result<DayRange, Problem> {
    let last = drive.days.to().min(question.today).max(drive.days.from());
    let to = question.days.to.unwrap_or_else(|| question.days.from.map_or(last, |from| from.max(last)));
    let days = DayRange::new(question.days.from.unwrap_or(to), to).map_err(|problem| problem.at("days"))?;
    if days.length() > DAYS_MAX {
        return Err(Problem::new(Code::TooMany).with("actual", days.length()).with("max", DAYS_MAX).at("days"));
    }
    Ok(days)
}

fn derive(tx: &mut dyn ReadTx, drive: &Drive, unit: UnitId, days: DayRange) -> Result<Vec<Found>, Error> {
    let back = days.from().checked_sub_days(Days::new(LOOK_BACK_DAYS)).unwrap_or(days.from());
    let figures = tx.standing_under(drive.id, unit, DayRange::new(back, days.to())?, FIGURES_MAX + 1)?;
    if figures.len() > FIGURES_MAX {
        let problem = Problem::new(Code::TooMany).with("actual", figures.len()).with("max", FIGURES_MAX);
        return Err(problem.at("unit").into());
    }
    let catalogue = tx.indicators()?;
    let figures: Vec<(Slot, Count)> = figures.into_iter().map(|(slot, _, value)| (slot, value)).collect();
    let mut found = of_series(drive, &catalogue, &figures, days);
    found.extend(of_teams(tx, drive, &catalogue, &figures, days)?);
    let credited = figures.iter().filter(|(slot, _)| days.contains(slot.day)).map(|(slot, _)| slot.credited);
    let units: BTreeSet<UnitId> = credited.chain([unit]).collect();
    found.extend(of_units(tx, drive, &catalogue, &units.into_iter().collect::<Vec<_>>(), days)?);
    found.sort_by_key(|one| (one.day, one.unit, one.indicator, one.reporter, one.problem.code()));
    Ok(found)
}

/// Each slot's days against the days before. A level may well be the same day after day, and is only looked at for parts.
fn of_series(drive: &Drive, catalogue: &[Indicator], figures: &[(Slot, Count)], days: DayRange) -> Vec<Found> {
    let mut by_slot: BTreeMap<(UnitId, IndicatorId, Reporter), BTreeMap<Day, i64>> = BTreeMap::new();
    for (slot, value) in figures {
        let place = (slot.credited, slot.indicator, slot.reporter);
        by_slot.entry(place).or_default().insert(slot.day, value.get());
    }
    let mut found = Vec::new();
    for ((unit, indicator, reporter), figures) in by_slot {
        let entry = catalogue.iter().find(|entry| entry.id == indicator && entry.time_rule == TimeRule::Sum);
        let Some(entry) = entry else { continue };
        let of = |(day, problem)| Found { drive: drive.id, unit, reporter: Some(reporter), indicator, day, problem };
        found.extend(series(entry.code.as_str(), &figures, days.from()).into_iter().map(of));
    }
    found
}

/// What each team did in a day, enrolments and activations each for themselves and wherever they are credited, against the
/// people it has.
fn of_teams(
    tx: &mut dyn ReadTx,
    drive: &Drive,
    catalogue: &[Indicator],
    figures: &[(Slot, Count)],
    days: DayRange,
) -> Result<Vec<Found>, Error> {
    let mut at_work: BTreeMap<Day, BTreeSet<TeamId>> = BTreeMap::new();
    for (slot, _) in figures.iter().filter(|(slot, _)| days.contains(slot.day)) {
        if let Reporter::Team(team) = slot.reporter {
            at_work.entry(slot.day).or_default().insert(team);
        }
    }
    let teams: BTreeSet<TeamId> = at_work.values().flatten().copied().collect();
    if teams.is_empty() {
        return Ok(Vec::new());
    }
    let teams: Vec<TeamId> = teams.into_iter().collect();
    let known = tx.teams_by_id(&Scope::Country, &teams)?;
    let members = tx.members_of(&teams)?;
    let mut found = Vec::new();
    for stage in [Stage::Enrol, Stage::Activate] {
        let simple = catalogue.iter().filter(|entry| entry.stage == stage && entry.parts.is_empty());
        let indicators: Vec<IndicatorId> = simple.map(|entry| entry.id).collect();
        let Some(first) = indicators.first().copied() else { continue };
        for (day, teams) in &at_work {
            let teams: Vec<TeamId> = teams.iter().copied().collect();
            let mut records: BTreeMap<TeamId, i64> = BTreeMap::new();
            for ((team, _), sum) in tx.team_totals(drive.id, &indicators, &teams, DayRange::day(*day))? {
                *records.entry(team).or_default() += sum;
            }
            for (team, sum) in records {
                let people = members.get(&team).into_iter().flatten().filter(|one| one.is_valid_on(*day)).count();
                let problem = capacity(sum, u32::try_from(people).unwrap_or(u32::MAX));
                let (Some(problem), Some(of)) = (problem, known.get(&team)) else { continue };
                let (unit, reporter) = (of.unit, Some(Reporter::Team(team)));
                found.push(Found { drive: drive.id, unit, reporter, indicator: first, day: *day, problem });
            }
        }
    }
    Ok(found)
}

/// Each unit's sums against those who are eligible, and its baselines against themselves.
fn of_units(
    tx: &mut dyn ReadTx,
    drive: &Drive,
    catalogue: &[Indicator],
    units: &[UnitId],
    days: DayRange,
) -> Result<Vec<Found>, Error> {
    let day = days.to();
    let indicators: Vec<IndicatorId> = catalogue.iter().map(|entry| entry.id).collect();
    let columns: Vec<&Indicator> = catalogue.iter().collect();
    let mut eligible: BTreeMap<UnitId, i64> = BTreeMap::new();
    let mut found = Vec::new();
    for group in tx.groups()? {
        let mut rows: BTreeMap<(UnitId, Day), BTreeMap<IndicatorId, i64>> = BTreeMap::new();
        for ((unit, indicator), baseline) in tx.baselines_of(units, group.id, &indicators, day)? {
            rows.entry((unit, baseline.key.as_of)).or_default().insert(indicator, baseline.value.get());
        }
        for ((unit, as_of), row) in rows {
            let stated = catalogue.iter().filter(|one| one.stage == Stage::Eligible).filter_map(|one| row.get(&one.id));
            if let Some(most) = stated.max() {
                let known = eligible.entry(unit).or_default();
                *known = (*known).max(*most);
            }
            let named = |problem: &Problem| {
                let code =
                    problem.params().iter().find(|(name, _)| *name == "indicator").map(|(_, code)| code.as_str());
                catalogue.iter().find(|entry| Some(entry.code.as_str()) == code).map(|entry| entry.id)
            };
            for problem in parts_of_row(&columns, &row) {
                let Some(indicator) = named(&problem) else { continue };
                let problem = problem.with("asOf", as_of).with("group", &group.code);
                found.push(Found { drive: drive.id, unit, reporter: None, indicator, day, problem });
            }
        }
    }
    found.extend(done_beyond(tx, drive, catalogue, &eligible, day)?);
    Ok(found)
}

/// Where a unit did more in the drive's days than it has people.
fn done_beyond(
    tx: &mut dyn ReadTx,
    drive: &Drive,
    catalogue: &[Indicator],
    eligible: &BTreeMap<UnitId, i64>,
    day: Day,
) -> Result<Vec<Found>, Error> {
    let counted = |entry: &&Indicator| {
        entry.parts.is_empty()
            && entry.time_rule == TimeRule::Sum
            && matches!(entry.stage, Stage::Enrol | Stage::Activate)
            && drive.indicators.contains(&entry.id)
    };
    let entries: Vec<&Indicator> = catalogue.iter().filter(counted).collect();
    let question = TotalsQuestion {
        drive: drive.id,
        indicators: entries.iter().map(|entry| entry.id).collect(),
        units: eligible.keys().copied().collect(),
        days: DayRange::new(drive.days.from(), day.max(drive.days.from()))?,
    };
    if question.units.is_empty() || question.indicators.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for total in tx.totals(&question)? {
        let (Some(most), Some(entry)) =
            (eligible.get(&total.unit), entries.iter().find(|entry| entry.id == total.indicator))
        else {
            continue;
        };
        if total.total > *most {
            let problem = Problem::new(Code::DoneExceedsEligible).with("indicator", &entry.code);
            let problem = problem.with("done", total.total).with("eligible", most);
            let (unit, indicator) = (total.unit, total.indicator);
            found.push(Found { drive: drive.id, unit, reporter: None, indicator, day, problem });
        }
    }
    Ok(found)
}

/// A finding that may stand, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AcknowledgeFinding {
    /// The drive.
    pub drive: DriveId,
    /// The unit that the finding names.
    pub unit: UnitId,
    /// The day that it names.
    pub day: Day,
    /// What it is known by.
    pub digest: [u8; 32],
    /// Why it may stand.
    pub reason: Reason,
}

/// Acknowledges a finding: it is listed on, with who says why it may stand. Once its figures change it is another finding.
/// One that was acknowledged already stays as it was.
///
/// # Errors
/// `Forbidden`; `NotFound` at `drive`, `unit`, or `finding` where the figures do not give it any more.
pub fn acknowledge_finding(act: &Act, tx: &mut dyn WriteTx, command: &AcknowledgeFinding) -> Result<i64, Error> {
    act.actor.require(Permission::VerifyTallies)?;
    act.once(tx, |tx| {
        let drive = visible_drive(&act.actor, tx.as_read(), command.drive)?;
        tx.lock(&[Lock::TreeShared, Lock::Book(drive.book)])?;
        let days = DaySpan { from: Some(command.day), to: Some(command.day) };
        let question = ConsistencyQuestion { drive: command.drive, unit: command.unit, days, today: act.today() };
        let found = check_consistency(&act.actor, tx.as_read(), question)?;
        let found = found.into_iter().find(|(found, _)| found.unit == command.unit && found.digest() == command.digest);
        let key = crate::audit::hex(&command.digest);
        let missing = || Problem::not_found("Finding", &key).at("finding");
        let (found, acknowledged) = found.ok_or_else(missing)?;
        if acknowledged.is_some() {
            return Ok(0);
        }
        tx.insert_acknowledgement(&Acknowledgement {
            digest: command.digest,
            drive: command.drive,
            unit: command.unit,
            code: found.problem.code(),
            reason: command.reason.clone(),
            author: act.actor.subject.clone(),
            account: act.actor.account,
            at: act.now,
        })?;
        let told = format!("{code} {key}: {reason}", code = found.problem.code().as_str(), reason = command.reason);
        tx.changed(Change::made("Finding", command.unit.get(), told));
        Ok(1)
    })
}
