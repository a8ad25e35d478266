//! Who sees what: every root field for every principal at every place, on record in `tests/golden/matrix.txt`; and that
//! nothing of what lies out of scope shows anywhere.
//!
//! A new root field needs one line in `samples.txt`, then `GOLDEN=write cargo nextest run --workspace -E 'test(golden)'`.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests fail loudly")]

mod alike;
mod canary;
mod controls;
mod door;
mod matrix;
mod pages;
mod people;
mod place;
mod recorded;
mod rules;
mod samples;
mod selection;
mod shape;
mod table;
mod undone;
mod visible;
mod wire;
mod world;
