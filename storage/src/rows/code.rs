//! The words that enums are stored as. They never change: what is stored stays readable.

use caodiem_domain::account::{AccountKind, AccountState, CodePurpose};
use caodiem_domain::drive::{DriveState, Settles};
use caodiem_domain::emulation::decision::Decided;
use caodiem_domain::error::StoreError;
use caodiem_domain::extract::Strategy;
use caodiem_domain::id::Sequence;
use caodiem_domain::indicator::{AccountLevel, Attribution, Stage, TimeRule};
use caodiem_domain::inspection::Verdict;
use caodiem_domain::proposal::{Operation, ProposalState};
use caodiem_domain::reporting::compilation::CompilationState;
use caodiem_domain::reporting::rule::{ReportKind, Reporters};
use caodiem_domain::session::SessionEnd;
use caodiem_domain::settlement::{GapReason, SettledBy};
use caodiem_domain::team::{Organisation, TeamKind};
use caodiem_domain::unit::{Level, LineageMode, UnitKind};

/// An enum with a stored word for each value.
pub(crate) trait Stored: Sized {
    /// The word.
    fn word(self) -> &'static str;

    /// The value of a word.
    fn from_word(word: &str) -> Result<Self, StoreError>;
}

macro_rules! stored {
    ($($kind:ident { $($value:ident = $word:literal),+ $(,)? })+) => {$(
        impl Stored for $kind {
            fn word(self) -> &'static str {
                match self { $(Self::$value => $word,)+ }
            }

            fn from_word(word: &str) -> Result<Self, StoreError> {
                match word {
                    $($word => Ok(Self::$value),)+
                    other => Err(StoreError::Corrupt(format!("{other:?} is no {}", stringify!($kind)))),
                }
            }
        }
    )+};
}

