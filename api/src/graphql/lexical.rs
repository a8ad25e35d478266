//! A pass over a document before it is parsed, without recursion: how many tokens, how deep its brackets. The parser
//! recurses, so what is too deep must never reach it.

/// The most tokens of a document; the standard introspection query has under 200.
pub(super) const TOKENS_MAX: usize = 2_000;

/// The deepest nesting of brackets of all kinds.
pub(super) const NESTING_MAX: usize = 32;

/// Which bound was passed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Over {
    pub(super) what: &'static str,
    pub(super) limit: usize,
    pub(super) actual: usize,
}

/// Counts tokens and nesting. Text that is no GraphQL is left to the parser to refuse.
pub(super) fn check(document: &str) -> Result<(), Over> {
    let (mut tokens, mut depth, mut deepest) = (0_usize, 0_usize, 0_usize);
    let mut rest = document;
    while let Some(letter) = rest.chars().next() {
        let length = match letter {
            '#' => rest.find(['\n', '\r']).unwrap_or(rest.len()),
            '"' => string_length(rest),
            _ if is_word(letter) => rest.find(|next| !is_word(next)).unwrap_or(rest.len()),
            _ => letter.len_utf8(),
        };
        if !(letter == '#' || letter == ',' || letter == '\u{feff}' || letter.is_whitespace()) {
            tokens += 1;
        }
        match letter {
            '{' | '[' | '(' => depth += 1,
            '}' | ']' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
        rest = rest.get(length..).unwrap_or_default();
    }
    let bounds = [("tokens", TOKENS_MAX, tokens), ("nesting", NESTING_MAX, deepest)];
    match bounds.into_iter().find(|(_, limit, actual)| actual > limit) {
        Some((what, limit, actual)) => Err(Over { what, limit, actual }),
        None => Ok(()),
    }
}

const fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.' | '+')
}

/// The length of a string or block string with its quotes; to the end where it is never closed.
fn string_length(text: &str) -> usize {
    let (open, escapes) = if text.starts_with("\"\"\"") { ("\"\"\"", "\\\"\"\"") } else { ("\"", "\\") };
    let mut at = open.len();
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(open) {
            return at + open.len();
        }
        at += if rest.starts_with(escapes) && escapes.len() > 1 {
            escapes.len()
        } else if rest.starts_with(escapes) {
            1 + rest.chars().nth(1).map_or(0, char::len_utf8)
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_deep_is_refused_just_over_the_limit() {
        let nested = |depth: usize| format!("{{ a(x: {}{}) }}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(check(&nested(NESTING_MAX - 2)), Ok(()));
        assert_eq!(check(&nested(NESTING_MAX - 1)).map_err(|over| over.actual), Err(NESTING_MAX + 1));
        assert!(check(&"{a".repeat(300_000)).is_err());
    }

    #[test]
    fn words_are_counted_once_and_strings_and_comments_are_not_looked_into() {
        let words = |count: usize| format!("{{ {} }}", "ab1 ".repeat(count));
        assert_eq!(check(&words(TOKENS_MAX - 2)), Ok(()));
        assert_eq!(check(&words(TOKENS_MAX - 1)).map_err(|over| over.what), Err("tokens"));
        let brackets = "[".repeat(100);
        assert_eq!(check(&format!("{{ a(x: \"{brackets}\\\"{brackets}\") # {brackets}\n}}")), Ok(()));
        assert_eq!(check(&format!("{{ a(x: \"\"\"{brackets} \" \\\"\"\" {brackets}\"\"\") }}")), Ok(()));
        assert_eq!(check("{ a(x: \"never closed"), Ok(()));
    }
}
