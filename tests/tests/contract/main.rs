//! The contract of storage: one set of tests over the ports, run on both adapters.
//!
//! What the adapters may not share is compared as well: migrations and catalogues of tables (`migrations`).
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests fail loudly")]

mod accounts;
mod assignments;
mod audit;
mod baselines;
mod bound;
mod cast;
mod catalogue;
mod check;
mod compilation;
mod concurrency;
mod consistency;
mod credentials;
mod drives;
mod emulation;
mod externals;
mod extracts;
mod filters;
mod hostile;
mod inspections;
mod jobs;
mod lane;
mod long_record;
mod migrations;
mod pages;
mod period_reports;
mod proposals;
mod quotas;
mod random_grants;
mod reception;
mod reporting;
mod requests;
mod rollup;
mod scope;
mod sessions;
mod sign_in;
mod simulated;
mod tallies;
mod teams;
mod trees;
mod units;
mod world;
