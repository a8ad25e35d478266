//! Exact rationals as text: the domain's own form, an integer or a reduced fraction.

use caodiem_domain::error::{Constraint, StoreError};
use caodiem_domain::exact::Exact;

/// The text of a number.
///
/// # Errors
/// A conflict with [`Constraint::Check`] when it has so many digits that [`decode`] would refuse it.
pub(crate) fn encode(value: &Exact) -> Result<String, StoreError> {
    let text = value.to_string();
    if Exact::parse(&text).is_err() {
        tracing::warn!(digits = text.len(), "an exact number is too long to be stored");
        return Err(StoreError::Conflict(Constraint::Check));
    }
    Ok(text)
}

/// The number of a text.
///
/// # Errors
/// [`StoreError::Corrupt`] for text that [`encode`] did not make.
pub(crate) fn decode(text: &str) -> Result<Exact, StoreError> {
    Exact::parse(text).map_err(|_refused| StoreError::Corrupt(format!("{text:?} is no exact number")))
}
