//! Working a paper out.

use std::collections::BTreeMap;

use super::period::days;
use super::punctuality::Punctuality;
use super::row::{Beside, facts, row_of};
use super::silence::Silence;
use super::truth::Truth;
use super::{Corrects, IssueReport};
use crate::drive::{Drive, Phase};
use crate::error::Error;
use crate::exact::Exact;
use crate::id::{PhaseId, UnitId};
use crate::period_report::column::Facts;
use crate::period_report::paper::{Paper, SectionFacts, TitleBlock};
use crate::period_report::{About, ReportKind};
use crate::ports::ReadTx;
use crate::problem::{Code, Problem};
use crate::progress::{Progress, TreeView};
use crate::time::{Day, DayRange, DaySpan, in_viet_nam, to_micros};
use crate::unit::Unit;
use crate::usecase::read_progress::{ProgressQuestion, progress};
use crate::usecase::read_reporting::ReportingQuestion;
use crate::usecase::{Act, visible_drive};

/// The most units of one question of progress.
const UNITS: usize = 100;

/// What a paper is worked out from.
struct Frame<'a> {
    act: &'a Act,
    command: &'a IssueReport,
    drive: Drive,
    /// The unit of the paper, as it was on the drive's tree date.
    unit: Unit,
    /// The units of its rows.
    rows: Vec<Unit>,
    /// How many of the rows are out of sight.
    hidden: usize,
    days: DayRange,
    today: Day,
}

/// The paper of a report, as figures stand in this snapshot.
pub(super) fn compose(
    act: &Act,
    tx: &mut dyn ReadTx,
    command: &IssueReport,
    corrects: Corrects,
) -> Result<Paper, Error> {
    let frame = Frame::load(act, tx, command)?;
    let mut sections = Vec::new();
    if command.kind == ReportKind::Final {
        for phase in &frame.drive.phases {
            sections.push(frame.section(tx, Some(phase), phase.days)?.0);
        }
    }
    let (mut whole, silence) = frame.section(tx, frame.own_phase()?, frame.days)?;
    if !sections.is_empty() {
        "Cả đợt".clone_into(&mut whole.name);
        frame.owe_what_the_phases_owe(tx, &sections, &mut whole)?;
    }
    let missing: Vec<Problem> = frame.missing(&silence);
    let own = frame.against_the_unit(tx, &whole)?;
    let official_of_some = official_of_some(&whole);
    sections.push(whole);
    let about = frame.about(missing.is_empty(), corrects);
    let mut paper = Paper::lay_out(about, frame.title(tx)?, &sections);
    paper.findings.extend(own);
    paper.findings.extend(official_of_some);
    paper.findings.extend(missing);
    Ok(paper)
}

impl<'a> Frame<'a> {
    fn load(act: &'a Act, tx: &mut dyn ReadTx, command: &'a IssueReport) -> Result<Self, Error> {
        let drive = visible_drive(&act.actor, tx, command.drive)?;
        let today = in_viet_nam(act.now).0;
        let days = days(&drive, command, today)?;
        let id = command.unit.unwrap_or(drive.unit);
        let missing = || Problem::not_found("Unit", id.get()).at("unit");
        let unit = tx.units_by_id(&act.actor.scope, &[id])?.remove(&id).ok_or_else(missing)?;
        let tree = tx.tree(drive.tree_date)?;
        if !tree.covers(drive.unit, id) {
            let outside = Problem::new(Code::UnitOutsideDrive).with("unit", id.get());
            return Err(outside.with("day", drive.tree_date).at("unit").into());
        }
        let all = tree.children(id).count();
        let rows = tx.children_of(&act.actor.scope, &[id], drive.tree_date, u16::MAX)?.remove(&id).unwrap_or_default();
        let hidden = all.saturating_sub(rows.len());
        // What has nobody under it reports of itself.
        let rows = if all == 0 { vec![unit.clone()] } else { rows };
        Ok(Self { act, command, drive, unit, rows, hidden, days, today })
    }

    /// The phase that the figures of the last section are held against.
    fn own_phase(&self) -> Result<Option<&Phase>, Problem> {
        self.command.phase.map(|phase| self.drive.phase(phase)).transpose()
    }

