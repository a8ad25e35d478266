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

#[cfg(test)]
mod tests {
    use super::*;

    /// Conditions without fields of an entity.
    #[derive(Default)]
    struct Any {
        and: Option<Vec<Any>>,
        not: Option<Box<Any>>,
    }

    impl Where for Any {
        type Predicate = u8;

        fn parts(self, _: &mut Check) -> Parts<Self, u8> {
            Parts { and: self.and, or: Some(vec![]), not: self.not, is: vec![7] }
        }
    }

    fn nested(depth: usize) -> Any {
        (1..depth).fold(Any::default(), |inner, _| Any { and: None, not: Some(Box::new(inner)) })
    }

    fn codes(refused: Result<Filter<u8>, Vec<Problem>>) -> Vec<(Code, String)> {
        let problems = refused.err().unwrap_or_default();
        problems.iter().map(|problem| (problem.code(), problem.field().to_owned())).collect()
    }

    #[test]
    fn fields_of_a_condition_hold_together() {
        let expected = Filter::All(vec![Filter::Is(7), Filter::Any(vec![])]);
        assert_eq!(filter(Some(Any::default())), Ok(expected));
        assert_eq!(filter::<Any>(None), Ok(Filter::everything()));
    }

    #[test]
    fn conditions_are_bounded_in_depth_and_number() {
        let refused = [(Code::TooMany, "where".to_owned())];
        assert_eq!(codes(filter(Some(nested(DEPTH_MAX)))), []);
        assert_eq!(codes(filter(Some(nested(DEPTH_MAX + 1)))), refused);
        let many = |count| Any { and: Some((1..count).map(|_| Any::default()).collect()), not: None };
        assert_eq!(codes(filter(Some(many(CONDITIONS_MAX)))), []);
        assert_eq!(codes(filter(Some(many(CONDITIONS_MAX + 1)))), refused);
    }
}
