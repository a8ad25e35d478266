//! The council's decision on a candidate of an emulation list.

use crate::access::Permission;
use crate::audit::Change;
use crate::emulation::decision::{Decided, Decision};
use crate::emulation::list::Author;
use crate::emulation::sheet::Candidate;
use crate::error::{Error, refuse_if_any};
use crate::id::{EmulationListId, UnitId};
use crate::ports::{Lock, WriteTx};
use crate::problem::{Code, Problem};
use crate::text::{PlanNumber, Reason, Title};
use crate::usecase::on_record::is_on_record;
use crate::usecase::read_emulation::visible_list;
use crate::usecase::{Act, visible_drive};

/// A decision to be put in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DecideEmulation {
    /// On which list.
    pub list: EmulationListId,
    /// On which of its candidates.
    pub unit: UnitId,
    /// What was decided.
    pub decided: Decided,
    /// Number of the decision.
    pub number: PlanNumber,
    /// The form of the award; of a commendation only.
    pub award: Option<Title>,
    /// Why.
    pub reason: Reason,
}

/// Puts a decision in, by the planner of the list's unit or of one above it. What was decided before stays on record; the
/// latest stands. Whoever is out of the running by the list is not commended; the council is free in everything else.
///
/// # Errors
/// `Forbidden`; `NotFound`, `EmulationAltered` at `list`; `NotFound` at `unit`; `OutOfRunning` at `decided`, one for each
/// reason; `NotUsedHere` at `award`.
pub fn decide_emulation(act: &Act, tx: &mut dyn WriteTx, command: &DecideEmulation) -> Result<EmulationListId, Error> {
    act.actor.require(Permission::DecideEmulation)?;
    act.once(tx, |tx| {
        let list = visible_list(&act.actor, tx.as_read(), command.list)?;
        let drive = visible_drive(&act.actor, tx.as_read(), list.drive)?;
        // Decisions on one candidate come one after another.
        tx.lock(&[Lock::Book(drive.book)])?;
        let sheet = list.sheet()?;
        if !is_on_record(tx.as_read(), list.author.account, list.drawn_at, &list.digest())? {
            return Err(Problem::new(Code::EmulationAltered).at("list").into());
        }
        let unknown = || Problem::not_found("Unit", command.unit.get()).at("unit");
        let candidate = sheet.candidate(command.unit).ok_or_else(unknown)?;
        require_in_the_running(command.decided, candidate)?;
        if command.award.is_some() && command.decided != Decided::Commended {
            let unused = Problem::new(Code::NotUsedHere).with("kind", command.decided.as_str());
            return Err(unused.at("award").into());
        }
        let mut before = tx.emulation_decisions(&[list.id])?.remove(&list.id).unwrap_or_default();
        before.retain(|decision| decision.unit == command.unit);
        let standing = before.into_iter().max_by_key(|decision| decision.version);
        let decision = Decision {
            list: list.id,
            unit: command.unit,
            version: standing.as_ref().map_or(1, |standing| standing.version.saturating_add(1)),
            decided: command.decided,
            number: command.number.clone(),
            award: command.award.clone(),
            reason: command.reason.clone(),
            is_out: candidate.judgement.is_out(),
            author: Author { account: act.actor.account, login: act.actor.subject.clone() },
            at: act.now,
        };
        tx.insert_emulation_decision(&decision)?;
        let (before, after) = (standing.as_ref().map(told), Some(told(&decision)));
        tx.changed(Change { kind: "EmulationList", id: list.id.get(), before, after });
        Ok(list.id)
    })
}

fn require_in_the_running(decided: Decided, candidate: &Candidate) -> Result<(), Error> {
    if decided != Decided::Commended {
        return Ok(());
    }
    let refusal = |reason: &Problem| {
        let count = reason.params().iter().find(|(name, _)| *name == "count").map_or("", |(_, count)| count.as_str());
        let problem = Problem::new(Code::OutOfRunning).with("unit", &candidate.name);
        problem.with("exclusion", reason.code().as_str()).with("count", count).at("decided")
    };
    refuse_if_any(candidate.judgement.exclusions().map(refusal).collect())
}

fn told(decision: &Decision) -> String {
    let Decision { unit, version, decided, number, .. } = decision;
    format!("unit {unit}: {decided} by {number}, version {version}", unit = unit.get(), decided = decided.as_str())
}
