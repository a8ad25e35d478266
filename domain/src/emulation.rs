//! Emulation (thi đua, khen thưởng): who is to be commended at the end of a drive and who criticised, and why (rules 9
//! and 16).
//!
//! [`judge`] is the whole rule: it knows the facts of one unit and the terms of the list, nothing else. A [`sheet`] is worked
//! out as figures stand; a [`list`] keeps one to the letter, so that the ranking can be shown again; the council's
//! [`decision`] stands beside it and changes nothing of it.

pub(crate) mod content;
pub mod decision;
pub mod list;
pub mod sheet;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use crate::comparison::Agreement;
use crate::exact::Exact;
use crate::problem::{Code, Problem};
use crate::progress::{FigureBasis, RankMeasure};
use crate::reporting::rates::Rates;

/// What a list is drawn up by. Thresholds are the council's to say, so they are asked for and kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Terms {
    /// Whose figure stands for what was done.
    pub basis: FigureBasis,
    /// What places go by.
    pub measure: RankMeasure,
    /// Units with a smaller quota get no place.
    pub min_quota: Exact,
    /// So many reports may be missing, excused ones apart, before a unit is silent.
    pub allowed_silent: u32,
    /// So many reports may come late before it counts.
    pub allowed_late: u32,
}

/// What is known of a unit with all under it over the days of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facts {
    /// The exact quota; `None` when none was given.
    pub quota: Option<Exact>,
    /// What was there before, where the quota counts it.
    pub opening: i64,
    /// What was done, in the basis of the list; `None` where that basis has no figure.
    pub done: Option<i64>,
    /// What the place goes by.
    pub value: Option<Exact>,
    /// 1 is best; `None` without a quota, below the minimum base, and without a figure.
    pub place: Option<u32>,
    /// How many units have a place.
    pub of: u32,
    /// Whether another unit shares the place.
    pub tied: bool,
    /// Reports that were owed, came, and came on time; excused silence is not owed.
    pub rates: Rates,
    /// What was reported; `None` when nobody reported.
    pub reported: Option<i64>,
    /// What inspection confirmed; `None` when nothing was.
    pub verified: Option<i64>,
    /// What was done by the official figures as of the last day, where they are of the whole unit.
    pub official: Option<i64>,
    /// Whether reported and official agree, by the tolerance of the drive.
    pub agreement: Agreement,
    /// How many figures that the unit reported were inspected and are not so.
    pub inspected_untrue: u32,
    /// How many figures of the unit were settled because what was reported is not so.
    pub settled_untrue: u32,
    /// What is held to be true of its figure, by the latest settlement within the days.
    pub settled: Option<i64>,
}

impl Facts {
    /// Opening plus done: what is held against the quota.
    #[must_use]
    pub fn result(&self) -> Option<i64> {
        self.done.map(|done| done.saturating_add(self.opening))
    }

    /// The result over the quota; `None` without either, or with a quota of zero.
    #[must_use]
    pub fn share(&self) -> Option<Exact> {
        Exact::from(self.result()?).checked_div(self.quota.as_ref()?)
    }

    /// How many reports are missing, excused ones apart.
    #[must_use]
    pub const fn silent(&self) -> u64 {
        self.rates.expected().saturating_sub(self.rates.actual())
    }

    /// How many reports came late.
    #[must_use]
    pub const fn late(&self) -> u64 {
        self.rates.actual().saturating_sub(self.rates.on_time())
    }
}

/// What is proposed to the council.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Proposed {
    /// To commend it.
    Commend,
    /// To criticise it.
    Criticise,
    /// Neither.
    None,
}

/// What a reason does to the proposal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Effect {
    /// It speaks for the unit.
    Commends,
    /// It speaks against the unit.
    Criticises,
    /// It speaks against the unit and puts it out of the running for commendation.
    Excludes,
    /// It is to be known, and decides nothing.
    Remarks,
}

