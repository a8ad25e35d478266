//! Bounded, trimmed, NFC-normalised text. What is not such text is refused on construction.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::problem::{Code, Problem};

fn bounded(raw: &str, max: usize, allowed: Option<(fn(char) -> bool, &str)>) -> Result<String, Problem> {
    let text: String = raw.trim().nfc().collect();
    let length = text.chars().count();
    if length == 0 {
        return Err(Problem::new(Code::Empty));
    }
    if length > max {
        return Err(Problem::new(Code::TooLong).with("actual", length).with("max", max));
    }
    let (fits, what): (fn(char) -> bool, &str) =
        allowed.unwrap_or((|letter| !letter.is_control(), "chữ, số, dấu câu / letters, digits, punctuation"));
    if !text.chars().all(fits) {
        return Err(Problem::new(Code::BadCharacters).with("allowed", what));
    }
    Ok(text)
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident, $max:literal $(, $fits:expr, $what:literal)?;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(String);

        impl $name {
            /// Trims, normalises to NFC and checks the bounds.
            ///
            /// # Errors
            /// [`Code::Empty`], [`Code::TooLong`], [`Code::BadCharacters`].
            pub fn new(raw: &str) -> Result<Self, Problem> {
                #[allow(unused_mut, unused_assignments, clippy::allow_attributes, reason = "the rule is optional in the macro")]
                let mut allowed: Option<(fn(char) -> bool, &str)> = None;
                $(allowed = Some(($fits, $what));)?
                bounded(raw, $max, allowed).map(Self)
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

const CODE: fn(char) -> bool = |letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
const REQUEST: fn(char) -> bool = |letter| letter.is_ascii_alphanumeric() || letter == '-';

texts! {
    /// Official code of a unit: a string, leading zeros kept. Codes are reused over time, so never an identity.
    UnitCode, 32, CODE, "A-Z a-z 0-9 - _ .";
    /// Name of a unit without its kind: `Bình Gia`.
    UnitName, 120;
    /// The legal act behind a change: `202/2025/QH15`.
    LegalBasis, 200;
    /// Number of a plan or decision: `125/KH-UBND`.
    PlanNumber, 80;
    /// A title or a name for people.
    Title, 200;
    /// Machine name of a catalogue entry or a table column: `ACTIVATED_L2`.
    Key, 40, CODE, "A-Z a-z 0-9 - _ .";
    /// Why a figure was changed.
    Reason, 500;
    /// The document a figure comes from.
    Source, 200;
    /// Position or organisation of a person, never the name.
    Post, 120;
    /// Who acts: the token's subject.
    Subject, 80, |letter| letter.is_ascii_graphic(), "ASCII";
    /// Chosen by the client; a retry under the same id has no second effect.
    RequestId, 64, REQUEST, "A-Z a-z 0-9 -";
}
