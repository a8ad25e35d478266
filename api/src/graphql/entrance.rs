//! The few mutations that somebody without a token may run: they let in. Each stands alone in its request, so that a request
//! is one attempt and no document carries a hundred (T12). Decided on the parsed document, before anything runs.

use std::collections::HashMap;

use async_graphql::Positioned;
use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet};

/// Those that a secret is guessed at by.
const ATTEMPTS: [&str; 3] = ["signIn", "signInExternal", "redeemCode"];

/// The one that goes on with a session.
const REFRESH: &str = "refreshSession";

/// What an operation does to get in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Entrance {
    /// How many fields guess at a secret.
    pub(super) attempts: usize,
    /// How many fields refresh a session.
    pub(super) refreshes: usize,
    /// Nothing else stands in the operation: one field, named outright.
    pub(super) alone: bool,
}

impl Entrance {
    /// Looks at an operation's root fields, those in fragments included.
    pub(super) fn of(document: &ExecutableDocument, operation: &OperationDefinition) -> Self {
        if operation.ty != OperationType::Mutation {
            return Self::default();
        }
        let root = &operation.selection_set.node;
        let found = Walk { document, known: HashMap::new() }.fields(root);
        let single = matches!(root.items.as_slice(), [Positioned { node: Selection::Field(_), .. }]);
        Self { alone: single && found.any(), ..found }
    }

    /// Whether it lets in at all.
    pub(super) const fn any(&self) -> bool {
        self.attempts > 0 || self.refreshes > 0
    }
}

/// A walk that looks at each fragment once.
struct Walk<'document> {
    document: &'document ExecutableDocument,
    /// What fragments hold; nothing while they are looked at, so that one in itself adds nothing.
    known: HashMap<&'document str, Entrance>,
}

impl<'document> Walk<'document> {
    fn fields(&mut self, set: &'document SelectionSet) -> Entrance {
        set.items.iter().map(|item| self.field(&item.node)).fold(Entrance::default(), |sum, next| Entrance {
            attempts: sum.attempts.saturating_add(next.attempts),
            refreshes: sum.refreshes.saturating_add(next.refreshes),
            alone: false,
        })
    }

    fn field(&mut self, selection: &'document Selection) -> Entrance {
        match selection {
            Selection::Field(field) => {
                let name = field.node.name.node.as_str();
                let attempts = usize::from(ATTEMPTS.contains(&name));
                Entrance { attempts, refreshes: usize::from(name == REFRESH), alone: false }
            }
            Selection::InlineFragment(fragment) => self.fields(&fragment.node.selection_set.node),
            Selection::FragmentSpread(spread) => self.fragment(spread.node.fragment_name.node.as_str()),
        }
    }

    fn fragment(&mut self, name: &'document str) -> Entrance {
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        self.known.insert(name, Entrance::default());
        let fragment = self.document.fragments.iter().find(|(own, _)| own.as_str() == name);
        let found = fragment.map(|(_, fragment)| self.fields(&fragment.node.selection_set.node)).unwrap_or_default();
        self.known.insert(name, found);
        found
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use async_graphql::parser::types::DocumentOperations;

    use super::*;

    fn seen(text: &str) -> Option<(usize, usize, bool)> {
        let document = parse_query(text).ok()?;
        let operation = match &document.operations {
            DocumentOperations::Single(only) => only,
            DocumentOperations::Multiple(all) => all.values().next()?,
        };
        let found = Entrance::of(&document, &operation.node);
        Some((found.attempts, found.refreshes, found.alone))
    }

    #[test]
    fn one_field_named_outright_stands_alone() {
        assert_eq!(seen("mutation { signIn(input: {}) { errors { code } } }"), Some((1, 0, true)));
        assert_eq!(seen("mutation { in: redeemCode { x } }"), Some((1, 0, true)));
        assert_eq!(seen("mutation { signInExternal { x } }"), Some((1, 0, true)));
        assert_eq!(seen("mutation { refreshSession { x } }"), Some((0, 1, true)));
        assert_eq!(seen("mutation { openDrive { x } }"), Some((0, 0, false)));
        assert_eq!(seen("query { signIn }"), Some((0, 0, false)), "there is no such query");
    }

    #[test]
    fn aliases_fragments_and_company_are_seen_and_counted() {
        let hundred: Vec<String> = (0..100).map(|number| format!("a{number}: signIn {{ x }}")).collect();
        assert_eq!(seen(&format!("mutation {{ {} }}", hundred.join(" "))), Some((100, 0, false)));
        for (text, expected) in [
            ("mutation { signIn { x } __typename }", (1, 0, false)),
            ("mutation { signIn { x } openDrive { x } }", (1, 0, false)),
            ("mutation { signIn { x } refreshSession { x } }", (1, 1, false)),
            ("mutation { ... { signIn { x } } }", (1, 0, false)),
            ("mutation { ...F } fragment F on Mutation { signIn { x } }", (1, 0, false)),
            ("mutation { ...F ...F a: signIn { x } } fragment F on Mutation { b: signIn { x } ...F }", (3, 0, false)),
            (
                "mutation { ...F } fragment F on Mutation { ...G } fragment G on Mutation { ...F redeemCode { x } }",
                (1, 0, false),
            ),
        ] {
            assert_eq!(seen(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn fragments_that_double_end_and_saturate() {
        let doubling =
            |number: i32| format!("fragment F{number} on Mutation {{ ...F{next} ...F{next} }}", next = number + 1);
        let chain: Vec<String> = (0..200).map(doubling).collect();
        let text = format!("mutation {{ ...F0 }} {} fragment F200 on Mutation {{ signIn {{ x }} }}", chain.join(" "));
        assert_eq!(seen(&text), Some((usize::MAX, 0, false)));
    }
}
