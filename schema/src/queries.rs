//! What can be asked, by theme.

pub(crate) mod accounts;
pub(crate) mod acts;
pub(crate) mod assignments;
pub(crate) mod baselines;
pub(crate) mod catalogue;
pub(crate) mod consistency;
pub(crate) mod drives;
pub(crate) mod emulation;
pub(crate) mod extracts;
pub(crate) mod inspections;
pub(crate) mod nodes;
pub(crate) mod period_reports;
pub(crate) mod progress;
pub(crate) mod proposals;
pub(crate) mod quotas;
pub(crate) mod reporting;
pub(crate) mod tallies;
pub(crate) mod teams;
pub(crate) mod units;

use async_graphql::MergedObject;

/// Everything that can be asked.
#[derive(MergedObject, Default)]
pub struct Query(
    nodes::NodeQueries,
    units::UnitQueries,
    catalogue::CatalogueQueries,
    drives::DriveQueries,
    baselines::BaselineQueries,
    quotas::QuotaQueries,
    teams::TeamQueries,
    tallies::TallyQueries,
    progress::ProgressQueries,
    reporting::ReportingQueries,
    proposals::ProposalQueries,
    acts::ActQueries,
    accounts::AccountQueries,
    assignments::AssignmentQueries,
    extracts::ExtractQueries,
    inspections::InspectionQueries,
    consistency::ConsistencyQueries,
    period_reports::PeriodReportQueries,
    emulation::EmulationQueries,
);
