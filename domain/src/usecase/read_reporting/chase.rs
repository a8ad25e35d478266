//! How long whoever is silent has been silent, and whom to call.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::StatusQuestion;
use super::frame::Frame;
use super::slots::ReportSlot;
use crate::access::Scope;
use crate::error::Error;
use crate::id::{TeamId, UnitId};
use crate::page::Page;
use crate::ports::ReadTx;
use crate::reporting::Debtor;
use crate::reporting::chase::{Silent, in_a_row, order};
use crate::reporting::rule::{ReportKind, ReportingRule};
use crate::team::{Member, Team, TeamKind};
use crate::time::{Day, DayRange};
use crate::unit::tree::Tree;
use crate::usecase::read_progress::frame::stretches;

/// The days of a drive that owe reports, with the tree of each stretch of them.
struct Past(Vec<(Arc<Tree>, Vec<Day>)>);

/// Every missing report with its silence, the longest first.
pub(super) fn silences(
    tx: &mut dyn ReadTx,
    frame: &Frame,
    question: &StatusQuestion,
    missing: &[ReportSlot],
) -> Result<Vec<Silent>, Error> {
    let past = match question.kind {
        ReportKind::Daily if !missing.is_empty() => Past::load(tx, frame, question.day)?,
        _ => Past(Vec::new()),
    };
    let before = question.day.pred_opt().and_then(|last| DayRange::new(frame.drive.days.from(), last).ok());
    let mut silent = Vec::with_capacity(missing.len());
    for rule in &frame.drive.reporting_rules {
        let of_level: Vec<&ReportSlot> = missing.iter().filter(|slot| slot.level == rule.level).collect();
        if of_level.is_empty() {
            continue;
        }
        let debtors: Vec<Debtor> = of_level.iter().map(|slot| slot.debtor).collect();
        let last = match before {
            Some(days) => tx.last_reported(&frame.receipts_of(rule, question.kind), &debtors, days)?,
            None => BTreeMap::new(),
        };
        let teams = past.teams(tx, &debtors)?;
        for slot in of_level {
            let last_reported = last.get(&slot.debtor).copied();
            let at_work = slot.debtor.team.and_then(|team| teams.get(&team));
            let owed = past.owed(frame, rule, slot.debtor, last_reported, at_work);
            silent.push(Silent {
                debtor: slot.debtor,
                in_a_row: in_a_row(owed, last_reported).max(1),
                last_reported,
                leader: None,
                place: slot.place,
            });
        }
    }
    order(&mut silent);
    Ok(silent)
}

impl Past {
    fn load(tx: &mut dyn ReadTx, frame: &Frame, day: Day) -> Result<Self, Error> {
        let Ok(days) = DayRange::new(frame.drive.days.from(), day) else { return Ok(Self(Vec::new())) };
        let mut past = Vec::new();
        for stretch in stretches(tx, days)? {
            let owed = stretch.days().filter(|day| frame.drive.reports_on(*day)).collect();
            past.push((tx.tree(stretch.from())?, owed));
        }
        Ok(Self(past))
    }

    /// The teams among debtors: reports were owed only while they were at work.
    fn teams(&self, tx: &mut dyn ReadTx, debtors: &[Debtor]) -> Result<BTreeMap<TeamId, Team>, Error> {
        let teams: Vec<TeamId> = debtors.iter().filter_map(|debtor| debtor.team).collect();
        if teams.is_empty() || self.0.is_empty() {
            return Ok(BTreeMap::new());
        }
        Ok(tx.teams_by_id(&Scope::Country, &teams)?)
    }

    /// The days after the last report that somebody owed a report of, excused ones left out.
    fn owed<'a>(
        &'a self,
        frame: &'a Frame,
        rule: &'a ReportingRule,
        debtor: Debtor,
        last: Option<Day>,
        at_work: Option<&'a Team>,
    ) -> impl Iterator<Item = Day> + 'a {
        let stretches = self.0.iter().filter(move |(tree, days)| {
            let later = days.last().is_some_and(|end| last.is_none_or(|last| last < *end));
            let there = tree.get(debtor.unit).is_some_and(|unit| unit.level == rule.level);
            later && there && (tree.covers(frame.drive.unit, debtor.unit) || frame.area.covers(debtor.unit, tree))
        });
        stretches.flat_map(move |(tree, days)| {
            let from = last.map_or(0, |last| days.partition_point(|day| *day <= last));
            days.iter().skip(from).copied().filter(move |day| {
                let excused = frame.excuses.iter().any(|excuse| excuse.covers(debtor, *day, tree));
                !excused && at_work.is_none_or(|team| team.is_valid_on(*day))
            })
        })
    }
}

/// Names the leader of each row of a page by position: of its team, or of the first team of its unit.
pub(super) fn name_leaders(tx: &mut dyn ReadTx, day: Day, page: &mut Page<Silent>) -> Result<(), Error> {
    let whole: Vec<UnitId> =
        page.rows.iter().filter(|(_, one)| one.debtor.team.is_none()).map(|(_, one)| one.debtor.unit).collect();
    let firsts: BTreeMap<UnitId, TeamId> = tx
        .teams_of(&whole, day)?
        .into_iter()
        .filter_map(|(unit, teams)| first(&teams).map(|team| (unit, team)))
        .collect();
    let team_of = |debtor: Debtor| debtor.team.or_else(|| firsts.get(&debtor.unit).copied());
    let teams: Vec<TeamId> = page.rows.iter().filter_map(|(_, one)| team_of(one.debtor)).collect();
    let members = tx.members_of(&teams)?;
    for (_, one) in &mut page.rows {
        let members = team_of(one.debtor).and_then(|team| members.get(&team)).map(Vec::as_slice).unwrap_or_default();
        let leads = |member: &&Member| member.is_leader && member.is_valid_on(day);
        one.leader = members.iter().find(leads).map(|member| member.position.clone());
    }
    Ok(())
}

/// The team that answers for a unit: that of Project 06 where there is one.
fn first(teams: &[Team]) -> Option<TeamId> {
    let project = teams.iter().find(|team| team.kind == TeamKind::Project06);
    project.or_else(|| teams.first()).map(|team| team.id)
}
