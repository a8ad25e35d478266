//! Pages by keyset: a cursor is the order's name and the last row's key, and the page begins right after it.

use caodiem_domain::error::StoreError;
use caodiem_domain::page::{Cursor, Direction, Filter, Page, PageRequest};
use diesel::expression::BoxableExpression;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable};

use super::Db;

/// A condition over the rows of `Source`.
pub(crate) type Condition<'query, Source> = Box<dyn BoxableExpression<Source, Db, SqlType = Bool> + 'query>;

/// A condition that compares columns which may be null; rows where it is null do not fit.
pub(crate) type NullableCondition<'query, Source> =
    Box<dyn BoxableExpression<Source, Db, SqlType = Nullable<Bool>> + 'query>;

/// Stands between the parts of a cursor; no text of the domain holds control characters.
const BETWEEN: char = '\u{1f}';

/// How deep conditions may be nested.
const DEPTH_MAX: usize = 16;

/// The cursor of a row in the order named `order`, by the parts of its key.
pub(crate) fn cursor(order: &str, parts: &[&dyn std::fmt::Display]) -> Cursor {
    let mut text = order.to_owned();
    for part in parts {
        text.push(BETWEEN);
        text.push_str(&part.to_string());
    }
    Cursor(text)
}

/// The parts of the cursor that a page begins at, `None` for the first or last page.
///
/// # Errors
/// [`StoreError::BadCursor`] when it belongs to another order or has not `N` parts.
pub(crate) fn place<const N: usize>(order: &str, request: &PageRequest) -> Result<Option<[String; N]>, StoreError> {
    let Some(Cursor(text)) = &request.cursor else {
        return Ok(None);
    };
    let mut parts = text.split(BETWEEN);
    if parts.next() != Some(order) {
        return Err(StoreError::BadCursor);
    }
    let parts: Vec<String> = parts.map(str::to_owned).collect();
    parts.try_into().map(Some).map_err(|_other_number| StoreError::BadCursor)
}

/// One part of a cursor as its type.
pub(crate) fn part<T: std::str::FromStr>(text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|_not_ours| StoreError::BadCursor)
}

/// Narrows a boxed query to what lies beyond a place `Option<(key, id)>` and orders it; backward pages come in reverse.
/// One row more than the page holds is asked for: it shows whether others follow.
macro_rules! keyset {
    ($query:expr, $request:expr, $place:expr, $key:expr, $id:expr) => {{
        use diesel::prelude::*;
        let place = $place;
        let query = match $request.direction {
            caodiem_domain::page::Direction::Forward => {
                let mut query = $query;
                if let Some((key, id)) = place {
                    query = query.filter($key.ge(key.clone()).and($key.gt(key).or($id.gt(id))));
                }
                query.order_by(($key.asc(), $id.asc()))
            }
            caodiem_domain::page::Direction::Backward => {
                let mut query = $query;
                if let Some((key, id)) = place {
                    query = query.filter($key.le(key.clone()).and($key.lt(key).or($id.lt(id))));
                }
                query.order_by(($key.desc(), $id.desc()))
            }
        };
        query.limit(i64::from($request.size.get()) + 1)
    }};
}
pub(crate) use keyset;

/// Narrows a boxed query to what lies beyond a key and orders it, the greatest key first; backward pages come in reverse,
/// and one row more is asked for, as by [`keyset`].
macro_rules! newest_first {
    ($query:expr, $request:expr, $place:expr, $key:expr) => {{
        use diesel::prelude::*;
        let (query, place) = ($query, $place);
        let query = match ($request.direction, place) {
            (caodiem_domain::page::Direction::Forward, Some(key)) => query.filter($key.lt(key)).order_by($key.desc()),
            (caodiem_domain::page::Direction::Forward, None) => query.order_by($key.desc()),
            (caodiem_domain::page::Direction::Backward, Some(key)) => query.filter($key.gt(key)).order_by($key.asc()),
            (caodiem_domain::page::Direction::Backward, None) => query.order_by($key.asc()),
        };
        query.limit(i64::from($request.size.get()) + 1)
    }};
}
pub(crate) use newest_first;

