//! Checking settings one by one against what was loaded, and evaluating them in the order given.

use std::collections::{BTreeMap, BTreeSet};

use super::QuotaSetting;
use super::facts::Facts;
use super::holders::require_in_drive;
use crate::drive::Drive;
use crate::exact::Exact;
use crate::id::UnitId;
use crate::problem::{Code, Problem};
use crate::quota::basis::{BasisFigures, Evaluated, evaluate};
use crate::quota::{Basis, QuotaKey};

/// A setting that can be stored.
pub(super) struct Ready<'a> {
    pub(super) setting: &'a QuotaSetting,
    pub(super) evaluated: Evaluated,
    /// The holder's unit.
    pub(super) unit: UnitId,
}

/// Checks every setting; what a basis refers to may have been set earlier in the same batch.
///
/// # Errors
/// Every problem of every setting, at `quotas.<index>`.
pub(super) fn check<'a>(
    drive: &Drive,
    facts: &Facts,
    settings: &'a [QuotaSetting],
) -> Result<Vec<Ready<'a>>, Vec<Problem>> {
    let mut seen: BTreeMap<QuotaKey, usize> = BTreeMap::new();
    let mut batch = Batch { drive, facts, amounts: BTreeMap::new(), failed: BTreeSet::new() };
    let mut ready = Vec::with_capacity(settings.len());
    let mut problems = Vec::new();
    for (index, setting) in settings.iter().enumerate() {
        let first = *seen.entry(setting.key).or_insert(index);
        let outcome = if first == index {
            batch.check(setting)
        } else {
            Err(vec![Problem::new(Code::Repeated).with("first", first)])
        };
        match outcome {
            Ok(one) => ready.extend(one),
            Err(found) => problems.extend(found.into_iter().map(|problem| problem.at(format_args!("quotas.{index}")))),
        }
    }
    if problems.is_empty() { Ok(ready) } else { Err(problems) }
}

struct Batch<'a> {
    drive: &'a Drive,
    facts: &'a Facts,
    /// What earlier settings of the batch came to.
    amounts: BTreeMap<QuotaKey, Exact>,
    /// Earlier settings of the batch that were refused: what refers to them is not reported as well.
    failed: BTreeSet<QuotaKey>,
}

impl Batch<'_> {
    /// The setting evaluated; `None` when it only fails because one it refers to did.
    fn check<'s>(&mut self, setting: &'s QuotaSetting) -> Result<Option<Ready<'s>>, Vec<Problem>> {
        let mut problems = self.problems(setting);
        let placed = require_in_drive(setting.key.holder, &self.facts.placed, self.drive, &self.facts.tree);
        let refers = setting.basis.quota(&setting.key);
        let evaluated = match placed {
            Ok(_) if !problems.is_empty() => None,
            Ok(placed) if refers.is_none_or(|key| !self.failed.contains(&key)) => {
                self.evaluate(setting, &placed.label).map(|evaluated| (evaluated, placed.unit)).map_or_else(
                    |problem| {
                        problems.push(problem);
                        None
                    },
                    Some,
                )
            }
            Ok(_) => None,
            Err(problem) => {
                problems.push(problem);
                None
            }
        };
        let Some((evaluated, unit)) = evaluated else {
            self.failed.insert(setting.key);
            return if problems.is_empty() { Ok(None) } else { Err(problems) };
        };
        self.amounts.insert(setting.key, evaluated.amount.clone());
        Ok(Some(Ready { setting, evaluated, unit }))
    }

    fn evaluate(&self, setting: &QuotaSetting, holder: &str) -> Result<Evaluated, Problem> {
        let refers = setting.basis.quota(&setting.key);
        let standing = |key: &QuotaKey| self.facts.standing.get(key).map(|quota| &quota.amount);
        let figures = BasisFigures {
            holder,
            baseline: self.facts.baseline(self.drive, setting),
            quota: refers.as_ref().and_then(|key| self.amounts.get(key).or_else(|| standing(key))),
            plan_days: self.drive.plan_days(setting.key.phase)?,
            places: self.facts.places(self.drive, setting),
        };
        evaluate(&setting.basis, &figures)
    }

    /// What is wrong with a setting apart from its holder and its amount.
    fn problems(&self, setting: &QuotaSetting) -> Vec<Problem> {
        let QuotaKey { phase, indicator, group, .. } = setting.key;
        let mut problems = Vec::new();
        problems.extend(self.drive.days_of(phase).err().map(|problem| problem.at("phase")));
        if !self.drive.indicators.contains(&indicator) {
            problems.push(match self.facts.indicators.get(&indicator) {
                Some(code) => Problem::new(Code::IndicatorNotInDrive).with("indicator", code).at("indicator"),
                None => Problem::not_found("Indicator", indicator.get()).at("indicator"),
            });
        }
        if !self.facts.groups.contains(&group) {
            problems.push(Problem::not_found("Group", group.get()).at("group"));
        }
        if let Some((group, indicator)) = setting.basis.baseline() {
            if !self.facts.groups.contains(&group) {
                problems.push(Problem::not_found("Group", group.get()).at("basis.group"));
            }
            if !self.facts.indicators.contains_key(&indicator) {
                problems.push(Problem::not_found("Indicator", indicator.get()).at("basis.indicator"));
            }
        }
        problems.extend(self.earlier_phase(setting).err().map(|problem| problem.at("basis.phase")));
        if !self.facts.decides(self.drive, setting.key.holder) {
            problems.push(Problem::new(Code::QuotaFromAbove).at("holder"));
        }
        if let Some(due) = setting.due.filter(|due| !self.drive.days.contains(*due)) {
            let days = self.drive.days;
            let outside = Problem::new(Code::DayOutsideDrive).with("day", due).with("from", days.from());
            problems.push(outside.with("to", days.to()).at("due"));
        }
        let actual = self.facts.standing.get(&setting.key).map_or(0, |quota| quota.version);
        if actual != setting.expected_version {
            let stale = Problem::new(Code::StaleVersion).with("actual", actual);
            problems.push(stale.with("expected", setting.expected_version).at("expectedVersion"));
        }
        problems
    }

    /// The rest of a phase is owed after it, not before.
    fn earlier_phase(&self, setting: &QuotaSetting) -> Result<(), Problem> {
        let Basis::PercentOfRest { phase, .. } = &setting.basis else { return Ok(()) };
        let earlier = self.drive.phase(*phase)?;
        let own = setting.key.phase.and_then(|id| self.drive.phase(id).ok());
        if own.is_none_or(|own| earlier.ordinal < own.ordinal) {
            return Ok(());
        }
        Err(Problem::new(Code::PhaseDates).with("phase", &earlier.name))
    }
}
