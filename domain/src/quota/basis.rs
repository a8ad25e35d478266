//! Evaluating a [`Basis`](super::Basis): pure arithmetic over figures that were loaded for it.
