//! Comparing Vietnamese names: case, tone-mark placement and diacritics.

use crate::text::UnitName;

/// The two keys a name is found by.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct NameKeys {
    /// Lower case, spaces folded, the tone of each syllable behind it: `Hoà` and `Hòa` agree, `Hòn` and `Hớn` don't.
    pub toned: String,
    /// No diacritics at all, lower case, without spaces, hyphens and apostrophes; `y` as `i`: what near names share.
    pub plain: String,
    /// Whether the name was written with any diacritic.
    pub has_diacritics: bool,
}

impl NameKeys {
    /// The keys of a name.
    #[must_use]
    pub fn of(name: &UnitName) -> Self {
        let _ = name;
        todo!()
    }
}
