//! A row: who it is of, and what is known of it.

use std::collections::BTreeMap;

use super::punctuality::Punctuality;
use super::silence::Silence;
use super::truth::Truth;
use crate::exact::Exact;
use crate::id::UnitId;
use crate::period_report::column::Facts;
use crate::period_report::paper::RowOf;
use crate::progress::Progress;
use crate::unit::Unit;

/// What is known of rows beside their progress, over the days of a section.
pub(super) struct Beside {
    pub(super) silence: Silence,
    pub(super) punctuality: Punctuality,
    pub(super) truth: Truth,
}

/// Who a row is of.
pub(super) fn row_of(unit: &Unit) -> RowOf {
    RowOf { unit: unit.id, code: unit.version.code.to_string(), name: unit.version.full_name() }
}

/// What is known of a row: progress up to the last day, what was done `within` the days, and what stands beside it.
pub(super) fn facts(progress: Progress, within: Exact, beside: &Beside) -> Facts {
    let unit = progress.unit;
    let silent = beside.silence.of(unit);
    let spoke = silent < beside.silence.working || !within.is_zero();
    let opening = Exact::from(progress.opening);
    let reached = &progress.done.value + &opening;
    let rates = beside.punctuality.of(unit);
    let Truth { verified, official, reported } = &beside.truth;
    let of = |figures: &BTreeMap<UnitId, i64>| figures.get(&unit).copied().map(Exact::from);
    let (reported, official) = (of(reported), of(official));
    Facts {
        reached: progress.quota.is_some().then_some(reached),
        quota: progress.quota,
        opening: Some(opening),
        period: spoke.then_some(within),
        done: Some(progress.done.value),
        remaining: progress.remaining,
        silent_days: Some(silent.into()),
        expected_reports: rates.map(|rates| count(rates.expected())),
        on_time_reports: rates.map(|rates| count(rates.on_time())),
        verified: of(verified),
        official_beside: official.clone().filter(|_| reported.is_some()),
        reported_beside: reported,
        official,
    }
}

fn count(reports: u64) -> Exact {
    Exact::from(i64::try_from(reports).unwrap_or(i64::MAX))
}
