//! What the official figures say of a unit of any size: its own figure where an extract names it, otherwise the sum over
//! those below that are named, with how many are not.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use crate::comparison::Official;
use crate::error::Error;
use crate::extract::OfficialFigure;
use crate::id::{ExtractId, IndicatorId, SourceId, UnitId};
use crate::indicator::Indicator;
use crate::ports::ReadTx;
use crate::time::Instant;
use crate::unit::tree::Tree;

/// What is asked of the official figures.
pub(super) struct Asked<'question> {
    pub(super) indicator: &'question Indicator,
    /// Figures count for the day when they are as of a moment after this …
    pub(super) from: Instant,
    /// … up to this.
    pub(super) until: Instant,
    /// The moment at which the drive begins: opening figures are as of it or before.
    pub(super) eve: Instant,
    /// The latest figure stands for itself: nothing is taken off it.
    pub(super) is_level: bool,
}

/// The official figure of a unit, and the oldest moment of what was taken off it.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) official: Official,
    pub(super) opened_at: Option<Instant>,
}

impl Found {
    /// The moment of what was taken off, where it lies a day or more before the first day: then what was done in between is
    /// in the figure too.
    pub(super) fn opened_early(&self, eve: Instant) -> Option<Instant> {
        self.opened_at.filter(|at| *at <= eve - TimeDelta::days(1))
    }
}

/// A named unit's figure of one source.
#[derive(Clone, Copy)]
struct Named {
    value: i64,
    source: SourceId,
    as_of: Instant,
    opening: Option<(i64, Instant)>,
}

/// The official figures of units; those of which nothing is named are left out.
///
/// # Errors
/// A failure of storage.
pub(super) fn of_units(
    tx: &mut dyn ReadTx,
    asked: &Asked<'_>,
    tree: &Tree,
    units: &[UnitId],
) -> Result<BTreeMap<UnitId, Found>, Error> {
    if tx.extract_moments(None, asked.from, asked.until)?.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut named: BTreeMap<UnitId, Named> = BTreeMap::new();
    let mut seen: BTreeSet<UnitId> = BTreeSet::new();
    let mut pending: Vec<UnitId> = units.to_vec();
    while !pending.is_empty() {
        seen.extend(&pending);
        named.extend(load(tx, asked, &pending)?);
        let silent = pending.iter().filter(|unit| !named.contains_key(unit));
        let below: BTreeSet<UnitId> = silent.flat_map(|unit| tree.children(*unit)).map(|child| child.id).collect();
        pending = below.difference(&seen).copied().collect();
    }
    let sums = units.iter().map(|unit| (*unit, sum(tree, &named, *unit)));
    Ok(sums
        .filter(|(_, sum)| !sum.named.is_empty())
        .map(|(unit, sum)| (unit, sum.found(unit, &named, asked)))
        .collect())
}

/// The named units that make up a unit, and how many parts of it have none.
#[derive(Default)]
struct Sum {
    named: Vec<UnitId>,
    missing: u32,
}

fn sum(tree: &Tree, named: &BTreeMap<UnitId, Named>, unit: UnitId) -> Sum {
    if named.contains_key(&unit) {
        return Sum { named: vec![unit], missing: 0 };
    }
    let mut all = Sum::default();
    for child in tree.children(unit) {
        let part = sum(tree, named, child.id);
        all.named.extend(part.named);
        all.missing = all.missing.saturating_add(part.missing);
    }
    // Of a part in which nobody is named the topmost unit counts as missing, once.
    if all.named.is_empty() { Sum { named: Vec::new(), missing: 1 } } else { all }
}

impl Sum {
    fn found(&self, unit: UnitId, named: &BTreeMap<UnitId, Named>, asked: &Asked<'_>) -> Found {
        let parts: Vec<Named> = self.named.iter().filter_map(|unit| named.get(unit)).copied().collect();
        let add = |sum: i64, part: i64| sum.saturating_add(part);
        let value = parts.iter().map(|part| part.value).fold(0, add);
        let openings: Option<Vec<(i64, Instant)>> = parts.iter().map(|part| part.opening).collect();
        let opening = openings.as_ref().map(|parts| parts.iter().map(|(value, _)| *value).fold(0, add));
        let done = if asked.is_level { Some(value) } else { opening.map(|opening| value.saturating_sub(opening)) };
        let moments = || parts.iter().map(|part| part.as_of);
        let sources: BTreeSet<SourceId> = parts.iter().map(|part| part.source).collect();
        let official = Official {
            value,
            opening: opening.filter(|_| !asked.is_level),
            done,
            sources: sources.into_iter().collect(),
            as_of: (moments().min().unwrap_or(asked.from), moments().max().unwrap_or(asked.until)),
            summed: self.named != [unit],
            covered: u32::try_from(parts.len()).unwrap_or(u32::MAX),
            missing: self.missing,
        };
        let opened_at = openings.and_then(|parts| parts.into_iter().map(|(_, at)| at).min());
        Found { official, opened_at: opened_at.filter(|_| !asked.is_level) }
    }
}

