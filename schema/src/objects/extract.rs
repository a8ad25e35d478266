//! Extracts of official figures.

use async_graphql::{Context, ID, Object};
use caodiem_domain::audit::hex;
use caodiem_domain::extract::{self, Noted};
use caodiem_domain::id::ExtractId;
use caodiem_domain::problem::{Kind, Language};
use caodiem_domain::text::Source;

use crate::error::Result;
use crate::guard;
use crate::ids::{id_of, key_of};
use crate::inputs::extract::ImportStrategy;
use crate::objects::catalogue::Indicator;
use crate::objects::problem::ProblemCode;
use crate::objects::unit::Unit;
use crate::request::load;
use crate::scalars::{BigInt, DateTime};

/// An extract.
#[derive(Clone)]
pub(crate) struct Extract(pub(crate) extract::Extract);

impl Extract {
    /// The extract in scope.
    pub(crate) async fn find(ctx: &Context<'_>, key: ExtractId) -> Result<Option<Self>> {
        Ok(load(ctx, key).await?.map(Self))
    }

    /// The extract that a global id names; an id of anything else names none.
    pub(crate) async fn find_by_id(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        match key_of(id) {
            Ok(key) => Self::find(ctx, key).await,
            Err(_names_no_extract) => Ok(None),
        }
    }
}

/// A file of official figures that was loaded (số liệu trích xuất CSDLQG về DC). It is never changed: a later one of the
/// same source and moment takes the place of its figures.
#[Object(visible = "guard::reads_official")]
impl Extract {
    /// Opaque global id.
    pub(crate) async fn id(&self) -> ID {
        id_of(&self.0.id)
    }

    /// The unit of whoever loaded it.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.0.unit).await
    }

    /// Where the file comes from.
    async fn source(&self) -> &str {
        self.0.source.as_str()
    }

    /// The moment up to which its figures count.
    async fn as_of(&self) -> DateTime {
        DateTime(self.0.as_of)
    }

    /// SHA-256 of the file, in hexadecimal.
    async fn sha256(&self) -> String {
        hex(&self.0.sha256)
    }

    /// What it was allowed to do.
    async fn strategy(&self) -> ImportStrategy {
        self.0.strategy.into()
    }

    /// How many rows it has, the header aside.
    async fn rows(&self) -> u32 {
        self.0.rows
    }

    /// How many figures it brought.
    async fn figures(&self) -> u32 {
        self.0.figures
    }

    /// How many of its rows were left out because something was wrong with them.
    async fn refused(&self) -> u32 {
        self.0.refused
    }

    /// Who loaded it: the subject of the token.
    async fn author(&self) -> &str {
        self.0.author.as_str()
    }

    /// When, by the server's clock.
    async fn received_at(&self) -> DateTime {
        DateTime(self.0.received_at)
    }
}

/// A figure with its source.
pub(crate) struct OfficialFigure {
    pub(crate) figure: extract::OfficialFigure,
    pub(crate) source: Option<Source>,
}

/// An official figure: how many there were from the beginning up to a moment.
#[Object(visible = "guard::reads_official")]
impl OfficialFigure {
    /// Where.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.figure.unit).await
    }

    /// Of what.
    async fn indicator(&self, ctx: &Context<'_>) -> Result<Option<Indicator>> {
        Indicator::find(ctx, self.figure.indicator).await
    }

    /// Where it comes from.
    async fn source(&self) -> Option<&str> {
        self.source.as_ref().map(Source::as_str)
    }

    /// The moment up to which it counts.
    async fn as_of(&self) -> DateTime {
        DateTime(self.figure.as_of)
    }

    /// How many.
    async fn value(&self) -> BigInt {
        BigInt(self.figure.value.get())
    }

    /// The extract that brought it; null where it was loaded for a unit out of scope.
    async fn extract(&self, ctx: &Context<'_>) -> Result<Option<Extract>> {
        Extract::find(ctx, self.figure.extract).await
    }
}

/// Something noted about a file.
pub(crate) struct ImportNote(pub(crate) Noted);

/// Something noted about a file: why a row is refused, or a finding that refuses nothing.
#[Object]
impl ImportNote {
    /// The line of the file, from 1; 0 for the file as a whole.
    async fn line(&self) -> u32 {
        u32::try_from(self.0.line).unwrap_or(u32::MAX)
    }

    /// The column, from 1; null for the whole line.
    async fn column(&self) -> Option<u32> {
        self.0.column.map(|column| u32::try_from(column).unwrap_or(u32::MAX))
    }

    /// Whether it keeps the row from being loaded.
    async fn refuses(&self) -> bool {
        self.0.problem.code().kind() != Kind::Finding
    }

    /// What.
    async fn code(&self) -> ProblemCode {
        ProblemCode(self.0.problem.code())
    }

    /// What, in Vietnamese.
    async fn message(&self) -> String {
        self.0.problem.text(Language::Vi)
    }

    /// What, in English.
    async fn message_en(&self) -> String {
        self.0.problem.text(Language::En)
    }
}
