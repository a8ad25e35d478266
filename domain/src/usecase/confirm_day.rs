//! Confirming what those below reported, and sending it back. Every act is a revision of its own; none is changed.

use std::collections::BTreeSet;

use crate::access::Permission;
use crate::audit::Change;
use crate::count::Count;
use crate::drive::{Drive, DriveState};
use crate::error::{Error, refuse_if_any};
use crate::id::{CompilationId, DriveId, IndicatorId, Sequence, UnitId};
use crate::ports::{Lock, WriteTx};
use crate::problem::{Code, Problem};
use crate::reporting::Debtor;
use crate::reporting::compilation::{Compilation, CompilationKey, CompilationState, Stand, StatedTotal};
use crate::reporting::rule::{Period, ReportKind};
use crate::reporting::status::ReportStatus;
use crate::tally::Reporter;
use crate::text::Reason;
use crate::time::{Day, told};
use crate::usecase::read_compilation::{CompilationQuestion, CompilationView, is_over, returnable, sums, view};
use crate::usecase::read_reporting::frame::Frame;
use crate::usecase::{Act, allocate_one, visible_drive};

/// A confirmation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfirmDay {
    /// The drive.
    pub drive: DriveId,
    /// The unit that confirms.
    pub unit: UnitId,
    /// The kind of report.
    pub kind: ReportKind,
    /// Its day, or its last one.
    pub day: Day,
    /// Each of those below that is silent, named; in any order, each once.
    pub gaps: Vec<Reporter>,
    /// Totals that the unit states itself, each indicator once: shown beside the sum of the parts, never added.
    pub stated: Vec<(IndicatorId, Count)>,
    /// What there is to say.
    pub reason: Option<Reason>,
}

/// A return.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReturnDay {
    /// The drive.
    pub drive: DriveId,
    /// The unit that has to look at it again.
    pub unit: UnitId,
    /// The kind of report.
    pub kind: ReportKind,
    /// Its day, or its last one.
    pub day: Day,
    /// Why.
    pub reason: Reason,
}

/// Confirms what those below reported of a day (or a longer report): this is the unit's own report to the level above.
/// Who is silent has to be named, so that nobody confirms blindly.
///
/// # Errors
/// `Forbidden`; `NotFound` at `drive` or `unit`; `DriveState`; `UnitNotValid` at `unit`; at `day` `NoReportDue`,
/// `PeriodNotOpen`, `PeriodClosed`; `CompilationStand` (confirmed here and unchanged, or above); at `gaps` `GapNotNamed`,
/// at `gaps.<index>` `NotAGap` and `Repeated`; at `stated.<index>` `IndicatorNotInDrive`, `IndicatorIsComposite`,
/// `Repeated`.
pub fn confirm_day(act: &Act, tx: &mut dyn WriteTx, command: &ConfirmDay) -> Result<CompilationId, Error> {
    act.actor.require(Permission::ConfirmReports)?;
    act.once(tx, |tx| {
        let of = CompilationQuestion {
            drive: command.drive,
            unit: command.unit,
            kind: command.kind,
            day: command.day,
            now: act.now,
        };
        let (frame, view) = locked(act, tx, of)?;
        let owed = view.period.filter(|_| view.is_compiled());
        let period = owed.ok_or_else(|| Problem::new(Code::NoReportDue).with("day", of.day).at("day"))?;
        check_time(act, tx, &frame, of, &period)?;
        let again = view.stand == Stand::Here && view.changes > 0;
        if !again && matches!(view.stand, Stand::Here | Stand::Elsewhere) {
            return Err(Problem::new(Code::CompilationStand).with("actual", view.stand.as_str()).into());
        }
        let mut problems = check_gaps(&command.gaps, &view.gaps);
        problems.extend(check_stated(tx, &frame.drive, &command.stated)?);
        refuse_if_any(problems)?;
        let parts =
            sums(tx.as_read(), &frame, of.unit, &period, command.stated.iter().map(|(indicator, _)| *indicator))?;
        let stated = command.stated.iter().map(|(indicator, stated)| StatedTotal {
            indicator: *indicator,
            stated: *stated,
            parts: parts.get(indicator).copied().unwrap_or_default(),
        });
        let next =
            Next { state: CompilationState::Confirmed, stated: stated.collect(), reason: command.reason.clone() };
        store(act, tx, &view, next)
    })
}

