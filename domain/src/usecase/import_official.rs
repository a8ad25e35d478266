//! Importing official figures: an extract of one source, cut at one moment.
//!
//! The file is read and held against what stands (`weigh`) before anything is written, so that a dry run and the import
//! itself say the same. All or nothing, unless the caller wants the good rows alone; findings refuse nothing.

mod weigh;

use crate::access::Permission;
use crate::audit::{Change, hex};
use crate::error::Error;
use crate::extract::sheet::{NOTED_MAX, Sheet};
use crate::extract::{Extract, Noted, OfficialFigure, Strategy};
use crate::id::{ExtractId, Sequence, SourceId, UnitId};
use crate::ports::{Lock, WriteTx};
use crate::problem::{Code, Kind, Problem};
use crate::text::Source;
use crate::time::{Day, Instant, in_viet_nam};
use crate::usecase::{Act, allocate_one};
use weigh::Weighed;

/// A file to be imported.
#[derive(Clone, Debug)]
pub struct ImportOfficial {
    /// Where it comes from.
    pub source: Source,
    /// The moment up to which its figures count.
    pub as_of: Instant,
    /// What it may do to figures of the same source and moment.
    pub strategy: Strategy,
    /// Whether rows that are right are taken although others are not.
    pub partial: bool,
    /// Whether only to say what would come of it.
    pub dry_run: bool,
    /// The file as it was read.
    pub sheet: Sheet,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
}

impl ImportOfficial {
    /// The day in Viet Nam whose tree its codes are of. A file cut at midnight sharp is of the day that ended.
    #[must_use]
    pub fn day(&self) -> Day {
        let (day, time) = in_viet_nam(self.as_of);
        if time == chrono::NaiveTime::MIN { day.pred_opt().unwrap_or(day) } else { day }
    }
}

/// What an import did, or would do.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ImportOutcome {
    /// The extract; `None` when nothing was loaded.
    pub extract: Option<ExtractId>,
    /// Whether it was loaded before: then nothing was written.
    pub known: bool,
    /// Rows of the file, the header aside.
    pub rows: usize,
    /// Rows that something is wrong with.
    pub refused: usize,
    /// Figures where none stood.
    pub created: usize,
    /// Figures that take another's place.
    pub updated: usize,
    /// Figures that stand already.
    pub unchanged: usize,
    /// What was noted, in the order of the file; at most 1,000.
    pub noted: Vec<Noted>,
    /// How much was noted altogether.
    pub noted_total: usize,
}

impl ImportOutcome {
    /// What keeps the file, or rows of it, from being loaded.
    #[must_use]
    pub fn refusals(&self) -> Vec<Problem> {
        let refusals = self.noted.iter().filter(|noted| noted.problem.code().kind() != Kind::Finding);
        refusals.map(Noted::placed).collect()
    }
}

/// Imports an extract. What is wrong with the file is told as data: with it nothing is loaded, or only the rows that are
/// right where that was asked for. The same content of the same source and moment is loaded once.
///
/// # Errors
/// `Forbidden`, `MomentInFuture` at `asOf`, `RequestIdReused`.
pub fn import_official(act: &Act, tx: &mut dyn WriteTx, command: &ImportOfficial) -> Result<ImportOutcome, Error> {
    act.actor.require(Permission::LoadExtracts)?;
    if command.as_of > act.now {
        let problem = Problem::new(Code::MomentInFuture).with("moment", command.as_of.to_rfc3339());
        return Err(problem.at("asOf").into());
    }
    tx.lock(&[Lock::TreeShared, Lock::Extracts])?;
    let unit = home(act, tx)?;
    let known = tx.same_extract(unit, &command.source, command.as_of, &command.sha256)?;
    // One that left rows out may be loaded again: what was wrong with them may be mended meanwhile.
    if let Some(known) = known.filter(|known| known.refused == 0) {
        let id = if command.dry_run { known.id } else { act.once(tx, |_| Ok(known.id))? };
        let noted = Problem::new(Code::ExtractKnown).with("at", known.received_at.to_rfc3339());
        return Ok(ImportOutcome {
            extract: Some(id),
            known: true,
            rows: command.sheet.total,
            unchanged: command.sheet.rows.iter().map(|row| row.figures.len()).sum(),
            noted: vec![Noted::of_file(noted)],
            noted_total: 1,
            ..ImportOutcome::default()
        });
    }
    let weighed = weigh::weigh(&act.actor, tx.as_read(), command)?;
    let writable = !command.sheet.unusable && (weighed.refused == 0 || command.partial);
    let mut outcome = ImportOutcome {
        rows: command.sheet.total,
        refused: weighed.refused,
        created: weighed.created,
        updated: weighed.fresh.len() - weighed.created,
        unchanged: weighed.unchanged,
        noted_total: weighed.noted.len(),
        noted: weighed.noted.iter().take(NOTED_MAX).cloned().collect(),
        ..ImportOutcome::default()
    };
    if writable && !command.dry_run {
        outcome.extract = Some(act.once(tx, |tx| store(act, tx, command, unit, &weighed))?);
    }
    Ok(outcome)
}

/// The unit that the extract is of: the assignment's, or the topmost for the host, which stands outside of the tree.
fn home(act: &Act, tx: &mut dyn WriteTx) -> Result<UnitId, Error> {
    if act.actor.unit.get() != 0 {
        return Ok(act.actor.unit);
    }
    let top = tx.tree(act.today())?.units().find(|unit| unit.parent.is_none()).map(|unit| unit.id);
    Ok(top.ok_or_else(|| Problem::new(Code::NoTree))?)
}

fn store(
    act: &Act,
    tx: &mut dyn WriteTx,
    command: &ImportOfficial,
    unit: UnitId,
    weighed: &Weighed,
) -> Result<ExtractId, Error> {
    let known = tx.source_id(&command.source)?;
    let source_id = known.map_or_else(|| found_source(tx, &command.source), Ok)?;
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let extract = Extract {
        id: ExtractId::new(allocate_one(tx, Sequence::Extract)?),
        unit,
        source: command.source.clone(),
        source_id,
        as_of: command.as_of,
        sha256: command.sha256,
        strategy: command.strategy,
        rows: count(command.sheet.total),
        figures: count(weighed.fresh.len()),
        refused: count(weighed.refused),
        author: act.actor.subject.clone(),
        received_at: act.now,
    };
    tx.insert_extract(&extract)?;
    let figure = |(unit, indicator, value): &weigh::Figure| OfficialFigure {
        unit: *unit,
        indicator: *indicator,
        source: source_id,
        as_of: command.as_of,
        extract: extract.id,
        value: *value,
    };
    tx.insert_official_figures(&weighed.fresh.iter().map(figure).collect::<Vec<_>>())?;
    let told = format!(
        "{source}, as of {as_of}: {figures} figures of {rows} rows, {refused} refused, sha256 {sha256}",
        source = extract.source,
        as_of = extract.as_of.to_rfc3339(),
        figures = extract.figures,
        rows = extract.rows,
        refused = extract.refused,
        sha256 = hex(&extract.sha256),
    );
    tx.changed(Change::made("Extract", extract.id.get(), told));
    Ok(extract.id)
}

fn found_source(tx: &mut dyn WriteTx, source: &Source) -> Result<SourceId, Error> {
    let id = SourceId::new(allocate_one(tx, Sequence::Source)?);
    tx.insert_source(id, source)?;
    Ok(id)
}
