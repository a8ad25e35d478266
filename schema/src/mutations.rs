//! What can be changed, by theme. Each mutation takes one `input` with a request id and gives one payload; what the
//! caller can mend is data in it.

pub(crate) mod catalogue;
pub(crate) mod drives;
pub(crate) mod units;

use async_graphql::MergedObject;

/// Everything that can be changed.
#[derive(MergedObject, Default)]
pub struct Mutation(units::UnitMutations, catalogue::CatalogueMutations, drives::DriveMutations);
