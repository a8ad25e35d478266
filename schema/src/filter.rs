//! `where` inputs: predicates of one entity, combined by `and`, `or` and `not`, within bounds.

use caodiem_domain::page::Filter;
use caodiem_domain::problem::{Code, Problem};

use crate::error::Result;
use crate::inputs::Check;

/// How deep conditions may nest.
const DEPTH_MAX: usize = 5;

/// How many values one condition may name.
pub(crate) const LIST_MAX: usize = 100;

/// How many conditions one `where` may hold.
const CONDITIONS_MAX: usize = 50;

/// A `where` input taken apart.
pub(crate) struct Parts<W, P> {
    /// All of them hold.
    pub(crate) and: Option<Vec<W>>,
    /// One of them holds.
    pub(crate) or: Option<Vec<W>>,
    /// It does not hold.
    pub(crate) not: Option<Box<W>>,
    /// The entity's own predicates; all hold.
    pub(crate) is: Vec<P>,
}

/// The `where` input of an entity.
pub(crate) trait Where: Sized {
    /// The entity's predicates.
    type Predicate;

    /// Takes it apart, noting what is wrong with its fields.
    fn parts(self, check: &mut Check) -> Parts<Self, Self::Predicate>;
}

/// The condition that a `where` input states; everything when it is absent.
///
/// # Errors
/// What is wrong with its fields, too deep a nesting, too many conditions.
pub(crate) fn filter<W: Where>(input: Option<W>) -> Result<Filter<W::Predicate>, Vec<Problem>> {
    let Some(input) = input else {
        return Ok(Filter::everything());
    };
    let (mut check, mut left) = (Check::default(), CONDITIONS_MAX);
    let filter = convert(input, DEPTH_MAX, &mut left, &mut check);
    check.done(|| filter).map_err(|problems| problems.into_iter().map(|problem| problem.at("where")).collect())
}

fn convert<W: Where>(input: W, depth: usize, left: &mut usize, check: &mut Check) -> Option<Filter<W::Predicate>> {
    let parts = input.parts(check);
    let spent = parts.is.len().max(1);
    if depth == 0 || *left < spent {
        let most = if depth == 0 { DEPTH_MAX } else { CONDITIONS_MAX };
        check.note(Problem::new(Code::TooMany).with("actual", most + 1).with("max", most));
        return None;
    }
    *left -= spent;
    let mut all: Vec<_> = parts.is.into_iter().map(Filter::Is).collect();
    for branch in parts.and.unwrap_or_default() {
        all.push(convert(branch, depth - 1, left, check)?);
    }
    if let Some(branches) = parts.or {
        let any = branches.into_iter().map(|branch| convert(branch, depth - 1, left, check));
        all.push(Filter::Any(any.collect::<Option<_>>()?));
    }
    if let Some(branch) = parts.not {
        all.push(Filter::Not(Box::new(convert(*branch, depth - 1, left, check)?)));
    }
    Some(Filter::All(all))
}
