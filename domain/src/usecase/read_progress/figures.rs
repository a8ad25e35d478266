//! The figures of many units, loaded together.

use std::collections::{BTreeMap, BTreeSet};

use super::ProgressQuestion;
use super::done::done;
use super::frame::Frame;
use crate::error::Error;
use crate::id::{IndicatorId, QuotaId, UnitId};
use crate::ports::ReadTx;
use crate::problem::Problem;
use crate::progress::stand::{Subject, UnitFigures, stand};
use crate::progress::{Progress, Restated};
use crate::quota::Quota;
use crate::team::Hands;
use crate::time::{Day, Instant};

/// Quotas, opening figures and what was done, by unit.
pub(super) struct Figures {
    quotas: BTreeMap<UnitId, Quota>,
    openings: BTreeMap<UnitId, i64>,
    done: BTreeMap<UnitId, Restated>,
    /// Who is at work in the unit itself.
    hands: BTreeMap<UnitId, Hands>,
}

impl Figures {
    /// Loads everything but the hands: two statements as the tree was, one for opening figures where a quota counts them, and
    /// one for the history of quotas where what was known at a moment is asked for.
    ///
    /// # Errors
    /// A failure of storage.
    pub(super) fn load(
        tx: &mut dyn ReadTx,
        frame: &Frame,
        question: &ProgressQuestion,
        units: &[UnitId],
    ) -> Result<Self, Error> {
        let mut quotas = tx.unit_quotas(frame.drive.id, question.phase, frame.indicator, question.group, units)?;
        if let Some(moment) = frame.known_at {
            as_known_at(tx, &mut quotas, moment)?;
        }
        let counting: Vec<UnitId> =
            quotas.iter().filter(|(_, quota)| quota.counts_opening).map(|(unit, _)| *unit).collect();
        let openings = openings(tx, frame, question, &counting)?;
        let done = done(tx, frame, question.view, units)?;
        Ok(Self { quotas, openings, done, hands: BTreeMap::new() })
    }

    /// What was reported, in whole numbers; units of which nobody reported are left out.
    pub(super) fn reported(&self) -> BTreeMap<UnitId, i64> {
        self.done.iter().map(|(unit, done)| (*unit, done.value.round_half_up())).collect()
    }

    /// Puts figures of another basis in the place of what was reported.
    pub(super) fn replace(&mut self, done: &BTreeMap<UnitId, i64>) {
        let exact = |(unit, done): (&UnitId, &i64)| (*unit, Restated { value: (*done).into(), estimated: false });
        self.done = done.iter().map(exact).collect();
    }

    /// Counts who is at work in the units that have a quota, by one statement.
    ///
    /// # Errors
    /// A failure of storage.
    pub(super) fn load_hands(&mut self, tx: &mut dyn ReadTx, today: Day, units: &[UnitId]) -> Result<(), Error> {
        let paced: Vec<UnitId> = units.iter().copied().filter(|unit| self.quotas.contains_key(unit)).collect();
        if paced.is_empty() {
            return Ok(());
        }
        self.hands = tx.hands_of(&paced, today)?;
        Ok(())
    }

    /// Where a unit stands.
    ///
    /// # Errors
    /// `NotFound` for a phase of another drive.
    pub(super) fn stand(&self, frame: &Frame, question: &ProgressQuestion, unit: UnitId) -> Result<Progress, Problem> {
        let Hands { teams, members } = self.hands.get(&unit).copied().unwrap_or_default();
        let subject = Subject {
            drive: &frame.drive,
            phase: question.phase,
            indicator: frame.indicator,
            is_level: frame.is_level(),
            group: question.group,
            days: frame.days,
            today: question.today,
        };
        let figures = UnitFigures {
            unit,
            quota: self.quotas.get(&unit),
            baseline: self.openings.get(&unit).copied().unwrap_or(0),
            done: self.done.get(&unit).cloned(),
            teams,
            members,
        };
        stand(&subject, figures)
    }
}

/// Quotas with the amounts that their amendments up to a moment made; those that were set later are left out.
fn as_known_at(tx: &mut dyn ReadTx, quotas: &mut BTreeMap<UnitId, Quota>, moment: Instant) -> Result<(), Error> {
    let ids: Vec<QuotaId> = quotas.values().map(|quota| quota.id).collect();
    let history = tx.amendments(&ids)?;
    quotas.retain(|_, quota| {
        let amendments = history.get(&quota.id).map(Vec::as_slice).unwrap_or_default();
        let Some(stood) = amendments.iter().rev().find(|amendment| amendment.at <= moment) else { return false };
        quota.amount = stood.amount.clone();
        quota.basis = stood.basis.clone();
        quota.version = stood.version;
        true
    });
    Ok(())
}

/// The opening figures, by one statement: the baseline of the indicator itself, otherwise of its parts together.
fn openings(
    tx: &mut dyn ReadTx,
    frame: &Frame,
    question: &ProgressQuestion,
    units: &[UnitId],
) -> Result<BTreeMap<UnitId, i64>, Error> {
    if units.is_empty() {
        return Ok(BTreeMap::new());
    }
    // Strictly up to the first day, unlike the baselines of a plan: what came later is among the tallies.
    let on_or_before = frame.drive.days_of(question.phase)?.from();
    let parts = frame.flows.iter().chain(&frame.levels).copied();
    let asked: BTreeSet<IndicatorId> = parts.chain([frame.indicator]).collect();
    let asked: Vec<IndicatorId> = asked.into_iter().collect();
    let found = tx.baselines_of(units, question.group, &asked, on_or_before)?;
    let mut openings = BTreeMap::new();
    for ((unit, _), baseline) in &found {
        *openings.entry(*unit).or_default() += baseline.value.get();
    }
    for ((unit, _), own) in found.iter().filter(|((_, indicator), _)| *indicator == frame.indicator) {
        openings.insert(*unit, own.value.get());
    }
    Ok(openings)
}
