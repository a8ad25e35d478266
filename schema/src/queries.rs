//! What can be asked, by theme.

pub(crate) mod catalogue;
pub(crate) mod drives;
pub(crate) mod nodes;
pub(crate) mod units;

use async_graphql::MergedObject;

/// Everything that can be asked.
#[derive(MergedObject, Default)]
pub struct Query(nodes::NodeQueries, units::UnitQueries, catalogue::CatalogueQueries, drives::DriveQueries);
