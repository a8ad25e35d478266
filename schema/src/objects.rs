//! Objects: a newtype over the domain's entity each. Their methods are the contract; edges go through loaders.

pub(crate) mod problem;
pub(crate) mod unit;
pub(crate) mod viewer;
