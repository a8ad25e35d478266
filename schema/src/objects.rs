//! Objects: a newtype over the domain's entity each. Their methods are the contract; edges go through loaders.

pub(crate) mod calendar;
pub(crate) mod catalogue;
pub(crate) mod column;
pub(crate) mod drive;
pub(crate) mod problem;
pub(crate) mod team;
pub(crate) mod unit;
pub(crate) mod viewer;