/// The page made of the rows that [`keyset`] asked for, each made an entity with its cursor.
pub(crate) fn page_of<Row, T>(
    mut rows: Vec<Row>,
    request: &PageRequest,
    entity: impl FnMut(Row) -> Result<(Cursor, T), StoreError>,
) -> Result<Page<T>, StoreError> {
    let size = usize::from(request.size.get());
    let more = rows.len() > size;
    rows.truncate(size);
    let backward = request.direction == Direction::Backward;
    if backward {
        rows.reverse();
    }
    let beyond = request.cursor.is_some();
    let (has_next, has_previous) = if backward { (beyond, more) } else { (more, beyond) };
    let rows = rows.into_iter().map(entity).collect::<Result<_, _>>()?;
    Ok(Page { rows, has_next, has_previous })
}

/// True of every row.
pub(crate) fn always<'query, Source: 'query>() -> Condition<'query, Source> {
    Box::new(true.into_sql::<Bool>())
}

/// True of no row.
pub(crate) fn never<'query, Source: 'query>() -> Condition<'query, Source> {
    Box::new(false.into_sql::<Bool>())
}

/// True where one of the conditions is; of no row when there is none.
pub(crate) fn any<'query, Source: 'query>(
    conditions: impl IntoIterator<Item = Condition<'query, Source>>,
) -> Condition<'query, Source> {
    let or = |left: Condition<'query, Source>, right| -> Condition<'query, Source> { Box::new(left.or(right)) };
    conditions.into_iter().reduce(or).unwrap_or_else(never)
}

/// True where all of the conditions are; of every row when there is none.
pub(crate) fn all<'query, Source: 'query>(
    conditions: impl IntoIterator<Item = Condition<'query, Source>>,
) -> Condition<'query, Source> {
    let and = |left: Condition<'query, Source>, right| -> Condition<'query, Source> { Box::new(left.and(right)) };
    conditions.into_iter().reduce(and).unwrap_or_else(always)
}

/// The condition of a filter, each predicate translated by `is`.
pub(crate) fn meets<'query, P, Source: 'query>(
    filter: &Filter<P>,
    is: &mut dyn FnMut(&P) -> Result<Condition<'query, Source>, StoreError>,
) -> Result<Condition<'query, Source>, StoreError> {
    if matches!(filter, Filter::All(filters) if filters.is_empty()) {
        return Ok(always());
    }
    // Filters come in any number of shapes. A piece of raw SQL keeps diesel from keeping a prepared statement for each,
    // which would grow without bound on both sides of the connection.
    let unkept: Condition<'query, Source> = Box::new(diesel::dsl::sql::<Bool>("1 = 1"));
    Ok(Box::new(meets_within(filter, is, DEPTH_MAX)?.and(unkept)))
}

fn meets_within<'query, P, Source: 'query>(
    filter: &Filter<P>,
    is: &mut dyn FnMut(&P) -> Result<Condition<'query, Source>, StoreError>,
    depth: usize,
) -> Result<Condition<'query, Source>, StoreError> {
    let deeper = depth.checked_sub(1).ok_or_else(|| StoreError::Other("a filter is nested too deep".to_owned()))?;
    let mut each = |filters: &[Filter<P>]| {
        filters.iter().map(|filter| meets_within(filter, is, deeper)).collect::<Result<Vec<_>, _>>()
    };
    Ok(match filter {
        Filter::All(filters) => all(each(filters)?),
        Filter::Any(filters) => any(each(filters)?),
        Filter::Not(filter) => Box::new(diesel::dsl::not(meets_within(filter, is, deeper)?)),
        Filter::Is(predicate) => is(predicate)?,
    })
}
