//! What every question about reports begins with: the drive, its area, those below it, and the excuses that hold.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::access::{Actor, Scope};
use crate::drive::Drive;
use crate::drive::area::{Area, Predecessors};
use crate::error::Error;
use crate::id::{DriveId, UnitId};
use crate::ports::ReadTx;
use crate::ports::reporting::ReceiptQuestion;
use crate::problem::Problem;
use crate::reporting::excuse::Excuse;
use crate::reporting::rule::{ReportKind, Reporters, ReportingRule};
use crate::time::Instant;
use crate::unit::Level;
use crate::unit::tree::Tree;
use crate::usecase::visible_drive;

/// So many units are looked up one by one; of more, the whole day of the drive is read.
const FEW_UNITS: usize = 1_000;

/// A drive with what is needed to say who owes it a report.
pub(in crate::usecase) struct Frame {
    pub(in crate::usecase) drive: Drive,
    pub(in crate::usecase) area: Area,
    /// The drive and those below: what is reported to them counts here.
    pub(in crate::usecase) below: Vec<DriveId>,
    /// Excuses of the drive and of those above it, as they stand.
    pub(in crate::usecase) excuses: Vec<Excuse>,
    pub(in crate::usecase) now: Instant,
}

impl Frame {
    /// Of a drive that the actor sees, about a unit in scope.
    pub(in crate::usecase) fn load(
        actor: &Actor,
        tx: &mut dyn ReadTx,
        drive: DriveId,
        unit: UnitId,
        now: Instant,
    ) -> Result<Self, Error> {
        let drive = visible_drive(actor, tx, drive)?;
        if !tx.units_by_id(&actor.scope, &[unit])?.contains_key(&unit) {
            return Err(Problem::not_found("Unit", unit.get()).at("unit").into());
        }
        Self::of(tx, drive, now)
    }

    /// Of a drive.
    pub(in crate::usecase) fn of(tx: &mut dyn ReadTx, drive: Drive, now: Instant) -> Result<Self, Error> {
        let mut above = vec![drive.id];
        let mut parent = drive.parent;
        while let Some(id) = parent.filter(|id| !above.contains(id)) {
            above.push(id);
            parent = tx.drives_by_id(&Scope::Country, &[id])?.remove(&id).and_then(|drive| drive.parent);
        }
        let mut excuses = tx.excuses(&above, drive.days)?;
        excuses.retain(|excuse| excuse.withdrawn.is_none());
        let predecessors = Arc::new(Predecessors::new(tx.lineage()?));
        let area = Area::new(&drive, tx.tree(drive.tree_date)?, predecessors);
        Ok(Self { below: tx.drives_below(drive.id)?, area, excuses, drive, now })
    }

    /// The question for receipts under a rule. A level with others below it also reports by confirming these.
    pub(in crate::usecase) fn receipts_of(&self, rule: &ReportingRule, kind: ReportKind) -> ReceiptQuestion {
        ReceiptQuestion {
            drives: self.below.clone(),
            kind,
            reporters: rule.reporters,
            confirmations: self.rule_below(rule.level, ReportKind::Daily).is_some(),
            units: None,
        }
    }

    /// The same of some units: named where they are few and report as a whole; a team may have been with another unit.
    pub(in crate::usecase) fn receipts_among(
        &self,
        rule: &ReportingRule,
        kind: ReportKind,
        units: &[UnitId],
    ) -> ReceiptQuestion {
        let few = rule.reporters == Reporters::EachUnit && units.len() <= FEW_UNITS;
        ReceiptQuestion { units: few.then(|| units.to_vec()), ..self.receipts_of(rule, kind) }
    }

    /// The rule of the nearest level below that owes reports of that kind.
    pub(in crate::usecase) fn rule_below(&self, level: Level, kind: ReportKind) -> Option<&ReportingRule> {
        let owes = |rule: &&ReportingRule| match kind {
            ReportKind::Daily => true,
            ReportKind::Weekly => rule.weekly.is_some(),
            ReportKind::Phase => rule.phase_due_days.is_some(),
            ReportKind::Final => rule.final_due_days.is_some(),
        };
        self.drive.reporting_rules.iter().filter(|rule| rule.level > level).find(owes)
    }

    /// The units of a rule's level at or under a unit, in the drive's area on the day of the tree; in pre-order.
    pub(in crate::usecase) fn owing(&self, tree: &Tree, unit: UnitId, level: Level) -> Vec<UnitId> {
        let of_level = tree.subtree(unit).filter(|one| one.level == level);
        if tree.covers(self.drive.unit, unit) {
            return of_level.map(|one| one.id).collect();
        }
        of_level.map(|one| one.id).filter(|one| self.area.covers(*one, tree)).collect()
    }
}

/// The units of `named` that may be named to the actor. On the tree as it stands whatever is under a unit in scope is in
/// scope as well; only after a change of the tree storage has to be asked.
pub(in crate::usecase) fn in_scope(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    tree: &Tree,
    named: &[UnitId],
) -> Result<Option<BTreeSet<UnitId>>, Error> {
    let stands = tx.change_days()?.last().is_none_or(|last| *last <= tree.day());
    if stands || actor.scope == Scope::Country {
        return Ok(None);
    }
    Ok(Some(tx.units_in_scope(&actor.scope, named)?))
}