/// What a reason of that code does.
#[must_use]
pub const fn effect(code: Code) -> Effect {
    match code {
        Code::QuotaExceeded => Effect::Commends,
        Code::QuotaMissed | Code::ReportedLate => Effect::Criticises,
        Code::KeptSilent | Code::InspectedUntrue | Code::SettledUntrue => Effect::Excludes,
        _ => Effect::Remarks,
    }
}

/// What follows from the facts of a unit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judgement {
    /// What is proposed.
    pub proposed: Proposed,
    /// Why, the result first. Each is a finding with its figures; [`effect`] says what it does.
    pub reasons: Vec<Problem>,
}

impl Judgement {
    /// What puts the unit out of the running for commendation.
    pub fn exclusions(&self) -> impl Iterator<Item = &Problem> {
        self.reasons.iter().filter(|reason| effect(reason.code()) == Effect::Excludes)
    }

    /// Whether anything does.
    #[must_use]
    pub fn is_out(&self) -> bool {
        self.exclusions().next().is_some()
    }
}

/// Judges a unit. Strictly above its quota speaks for it, below against it, exactly met or no quota neither. Silence and
/// untruth put it out of the running whatever its result; lateness speaks against it and leaves it in the running. Whatever
/// speaks against a unit outweighs what speaks for it.
#[must_use]
pub fn judge(facts: &Facts, terms: &Terms) -> Judgement {
    let (silent, late) = (facts.silent(), facts.late());
    let beyond = |code, count: u64, allowed: u32| {
        (count > u64::from(allowed)).then(|| Problem::new(code).with("count", count).with("allowed", allowed))
    };
    let untrue = |code, count: u32| (count > 0).then(|| Problem::new(code).with("count", count));
    let reasons: Vec<Problem> = [
        Some(by_result(facts)),
        below_base(facts, terms),
        beyond(Code::KeptSilent, silent, terms.allowed_silent),
        beyond(Code::ReportedLate, late, terms.allowed_late),
        untrue(Code::InspectedUntrue, facts.inspected_untrue),
        untrue(Code::SettledUntrue, facts.settled_untrue),
        official_gap(facts),
    ]
    .into_iter()
    .flatten()
    .collect();
    let any = |wanted: &[Effect]| reasons.iter().any(|reason| wanted.contains(&effect(reason.code())));
    let proposed = if any(&[Effect::Criticises, Effect::Excludes]) {
        Proposed::Criticise
    } else if any(&[Effect::Commends]) {
        Proposed::Commend
    } else {
        Proposed::None
    };
    Judgement { proposed, reasons }
}

fn by_result(facts: &Facts) -> Problem {
    let Some(quota) = &facts.quota else { return Problem::new(Code::NoQuotaGiven) };
    let Some(result) = facts.result() else { return Problem::new(Code::NoFigureInBasis) };
    let code = match Exact::from(result).cmp(quota) {
        Ordering::Greater => Code::QuotaExceeded,
        Ordering::Equal => Code::QuotaMet,
        Ordering::Less => Code::QuotaMissed,
    };
    Problem::new(code).with("result", result).with("quota", printed(quota))
}

/// For a message: exact where it is whole, otherwise with two decimals.
fn printed(exact: &Exact) -> String {
    exact.to_decimal(if exact.is_integer() { 0 } else { 2 })
}

fn below_base(facts: &Facts, terms: &Terms) -> Option<Problem> {
    let quota = facts.quota.as_ref().filter(|quota| **quota < terms.min_quota)?;
    Some(Problem::new(Code::BelowMinimumBase).with("quota", printed(quota)).with("min", printed(&terms.min_quota)))
}

/// Figures that differ are no untruth by themselves: records wait for approval, people reside elsewhere. Whoever checks
/// settles what it is.
fn official_gap(facts: &Facts) -> Option<Problem> {
    let (reported, official) = (facts.reported?, facts.official?);
    let gap = Problem::new(Code::OfficialGap).with("reported", reported).with("official", official);
    (facts.agreement == Agreement::Beyond).then_some(gap)
}
