//! Inputs about extracts of official figures.

use async_graphql::{Enum, ID, InputObject};
use caodiem_domain::extract::sheet::{Sheet, digest};
use caodiem_domain::extract::{self, ExtractPredicate};
use caodiem_domain::problem::Problem;
use caodiem_domain::text::Source;
use caodiem_domain::usecase::import_official::ImportOfficial;

use crate::filter::{Parts, Where};
use crate::ids::key_of;
use crate::inputs::{Check, mutation_inputs};
use crate::scalars::DateTime;

/// What an import may do to figures of the same source and moment.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "extract::Strategy")]
pub(crate) enum ImportStrategy {
    /// Only figures where none stands.
    Create,
    /// Only figures where another stands.
    Update,
    /// Either.
    CreateOrUpdate,
}

/// Narrows a list of extracts. All given fields hold together.
#[derive(InputObject)]
pub(crate) struct ExtractWhere {
    /// All of these hold.
    and: Option<Vec<ExtractWhere>>,
    /// At least one of these holds.
    or: Option<Vec<ExtractWhere>>,
    /// This does not hold.
    not: Option<Box<ExtractWhere>>,
    /// Loaded for this unit or any under it, by the tree as it stands.
    under: Option<ID>,
    /// Exactly this source.
    source: Option<String>,
    /// As of this moment or later.
    since: Option<DateTime>,
    /// As of a moment before this.
    before: Option<DateTime>,
}

impl Where for ExtractWhere {
    type Predicate = ExtractPredicate;

    fn parts(self, check: &mut Check) -> Parts<Self, ExtractPredicate> {
        let under = check.optional("under", self.under, key_of).flatten();
        let source = check.optional("source", self.source, |text| Source::new(text)).flatten();
        let is = [
            under.map(ExtractPredicate::Under),
            source.map(ExtractPredicate::Source),
            self.since.map(|moment| ExtractPredicate::Since(moment.0)),
            self.before.map(|moment| ExtractPredicate::Before(moment.0)),
        ];
        Parts { and: self.and, or: self.or, not: self.not, is: is.into_iter().flatten().collect() }
    }
}

/// A file of official figures.
#[derive(InputObject)]
pub(crate) struct ImportOfficialFiguresInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// Where the file comes from, at most 200 characters; figures of different sources are never mixed up.
    source: String,
    /// The moment up to which its figures count, not in the future. Codes are those of its day; midnight sharp ends a day.
    as_of: DateTime,
    /// The file: CSV with commas, a header of `unit_code`, perhaps `unit_name`, and codes of indicators; cumulative figures
    /// in digits alone; an empty cell is no figure. At most 20,000 rows and 64 columns.
    content: String,
    /// What it may do to figures of the same source and moment.
    strategy: ImportStrategy,
    /// Whether rows that are right are loaded although others are not; otherwise all or nothing.
    #[graphql(default)]
    partial: bool,
    /// Whether only to say what would come of it.
    #[graphql(default)]
    dry_run: bool,
}

mutation_inputs! { ImportOfficialFiguresInput => ImportOfficial }

impl TryFrom<ImportOfficialFiguresInput> for ImportOfficial {
    type Error = Vec<Problem>;

    fn try_from(input: ImportOfficialFiguresInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let source = check.field("source", Source::new(&input.source));
        check.done(|| {
            Some(Self {
                source: source?,
                as_of: input.as_of.0,
                strategy: input.strategy.into(),
                partial: input.partial,
                dry_run: input.dry_run,
                sheet: Sheet::read(input.content.as_bytes()),
                sha256: digest(input.content.as_bytes()),
            })
        })
    }
}
