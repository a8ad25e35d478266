//! Comparing Vietnamese names: case, tone-mark placement and diacritics.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::text::UnitName;
use crate::unit::UnitKind;

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
        Self::of_text(name.as_str())
    }

    fn of_text(text: &str) -> Self {
        let letters: String = text.nfd().flat_map(char::to_lowercase).map(one_spelling).collect();
        let syllables: Vec<&str> = letters
            .split(|letter: char| letter.is_whitespace() || letter == '-')
            .filter(|part| !part.is_empty())
            .collect();
        let plain = letters.chars().map(plain_letter).filter(|letter| letter.is_alphanumeric()).collect();
        let has_diacritics = letters.chars().any(|letter| letter == 'đ' || is_combining_mark(letter));
        Self { toned: syllables.into_iter().map(tone_behind).collect::<Vec<_>>().join(" "), plain, has_diacritics }
    }

    /// Whether a unit of the name with the keys `other` is what a question with these keys asks for: tones have to agree
    /// unless the question has no diacritics at all.
    #[must_use]
    pub fn asks_for(&self, other: &Self) -> bool {
        self.toned == other.toned || (!self.has_diacritics && self.plain == other.plain)
    }
}

/// Letters and signs that look alike and stand for each other in real files.
fn one_spelling(letter: char) -> char {
    match letter {
        'ð' => 'đ',
        '’' | '‘' | 'ʼ' | '`' | '´' => '\'',
        '–' | '—' | '‐' => '-',
        other => other,
    }
}

const fn is_tone(mark: char) -> bool {
    matches!(mark, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}')
}

/// A syllable in NFD with its tone moved behind it; circumflex, breve and horn stay on their letters.
fn tone_behind(syllable: &str) -> String {
    let (tone, letters): (String, String) = syllable.chars().partition(|letter| is_tone(*letter));
    letters.nfc().chain(tone.chars()).collect()
}

/// Combining marks come out as they are, and are dropped for not being alphanumeric.
const fn plain_letter(letter: char) -> char {
    match letter {
        'đ' => 'd',
        'y' => 'i',
        other => other,
    }
}

/// A question for a name: the name as it stands, and, where it begins with the word of a kind, the name behind it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NameQuestion {
    /// The whole text as a name: `Xa Dung` may be a commune, or the commune `Dung`.
    pub whole: NameKeys,
    /// The label of the kind and the keys of the rest.
    pub narrowed: Option<(&'static str, NameKeys)>,
}

impl NameQuestion {
    /// Reads the question. The word of the kind may be written without diacritics, not with wrong ones: `xa` is `xã`,
    /// `Xà` is not.
    #[must_use]
    pub fn of(name: &UnitName) -> Self {
        let words: Vec<&str> = name.as_str().split_whitespace().collect();
        let narrowed = UnitKind::ALL.iter().map(|kind| kind.label()).find_map(|label| {
            let length = label.split(' ').count();
            let (head, rest) = words.split_at_checked(length).filter(|(_, rest)| !rest.is_empty())?;
            let named = NameKeys::of_text(&head.join(" ")).asks_for(&NameKeys::of_text(label));
            named.then(|| (label, NameKeys::of_text(&rest.join(" "))))
        });
        Self { whole: NameKeys::of(name), narrowed }
    }

