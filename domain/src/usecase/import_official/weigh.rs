//! Holding a file against the tree, the catalogue and what stands already. Nothing is written here.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::ImportOfficial;
use crate::access::Actor;
use crate::consistency::parts_of_row;
use crate::count::Count;
use crate::error::Error;
use crate::extract::sheet::Row;
use crate::extract::{Noted, OfficialFigure, Strategy};
use crate::id::{IndicatorId, UnitId};
use crate::indicator::Indicator;
use crate::ports::ReadTx;
use crate::problem::{Code, Kind, Problem};
use crate::text::{UnitCode, UnitName};
use crate::time::{Instant, in_viet_nam};
use crate::unit::Unit;
use crate::unit::name::NameKeys;

/// A figure of the file.
pub(super) type Figure = (UnitId, IndicatorId, Count);

/// How many changes of the tree are gone back to say that a code is of another day.
const OTHER_DAYS_MAX: usize = 20;

/// What came of holding the file against what is known.
#[derive(Default)]
pub(super) struct Weighed {
    /// Figures to be written, by unit and indicator.
    pub(super) fresh: Vec<Figure>,
    /// How many of them stood nowhere before.
    pub(super) created: usize,
    pub(super) unchanged: usize,
    /// Rows with something wrong.
    pub(super) refused: usize,
    pub(super) noted: Vec<Noted>,
}

/// What stands of the same source: at the very moment, and at the one before.
struct Standing {
    now: HashMap<(UnitId, IndicatorId), Count>,
    before: HashMap<(UnitId, IndicatorId), OfficialFigure>,
}

pub(super) fn weigh(actor: &Actor, tx: &mut dyn ReadTx, command: &ImportOfficial) -> Result<Weighed, Error> {
    let sheet = &command.sheet;
    let mut weighed = Weighed { noted: sheet.noted.clone(), ..Weighed::default() };
    let unread: BTreeSet<usize> = sheet.noted.iter().map(|noted| noted.line).collect();
    weighed.refused = unread.len();
    let catalogue = tx.indicators()?;
    let columns: Vec<Option<&Indicator>> =
        sheet.indicators.iter().map(|(code, _)| catalogue.iter().find(|entry| entry.code.as_str() == code)).collect();
    for ((code, column), found) in sheet.indicators.iter().zip(&columns) {
        if found.is_none() {
            // Without knowing what a column counts no row of the file can be told to be right.
            weighed.noted.push(Noted::of_cell(1, *column, Problem::not_found("Indicator", code)));
        }
    }
    if columns.iter().any(Option::is_none) {
        weighed.refused = sheet.total;
        weighed.noted.sort_by_key(|noted| (noted.line, noted.column));
        return Ok(weighed);
    }
    let columns: Vec<&Indicator> = columns.into_iter().flatten().collect();
    let units = units(actor, tx, command)?;
    let others = of_other_days(actor, tx, command, &units)?;
    let standing = standing(tx, command, &units, &columns)?;
    for row in &sheet.rows {
        let Some(unit) = units.get(&row.code) else {
            weighed.refused += 1;
            weighed.noted.push(Noted::of_cell(row.line, 1, unknown(&row.code, command, &others)));
            continue;
        };
        weighed.row(command, row, unit, &columns, &standing);
    }
    weighed.noted.sort_by_key(|noted| (noted.line, noted.column));
    Ok(weighed)
}

impl Weighed {
    fn row(&mut self, command: &ImportOfficial, row: &Row, unit: &Unit, columns: &[&Indicator], standing: &Standing) {
        let mut noted = Vec::new();
        noted.extend(name_finding(command, row, unit));
        let mut fresh = Vec::new();
        let (mut created, mut unchanged) = (0, 0);
        let mut figures: BTreeMap<IndicatorId, i64> = BTreeMap::new();
        for (index, value) in &row.figures {
            let Some(indicator) = columns.get(*index) else { continue };
            let column = command.sheet.indicators.get(*index).map_or(0, |(_, column)| *column);
            figures.insert(indicator.id, value.get());
            let place = (unit.id, indicator.id);
            match (standing.now.get(&place), command.strategy) {
                (Some(current), Strategy::Create) => {
                    let problem = Problem::new(Code::FigureStands).with("indicator", &indicator.code);
                    noted.push(Noted::of_cell(row.line, column, problem.with("current", current)));
                }
                (None, Strategy::Update) => {
                    let problem = Problem::new(Code::FigureAbsent).with("indicator", &indicator.code);
                    noted.push(Noted::of_cell(row.line, column, problem));
                }
                (Some(current), _) if current == value => unchanged += 1,
                (current, _) => {
                    created += usize::from(current.is_none());
                    fresh.push((unit.id, indicator.id, *value));
                }
            }
            let fell = standing.before.get(&place).filter(|before| before.value > *value);
            noted.extend(fell.map(|before| {
                let problem = Problem::new(Code::CumulativeFell).with("unit", &unit.version.code);
                let problem = problem.with("indicator", &indicator.code).with("before", before.value);
                let problem = problem.with("on", in_viet_nam(before.as_of).0).with("after", value);
                Noted::of_cell(row.line, column, problem)
            }));
        }
        noted.extend(parts_of_row(columns, &figures).into_iter().map(|problem| Noted::of_line(row.line, problem)));
        if noted.iter().any(|noted| noted.problem.code().kind() != Kind::Finding) {
            self.refused += 1;
        } else {
            self.fresh.extend(fresh);
            self.created += created;
            self.unchanged += unchanged;
        }
        self.noted.extend(noted);
    }
}

