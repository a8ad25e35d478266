//! Counts of people, records or accounts: never negative, never absurd.

use std::fmt;

use crate::problem::{Code, Problem};

/// A figure of 0 to 10¹². Zero is a figure; the absence of a figure is `Option::None`, never zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Count(i64);

impl Count {
    /// The largest figure that is accepted: far above any population, so that sums of many stay exact.
    pub const MAX: i64 = 1_000_000_000_000;

    /// A count in range.
    ///
    /// # Errors
    /// [`Code::OutOfRange`].
    pub fn new(value: i64) -> Result<Self, Problem> {
        if (0..=Self::MAX).contains(&value) {
            return Ok(Self(value));
        }
        Err(Problem::new(Code::OutOfRange).with("actual", value).with("min", 0).with("max", Self::MAX))
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Count {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, out)
    }
}