/// Sends a unit's report back with a reason: it counts as a gap until the unit confirms again, or on the lowest level
/// until it sends another word.
///
/// # Errors
/// `Forbidden`; `NotFound` at `drive` or `unit` (also when the unit above it is not the caller's); `DriveState`;
/// `UnitNotValid` at `unit`; `NoReportDue` at `day`; `CompilationStand` where there is nothing to return, or a level above
/// has confirmed it.
pub fn return_day(act: &Act, tx: &mut dyn WriteTx, command: &ReturnDay) -> Result<CompilationId, Error> {
    act.actor.require(Permission::ConfirmReports)?;
    act.once(tx, |tx| {
        let of = CompilationQuestion {
            drive: command.drive,
            unit: command.unit,
            kind: command.kind,
            day: command.day,
            now: act.now,
        };
        let (frame, view) = locked(act, tx, of)?;
        let tree = tx.tree(of.day)?;
        if !is_over(&act.actor, tx.as_read(), &tree, of.unit)? {
            return Err(Problem::not_found("Unit", of.unit.get()).at("unit").into());
        }
        if view.period.is_none() {
            return Err(Problem::new(Code::NoReportDue).with("day", of.day).at("day").into());
        }
        if !returnable(tx.as_read(), &frame, &view)? {
            return Err(Problem::new(Code::CompilationStand).with("actual", view.stand.as_str()).into());
        }
        let reason = Some(command.reason.clone());
        store(act, tx, &view, Next { state: CompilationState::Returned, stated: Vec::new(), reason })
    })
}

/// The compilation as it stands, under the lock of the drive's family: no figure comes meanwhile.
fn locked(act: &Act, tx: &mut dyn WriteTx, of: CompilationQuestion) -> Result<(Frame, CompilationView), Error> {
    if act.actor.team.is_some() {
        return Err(Problem::not_found("Unit", of.unit.get()).at("unit").into());
    }
    let book = visible_drive(&act.actor, tx.as_read(), of.drive)?.book;
    tx.lock(&[Lock::TreeShared, Lock::Book(book)])?;
    let frame = Frame::load(&act.actor, tx.as_read(), of.drive, of.unit, act.now)?;
    frame.drive.require_state(&[DriveState::Open])?;
    let view = view(&act.actor, tx.as_read(), &frame, of)?;
    Ok((frame, view))
}

/// The period has begun, or is over, and has not closed for good.
fn check_time(
    act: &Act,
    tx: &mut dyn WriteTx,
    frame: &Frame,
    of: CompilationQuestion,
    period: &Period,
) -> Result<(), Error> {
    if act.now < period.window.opens {
        return Err(Problem::new(Code::PeriodNotOpen).with("opens", told(period.window.opens)).at("day").into());
    }
    let Some(closes) = period.window.closes.filter(|closes| *closes <= act.now) else { return Ok(()) };
    let tree = tx.tree(of.day)?;
    let reopened = tx.reopenings(&[frame.drive.id], period.days)?;
    if reopened.iter().any(|one| one.admits(of.unit, of.day, act.now, &tree)) {
        return Ok(());
    }
    Err(Problem::new(Code::PeriodClosed).with("day", of.day).with("closed", told(closes)).at("day").into())
}