/// The units of the file's codes in scope, on the day it is of.
fn units(actor: &Actor, tx: &mut dyn ReadTx, command: &ImportOfficial) -> Result<BTreeMap<UnitCode, Unit>, Error> {
    let codes: Vec<UnitCode> = command.sheet.rows.iter().map(|row| row.code.clone()).collect();
    let found = tx.units_by_code(&actor.scope, &codes, command.day())?;
    Ok(found.into_iter().map(|unit| (unit.version.code.clone(), unit)).collect())
}

/// Codes that name a unit in scope on another day alone.
fn of_other_days(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    command: &ImportOfficial,
    known: &BTreeMap<UnitCode, Unit>,
) -> Result<BTreeSet<UnitCode>, Error> {
    let rows = command.sheet.rows.iter().map(|row| &row.code);
    let mut missing: Vec<UnitCode> = rows.filter(|code| !known.contains_key(code)).cloned().collect();
    let mut found = BTreeSet::new();
    let days = tx.change_days()?;
    // A unit that ended has been there the day before.
    let eves = days.iter().rev().flat_map(|day| [Some(*day), day.pred_opt()]).flatten();
    for day in eves.take(2 * OTHER_DAYS_MAX) {
        if missing.is_empty() {
            break;
        }
        found.extend(tx.units_by_code(&actor.scope, &missing, day)?.into_iter().map(|unit| unit.version.code));
        missing.retain(|code| !found.contains(code));
    }
    Ok(found)
}

fn unknown(code: &UnitCode, command: &ImportOfficial, others: &BTreeSet<UnitCode>) -> Problem {
    if others.contains(code) {
        Problem::new(Code::UnitNotValid).with("unit", code).with("day", command.day())
    } else {
        Problem::not_found("Unit", code)
    }
}

/// What stands of the same source at the moment, and at the latest one before it; nothing is asked where no extract is.
fn standing(
    tx: &mut dyn ReadTx,
    command: &ImportOfficial,
    units: &BTreeMap<UnitCode, Unit>,
    columns: &[&Indicator],
) -> Result<Standing, Error> {
    let mut standing = Standing { now: HashMap::new(), before: HashMap::new() };
    let Some(source) = tx.source_id(&command.source)? else { return Ok(standing) };
    let units: Vec<UnitId> = units.values().map(|unit| unit.id).collect();
    let indicators: Vec<IndicatorId> = columns.iter().map(|indicator| indicator.id).collect();
    let just_before = command.as_of - chrono::TimeDelta::microseconds(1);
    if !tx.extract_moments(Some(source), just_before, command.as_of)?.is_empty() {
        let found = tx.official_figures(&units, &indicators, Some(source), just_before, command.as_of)?;
        standing.now = found.into_iter().map(|figure| ((figure.unit, figure.indicator), figure.value)).collect();
    }
    if !tx.extract_moments(Some(source), Instant::UNIX_EPOCH, just_before)?.is_empty() {
        let found = tx.official_figures(&units, &indicators, Some(source), Instant::UNIX_EPOCH, just_before)?;
        standing.before = found.into_iter().map(|figure| ((figure.unit, figure.indicator), figure)).collect();
    }
    Ok(standing)
}

/// A name that is not the unit's, however it is written: diacritics and the word of the kind may be missing.
fn name_finding(command: &ImportOfficial, row: &Row, unit: &Unit) -> Option<Noted> {
    let (column, written) = (command.sheet.name_column?, row.name.as_ref()?);
    let own = [unit.version.name.as_str(), &unit.version.full_name()].map(plain);
    if own.contains(&plain(written)) {
        return None;
    }
    let problem = Problem::new(Code::UnitNameDiffers).with("code", &unit.version.code);
    let problem = problem.with("name", unit.version.full_name()).with("found", written);
    Some(Noted::of_cell(row.line, column, problem))
}

fn plain(name: &str) -> Option<String> {
    UnitName::new(name).ok().map(|name| NameKeys::of(&name).plain)
}
