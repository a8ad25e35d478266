//! Bounded, trimmed, NFC-normalised text. What is not such text is refused on construction.

use std::fmt;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::problem::{Code, Problem};

/// The characters that a text may hold.
struct Charset {
    fits: fn(char) -> bool,
    name: &'static str,
}

const WORDS: Charset = Charset {
    fits: |letter| !letter.is_control() && !is_invisible(letter),
    name: "chữ, số, dấu câu / letters, digits, punctuation",
};
const CODE: Charset = Charset {
    fits: |letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.'),
    name: "A-Z a-z 0-9 - _ .",
};
const REQUEST: Charset =
    Charset { fits: |letter| letter.is_ascii_alphanumeric() || letter == '-', name: "A-Z a-z 0-9 -" };
const GRAPHIC: Charset = Charset { fits: |letter| letter.is_ascii_graphic(), name: "ASCII" };

/// Characters that hide or turn text: two names that look alike must be alike.
pub(crate) const fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn bounded(raw: &str, max: usize, charset: &Charset) -> Result<String, Problem> {
    let raw = raw.trim();
    // Nearly every text is composed already, above all those that come back from storage.
    let composed = is_nfc_quick(raw.chars()) == IsNormalized::Yes;
    let text: String = if composed { raw.to_owned() } else { raw.nfc().collect() };
    let length = text.chars().count();
    if length == 0 {
        return Err(Problem::new(Code::Empty));
    }
    if length > max {
        return Err(Problem::new(Code::TooLong).with("actual", length).with("max", max));
    }
    if !text.chars().all(charset.fits) {
        return Err(Problem::new(Code::BadCharacters).with("allowed", charset.name));
    }
    Ok(text)
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident, $max:literal, $charset:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(String);

        impl $name {
            /// Trims, normalises to NFC and checks the bounds.
            ///
            /// # Errors
            /// [`Code::Empty`], [`Code::TooLong`], [`Code::BadCharacters`].
            pub fn new(raw: &str) -> Result<Self, Problem> {
                bounded(raw, $max, &$charset).map(Self)
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }
    )+};
}

texts! {
    /// Official code of a unit: a string, leading zeros kept. Codes are reused over time, so never an identity.
    UnitCode, 32, CODE;
    /// Name of a unit without its kind: `Bình Gia`.
    UnitName, 120, WORDS;
    /// The legal act behind a change: `202/2025/QH15`.
    LegalBasis, 200, WORDS;
    /// Number of a plan or decision: `125/KH-UBND`.
    PlanNumber, 80, WORDS;
    /// A title or a name for people.
    Title, 200, WORDS;
    /// Machine name of a catalogue entry or a table column: `ACTIVATED_L2`.
    Key, 40, CODE;
    /// Why a figure was changed.
    Reason, 500, WORDS;
    /// The document a figure comes from.
    Source, 200, WORDS;
    /// Position or organisation of a person, never the name.
    Post, 120, WORDS;
    /// Who acts: the token's subject.
    Subject, 80, GRAPHIC;
    /// Another issuer of tokens, as its tokens name it in `iss`: `https://id.example.gov.vn`.
    Issuer, 200, GRAPHIC;
    /// Who somebody is to another issuer: `sub` of its tokens, which says nothing here.
    ExternalSubject, 255, GRAPHIC;
    /// Chosen by the client; a retry under the same id has no second effect.
    RequestId, 64, REQUEST;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_and_composed() {
        let decomposed = UnitName::new("  Bi\u{300}nh Gia ").map(|name| name.to_string());
        assert_eq!(decomposed.as_deref(), Ok("B\u{ec}nh Gia"));
    }

    #[test]
    fn what_hides_or_turns_text_is_refused() {
        for raw in ["Bình\u{202e}Gia", "Bình\u{200b}Gia", "Bình\nGia", "\u{0}"] {
            let code = UnitName::new(raw).map_err(|problem| problem.code());
            assert_eq!(code, Err(Code::BadCharacters), "{raw:?}");
        }
        assert_eq!(UnitCode::new(" ").map_err(|problem| problem.code()), Err(Code::Empty));
        assert_eq!(UnitCode::new(&"1".repeat(33)).map_err(|problem| problem.code()), Err(Code::TooLong));
    }
}
