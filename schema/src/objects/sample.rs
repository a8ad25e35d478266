//! Samples of figures.

use async_graphql::{Context, ID, Object};
use caodiem_domain::audit::hex;
use caodiem_domain::id::SampleId;
use caodiem_domain::sample;

use crate::error::Result;
use crate::guard;
use crate::ids::{id_of, key_of};
use crate::objects::tally::Tally;
use crate::objects::unit::Unit;
use crate::request::load;
use crate::scalars::{Date, DateTime};

/// A sample.
#[derive(Clone)]
pub(crate) struct Sample(pub(crate) sample::Sample);

impl Sample {
    /// The sample that a global id names, where the caller sees it; an id of anything else names none.
    pub(crate) async fn find_by_id(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        match key_of::<SampleId>(id) {
            Ok(key) => Ok(load(ctx, key).await?.map(Self)),
            Err(_names_no_sample) => Ok(None),
        }
    }
}

/// Figures drawn by chance, to be checked. Before its days begin `commitment` is put on record; after they are over `seed` is
/// told. The figures are the first `size` in the order of SHA-256(seed ‖ place), the place of a figure being the part of its
/// decoded id behind `Tally:`; that `commitment` is SHA-256(seed) shows that nobody chose them.
#[Object(visible = "guard::verifies_tallies")]
impl Sample {
    /// Opaque global id.
    pub(crate) async fn id(&self) -> ID {
        id_of(&self.0.id)
    }

    /// Of figures credited to this unit or any under it.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.0.unit).await
    }

    /// First day.
    async fn from(&self) -> Date {
        Date(self.0.days.from())
    }

    /// Last day.
    async fn to(&self) -> Date {
        Date(self.0.days.to())
    }

    /// How many figures are drawn at most.
    async fn size(&self) -> u32 {
        self.0.size
    }

    /// SHA-256 of the seed, in hexadecimal.
    async fn commitment(&self) -> String {
        hex(&self.0.commitment)
    }

    /// Who committed it.
    async fn author(&self) -> &str {
        self.0.author.as_str()
    }

    /// When.
    async fn committed_at(&self) -> DateTime {
        DateTime(self.0.committed_at)
    }

    /// The seed, in hexadecimal; null before it is drawn.
    async fn seed(&self) -> Option<String> {
        self.0.drawn.as_ref().map(|drawn| hex(&drawn.seed))
    }

    /// From how many figures it was drawn; null before.
    async fn population(&self) -> Option<u32> {
        self.0.drawn.as_ref().map(|drawn| drawn.population)
    }

    /// When it was drawn; null before.
    async fn drawn_at(&self) -> Option<DateTime> {
        self.0.drawn.as_ref().map(|drawn| DateTime(drawn.at))
    }

    /// What was drawn, in order; empty before.
    #[graphql(complexity = "10 * child_complexity + 2")]
    async fn figures(&self) -> Vec<SampledFigure> {
        let slots = self.0.drawn.iter().flat_map(|drawn| &drawn.slots);
        slots.map(|(slot, revision)| SampledFigure(id_of(slot), *revision)).collect()
    }
}

/// A drawn figure.
pub(crate) struct SampledFigure(ID, i32);

/// A figure that was drawn.
#[Object]
impl SampledFigure {
    /// The figure's id.
    async fn id(&self) -> &ID {
        &self.0
    }

    /// The revision that stood when it was drawn.
    async fn revision(&self) -> i32 {
        self.1
    }

    /// The figure as it stands; null where it lies out of scope by now.
    async fn tally(&self, ctx: &Context<'_>) -> Result<Option<Tally>> {
        Tally::find_by_id(ctx, &self.0).await
    }
}
