//! Pages of lists: bounded, forward or backward, always in a total order.

use crate::problem::{Code, Problem};

/// How many rows a page holds: 1 to 100.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PageSize(u16);

impl PageSize {
    /// The most rows a page may hold.
    pub const MAX: u16 = 100;
    /// What a list gives when it is not told.
    pub const DEFAULT: Self = Self(50);

    /// A size in range.
    ///
    /// # Errors
    /// [`Code::PageSize`].
    pub fn new(rows: i64) -> Result<Self, Problem> {
        u16::try_from(rows)
            .ok()
            .filter(|rows| (1..=Self::MAX).contains(rows))
            .map(Self)
            .ok_or_else(|| Problem::new(Code::PageSize).with("max", Self::MAX).with("actual", rows))
    }

    /// The number of rows.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

/// A place in one list under one order. Made and read by storage; opaque to everybody else.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cursor(pub String);

/// Which way a page is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// The rows after the cursor, or the first ones.
    Forward,
    /// The rows before the cursor, or the last ones; still handed out in the list's order.
    Backward,
}

/// The page that is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PageRequest {
    /// At most so many rows.
    pub size: PageSize,
    /// Which way.
    pub direction: Direction,
    /// Where it begins, exclusive.
    pub cursor: Option<Cursor>,
}

/// A page of a list, each row with its cursor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page<T> {
    /// The rows in the list's order.
    pub rows: Vec<(Cursor, T)>,
    /// Whether rows follow.
    pub has_next: bool,
    /// Whether rows stand before.
    pub has_previous: bool,
}

/// A condition over rows: predicates of the entity, combined.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Filter<P> {
    /// Every one holds; true when empty.
    All(Vec<Self>),
    /// At least one holds; false when empty.
    Any(Vec<Self>),
    /// It does not hold.
    Not(Box<Self>),
    /// The predicate itself.
    Is(P),
}

impl<P> Filter<P> {
    /// This one, narrowed by another condition where there is one.
    #[must_use]
    pub fn narrowed(self, to: Option<P>) -> Self {
        match to {
            Some(also) => Self::All(vec![Self::Is(also), self]),
            None => self,
        }
    }

    /// Every row.
    #[must_use]
    pub const fn everything() -> Self {
        Self::All(Vec::new())
    }
}
