//! The project's own copy of public data, and reading such files from disk. Sources: `api/data/ATTRIBUTION.md`.

pub mod catalogue;
pub mod plans;
pub mod table;
pub mod units;
pub mod villages;
