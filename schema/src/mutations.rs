//! What can be changed, by theme. Each mutation takes one `input` with a request id and gives one payload; what the
//! caller can mend is data in it.

pub(crate) mod accounts;
pub(crate) mod assignments;
pub(crate) mod baselines;
pub(crate) mod break_glass;
pub(crate) mod catalogue;
pub(crate) mod consistency;
pub(crate) mod drives;
pub(crate) mod emulation;
pub(crate) mod external;
pub(crate) mod extracts;
pub(crate) mod inspections;
pub(crate) mod period_reports;
pub(crate) mod proposals;
pub(crate) mod quotas;
pub(crate) mod reporting;
pub(crate) mod sessions;
pub(crate) mod tallies;
pub(crate) mod teams;
pub(crate) mod units;

use async_graphql::MergedObject;

/// Everything that can be changed. Somebody without a token can sign in, by password or by another issuer's token, refresh a
/// session and redeem a code, nothing else.
#[derive(MergedObject, Default)]
pub struct Mutation(
    sessions::SessionMutations,
    break_glass::BreakGlassMutations,
    units::UnitMutations,
    catalogue::CatalogueMutations,
    drives::DriveMutations,
    baselines::BaselineMutations,
    quotas::QuotaMutations,
    teams::TeamMutations,
    tallies::TallyMutations,
    accounts::AccountMutations,
    assignments::AssignmentMutations,
    proposals::ProposalMutations,
    external::ExternalMutations,
    reporting::ReportingMutations,
    extracts::ExtractMutations,
    inspections::InspectionMutations,
    consistency::ConsistencyMutations,
    period_reports::PeriodReportMutations,
    emulation::EmulationMutations,
);
