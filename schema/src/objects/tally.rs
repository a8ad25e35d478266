//! Tallies with their history, and who reported.

use async_graphql::{Context, ID, Object};
use caodiem_domain::tally::{self, Slot};
use caodiem_domain::text::Reason;

use crate::error::Result;
use crate::guard;
use crate::ids::{id_of, key_of};
use crate::loaders::inspections::InspectionOf;
use crate::loaders::tallies::RevisionsOf;
use crate::objects::catalogue::Indicator;
use crate::objects::drive::Drive;
use crate::objects::holder::Reporter;
use crate::objects::inspection::Inspection;
use crate::objects::unit::Unit;
use crate::request::load;
use crate::scalars::{BigInt, Date, DateTime};

/// A figure.
#[derive(Clone)]
pub(crate) struct Tally(pub(crate) tally::Tally);

impl Tally {
    /// The tally in scope.
    pub(crate) async fn find(ctx: &Context<'_>, key: Slot) -> Result<Option<Self>> {
        Ok(load(ctx, key).await?.map(Self))
    }

    /// The tally that a global id names; an id of anything else names none.
    pub(crate) async fn find_by_id(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        match key_of(id) {
            Ok(key) => Self::find(ctx, key).await,
            Err(_names_no_tally) => Ok(None),
        }
    }
}

/// A reported figure (số liệu báo cáo ngày) in its slot: one reporter, one credited unit, one day, one indicator. The
/// revision with the highest number stands; earlier ones are never removed.
#[Object(visible = "guard::reads_tallies")]
impl Tally {
    /// Opaque global id of the slot.
    pub(crate) async fn id(&self) -> ID {
        id_of(&self.0.slot)
    }

    /// The drive it was reported to.
    async fn drive(&self, ctx: &Context<'_>) -> Result<Option<Drive>> {
        Drive::find(ctx, self.0.drive).await
    }

    /// The unit it counts for: of residence at level 1, the receiving one at level 2.
    async fn credited_unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.0.slot.credited).await
    }

    /// The day it speaks of.
    async fn day(&self) -> Date {
        Date(self.0.slot.day)
    }

    /// What was counted; always a simple indicator.
    async fn indicator(&self, ctx: &Context<'_>) -> Result<Option<Indicator>> {
        Indicator::find(ctx, self.0.slot.indicator).await
    }

    /// Who reported it; null when the reporter lies out of scope.
    async fn reporter(&self, ctx: &Context<'_>) -> Result<Option<Reporter>> {
        Reporter::find(ctx, self.0.slot.reporter).await
    }

    /// The figure. Zero is a figure; silence has no tally.
    async fn value(&self) -> BigInt {
        BigInt(self.0.value.get())
    }

    /// 1 for the first figure, one more with every correction.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// When the server received it: the only time that counts.
    async fn received_at(&self) -> DateTime {
        DateTime(self.0.received_at)
    }

    /// What the device said the time was: evidence only.
    async fn device_at(&self) -> Option<DateTime> {
        self.0.device_at.map(DateTime)
    }

    /// Who sent it: the subject of the token.
    async fn author(&self) -> &str {
        self.0.author.as_str()
    }

    /// Why the figure before was wrong; there from revision 2 on.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_ref().map(Reason::as_str)
    }

    /// Every figure that ever stood in the slot, oldest first.
    #[graphql(complexity = "3 * child_complexity + 2")]
    async fn revisions(&self, ctx: &Context<'_>) -> Result<Vec<Tally>> {
        Ok(load(ctx, RevisionsOf(self.0.slot)).await?.unwrap_or_default().into_iter().map(Self).collect())
    }

    /// What came of checking it: the latest inspection, of whichever revision; null when nobody checked it. Verified is a
    /// figure whose inspection found it true and was not overtaken by a correction.
    async fn inspection(&self, ctx: &Context<'_>) -> Result<Option<Inspection>> {
        Ok(load(ctx, InspectionOf(self.0.slot)).await?.map(Inspection))
    }
}

/// A report.
pub(crate) struct Report(pub(crate) tally::Report);

/// That somebody reported on a day, whatever the figures. Silence has no report; a nil report has one without figures.
#[Object]
impl Report {
    /// The drive.
    async fn drive(&self, ctx: &Context<'_>) -> Result<Option<Drive>> {
        Drive::find(ctx, self.0.drive).await
    }

    /// Who reported.
    async fn reporter(&self, ctx: &Context<'_>) -> Result<Option<Reporter>> {
        Reporter::find(ctx, self.0.reporter).await
    }

    /// The unit of the reporter on that day.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.0.unit).await
    }

    /// The day it speaks of.
    async fn day(&self) -> Date {
        Date(self.0.day)
    }

    /// Whether it says, so far, that nothing was done.
    async fn nil(&self) -> bool {
        self.0.nil
    }

    /// When the server received the first word of it.
    async fn first_received_at(&self) -> DateTime {
        DateTime(self.0.first_received_at)
    }

    /// When the server received the latest word of it.
    async fn last_received_at(&self) -> DateTime {
        DateTime(self.0.last_received_at)
    }

    /// Why the first word came after the cut-off; null where it was on time.
    async fn late_reason(&self) -> Option<&str> {
        self.0.late_reason.as_ref().map(Reason::as_str)
    }
}
