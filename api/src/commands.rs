//! The commands, a file each.

pub mod admin;
pub mod audit;
pub mod check;
pub mod demo;
pub mod import;
pub mod import_official;
pub mod keys;
pub mod migrate;
pub mod rebuild;
pub mod schema;
pub mod serve;
pub mod token;
mod words;