/// The figures of those units that are named: by one question for the day and one for what was before the drive.
fn load(tx: &mut dyn ReadTx, asked: &Asked<'_>, units: &[UnitId]) -> Result<BTreeMap<UnitId, Named>, Error> {
    let leaves = asked.indicator.leaves();
    let indicators: BTreeSet<IndicatorId> = leaves.iter().copied().chain([asked.indicator.id]).collect();
    let indicators: Vec<IndicatorId> = indicators.into_iter().collect();
    let now = by_source(tx.official_figures(units, &indicators, None, asked.from, asked.until)?);
    let chosen: BTreeMap<UnitId, (SourceId, Stated)> = now
        .into_iter()
        .filter_map(|(unit, sources)| {
            let stated = sources.into_iter().filter_map(|(source, figures)| Some((source, state(asked, &figures)?)));
            let newest = stated.max_by_key(|(_, stated)| (stated.as_of, stated.extract))?;
            Some((unit, newest))
        })
        .collect();
    let named: Vec<UnitId> = chosen.keys().copied().collect();
    let before = if asked.is_level || named.is_empty() {
        BTreeMap::new()
    } else {
        by_source(tx.official_figures(&named, &indicators, None, Instant::UNIX_EPOCH, asked.eve)?)
    };
    let named = chosen.into_iter().map(|(unit, (source, stated))| {
        let opening = before.get(&unit).and_then(|sources| sources.get(&source));
        let opening = opening.and_then(|figures| stated.of_the_same(asked, figures));
        (unit, Named { value: stated.value, source, as_of: stated.as_of, opening })
    });
    Ok(named.collect())
}

type Figures = BTreeMap<IndicatorId, OfficialFigure>;

fn by_source(figures: Vec<OfficialFigure>) -> BTreeMap<UnitId, BTreeMap<SourceId, Figures>> {
    let mut found: BTreeMap<UnitId, BTreeMap<SourceId, Figures>> = BTreeMap::new();
    for figure in figures {
        found.entry(figure.unit).or_default().entry(figure.source).or_default().insert(figure.indicator, figure);
    }
    found
}

/// What one source states of an indicator: outright, or by its parts of one moment.
#[derive(Clone, Copy)]
struct Stated {
    value: i64,
    as_of: Instant,
    extract: ExtractId,
    outright: bool,
}

impl Stated {
    /// The earlier figure that was stated in the same way: a total stated outright is not set against a sum of parts.
    fn of_the_same(&self, asked: &Asked<'_>, figures: &Figures) -> Option<(i64, Instant)> {
        let earlier = if self.outright { outright(asked, figures) } else { by_parts(asked, figures) };
        earlier.map(|stated| (stated.value, stated.as_of))
    }
}

fn state(asked: &Asked<'_>, figures: &Figures) -> Option<Stated> {
    outright(asked, figures).or_else(|| by_parts(asked, figures))
}

fn outright(asked: &Asked<'_>, figures: &Figures) -> Option<Stated> {
    let figure = figures.get(&asked.indicator.id)?;
    Some(Stated { value: figure.value.get(), as_of: figure.as_of, extract: figure.extract, outright: true })
}

fn by_parts(asked: &Asked<'_>, figures: &Figures) -> Option<Stated> {
    let leaves = asked.indicator.leaves();
    let parts: Vec<&OfficialFigure> = leaves.iter().map(|leaf| figures.get(leaf)).collect::<Option<_>>()?;
    let first = parts.first()?;
    let one_moment = parts.iter().all(|part| part.as_of == first.as_of);
    let value = parts.iter().fold(0_i64, |sum, part| sum.saturating_add(part.value.get()));
    let extract = parts.iter().map(|part| part.extract).max()?;
    one_moment.then_some(Stated { value, as_of: first.as_of, extract, outright: false })
}