    /// The keys to look for, with the label that units have to bear.
    pub fn readings(&self) -> impl Iterator<Item = (Option<&'static str>, &NameKeys)> {
        let narrowed = self.narrowed.iter().map(|(label, keys)| (Some(*label), keys));
        std::iter::once((None, &self.whole)).chain(narrowed)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may panic")]
mod tests {
    use super::*;

    fn keys(name: &str) -> NameKeys {
        NameKeys::of(&UnitName::new(name).unwrap())
    }

    #[test]
    fn the_place_of_the_tone_mark_does_not_matter() {
        for (one, other) in [("Hoà", "Hòa"), ("Thuỷ", "Thủy"), ("HOÀ BÌNH", "hòa  bình"), ("Đắk R’Măng", "Đắk R'Măng")]
        {
            assert_eq!(keys(one).toned, keys(other).toned, "{one} / {other}");
        }
        let decomposed: String = "Thiện Thuật".nfd().collect();
        assert_eq!(NameKeys::of_text(&decomposed), keys("Thiện Thuật"));
        assert_eq!(keys("Phan Rang-Tháp Chàm"), keys("Phan Rang - Tháp Chàm"));
    }

    #[test]
    fn other_diacritics_are_another_name_with_the_same_plain_key() {
        for (one, other) in
            [("Hòn Quản", "Hớn Quản"), ("Thiên Thuật", "Thiện Thuật"), ("Đăk Hà", "Đắk Hà"), ("Dông", "Đông")]
        {
            assert_ne!(keys(one).toned, keys(other).toned, "{one} / {other}");
            assert_eq!(keys(one).plain, keys(other).plain, "{one} / {other}");
        }
        assert_eq!(keys("Ia H' Drai").plain, "iahdrai");
        assert_eq!(keys("Quí Quân").plain, keys("Quý Quân").plain);
        assert!(keys("Đa").has_diacritics && !keys("Da").has_diacritics);
    }

    #[test]
    fn a_question_without_diacritics_asks_for_all_that_are_spelt_so() {
        assert!(keys("hon quan").asks_for(&keys("Hớn Quản")));
        assert!(!keys("hòn quan").asks_for(&keys("Hớn Quản")));
    }

    #[test]
    fn the_word_of_a_kind_narrows_unless_its_diacritics_are_another_word() {
        let label = |name: &str| NameQuestion::of(&UnitName::new(name).unwrap()).narrowed.map(|found| found.0);
        assert_eq!(label("Thị trấn Bình Gia"), Some("thị trấn"));
        assert_eq!(label("thi tran Binh Gia"), Some("thị trấn"));
        assert_eq!(label("XÃ Tân Văn"), Some("xã"));
        assert_eq!(label("Xa Dung"), Some("xã"), "both readings are looked for");
        assert_eq!(label("Xà Phìn"), None);
        assert_eq!(label("Tĩnh Gia"), None);
        assert_eq!(label("Xã"), None);
    }

    /// The ways in which packages spell names otherwise (name-variants.csv).
    #[test]
    fn real_variants_share_the_plain_key_or_come_near() {
        let same = [("Đắk Hà", "Đăk Hà"), ("Ia H' Drai", "Ia H'Drai"), ("Nậm Tỵ", "Nậm Ty"), ("Sĩ Bình", "Sỹ Bình")];
        for (name, variant) in same {
            assert_eq!(keys(name).plain, keys(variant).plain, "{name} / {variant}");
        }
        let near =
            [("Xà Phìn", "Sà Phìn"), ("Sủng Tráng", "Sủng Cháng"), ("Hua Bun", "Hua Bum"), ("Xá Tổng", "Sá Tổng")];
        for (name, variant) in near {
            let distance = strsim::damerau_levenshtein(&keys(name).plain, &keys(variant).plain);
            assert!((1..=2).contains(&distance), "{name} / {variant}: {distance}");
        }
    }

    /// All 175 variants of the data set against its own names; what is not found is written here, not hidden.
    #[test]
    fn of_175_real_variants_so_many_are_found() {
        let rows = include_str!("../../testdata/name-variants.csv")
            .lines()
            .skip(1)
            .map(|line| line.split(',').collect::<Vec<_>>());
        let mut found = [0; 4];
        for row in rows {
            let (name, variant) = (keys(row[2]), keys(row[3]));
            let distance = strsim::damerau_levenshtein(&name.plain, &variant.plain);
            found[if variant.asks_for(&name) {
                0
            } else if distance == 0 {
                1
            } else if distance <= 2 {
                2
            } else {
                3
            }] += 1;
        }
        assert_eq!(found, [15, 108, 41, 11], "matches, plain-equal, within two letters, not found");
    }
}
