//! Extracts and official figures.

use std::collections::BTreeMap;

use crate::access::Scope;
use crate::error::StoreError;
use crate::extract::{Extract, ExtractPredicate, OfficialFigure};
use crate::id::{ExtractId, IndicatorId, SourceId, UnitId};
use crate::page::{Filter, Page, PageRequest};
use crate::text::Source;
use crate::time::Instant;

/// Reading extracts and their figures.
pub trait ReadExtracts {
    /// Extracts whose unit is in scope, by id; missing ones are left out.
    fn extracts_by_id(&mut self, scope: &Scope, ids: &[ExtractId]) -> Result<BTreeMap<ExtractId, Extract>, StoreError>;

    /// A page of extracts whose unit is in scope, newest loaded first.
    fn list_extracts(
        &mut self,
        scope: &Scope,
        filter: &Filter<ExtractPredicate>,
        page: &PageRequest,
    ) -> Result<Page<Extract>, StoreError>;

    /// How many extracts in scope fit.
    fn count_extracts(&mut self, scope: &Scope, filter: &Filter<ExtractPredicate>) -> Result<u64, StoreError>;

    /// The latest extract of the same unit, source, moment and content. Unscoped.
    fn same_extract(
        &mut self,
        unit: UnitId,
        source: &Source,
        as_of: Instant,
        sha256: &[u8; 32],
    ) -> Result<Option<Extract>, StoreError>;

    /// The number of a source, `None` for one that no extract is of.
    fn source_id(&mut self, source: &Source) -> Result<Option<SourceId>, StoreError>;

    /// The sources of these numbers.
    fn sources(&mut self, ids: &[SourceId]) -> Result<BTreeMap<SourceId, Source>, StoreError>;

    /// The moments after `after` up to `until` that extracts of a source, or of any, are as of, ascending.
    fn extract_moments(
        &mut self,
        source: Option<SourceId>,
        after: Instant,
        until: Instant,
    ) -> Result<Vec<Instant>, StoreError>;

    /// For each unit, indicator and source (or the one named) the standing figure of the latest moment after `after` up to
    /// `until`; nothing for what has none. Unscoped.
    fn official_figures(
        &mut self,
        units: &[UnitId],
        indicators: &[IndicatorId],
        source: Option<SourceId>,
        after: Instant,
        until: Instant,
    ) -> Result<Vec<OfficialFigure>, StoreError>;
}

/// Loading extracts. The caller holds [`crate::ports::Lock::Extracts`].
pub trait WriteExtracts {
    /// Adds a source.
    fn insert_source(&mut self, id: SourceId, source: &Source) -> Result<(), StoreError>;

    /// Adds an extract.
    fn insert_extract(&mut self, extract: &Extract) -> Result<(), StoreError>;

    /// Adds figures, each unit and indicator at most once an extract.
    fn insert_official_figures(&mut self, figures: &[OfficialFigure]) -> Result<(), StoreError>;
}
