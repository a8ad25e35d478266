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

impl<T> Page<T> {
    /// A page of a list that is whole in memory: `rows` in the list's order, each with a key that ascends along it. A
    /// cursor names the key of its row, so the page begins at the right place even where that row has gone.
    ///
    /// # Errors
    /// [`Code::BadCursor`] at `after` or `before` for a cursor of another list.
    pub fn of_list(order: &str, rows: Vec<([i64; 2], T)>, request: &PageRequest) -> Result<Self, Problem> {
        let forward = request.direction == Direction::Forward;
        let at = if forward { "after" } else { "before" };
        let edge = request
            .cursor
            .as_ref()
            .map(|cursor| key_in(order, cursor).ok_or_else(|| Problem::new(Code::BadCursor).at(at)));
        let edge = edge.transpose()?;
        let size = usize::from(request.size.get());
        let (from, to) = match (forward, edge) {
            (true, edge) => {
                let from = edge.map_or(0, |edge| rows.partition_point(|(key, _)| *key <= edge));
                (from, rows.len().min(from + size))
            }
            (false, edge) => {
                let to = edge.map_or(rows.len(), |edge| rows.partition_point(|(key, _)| *key < edge));
                (to.saturating_sub(size), to)
            }
        };
        let (has_previous, has_next) = (from > 0, to < rows.len());
        let page = rows.into_iter().skip(from).take(to - from);
        let rows = page.map(|([one, two], row)| (Cursor(format!("{order}\u{1f}{one}\u{1f}{two}")), row)).collect();
        Ok(Self { rows, has_next, has_previous })
    }
}

fn key_in(order: &str, Cursor(text): &Cursor) -> Option<[i64; 2]> {
    let mut parts = text.split('\u{1f}');
    let named = parts.next() == Some(order);
    let key = [parts.next()?.parse().ok()?, parts.next()?.parse().ok()?];
    (named && parts.next().is_none()).then_some(key)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn page(size: i64, direction: Direction, cursor: Option<&Cursor>) -> Option<Page<char>> {
        let rows = vec![([0, 1], 'a'), ([0, 2], 'b'), ([1, 0], 'c'), ([1, 5], 'd')];
        let request = PageRequest { size: PageSize::new(size).ok()?, direction, cursor: cursor.cloned() };
        Page::of_list("list", rows, &request).ok()
    }

    fn shown(page: Option<Page<char>>) -> (String, bool, bool) {
        page.map(|page| (page.rows.iter().map(|(_, row)| row).collect(), page.has_next, page.has_previous))
            .unwrap_or_default()
    }

    #[test]
    fn a_list_in_memory_is_read_both_ways() {
        let first = page(3, Direction::Forward, None);
        let end = first.as_ref().and_then(|page| page.rows.last()).map(|(cursor, _)| cursor.clone());
        assert_eq!(shown(first), ("abc".to_owned(), true, false));
        assert_eq!(shown(page(3, Direction::Forward, end.as_ref())), ("d".to_owned(), false, true));
        assert_eq!(shown(page(1, Direction::Backward, end.as_ref())), ("b".to_owned(), true, true));
        assert_eq!(shown(page(9, Direction::Backward, None)), ("abcd".to_owned(), false, false));
        // A row that has gone leaves its place.
        let gone = Cursor("list\u{1f}0\u{1f}9".to_owned());
        assert_eq!(shown(page(9, Direction::Forward, Some(&gone))), ("cd".to_owned(), false, true));
        assert_eq!(page(9, Direction::Forward, Some(&Cursor("other\u{1f}0\u{1f}9".to_owned()))), None);
    }
}