/// The gaps named are exactly those that are there.
fn check_gaps(named: &[Reporter], there: &[Debtor]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut seen: BTreeSet<Reporter> = BTreeSet::new();
    for (index, gap) in named.iter().enumerate() {
        let place = |problem: Problem| problem.at(format_args!("gaps.{index}"));
        if !there.iter().any(|one| one.reporter() == *gap) {
            let key = match gap {
                Reporter::Unit(unit) => unit.get(),
                Reporter::Team(team) => team.get(),
            };
            problems.push(place(Problem::new(Code::NotAGap).with("unit", key)));
        } else if !seen.insert(*gap) {
            let first = named.iter().position(|one| one == gap).unwrap_or_default();
            problems.push(place(Problem::new(Code::Repeated).with("first", format_args!("gaps.{first}"))));
        }
    }
    let unnamed: Vec<&Debtor> = there.iter().filter(|gap| !named.contains(&gap.reporter())).collect();
    if let Some(first) = unnamed.first() {
        let problem = Problem::new(Code::GapNotNamed).with("count", unnamed.len());
        problems.push(problem.with("unit", first.unit.get()).at("gaps"));
    }
    problems
}

/// Totals are of simple indicators of the drive, each once.
fn check_stated(tx: &mut dyn WriteTx, drive: &Drive, stated: &[(IndicatorId, Count)]) -> Result<Vec<Problem>, Error> {
    let catalogue = if stated.is_empty() { Vec::new() } else { tx.indicators()? };
    let mut problems = Vec::new();
    for (index, (indicator, _)) in stated.iter().enumerate() {
        let place = |problem: Problem| problem.at(format_args!("stated.{index}"));
        let Some(entry) = catalogue.iter().find(|entry| entry.id == *indicator) else {
            problems.push(place(Problem::not_found("Indicator", indicator.get())));
            continue;
        };
        let refuse = |code| place(Problem::new(code).with("indicator", &entry.code));
        if !entry.parts.is_empty() {
            problems.push(refuse(Code::IndicatorIsComposite));
        } else if !drive.indicators.contains(indicator) {
            problems.push(refuse(Code::IndicatorNotInDrive));
        } else if let Some(first) = stated.iter().take(index).position(|(one, _)| one == indicator) {
            problems.push(place(Problem::new(Code::Repeated).with("first", format_args!("stated.{first}"))));
        }
    }
    Ok(problems)
}

/// What a new revision says.
struct Next {
    state: CompilationState,
    stated: Vec<StatedTotal>,
    reason: Option<Reason>,
}

fn store(act: &Act, tx: &mut dyn WriteTx, view: &CompilationView, next: Next) -> Result<CompilationId, Error> {
    let CompilationQuestion { drive, unit, kind, day, .. } = view.of;
    let key = CompilationKey { drive, unit, kind, day };
    let count = |fits: fn(ReportStatus) -> bool| {
        u32::try_from(view.parts.iter().filter(|part| fits(part.status)).count()).unwrap_or(u32::MAX)
    };
    let revisions = tx.compilation_revisions(key)?;
    let compilation = Compilation {
        id: CompilationId::new(allocate_one(tx, Sequence::Compilation)?),
        key,
        revision: revisions.last().map_or(1, |last| last.revision.saturating_add(1)),
        state: next.state,
        expected: count(ReportStatus::is_owed),
        received: count(ReportStatus::has_come),
        on_time: count(|status| status == ReportStatus::OnTime),
        gaps: if next.state == CompilationState::Confirmed { view.gaps.clone() } else { Vec::new() },
        stated: next.stated,
        author: act.actor.subject.clone(),
        at: act.now,
        reason: next.reason,
    };
    tx.insert_compilation(&compilation)?;
    let before = revisions.last().map(told_of);
    tx.changed(Change { kind: "Compilation", id: compilation.id.get(), before, after: Some(told_of(&compilation)) });
    Ok(compilation.id)
}

fn told_of(compilation: &Compilation) -> String {
    let Compilation { key, revision, state, expected, received, on_time, gaps, reason, .. } = compilation;
    let state = match state {
        CompilationState::Confirmed => "confirmed",
        CompilationState::Returned => "returned",
    };
    let reason = reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    format!(
        "drive {drive}, unit {unit}, {day}, revision {revision} {state}, {received} of {expected} reported, {on_time} on \
         time, {gaps} gaps{reason}",
        drive = key.drive.get(),
        unit = key.unit.get(),
        day = key.day,
        gaps = gaps.len(),
    )
}
