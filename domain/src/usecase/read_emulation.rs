//! Emulation: candidate lists as they stand, lists that were drawn up, and the council's decisions.
//!
//! Figures come from the use cases that answer for progress, reporting and comparison; nothing is worked out here a second
//! time. A list costs a handful of statements, whatever the number of its candidates.

mod evidence;
mod lists;

use std::collections::BTreeMap;

use crate::access::{Actor, Permission};
use crate::comparison::{Agreement, Gap, Tolerance};
use crate::drive::Drive;
use crate::emulation::sheet::{About, Candidate, Sheet, Tolerated};
use crate::emulation::{Facts, Terms, judge};
use crate::error::Error;
use crate::exact::Exact;
use crate::id::{DriveId, GroupId, IndicatorId, PhaseId, UnitId};
use crate::ports::ReadTx;
use crate::problem::{Code, Problem};
use crate::progress::{FigureBasis, Progress, Rank, RankMeasure, TreeView};
use crate::reporting::rates::Rates;
use crate::time::{Day, DayRange, DaySpan, Instant, in_viet_nam, to_micros};
use crate::unit::Level;
use crate::usecase::compare_figures::done_in;
use crate::usecase::read_progress::{ProgressQuestion, standings};
use crate::usecase::read_reporting::{ReportingQuestion, rates_of_parts};
use crate::usecase::visible_drive;
use evidence::Evidence;
pub(super) use lists::visible_list;
pub use lists::{count_emulation_lists, emulation_decisions, emulation_lists_by_id, list_emulation_lists};

/// The most candidates of one list; the country has some 3,300 communes.
const CANDIDATES_MAX: usize = 5_000;

/// Who is asked about, and by what they are judged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EmulationQuestion {
    /// The drive.
    pub drive: DriveId,
    /// The unit whose units are the candidates; in scope, and within the drive.
    pub unit: UnitId,
    /// All units of this level under it; those directly under it when `None`.
    pub level: Option<Level>,
    /// Simple or composite.
    pub indicator: IndicatorId,
    /// The group of the quotas.
    pub group: GroupId,
    /// The phase of the quotas; `None` for the whole drive.
    pub phase: Option<PhaseId>,
    /// The days, within the drive; an open end is the first day of the phase or drive, or the last one of it that is over.
    /// A report that still has time on the last day counts as missing.
    pub days: DaySpan,
    /// Whose figure stands for what was done; what settles the drive's result when `None`.
    pub basis: Option<FigureBasis>,
    /// What places go by.
    pub measure: RankMeasure,
    /// Units with a smaller quota get no place.
    pub min_quota: Exact,
    /// So many reports may be missing.
    pub allowed_silent: u32,
    /// So many reports may come late.
    pub allowed_late: u32,
}

/// The candidate list as figures stand. Candidates are those of the tree of the last day that are in scope; places are
/// worked out among all, and each counts with all under it.
///
/// # Errors
/// `Forbidden`; `NotFound` at `drive`, `unit`, `phase` or `indicator`; `UnitOutsideDrive` at `unit`; `DatesReversed`,
/// `DayOutsideDrive` at `days`; `TooMany` at `level`.
pub fn emulation(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    question: &EmulationQuestion,
    now: Instant,
) -> Result<Sheet, Error> {
    actor.require(Permission::ReadEmulation)?;
    let drive = visible_drive(actor, tx, question.drive)?;
    let missing = || Problem::not_found("Unit", question.unit.get()).at("unit");
    tx.units_by_id(&actor.scope, &[question.unit])?.remove(&question.unit).ok_or_else(missing)?;
    let today = in_viet_nam(now).0;
    let days = days(&drive, question, today)?;
    let units = candidates(tx, &drive, question, days.to())?;
    let basis = question.basis.unwrap_or(drive.settles);
    let of = ProgressQuestion {
        drive: drive.id,
        units,
        indicator: question.indicator,
        group: question.group,
        phase: question.phase,
        days: days.into(),
        view: TreeView::AsItWas,
        today,
        known_at: None,
    };
    let terms = Terms {
        basis,
        measure: question.measure,
        min_quota: question.min_quota.clone(),
        allowed_silent: question.allowed_silent,
        allowed_late: question.allowed_late,
    };
    let standings = standings(actor, tx, &of, basis)?;
    let ranks = standings.ranks(terms.measure, &terms.min_quota);
    let reporting = ReportingQuestion { drive: drive.id, unit: question.unit, days: of.days, now };
    let gathered = Gathered {
        rates: rates_of_parts(actor, tx, &reporting, question.level)?,
        verified: done_in(tx, &drive, of.indicator, FigureBasis::Verified, days, &of.units)?.unwrap_or_default(),
        official: done_in(tx, &drive, of.indicator, FigureBasis::Official, days, &of.units)?.unwrap_or_default(),
        evidence: Evidence::load(tx, &drive, of.indicator, &of.units, days)?,
        tolerance: tx.tolerance_of(drive.id)?,
        reported: standings.reported,
        known: standings.known.into_iter().map(|one| (one.unit, one)).collect(),
        unknown: standings.unknown.into_iter().map(|one| (one.unit, one)).collect(),
    };
    let seen = tx.units_by_id(&actor.scope, &of.units)?;
    let candidate = |rank: Rank| {
        let version = &seen.get(&rank.unit)?.version;
        let facts = gathered.facts(&rank)?;
        let judgement = judge(&facts, &terms);
        Some(Candidate { unit: rank.unit, code: version.code.to_string(), name: version.full_name(), facts, judgement })
    };
    let candidates = ranks.into_iter().filter_map(candidate).collect();
    let about = About {
        drive: drive.id,
        unit: question.unit,
        level: question.level,
        phase: question.phase,
        indicator: question.indicator,
        group: question.group,
        days,
        terms,
        tolerated: gathered.tolerance.as_ref().map(Tolerated::from),
        known_at: to_micros(now),
    };
    Ok(Sheet { about, candidates })
}

