//! Compilations.

use std::collections::BTreeMap;

use crate::error::StoreError;
use crate::id::{DriveId, UnitId};
use crate::reporting::compilation::{Compilation, CompilationKey};
use crate::reporting::rule::ReportKind;
use crate::time::Day;

/// Reading compilations. Unscoped: a use case asks only for units it has found in scope.
pub trait ReadCompilations {
    /// The latest revision of the units' compilations of one report, in any of the drives; of several drives the latest.
    fn latest_compilations(
        &mut self,
        drives: &[DriveId],
        kind: ReportKind,
        day: Day,
        units: &[UnitId],
    ) -> Result<BTreeMap<UnitId, Compilation>, StoreError>;

    /// Every revision of a compilation, oldest first.
    fn compilation_revisions(&mut self, key: CompilationKey) -> Result<Vec<Compilation>, StoreError>;
}

/// Writing compilations.
pub trait WriteCompilations {
    /// Adds a revision.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where that revision exists.
    fn insert_compilation(&mut self, compilation: &Compilation) -> Result<(), StoreError>;
}
