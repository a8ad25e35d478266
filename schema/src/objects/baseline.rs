//! Baselines with their revisions.

use async_graphql::{Context, ID, Object};
use caodiem_domain::baseline;
use caodiem_domain::id::BaselineId;

use crate::error::Result;
use crate::guard;
use crate::ids::{id_of, key_of};
use crate::objects::catalogue::{Group, Indicator};
use crate::objects::unit::Unit;
use crate::request::load;
use crate::scalars::{BigInt, Date, DateTime};

/// A figure.
#[derive(Clone)]
pub(crate) struct Baseline(pub(crate) baseline::Baseline);

impl Baseline {
    /// The baseline in scope.
    pub(crate) async fn find(ctx: &Context<'_>, key: BaselineId) -> Result<Option<Self>> {
        Ok(load(ctx, key).await?.map(Self))
    }

    /// The baseline that a global id names; an id of anything else names none.
    pub(crate) async fn find_by_id(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        match key_of(id) {
            Ok(key) => Self::find(ctx, key).await,
            Err(_names_no_baseline) => Ok(None),
        }
    }
}

/// A count per unit on a stated day (số liệu tính đến ngày), with the document it comes from. A correction is a further
/// revision; the earlier ones stay.
#[Object(visible = "guard::reads_baselines")]
impl Baseline {
    /// Opaque global id of this revision.
    pub(crate) async fn id(&self) -> ID {
        id_of(&self.0.id)
    }

    /// Where.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.0.key.unit).await
    }

    /// Of whom.
    async fn group(&self, ctx: &Context<'_>) -> Result<Option<Group>> {
        Group::find(ctx, self.0.key.group).await
    }

    /// Of what: eligible, enrolled, activated, teams …
    async fn indicator(&self, ctx: &Context<'_>) -> Result<Option<Indicator>> {
        Indicator::find(ctx, self.0.key.indicator).await
    }

    /// The day it speaks of.
    async fn as_of(&self) -> Date {
        Date(self.0.key.as_of)
    }

    /// 1 for the first figure of this unit, group, indicator and day; one more with every correction.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// The figure.
    async fn value(&self) -> BigInt {
        BigInt(self.0.value.get())
    }

    /// The document it comes from.
    async fn source(&self) -> &str {
        self.0.source.as_str()
    }

    /// Whether it was made up for a demonstration.
    async fn synthetic(&self) -> bool {
        self.0.synthetic
    }

    /// Who recorded it: the subject of the token.
    async fn author(&self) -> &str {
        self.0.author.as_str()
    }

    /// When, by the server's clock.
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.0.recorded_at)
    }

    /// Every figure recorded for this unit, group, indicator and day, oldest first.
    #[graphql(complexity = "3 * child_complexity + 2")]
    async fn revisions(&self, ctx: &Context<'_>) -> Result<Vec<Baseline>> {
        Ok(load(ctx, self.0.key).await?.unwrap_or_default().into_iter().map(Self).collect())
    }
}