fn days(drive: &Drive, question: &EmulationQuestion, today: Day) -> Result<DayRange, Problem> {
    let whole = drive.days_of(question.phase).map_err(|problem| problem.at("phase"))?;
    let over = today.pred_opt().unwrap_or(today);
    let last = question.days.to.unwrap_or_else(|| whole.to().min(over).max(whole.from()));
    let first = question.days.from.unwrap_or(whole.from());
    let days = DayRange::new(first, last).map_err(|problem| problem.at("days"))?;
    drive.require_days(days).map_err(|problem| problem.at("days"))?;
    Ok(days)
}

fn candidates(tx: &mut dyn ReadTx, drive: &Drive, question: &EmulationQuestion, on: Day) -> Result<Vec<UnitId>, Error> {
    let tree = tx.tree(on)?;
    if !tree.covers(drive.unit, question.unit) {
        let outside = Problem::new(Code::UnitOutsideDrive).with("unit", question.unit.get());
        return Err(outside.with("day", on).at("unit").into());
    }
    let units = tree.parts(question.unit, question.level);
    if units.len() > CANDIDATES_MAX {
        let problem = Problem::new(Code::TooMany).with("actual", units.len()).with("max", CANDIDATES_MAX);
        return Err(problem.at("level").into());
    }
    Ok(units)
}

/// What is known of all candidates.
struct Gathered {
    /// Where those with a figure in the basis stand, and those without.
    known: BTreeMap<UnitId, Progress>,
    unknown: BTreeMap<UnitId, Progress>,
    reported: BTreeMap<UnitId, i64>,
    verified: BTreeMap<UnitId, i64>,
    official: BTreeMap<UnitId, i64>,
    rates: BTreeMap<UnitId, Rates>,
    evidence: Evidence,
    tolerance: Option<Tolerance>,
}

impl Gathered {
    /// The facts of a candidate by its place.
    fn facts(&self, rank: &Rank) -> Option<Facts> {
        let unit = rank.unit;
        let known = self.known.get(&unit);
        let standing = known.or_else(|| self.unknown.get(&unit))?;
        let (reported, official) = (self.reported.get(&unit).copied(), self.official.get(&unit).copied());
        let gap = reported.zip(official).map(|(reported, official)| Gap::between(reported, official));
        let agreement = gap.map_or(Agreement::Incomparable, |gap| gap.agreement(self.tolerance.as_ref()));
        let evidence = self.evidence.of(unit);
        Some(Facts {
            quota: standing.quota.clone(),
            opening: standing.opening,
            done: known.map(|standing| standing.done.value.round_half_up()),
            value: rank.value.clone(),
            place: rank.place,
            of: rank.of,
            tied: rank.tied,
            rates: self.rates.get(&unit).copied().unwrap_or_default(),
            reported,
            verified: self.verified.get(&unit).copied(),
            official,
            agreement,
            inspected_untrue: evidence.inspected_untrue,
            settled_untrue: evidence.settled_untrue,
            settled: evidence.settled,
        })
    }
}
