//! Idempotency: a mutation under a known request id has no second effect and gives the same answer.

use crate::text::{RequestId, Subject};

/// What makes a request the same request.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RequestKey {
    /// Who sent it: ids of two principals never meet.
    pub subject: Subject,
    /// The client's id.
    pub id: RequestId,
    /// SHA-256 over the operation and its canonical input: a reused id with another input is refused.
    pub fingerprint: [u8; 32],
}

/// A request that took effect, as storage keeps it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordedRequest {
    /// Its fingerprint.
    pub fingerprint: [u8; 32],
    /// What it gave, in the encoding of [`Receipt`].
    pub outcome: String,
}

/// An outcome that can be kept and given again.
pub trait Receipt: Sized {
    /// As stored.
    fn encode(&self) -> String;

    /// As it was; `None` for text that [`Self::encode`] did not make.
    fn decode(text: &str) -> Option<Self>;
}

macro_rules! id_receipts {
    ($($id:ident),+) => {$(
        impl Receipt for crate::id::$id {
            fn encode(&self) -> String {
                self.get().to_string()
            }

            fn decode(text: &str) -> Option<Self> {
                text.parse().ok().map(Self::new)
            }
        }
    )+};
}

id_receipts!(
    UnitId,
    DriveId,
    IndicatorId,
    GroupId,
    BaselineId,
    QuotaId,
    TeamId,
    MemberId,
    AccountId,
    AssignmentId,
    ServiceKeyId,
    ProposalId,
    ExcuseId,
    ReopeningId,
    CompilationId,
    ExtractId,
    SettlementId,
    InspectionId,
    SampleId,
    PeriodReportId,
    EmulationListId
);

impl Receipt for i64 {
    fn encode(&self) -> String {
        self.to_string()
    }

    fn decode(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Receipt for () {
    fn encode(&self) -> String {
        String::new()
    }

    fn decode(text: &str) -> Option<Self> {
        text.is_empty().then_some(())
    }
}

impl<T: Receipt> Receipt for Vec<T> {
    fn encode(&self) -> String {
        self.iter().map(Receipt::encode).collect::<Vec<_>>().join(",")
    }

    fn decode(text: &str) -> Option<Self> {
        text.split(',').filter(|item| !item.is_empty()).map(T::decode).collect()
    }
}
