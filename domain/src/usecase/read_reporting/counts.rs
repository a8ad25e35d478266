//! Rates over days: what is owed is worked out here, what came is counted by the database.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::NaiveTime;

use super::frame::{Frame, in_scope};
use super::{LevelRates, Reporting, UnitRates};
use crate::access::Actor;
use crate::error::Error;
use crate::id::{TeamId, UnitId};
use crate::ports::ReadTx;
use crate::ports::reporting::CountedDays;
use crate::reporting::Debtor;
use crate::reporting::rates::Rates;
use crate::reporting::rule::{ReportKind, Reporters, ReportingRule};
use crate::time::{Day, DayRange};
use crate::unit::Level;
use crate::unit::tree::Tree;
use crate::usecase::read_progress::frame::stretches;

/// Days between two changes of the tree.
struct Stretch {
    days: DayRange,
    tree: Arc<Tree>,
    /// Those that owe reports and have begun.
    owed: Vec<Day>,
}

/// What somebody owes over a stretch.
struct Owed {
    days: u64,
    /// The part of the unit asked about that it stands in; `None` for none.
    child: Option<UnitId>,
}

/// By child (`None` for what belongs to none) and level.
type Counts = BTreeMap<(Option<UnitId>, Level), Rates>;

/// Counts for a unit and its parts: those directly under it, or all of a level under it.
pub(super) fn count(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    frame: &Frame,
    (unit, level): (UnitId, Option<Level>),
    days: DayRange,
) -> Result<Reporting, Error> {
    let begun = days.intersect(frame.drive.days);
    let mut counts = Counts::new();
    let mut children = Vec::new();
    for days in begun.map(|days| stretches(tx, days)).transpose()?.unwrap_or_default() {
        let tree = tx.tree(days.from())?;
        let parts = tree.parts(unit, level);
        // Those of the latest tree lead, in its order.
        let lead: BTreeSet<UnitId> = parts.iter().copied().collect();
        children.retain(|child| !lead.contains(child));
        children.splice(0..0, parts);
        let owed = days.days().filter(|day| frame.drive.reports_on(*day)).collect();
        let stretch = Stretch { days, tree, owed };
        for rule in &frame.drive.reporting_rules {
            add(tx, frame, rule, (unit, level), &stretch, &mut counts)?;
        }
    }
    let tree = tx.tree(days.to())?;
    if let Some(seen) = in_scope(actor, tx, &tree, &children)? {
        children.retain(|child| seen.contains(child));
    }
    let levels = |of: &dyn Fn(Option<UnitId>) -> bool| {
        let mut levels: BTreeMap<Level, Rates> = BTreeMap::new();
        for ((_, level), rates) in counts.iter().filter(|((child, _), _)| of(*child)) {
            *levels.entry(*level).or_default() += *rates;
        }
        levels.into_iter().map(|(level, rates)| LevelRates { level, rates }).collect()
    };
    Ok(Reporting {
        drive: frame.drive.id,
        days: begun,
        whole: UnitRates { unit, levels: levels(&|_| true) },
        children: children
            .into_iter()
            .map(|child| UnitRates { unit: child, levels: levels(&|of| of == Some(child)) })
            .collect(),
    })
}

/// How many figures of those credited to a unit and all under it were corrected.
pub(super) fn corrected(tx: &mut dyn ReadTx, frame: &Frame, unit: UnitId, days: DayRange) -> Result<u64, Error> {
    let Some(days) = days.intersect(frame.drive.days) else { return Ok(0) };
    let mut corrected = 0;
    for days in stretches(tx, days)? {
        let under: Vec<UnitId> = tx.tree(days.from())?.subtree(unit).map(|one| one.id).collect();
        corrected += tx.corrected(&frame.below, &under, days)?;
    }
    Ok(corrected)
}

/// Adds what a level owed and gave over a stretch.
fn add(
    tx: &mut dyn ReadTx,
    frame: &Frame,
    rule: &ReportingRule,
    (unit, level): (UnitId, Option<Level>),
    stretch: &Stretch,
    counts: &mut Counts,
) -> Result<(), Error> {
    let begun: Vec<Day> = stretch.owed.iter().copied().filter(|day| rule.window(*day).opens <= frame.now).collect();
    let units = frame.owing(&stretch.tree, unit, rule.level);
    let owing = owing(tx, rule, &parts_of(&stretch.tree, unit, level), &units, stretch, &begun)?;
    if owing.is_empty() {
        return Ok(());
    }
    for owed in owing.values() {
        *counts.entry((owed.child, rule.level)).or_default() += Rates::new(owed.days, 0, 0, 0);
    }
    let Some(range) = begun.first().zip(begun.last()) else { return Ok(()) };
    let range = DayRange::new(*range.0, *range.1)?;
    let question = frame.receipts_among(rule, ReportKind::Daily, &units);
    let without = range.days().filter(|day| !begun.contains(day)).collect();
    let window = rule.window(range.from());
    let midnight = range.from().and_time(NaiveTime::MIN).and_utc();
    let on_time_within = (window.due - midnight).num_microseconds().unwrap_or_default();
    for count in tx.receipt_counts(&question, &CountedDays { days: range, without, on_time_within })? {
        let debtor = known(count.debtor);
        let Some(owed) = owing.get(&debtor) else { continue };
        // Added to what is owed already: here only what came.
        let came = counts.entry((owed.child, rule.level)).or_default();
        *came += Rates::came(count.days.min(owed.days), count.on_time);
    }
    excuse(tx, frame, rule, (stretch, &units), &begun, &owing, counts)
}