    fn question(&self, units: &[UnitId], phase: Option<PhaseId>, days: DaySpan) -> ProgressQuestion {
        ProgressQuestion {
            drive: self.drive.id,
            units: units.to_vec(),
            indicator: self.command.indicator,
            group: self.command.group,
            phase,
            days,
            view: TreeView::AsItWas,
            today: self.today,
            known_at: None,
        }
    }

    /// Progress of the rows, in their order.
    fn progress(&self, tx: &mut dyn ReadTx, phase: Option<PhaseId>, days: DaySpan) -> Result<Vec<Progress>, Error> {
        let ids = self.ids();
        let mut found = Vec::with_capacity(ids.len());
        for units in ids.chunks(UNITS) {
            found.extend(progress(&self.act.actor, tx, &self.question(units, phase, days))?);
        }
        Ok(found)
    }

    /// What is known of the rows beside progress: what was silent and late within `days`, and what is true of what was done
    /// from the first day of the phase or drive.
    fn beside(&self, tx: &mut dyn ReadTx, phase: Option<&Phase>, days: DayRange) -> Result<Beside, Error> {
        let (actor, now) = (&self.act.actor, self.act.now);
        let ids = self.ids();
        let tree = tx.tree(self.drive.tree_date)?;
        let silence = Silence::count(tx, (&self.drive, &tree), &ids, days, now)?;
        let question = ReportingQuestion { drive: self.drive.id, unit: self.unit.id, days: days.into(), now };
        let punctuality = Punctuality::count(actor, tx, &question)?;
        let first = phase.map_or(self.drive.days.from(), |phase| phase.days.from());
        let counted = DayRange::new(first, days.to())?;
        let truth = Truth::load(actor, tx, &self.drive, self.command.indicator, &ids, counted)?;
        Ok(Beside { silence, punctuality, truth })
    }

    fn ids(&self) -> Vec<UnitId> {
        self.rows.iter().map(|row| row.id).collect()
    }

    /// The rows of a section: what was done up to its last day, and within the days of the report. And who was silent.
    fn section(
        &self,
        tx: &mut dyn ReadTx,
        phase: Option<&Phase>,
        days: DayRange,
    ) -> Result<(SectionFacts, Silence), Error> {
        let beside = self.beside(tx, phase, days)?;
        let id = phase.map(|phase| phase.id);
        let so_far = self.progress(tx, id, DaySpan { from: None, to: Some(days.to()) })?;
        let within = self.progress(tx, id, days.into())?;
        let facts = |((row, so_far), within): ((&Unit, Progress), Progress)| {
            (row_of(row), facts(so_far, within.done.value, &beside))
        };
        let rows = self.rows.iter().zip(so_far).zip(within).map(facts).collect();
        let name = match (self.command.kind, phase) {
            (ReportKind::Final, Some(phase)) => phase.name.to_string(),
            _ => String::new(),
        };
        Ok((SectionFacts { phase: id, name, days, rows, has_all: self.hidden == 0 }, beside.silence))
    }

    /// Where a drive gives quotas to its phases only, the whole owes what the phases owe together. Not where one of them is
    /// a level to be reached: levels do not add up.
    fn owe_what_the_phases_owe(
        &self,
        tx: &mut dyn ReadTx,
        phases: &[SectionFacts],
        whole: &mut SectionFacts,
    ) -> Result<(), Error> {
        if whole.rows.iter().any(|(_, facts)| facts.quota.is_some()) {
            return Ok(());
        }
        let ids = self.ids();
        for phase in phases {
            let (indicator, group) = (self.command.indicator, self.command.group);
            let quotas = tx.unit_quotas(self.drive.id, phase.phase, indicator, group, &ids)?;
            if quotas.values().any(|quota| quota.counts_opening) {
                return Ok(());
            }
        }
        for (of, facts) in &mut whole.rows {
            let rows = phases.iter().flat_map(|phase| &phase.rows).filter(|(other, _)| other.unit == of.unit);
            let owed: Facts = rows.map(|(_, facts)| facts).sum();
            let Some(quota) = owed.quota else { continue };
            let done = facts.done.clone().unwrap_or_else(Exact::zero);
            facts.remaining = Some((&quota - &done).at_least_zero());
            facts.quota = Some(quota);
            facts.reached = Some(done);
        }
        Ok(())
    }

