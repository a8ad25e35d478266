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
mod concurrency;
mod credentials;
mod drives;
mod filters;
mod jobs;
mod lane;
mod migrations;
mod pages;
mod period_reports;
mod proposals;
mod quotas;
mod random_grants;
mod reception;
mod requests;
mod rollup;
mod scope;
mod sessions;
mod sign_in;
mod tallies;
mod teams;
mod trees;
mod units;
mod world;
