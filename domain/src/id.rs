//! Surrogate ids: one newtype per entity, so that a team's id can never stand where a unit's belongs.

/// Declares id newtypes over the storage's 64-bit keys. Ids are not secrets and carry no arithmetic.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(i64);

        impl $name {
            /// Wraps a key that storage allocated.
            #[must_use]
            pub const fn new(raw: i64) -> Self {
                Self(raw)
            }

            /// The raw key, for storage and the wire only.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }
        }
    )+};
}

ids! {
    /// A node of the unit tree, for as long as it exists under any code or name.
    UnitId;
    /// A time-boxed campaign (đợt cao điểm).
    DriveId;
    /// A consecutive part of a drive (giai đoạn).
    PhaseId;
    /// What is counted (chỉ tiêu), an entry of the catalogue.
    IndicatorId;
    /// A population group (nhóm đối tượng), an entry of the catalogue.
    GroupId;
    /// A count per unit on a stated day.
    BaselineId;
    /// How much of an indicator a holder owes.
    QuotaId;
    /// People assigned to a unit, with a leader.
    TeamId;
    /// One person's place in a team.
    MemberId;
    /// Who can sign in; 0 stands for the host.
    AccountId;
    /// A role over a unit, held by an account; 0 stands for the host.
    AssignmentId;
    /// One sign-in on one device.
    SessionId;
    /// A machine's public key.
    ServiceKeyId;
    /// What one person proposed for another to approve.
    ProposalId;
    /// Why some silence is no fault.
    ExcuseId;
    /// Closed days that take reports again.
    ReopeningId;
    /// What a level confirmed of those below it, one revision.
    CompilationId;
    /// A file of official figures.
    ExtractId;
    /// Where official figures come from, by number.
    SourceId;
    /// What is held to be true of a figure.
    SettlementId;
    /// What somebody found who checked a figure.
    InspectionId;
    /// Figures drawn by chance, to be checked.
    SampleId;
    /// A frozen report of a day, a week, a phase or a whole drive.
    PeriodReportId;
    /// A frozen list of who is to be commended and who criticised.
    EmulationListId;
}

/// The kinds of key that storage allocates ahead of an insert.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sequence {
    /// For [`UnitId`].
    Unit,
    /// For [`DriveId`].
    Drive,
    /// For [`PhaseId`].
    Phase,
    /// For [`IndicatorId`].
    Indicator,
    /// For [`GroupId`].
    Group,
    /// For [`BaselineId`].
    Baseline,
    /// For [`QuotaId`].
    Quota,
    /// For [`TeamId`].
    Team,
    /// For [`MemberId`].
    Member,
    /// For [`AccountId`].
    Account,
    /// For [`AssignmentId`].
    Assignment,
    /// For [`SessionId`].
    Session,
    /// For [`ServiceKeyId`].
    ServiceKey,
    /// For [`ProposalId`].
    Proposal,
    /// For [`ExcuseId`].
    Excuse,
    /// For [`ReopeningId`].
    Reopening,
    /// For [`CompilationId`].
    Compilation,
    /// For [`ExtractId`].
    Extract,
    /// For [`SourceId`].
    Source,
    /// For [`SettlementId`].
    Settlement,
    /// For [`InspectionId`].
    Inspection,
    /// For [`SampleId`].
    Sample,
    /// For [`PeriodReportId`].
    PeriodReport,
    /// For [`EmulationListId`].
    EmulationList,
}
