//! Settled figures.

use async_graphql::Object;
use caodiem_domain::settlement;
use caodiem_domain::text::Reason;

use crate::guard;
use crate::inputs::settlement::{GapReason, SettledBy};
use crate::scalars::{BigInt, DateTime};

/// A settlement.
pub(crate) struct Settlement(pub(crate) settlement::Settlement);

/// What is held to be true of a figure, by whom and why. It is never changed: a later one takes its place.
#[Object(visible = "guard::reads_official")]
impl Settlement {
    /// How many.
    async fn value(&self) -> BigInt {
        BigInt(self.0.value.get())
    }

    /// By what.
    async fn by(&self) -> SettledBy {
        self.0.by.into()
    }

    /// What was reported at that moment.
    async fn reported(&self) -> Option<BigInt> {
        self.0.reported.map(BigInt)
    }

    /// What was verified at that moment.
    async fn verified(&self) -> Option<BigInt> {
        self.0.verified.map(BigInt)
    }

    /// What was done by the official figures of that moment.
    async fn official(&self) -> Option<BigInt> {
        self.0.official.map(BigInt)
    }

    /// Why the figures differ.
    async fn reason(&self) -> GapReason {
        self.0.reason.into()
    }

    /// In words.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_ref().map(Reason::as_str)
    }

    /// Who settled it.
    async fn author(&self) -> &str {
        self.0.author.as_str()
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}
