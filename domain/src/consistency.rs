//! Consistency: whether figures can be true together. What is found is data: listed, acknowledged with a reason, never
//! corrected silently.

pub mod daily;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::id::{AccountId, DriveId, IndicatorId, UnitId};
use crate::indicator::{Indicator, Stage};
use crate::problem::{Code, Problem};
use crate::tally::Reporter;
use crate::text::{Reason, Subject};
use crate::time::{Day, Instant};

/// Something that cannot be, or can hardly be. It is derived from the figures each time it is asked for, so it is gone once
/// they are corrected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The drive.
    pub drive: DriveId,
    /// The unit whose figures it is about.
    pub unit: UnitId,
    /// Who reported them; `None` where they are a unit's, whoever reported them.
    pub reporter: Option<Reporter>,
    /// Of what.
    pub indicator: IndicatorId,
    /// The day it shows on.
    pub day: Day,
    /// What, with its figures.
    pub problem: Problem,
}

impl Found {
    /// What it is known by: another figure makes another finding, so that an acknowledgement holds only while the figures
    /// stand.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let reporter = match self.reporter {
            None => String::new(),
            Some(Reporter::Unit(unit)) => format!("u{unit}", unit = unit.get()),
            Some(Reporter::Team(team)) => format!("t{team}", team = team.get()),
        };
        let place = format!(
            "{code}|{drive}|{unit}|{reporter}|{indicator}|{day}",
            code = self.problem.code().as_str(),
            drive = self.drive.get(),
            unit = self.unit.get(),
            indicator = self.indicator.get(),
            day = self.day,
        );
        let figures = self.problem.params().iter().map(|(name, value)| format!("|{name}={value}"));
        Sha256::digest(figures.fold(place, |text, figure| text + &figure)).into()
    }
}

/// That somebody looked at a finding and says why it may stand. Append-only.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Acknowledgement {
    /// The finding.
    pub digest: [u8; 32],
    /// The drive.
    pub drive: DriveId,
    /// The unit whose figures it is about.
    pub unit: UnitId,
    /// What was found.
    pub code: Code,
    /// Why it may stand.
    pub reason: Reason,
    /// Who says so.
    pub author: Subject,
    /// The account.
    pub account: AccountId,
    /// When.
    pub at: Instant,
}

/// What cannot be true together in one row of figures of one unit and moment: a total that is not the sum of its parts
/// (level 1 + level 2 = total, issued = activated + inactive), and more done than there are people.
///
/// A total is checked only where all of its parts stand beside it.
#[must_use]
pub fn parts_of_row(columns: &[&Indicator], figures: &BTreeMap<IndicatorId, i64>) -> Vec<Problem> {
    let mut findings = Vec::new();
    for indicator in columns.iter().filter(|indicator| !indicator.parts.is_empty()) {
        let parts: Option<Vec<i64>> = indicator.parts.iter().map(|part| figures.get(part).copied()).collect();
        let (Some(total), Some(parts)) = (figures.get(&indicator.id), parts) else { continue };
        let sum = parts.iter().fold(0_i64, |sum, part| sum.saturating_add(*part));
        if sum != *total {
            let problem = Problem::new(Code::PartsDiffer).with("indicator", &indicator.code);
            findings.push(problem.with("total", total).with("sum", sum));
        }
    }
    let eligible =
        columns.iter().filter(|one| one.stage == Stage::Eligible).filter_map(|one| figures.get(&one.id)).max();
    let Some(eligible) = eligible else { return findings };
    for indicator in columns.iter().filter(|one| matches!(one.stage, Stage::Enrol | Stage::Approve | Stage::Activate)) {
        if let Some(done) = figures.get(&indicator.id).filter(|done| *done > eligible) {
            let problem = Problem::new(Code::DoneExceedsEligible).with("indicator", &indicator.code);
            findings.push(problem.with("done", done).with("eligible", eligible));
        }
    }
    findings
}
