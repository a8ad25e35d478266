//! Plans over a real store: quotas set and cascaded, progress read, tables printed, on both databases.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests fail loudly")]

mod cascades;
mod known;
mod progress;
mod proposals;
mod quotas;
mod reforms;
mod reports;
mod tables;
mod true_reports;
mod world;
