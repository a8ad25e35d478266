//! Inspections.

use async_graphql::{Context, ID, Object};
use caodiem_domain::id::InspectionId;
use caodiem_domain::inspection;

use crate::error::Result;
use crate::guard;
use crate::ids::{id_of, key_of};
use crate::inputs::inspection::Verdict;
use crate::objects::tally::Tally;
use crate::request::load;
use crate::scalars::{BigInt, DateTime};

/// An inspection.
#[derive(Clone)]
pub(crate) struct Inspection(pub(crate) inspection::Inspection);

impl Inspection {
    /// The inspection that a global id names, where the caller sees it; an id of anything else names none.
    pub(crate) async fn find_by_id(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        match key_of::<InspectionId>(id) {
            Ok(key) => Ok(load(ctx, key).await?.map(Self)),
            Err(_names_no_inspection) => Ok(None),
        }
    }
}

/// What somebody found who checked a reported figure against reality (biên bản kiểm tra). It holds for the revision that was
/// checked: once the figure is corrected it is unverified again.
#[Object(visible = "guard::reads_tallies")]
impl Inspection {
    /// Opaque global id.
    pub(crate) async fn id(&self) -> ID {
        id_of(&self.0.id)
    }

    /// The figure as it stands.
    async fn tally(&self, ctx: &Context<'_>) -> Result<Option<Tally>> {
        Tally::find_by_id(ctx, &id_of(&self.0.slot)).await
    }

    /// The revision that was checked.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// What that revision says.
    async fn value(&self) -> BigInt {
        BigInt(self.0.value.get())
    }

    /// What came of it.
    async fn verdict(&self) -> Verdict {
        self.0.verdict.into()
    }

    /// How many of them were checked.
    async fn checked(&self) -> BigInt {
        BigInt(self.0.checked.get())
    }

    /// How many of those were confirmed.
    async fn confirmed(&self) -> BigInt {
        BigInt(self.0.confirmed.get())
    }

    /// What was seen, and where the evidence lies.
    async fn note(&self) -> &str {
        self.0.note.as_str()
    }

    /// Who checked it.
    async fn author(&self) -> &str {
        self.0.author.as_str()
    }

    /// When it was recorded.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// Whether the figure was corrected since: then it is unverified again.
    async fn overtaken(&self) -> bool {
        self.0.overtaken
    }
}
