//! Lists in pages: one set of arguments, one connection.

use std::borrow::Cow;

use async_graphql::connection::PageInfo;
use async_graphql::{Context, Object, OutputType, TypeName};
use caodiem_domain::page::{Cursor, Direction, Page, PageRequest, PageSize};
use caodiem_domain::problem::{Code, Problem};

use crate::error::{ApiError, Result};
use crate::ids::{seal, unseal};

/// Cursors of another make are refused.
const CURSOR_VERSION: &str = "1:";

/// What a list is asked for.
pub(crate) struct Window {
    /// The page.
    pub(crate) request: PageRequest,
    /// Whether the total was selected; it is counted only then.
    pub(crate) counted: bool,
}

/// Reads the four arguments of a list.
///
/// # Errors
/// A size out of range, a cursor that no list made, forward and backward mixed.
pub(crate) fn window(
    ctx: &Context<'_>,
    (first, after): (Option<i32>, Option<String>),
    (last, before): (Option<i32>, Option<String>),
) -> Result<Window> {
    let mixed = || ApiError::bad_input("Chỉ dùng first/after hoặc last/before.", "Use first/after or last/before.");
    if (first.is_some() || after.is_some()) && (last.is_some() || before.is_some()) {
        return Err(mixed());
    }
    let (direction, rows, cursor, at) = if last.is_some() || before.is_some() {
        (Direction::Backward, last, before, ("last", "before"))
    } else {
        (Direction::Forward, first, after, ("first", "after"))
    };
    let size = rows.map_or(Ok(PageSize::DEFAULT), |rows| PageSize::new(rows.into())).map_err(|wrong| wrong.at(at.0))?;
    let cursor = cursor.map(|text| open(&text).ok_or_else(|| Problem::new(Code::BadCursor).at(at.1))).transpose()?;
    let request = PageRequest { size, direction, cursor };
    Ok(Window { request, counted: ctx.look_ahead().field("totalCount").exists() })
}

fn open(text: &str) -> Option<Cursor> {
    unseal(text)?.strip_prefix(CURSOR_VERSION).map(|rest| Cursor(rest.to_owned()))
}

/// What a list costs: two points, and its size times what it holds.
pub(crate) fn cost(first: Option<i32>, last: Option<i32>, child: usize) -> usize {
    let rows = first.or(last).unwrap_or_else(|| PageSize::DEFAULT.get().into()).clamp(1, PageSize::MAX.into());
    usize::try_from(rows).unwrap_or(usize::MAX).saturating_mul(child).saturating_add(2)
}

/// A page of a list, in the list's order.
pub(crate) struct Connection<N> {
    edges: Vec<Edge<N>>,
    has_next: bool,
    has_previous: bool,
    total: Option<u64>,
}

impl<N> Connection<N> {
    /// Wraps the rows of a page.
    pub(crate) fn new<T>((page, total): (Page<T>, Option<u64>), wrap: impl Fn(T) -> N) -> Self {
        let edge = |(cursor, row): (Cursor, T)| Edge { cursor, node: wrap(row) };
        Self {
            edges: page.rows.into_iter().map(edge).collect(),
            has_next: page.has_next,
            has_previous: page.has_previous,
            total,
        }
    }
}

/// A page of a list, in the list's order. Pages are read forwards with `first` and `after`, backwards with `last` and
/// `before`.
#[Object(name_type)]
impl<N: OutputType> Connection<N> {
    /// The rows, each with its cursor.
    async fn edges(&self) -> &[Edge<N>] {
        &self.edges
    }

    /// The rows alone.
    async fn nodes(&self) -> Vec<&N> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Where the page stands in the list.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: self.has_previous,
            has_next_page: self.has_next,
            start_cursor: self.edges.first().map(Edge::sealed),
            end_cursor: self.edges.last().map(Edge::sealed),
        }
    }

    /// How many rows the whole list holds. Counted only when it is selected.
    async fn total_count(&self) -> i32 {
        i32::try_from(self.total.unwrap_or_default()).unwrap_or(i32::MAX)
    }
}

impl<N: OutputType> TypeName for Connection<N> {
    fn type_name() -> Cow<'static, str> {
        format!("{node}Connection", node = N::type_name()).into()
    }
}

/// A row of a list.
pub(crate) struct Edge<N> {
    cursor: Cursor,
    node: N,
}

impl<N> Edge<N> {
    /// The cursor as clients see it.
    fn sealed(&self) -> String {
        seal(&format!("{CURSOR_VERSION}{text}", text = self.cursor.0))
    }
}

/// A row of a list.
#[Object(name_type)]
impl<N: OutputType> Edge<N> {
    /// The row's place, for `after` and `before` of the same list under the same order.
    async fn cursor(&self) -> String {
        self.sealed()
    }

    /// The row.
    async fn node(&self) -> &N {
        &self.node
    }
}

impl<N: OutputType> TypeName for Edge<N> {
    fn type_name() -> Cow<'static, str> {
        format!("{node}Edge", node = N::type_name()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_costs_its_size_times_what_it_holds() {
        assert_eq!(cost(Some(10), None, 7), 72);
        assert_eq!(cost(None, Some(3), 7), 23);
        assert_eq!(cost(None, None, 1), 52);
        // Refused by the resolver; until then it is not free.
        assert_eq!(cost(Some(-5), None, 7), 9);
        assert_eq!(cost(Some(1_000_000), None, usize::MAX), usize::MAX);
    }

    #[test]
    fn cursors_of_another_make_are_refused() {
        assert_eq!(open(&seal("1:code|3")), Some(Cursor("code|3".to_owned())));
        assert_eq!(open(&seal("2:code|3")), None);
        assert_eq!(open("code|3"), None);
    }
}
