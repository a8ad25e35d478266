//! The successors of a reform: which may take in, which are founded, and where they stand.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::StoreError;
use crate::id::{Sequence, UnitId};
use crate::ports::WriteTx;
use crate::problem::{Code, Problem};
use crate::text::{LegalBasis, UnitCode};
use crate::time::Day;
use crate::unit::{Unit, UnitPath, UnitVersion};
use crate::usecase::change_tree::{Known, code_taken, codes_in_use};

use super::Successor;

/// Successors as they were named, and the units that end for them.
pub(super) struct Intake<'command> {
    pub(super) into: Vec<&'command Successor>,
    pub(super) ended: &'command BTreeSet<UnitId>,
    pub(super) on: Day,
}

/// Successors with their ids.
pub(super) struct Successors {
    /// Id and path of each, in the order they were named.
    pub(super) places: Vec<(UnitId, UnitPath)>,
    /// Those that are new.
    pub(super) founded: Vec<Unit>,
}

impl Intake<'_> {
    /// Everything that is wrong with the successors, each with its index.
    pub(super) fn problems(
        &self,
        tx: &mut dyn WriteTx,
        known: &BTreeMap<UnitId, Known>,
    ) -> Result<Vec<(usize, Problem)>, StoreError> {
        let codes: Vec<UnitCode> = self
            .into
            .iter()
            .filter_map(|successor| match successor {
                Successor::Founded { code, .. } => Some(code.clone()),
                Successor::Existing(_) => None,
            })
            .collect();
        let used = if codes.is_empty() { BTreeSet::new() } else { codes_in_use(tx, &codes, self.on, self.ended)? };
        let mut problems = Vec::new();
        for (index, successor) in self.into.iter().enumerate() {
            let mut refuse = |problem: Option<Problem>| problems.extend(problem.map(|problem| (index, problem)));
            refuse(self.repeated(index, successor));
            match successor {
                Successor::Existing(unit) => refuse(self.existing_problem(*unit, known)),
                Successor::Founded { parent, code, kind, .. } => {
                    refuse(used.contains(code).then(|| code_taken(code).at("code")));
                    let problem = match known.get(parent) {
                        None => Some(Problem::not_found("Unit", parent.get())),
                        Some(_) if self.ended.contains(parent) => Some(not_valid(*parent, self.on)),
                        Some(above) => above.refuse_child(*kind, self.on),
                    };
                    refuse(problem.map(|problem| problem.at("parent")));
                }
            }
        }
        Ok(problems)
    }

    /// The same successor, or the same code, named before.
    fn repeated(&self, index: usize, successor: &Successor) -> Option<Problem> {
        let same = |other: &&Successor| match (successor, other) {
            (Successor::Existing(unit), Successor::Existing(other)) => unit == other,
            (Successor::Founded { code, .. }, Successor::Founded { code: other, .. }) => code == other,
            _ => false,
        };
        let first = self.into.iter().position(same).filter(|first| *first < index)?;
        Some(Problem::new(Code::Repeated).with("first", first))
    }

    fn existing_problem(&self, unit: UnitId, known: &BTreeMap<UnitId, Known>) -> Option<Problem> {
        match known.get(&unit) {
            None => Some(Problem::not_found("Unit", unit.get())),
            Some(_) if self.ended.contains(&unit) => Some(not_valid(unit, self.on)),
            Some(taker) => taker.refuse_intake(self.on),
        }
    }

    /// Allocates those that are founded. To be called once nothing is wrong.
    pub(super) fn successors(
        &self,
        tx: &mut dyn WriteTx,
        known: &BTreeMap<UnitId, Known>,
        synthetic: bool,
        legal_basis: Option<&LegalBasis>,
    ) -> Result<Successors, StoreError> {
        let count = self.into.iter().filter(|successor| matches!(successor, Successor::Founded { .. })).count();
        let mut keys = if count == 0 { Vec::new() } else { tx.allocate(Sequence::Unit, count)? }.into_iter();
        let mut successors = Successors { places: Vec::new(), founded: Vec::new() };
        for successor in &self.into {
            match successor {
                Successor::Existing(unit) => {
                    successors.places.extend(known.get(unit).map(|known| (*unit, known.unit.path.clone())));
                }
                Successor::Founded { parent, code, name, kind } => {
                    let key = keys.next().ok_or_else(|| StoreError::Other("too few keys were allocated".to_owned()))?;
                    let id = UnitId::new(key);
                    let path = UnitPath::under(known.get(parent).map(|above| &above.unit.path), id);
                    let version = UnitVersion {
                        unit: id,
                        number: 1,
                        code: code.clone(),
                        name: name.clone(),
                        kind: *kind,
                        parent: Some(*parent),
                        valid_from: self.on,
                        valid_to: None,
                        legal_basis: legal_basis.cloned(),
                    };
                    successors.places.push((id, path.clone()));
                    successors.founded.push(Unit { id, path, synthetic, closed_on: None, latest: 1, version });
                }
            }
        }
        Ok(successors)
    }
}

fn not_valid(unit: UnitId, day: Day) -> Problem {
    Problem::new(Code::UnitNotValid).with("unit", unit.get()).with("day", day)
}