    /// Who did not report, and who is out of sight.
    fn missing(&self, silence: &Silence) -> Vec<Problem> {
        let silent = self.rows.iter().filter_map(|row| {
            let days = silence.of(row.id);
            let problem = Problem::new(Code::ReportsMissing).with("unit", row.version.full_name()).with("days", days);
            (days > 0).then_some(problem)
        });
        let hidden = (self.hidden > 0).then(|| Problem::new(Code::RowsMissing).with("count", self.hidden));
        hidden.into_iter().chain(silent).collect()
    }

    /// Where the rows do not make the figure of the unit itself: a quota that was not spread to the last, figures that were
    /// reported for the unit itself.
    fn against_the_unit(&self, tx: &mut dyn ReadTx, whole: &SectionFacts) -> Result<Vec<Problem>, Error> {
        if self.hidden > 0 {
            return Ok(Vec::new());
        }
        let days = DaySpan { from: None, to: Some(whole.days.to()) };
        let own = progress(&self.act.actor, tx, &self.question(&[self.unit.id], whole.phase, days))?.pop();
        let Some(own) = own else { return Ok(Vec::new()) };
        let rows: Facts = whole.rows.iter().map(|(_, facts)| facts).sum();
        let pairs = [("Chỉ tiêu giao", own.quota, rows.quota), ("Lũy kế thực hiện", Some(own.done.value), rows.done)];
        let differs = |(column, own, rows): (&str, Option<Exact>, Option<Exact>)| {
            let (own, rows) = (own?, rows?);
            let finding = Problem::new(Code::RowsDifferFromUnit).with("column", column);
            let finding = finding.with("rows", rows.to_decimal(0)).with("unit", self.unit.version.full_name());
            (own != rows).then(|| finding.with("own", own.to_decimal(0)))
        };
        Ok(pairs.into_iter().filter_map(differs).collect())
    }

    fn about(&self, all_reported: bool, corrects: Corrects) -> About {
        let (corrects, reason) = corrects.unzip();
        About {
            kind: self.command.kind,
            drive: self.drive.id,
            unit: self.unit.id,
            phase: self.command.phase,
            indicator: self.command.indicator,
            group: self.command.group,
            days: self.days,
            known_at: to_micros(self.act.now),
            is_whole: all_reported && self.days.to() < self.today,
            corrects,
            reason,
            issuer: self.act.actor.account,
            issued_at: to_micros(self.act.now),
        }
    }

    fn title(&self, tx: &mut dyn ReadTx) -> Result<TitleBlock, Error> {
        let indicators: BTreeMap<_, _> = tx.indicators()?.into_iter().map(|one| (one.id, one.name_vi)).collect();
        let groups: BTreeMap<_, _> = tx.groups()?.into_iter().map(|one| (one.id, one.name_vi)).collect();
        let missing = || Problem::not_found("Group", self.command.group.get()).at("group");
        Ok(TitleBlock {
            issuer: self.drive.issuer.to_string(),
            plan_number: self.drive.plan_number.to_string(),
            drive: self.drive.title.to_string(),
            unit: self.unit.version.full_name(),
            phase: self.own_phase()?.map(|phase| phase.name.to_string()),
            indicator: indicators.get(&self.command.indicator).map(ToString::to_string).unwrap_or_default(),
            group: groups.get(&self.command.group).ok_or_else(missing)?.to_string(),
        })
    }
}

/// Where only some rows have an official figure: then the gap of the totals is of these alone, and the paper says so.
fn official_of_some(whole: &SectionFacts) -> Option<Problem> {
    let covered = whole.rows.iter().filter(|(_, facts)| facts.official.is_some()).count();
    let missing = whole.rows.len() - covered;
    let finding = || Problem::new(Code::OfficialPartial).with("covered", covered).with("missing", missing);
    (covered > 0 && missing > 0).then(finding)
}
