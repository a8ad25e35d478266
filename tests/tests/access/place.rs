//! Places in the tree as a district sees them, with the records that lie there, and how a sample names them.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// How a place stands to the unit of the assignment in use: a district.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Relation {
    /// The district; its records are somebody else's.
    Own,
    /// A commune of it.
    Child,
    /// A village of that commune.
    Grandchild,
    /// A commune of the neighbour that went wholly into that commune.
    Merged,
    /// A commune of it that was closed.
    Closed,
    /// The caller's own account, assignment, session and proposal.
    Mine,
    /// A commune that went to the neighbour yesterday.
    Moved,
    /// The neighbouring district.
    Sibling,
    /// The province.
    Parent,
    /// An organisation that stands under nothing.
    OtherRoot,
    /// Ids that were never given.
    Unknown,
}

impl Relation {
    pub(crate) const ALL: [Self; 11] = [
        Self::Own,
        Self::Child,
        Self::Grandchild,
        Self::Merged,
        Self::Closed,
        Self::Mine,
        Self::Moved,
        Self::Sibling,
        Self::Parent,
        Self::OtherRoot,
        Self::Unknown,
    ];

    /// The name in the printed table.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Child => "child",
            Self::Grandchild => "grandchild",
            Self::Merged => "merged",
            Self::Closed => "closed",
            Self::Mine => "mine",
            Self::Moved => "moved",
            Self::Sibling => "sibling",
            Self::Parent => "parent",
            Self::OtherRoot => "other-root",
            Self::Unknown => "unknown",
        }
    }

    /// Whether it lies in the scope of somebody of the district.
    pub(crate) const fn is_in_scope(self) -> bool {
        matches!(self, Self::Own | Self::Child | Self::Grandchild | Self::Merged | Self::Closed | Self::Mine)
    }
}

/// The names that only the caller's own records change.
pub(crate) const PERSONAL: &[&str] = &["account", "assignment", "session", "proposal", "act", "login"];

/// The records of a place: what each `$name` of a sample stands for, as a GraphQL literal.
#[derive(Clone, Default, Debug)]
pub(crate) struct Place {
    values: BTreeMap<&'static str, String>,
}

impl Place {
    /// Names a record by its global id.
    pub(crate) fn id(&mut self, name: &'static str, kind: &str, key: impl ToString) {
        let key = key.to_string();
        self.text(name, &URL_SAFE_NO_PAD.encode(format!("{kind}:{key}")));
    }

    /// Names a text.
    pub(crate) fn text(&mut self, name: &'static str, text: &str) {
        self.values.insert(name, Value::from(text).to_string());
    }

    /// Names a number.
    pub(crate) fn number(&mut self, name: &'static str, number: i32) {
        self.values.insert(name, number.to_string());
    }

    /// The text that a name stands for.
    pub(crate) fn told(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(|value| value.trim_matches('"'))
    }

    /// Whether a sample speaks of the place at all.
    pub(crate) fn is_named_in(&self, sample: &str) -> bool {
        names(sample).iter().any(|name| self.values.contains_key(name))
    }

    /// The sample with every `$name` replaced, by `other` where the place has none.
    ///
    /// # Panics
    /// On a name that neither has.
    pub(crate) fn fill(&self, other: &Self, sample: &str) -> String {
        let mut parts = sample.split('$');
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let name = name_of(part);
            let value = self.values.get(name).or_else(|| other.values.get(name));
            filled += value.unwrap_or_else(|| panic!("nothing is called ${name}: {sample}"));
            filled += &part[name.len()..];
        }
        filled
    }

    /// The same place with some of its names as another has them.
    pub(crate) fn with(&self, names: &[&'static str], other: &Self) -> Self {
        let mut place = self.clone();
        for name in names {
            if let Some(value) = other.values.get(name) {
                place.values.insert(name, value.clone());
            }
        }
        place
    }

    /// An answer with what was sent of the place made equal for all places: ids, their keys, and texts.
    pub(crate) fn anonymise(&self, sent: &str, answer: &str) -> String {
        let mut told = answer.to_owned();
        let names: BTreeSet<&str> = names(sent).into_iter().collect();
        let values = self.values.iter().filter(|(name, value)| names.contains(*name) && value.starts_with('"'));
        let mut values: Vec<_> = values.map(|(name, value)| (value.trim_matches('"'), name)).collect();
        // A name may begin as a code does.
        values.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
        for (value, name) in values {
            told = told.replace(value, &format!("<{name}>"));
            let key = URL_SAFE_NO_PAD.decode(value).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            if let Some((_, key)) = key.as_deref().and_then(|text| text.split_once(':')) {
                told = replace_word(&told, key, &format!("<{name}>"));
            }
        }
        told
    }
}

/// The types of the records whose global ids stand in a request.
pub(crate) fn named_in(request: &str) -> BTreeSet<String> {
    let words = request.split('"');
    let ids = words.filter_map(|word| String::from_utf8(URL_SAFE_NO_PAD.decode(word).ok()?).ok());
    ids.filter_map(|id| Some(id.split_once(':')?.0.to_owned())).collect()
}

/// Replaces a word where it does not stand inside of a longer one.
fn replace_word(text: &str, word: &str, with: &str) -> String {
    let mut told = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let after = &rest[at + word.len()..];
        let is_open = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric());
        let whole = is_open(rest[..at].chars().next_back()) && is_open(after.chars().next());
        told += &rest[..at];
        told += if whole { with } else { word };
        rest = after;
    }
    told + rest
}

/// The `$names` of a sample.
pub(crate) fn names(sample: &str) -> Vec<&str> {
    sample.split('$').skip(1).map(name_of).collect()
}

fn name_of(rest: &str) -> &str {
    let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
    &rest[..end]
}
