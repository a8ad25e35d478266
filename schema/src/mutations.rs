//! What can be changed, by theme. Each mutation takes one `input` with a request id and gives one payload; what the
//! caller can mend is data in it.

pub(crate) mod baselines;
pub(crate) mod catalogue;
pub(crate) mod drives;
pub(crate) mod quotas;
pub(crate) mod tallies;
pub(crate) mod teams;
pub(crate) mod units;

use async_graphql::MergedObject;

use crate::guard;

/// Everything that can be changed.
#[derive(MergedObject, Default)]
#[graphql(visible = "guard::changes_something")]
pub struct Mutation(
    units::UnitMutations,
    catalogue::CatalogueMutations,
    drives::DriveMutations,
    baselines::BaselineMutations,
    quotas::QuotaMutations,
    teams::TeamMutations,
    tallies::TallyMutations,
);
