//! Recording baselines, and figures as a source prints them.

use crate::baseline::{BaselineKey, PrintedFigure};
use crate::count::Count;
use crate::error::Error;
use crate::id::BaselineId;
use crate::ports::WriteTx;
use crate::text::Source;
use crate::usecase::Act;

/// Baselines of one source, at most 12,000.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordBaselines {
    /// The document.
    pub source: Source,
    /// The figures; each key at most once.
    pub rows: Vec<(BaselineKey, Count)>,
    /// Made up.
    pub synthetic: bool,
}

/// Records baselines; an equal figure from the same source is not recorded again. Answers the standing revisions.
///
/// # Errors
/// `Forbidden`; at `rows.<index>`: `NotFound`, `UnitNotValid`, `Repeated`, `TooMany`.
pub fn record_baselines(act: &Act, tx: &mut dyn WriteTx, command: &RecordBaselines) -> Result<Vec<BaselineId>, Error> {
    let _ = (act, tx, command);
    todo!()
}

/// Records what a drive's source prints (totals mostly), apart from what the figures give. Answers how many.
///
/// # Errors
/// `Forbidden`, `NotFound`, `BadColumn`, `DriveState`.
pub fn record_printed_figures(act: &Act, tx: &mut dyn WriteTx, figures: &[PrintedFigure]) -> Result<(), Error> {
    let _ = (act, tx, figures);
    todo!()
}