stored! {
    Level {
        Country = "COUNTRY", Province = "PROVINCE", District = "DISTRICT", Commune = "COMMUNE", Village = "VILLAGE",
        Organisation = "ORGANISATION",
    }
    UnitKind {
        Country = "COUNTRY", Province = "PROVINCE", CentralCity = "CENTRAL_CITY", RuralDistrict = "RURAL_DISTRICT",
        UrbanDistrict = "URBAN_DISTRICT", DistrictTown = "DISTRICT_TOWN", ProvincialCity = "PROVINCIAL_CITY",
        RuralCommune = "RURAL_COMMUNE", Ward = "WARD", Township = "TOWNSHIP", SpecialZone = "SPECIAL_ZONE",
        Village = "VILLAGE", Hamlet = "HAMLET", SouthernHamlet = "SOUTHERN_HAMLET", Quarter = "QUARTER",
        ResidentialGroup = "RESIDENTIAL_GROUP", Organisation = "ORGANISATION",
    }
    LineageMode { Merge = "MERGE", Split = "SPLIT", Transfer = "TRANSFER" }
    Stage {
        Eligible = "ELIGIBLE", Enrol = "ENROL", Approve = "APPROVE", Activate = "ACTIVATE", Issue = "ISSUE",
        Means = "MEANS", Other = "OTHER",
    }
    AccountLevel { One = "ONE", Two = "TWO" }
    Attribution { Residence = "RESIDENCE", Receiving = "RECEIVING" }
    TimeRule { Sum = "SUM", Last = "LAST" }
    DriveState { Draft = "DRAFT", Open = "OPEN", Closed = "CLOSED" }
    Settles { Reported = "REPORTED", Verified = "VERIFIED", Official = "OFFICIAL" }
    TeamKind {
        Project06 = "PROJECT_06", CommunityDigital = "COMMUNITY_DIGITAL", FixedEnrolment = "FIXED_ENROLMENT",
        MobileEnrolment = "MOBILE_ENROLMENT", Volunteer = "VOLUNTEER",
    }
    Organisation {
        VillageBoard = "VILLAGE_BOARD", Police = "POLICE", YouthUnion = "YOUTH_UNION", WomensUnion = "WOMENS_UNION",
        FarmersUnion = "FARMERS_UNION", VeteransAssociation = "VETERANS_ASSOCIATION",
        FatherlandFront = "FATHERLAND_FRONT", School = "SCHOOL", StateBody = "STATE_BODY", Other = "OTHER",
    }
    AccountKind { Person = "PERSON", Service = "SERVICE" }
    AccountState { Invited = "INVITED", Active = "ACTIVE", Disabled = "DISABLED" }
    CodePurpose { Activation = "ACTIVATION", Reset = "RESET", BreakGlass = "BREAK_GLASS" }
    SessionEnd {
        SignedOut = "SIGNED_OUT", Ended = "ENDED", Reused = "REUSED", Credentials = "CREDENTIALS", Disabled = "DISABLED",
    }
    Operation {
        SetQuotas = "SET_QUOTAS", ApplyCascade = "APPLY_CASCADE", FoundUnit = "FOUND_UNIT",
        ReviseUnit = "REVISE_UNIT", MergeUnits = "MERGE_UNITS", SplitUnit = "SPLIT_UNIT", CloseUnit = "CLOSE_UNIT",
        GrantAssignment = "GRANT_ASSIGNMENT", ReopenDay = "REOPEN_DAY",
    }
    Reporters { EachUnit = "EACH_UNIT", EachTeam = "EACH_TEAM" }
    ReportKind { Daily = "DAILY", Weekly = "WEEKLY", Phase = "PHASE", Final = "FINAL" }
    CompilationState { Confirmed = "CONFIRMED", Returned = "RETURNED" }
    Decided { Commended = "COMMENDED", Criticised = "CRITICISED", Neither = "NEITHER" }
    Strategy { Create = "CREATE", Update = "UPDATE", CreateOrUpdate = "CREATE_OR_UPDATE" }
    Verdict { True = "TRUE", Untrue = "UNTRUE", Unreachable = "UNREACHABLE" }
    SettledBy { Reported = "REPORTED", Verified = "VERIFIED", Official = "OFFICIAL", Other = "OTHER" }
    GapReason {
        NoGap = "NO_GAP", LateSync = "LATE_SYNC", PendingApproval = "PENDING_APPROVAL",
        OtherResidence = "OTHER_RESIDENCE", Duplicate = "DUPLICATE", EntryError = "ENTRY_ERROR", Untrue = "UNTRUE",
        OfficialError = "OFFICIAL_ERROR", Other = "OTHER",
    }
    ProposalState { Open = "OPEN", Approved = "APPROVED", Rejected = "REJECTED", Withdrawn = "WITHDRAWN" }
}

/// The name of a sequence in either database.
pub(crate) const fn sequence_name(sequence: Sequence) -> &'static str {
    match sequence {
        Sequence::Unit => "unit_id",
        Sequence::Drive => "drive_id",
        Sequence::Phase => "phase_id",
        Sequence::Indicator => "indicator_id",
        Sequence::Group => "population_group_id",
        Sequence::Baseline => "baseline_id",
        Sequence::Quota => "quota_id",
        Sequence::Team => "team_id",
        Sequence::Member => "member_id",
        Sequence::Account => "account_id",
        Sequence::Assignment => "assignment_id",
        Sequence::Session => "session_id",
        Sequence::ServiceKey => "service_key_id",
        Sequence::Proposal => "proposal_id",
        Sequence::Excuse => "report_excuse_id",
        Sequence::Reopening => "reopening_id",
        Sequence::Compilation => "compilation_id",
        Sequence::Source => "official_source_id",
        Sequence::Extract => "official_extract_id",
        Sequence::Settlement => "settlement_id",
        Sequence::Inspection => "inspection_id",
        Sequence::Sample => "sample_id",
        Sequence::PeriodReport => "period_report_id",
        Sequence::EmulationList => "emulation_list_id",
    }
}