/// A team is known by itself, whatever unit it was with when it reported.
const fn known(debtor: Debtor) -> Debtor {
    match debtor.team {
        Some(_) => Debtor { unit: UnitId::new(0), ..debtor },
        None => debtor,
    }
}

fn owing(
    tx: &mut dyn ReadTx,
    rule: &ReportingRule,
    child_of: &HashMap<UnitId, UnitId>,
    units: &[UnitId],
    stretch: &Stretch,
    begun: &[Day],
) -> Result<HashMap<Debtor, Owed>, Error> {
    let whole = |days: usize| u64::try_from(days).unwrap_or(u64::MAX);
    if rule.reporters == Reporters::EachUnit {
        let owed = |one: &UnitId| {
            let owed = Owed { days: whole(begun.len()), child: child_of.get(one).copied() };
            (Debtor { unit: *one, team: None }, owed)
        };
        return Ok(units.iter().map(owed).collect());
    }
    let teams = tx.teams_within(units, stretch.days)?;
    let owed = teams.iter().map(|team| {
        let days = begun.iter().filter(|day| team.is_valid_on(**day)).count();
        let owed = Owed { days: whole(days), child: child_of.get(&team.unit).copied() };
        (known(Debtor { unit: team.unit, team: Some(team.id) }), owed)
    });
    Ok(owed.collect())
}

/// In which of its parts each unit under a unit stands.
fn parts_of(tree: &Tree, unit: UnitId, level: Option<Level>) -> HashMap<UnitId, UnitId> {
    let under = |part: UnitId| tree.subtree(part).map(move |one| (one.id, part));
    tree.parts(unit, level).into_iter().flat_map(under).collect()
}

/// Takes silence that is excused out of what is owed.
fn excuse(
    tx: &mut dyn ReadTx,
    frame: &Frame,
    rule: &ReportingRule,
    (stretch, all): (&Stretch, &[UnitId]),
    begun: &[Day],
    owing: &HashMap<Debtor, Owed>,
    counts: &mut Counts,
) -> Result<(), Error> {
    let excused: Vec<DayRange> =
        frame.excuses.iter().filter_map(|excuse| excuse.days.intersect(stretch.days)).collect();
    let Some((from, to)) = excused.iter().map(|days| days.from()).min().zip(excused.iter().map(|days| days.to()).max())
    else {
        return Ok(());
    };
    let question = frame.receipts_among(rule, ReportKind::Daily, all);
    let receipts = tx.receipts(&question, DayRange::new(from, to)?)?;
    let came: BTreeSet<(Debtor, Day)> = receipts.iter().map(|one| (known(one.debtor), one.day)).collect();
    let units: Vec<UnitId> = owing.keys().filter(|debtor| debtor.team.is_none()).map(|debtor| debtor.unit).collect();
    let mut debtors: Vec<Debtor> = units.into_iter().map(|unit| Debtor { unit, team: None }).collect();
    let mut homes: HashMap<TeamId, (UnitId, DayRange)> = HashMap::new();
    if rule.reporters == Reporters::EachTeam {
        for team in tx.teams_within(all, stretch.days)? {
            let last = team.valid_to.and_then(|end| end.pred_opt()).unwrap_or(Day::MAX);
            homes.insert(team.id, (team.unit, DayRange::new(team.valid_from, last)?));
            debtors.push(Debtor { unit: team.unit, team: Some(team.id) });
        }
    }
    for debtor in debtors {
        let Some(owed) = owing.get(&known(debtor)) else { continue };
        let at_work = debtor.team.and_then(|team| homes.get(&team)).map(|(_, days)| *days);
        let silent = begun.iter().filter(|day| {
            at_work.is_none_or(|days| days.contains(**day))
                && frame.excuses.iter().any(|excuse| excuse.covers(debtor, **day, &stretch.tree))
                && !came.contains(&(known(debtor), **day))
        });
        let silent = u64::try_from(silent.count()).unwrap_or(u64::MAX);
        if silent > 0 {
            counts.entry((owed.child, rule.level)).or_default().excuse(silent);
        }
    }
    Ok(())
}
