//! What a password has to be (NIST SP 800-63B-4): long, and none that many people choose. No rules of composition, no
//! periodic change.

use std::collections::HashSet;
use std::fmt;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::problem::{Code, Problem};

/// The shortest password that is the only factor, in characters.
pub const MIN_ALONE: usize = 15;

/// The shortest password beside a second factor.
pub const MIN_WITH_FACTOR: usize = 8;

/// The longest password: what is longer is refused before it costs anything.
pub const MAX: usize = 128;

/// So much of a text is looked at at all, in bytes.
const READ_MAX: usize = 4_096;

/// What has to remain of a password without the words that anybody would try here, in letters and digits.
const REST_MIN: usize = 6;

/// Words of the service: everybody who attacks it tries them first.
const SERVICE_WORDS: [&str; 13] = [
    "caodiem",
    "vneid",
    "dinhdanh",
    "dientu",
    "dinhdanhdientu",
    "dean06",
    "cancuoc",
    "cccd",
    "congan",
    "kichhoat",
    "matkhau",
    "vietnam",
    "password",
];

/// Passwords that people choose most; see `domain/data/ATTRIBUTION.md`.
static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("../../data/common-passwords.txt").lines().collect());

/// A password as it is hashed: NFKC, so that it is the same from every keyboard.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Normalises and bounds it. Nothing is trimmed: spaces count.
    ///
    /// # Errors
    /// [`Code::Empty`], [`Code::TooLong`].
    pub fn new(raw: &str) -> Result<Self, Problem> {
        let too_long = |actual: usize| Problem::new(Code::TooLong).with("actual", actual).with("max", MAX);
        if raw.len() > READ_MAX {
            return Err(too_long(raw.len()));
        }
        let text: String = raw.nfkc().collect();
        match text.chars().count() {
            0 => Err(Problem::new(Code::Empty)),
            1..=MAX => Ok(Self(text)),
            actual => Err(too_long(actual)),
        }
    }

    /// The text, for hashing only.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Demands what a new password has to be. `words` are those that belong to the account: its login, its units.
    ///
    /// # Errors
    /// [`Code::PasswordTooShort`], [`Code::PasswordCommon`].
    pub fn require(&self, has_second_factor: bool, words: &[String]) -> Result<(), Problem> {
        let min = if has_second_factor { MIN_WITH_FACTOR } else { MIN_ALONE };
        let actual = self.0.chars().count();
        if actual < min {
            return Err(Problem::new(Code::PasswordTooShort).with("actual", actual).with("min", min));
        }
        if is_common(&self.0, words) { Err(Problem::new(Code::PasswordCommon)) } else { Ok(()) }
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Password")
    }
}

fn is_common(text: &str, words: &[String]) -> bool {
    let plain = plain(text);
    let chosen_by_many = |text: &str| COMMON.contains(text);
    let repeats = period(&plain).is_some_and(|once| once.chars().count() < MIN_WITH_FACTOR || chosen_by_many(once));
    // Where there are hardly any letters and digits, they say nothing of the rest.
    let is_simple = plain.chars().count() >= MIN_WITH_FACTOR && (repeats || is_run(&plain));
    chosen_by_many(&text.to_lowercase()) || chosen_by_many(&plain) || is_simple || is_made_of_words(&plain, words)
}

/// Lower case letters and digits without diacritics: what somebody who guesses takes for the same.
fn plain(text: &str) -> String {
    let letters = text.nfkd().flat_map(char::to_lowercase).filter(|letter| !is_combining_mark(*letter));
    letters.map(|letter| if letter == 'đ' { 'd' } else { letter }).filter(|letter| letter.is_alphanumeric()).collect()
}

/// What a text repeats, where it is nothing but that.
fn period(text: &str) -> Option<&str> {
    let cuts = text.char_indices().map(|(at, _)| at).filter(|at| *at > 0 && text.len().is_multiple_of(*at));
    cuts.filter_map(|at| text.get(..at)).find(|once| once.repeat(text.len() / once.len()) == text)
}

/// Whether it goes through digits or letters in their order, up or down.
fn is_run(text: &str) -> bool {
    let follows = |one: char, next: char| (one, next) == ('9', '0') || u32::from(next) == u32::from(one) + 1;
    let pairs = || text.chars().zip(text.chars().skip(1));
    pairs().all(|(one, next)| follows(one, next)) || pairs().all(|(one, next)| follows(next, one))
}

/// Whether next to nothing remains without the words of the service and of the account.
fn is_made_of_words(plain_text: &str, words: &[String]) -> bool {
    let own = words.iter().flat_map(|word| parts(word));
    let mut known: Vec<String> = SERVICE_WORDS.iter().map(|word| (*word).to_owned()).chain(own).collect();
    known.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let rest = known.iter().fold(plain_text.to_owned(), |rest, word| rest.replace(word.as_str(), ""));
    rest.len() < plain_text.len() && rest.chars().count() < REST_MIN
}

/// A login or a name whole, and its parts; too short ones stand in everything.
fn parts(word: &str) -> Vec<String> {
    let pieces = word.split(|letter: char| !letter.is_alphanumeric() && !is_combining_mark(letter));
    let all = std::iter::once(word).chain(pieces).map(plain);
    all.filter(|part| part.chars().count() >= 3).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn verdict(text: &str, has_second_factor: bool) -> Result<(), Code> {
        let words = ["to-truong.binhgia".to_owned(), "Bình Gia".to_owned(), "Lạng Sơn".to_owned()];
        let password = Password::new(text).map_err(|problem| problem.code())?;
        password.require(has_second_factor, &words).map_err(|problem| problem.code())
    }

    #[test]
    fn the_list_of_common_passwords_is_long_enough() {
        assert!(COMMON.len() >= 10_000, "{}", COMMON.len());
        assert!(COMMON.iter().all(|one| one.chars().count() >= MIN_WITH_FACTOR && one.to_lowercase() == **one));
    }

    #[test]
    fn length_counts_in_characters_and_less_beside_a_second_factor() {
        for (text, with_factor, alone) in [
            ("bảytừ7x", Err(Code::PasswordTooShort), Err(Code::PasswordTooShort)),
            ("támký_tự", Ok(()), Err(Code::PasswordTooShort)),
            ("mười bốn chữ á", Ok(()), Err(Code::PasswordTooShort)),
            ("mười lăm chữ đó", Ok(()), Ok(())),
        ] {
            assert_eq!((verdict(text, true), verdict(text, false)), (with_factor, alone), "{text}");
        }
        let thirteen_to_the_limit =
            |count: usize| "ngựa vằn xanh ".chars().cycle().take(count).collect::<String>() + "!";
        assert_eq!(verdict(&thirteen_to_the_limit(MAX - 1), false), Ok(()));
        assert_eq!(verdict(&thirteen_to_the_limit(MAX), false), Err(Code::TooLong));
        assert_eq!(verdict("", true), Err(Code::Empty));
        assert_eq!(verdict(&"a\u{300}".repeat(100), true), Err(Code::PasswordCommon), "composed it is short enough");
    }

    #[test]
    fn what_many_choose_is_refused_however_it_is_written() {
        for text in [
            "password1234",
            "PassWord1234",
            "1234567890123456",
            "0987654321098765",
            "abcdefghijklmnop",
            "aaaaaaaaaaaaaaaa",
            "abcabcabcabcabcabc",
            "sunshine1sunshine1",
            "VNeID-VNeID-VNeID-2026",
            "định danh điện tử 06",
            "Lạng Sơn Bình Gia 24",
            "to-truong.binhgia123",
            "matkhau.congan.1234",
        ] {
            assert_eq!(verdict(text, true), Err(Code::PasswordCommon), "{text}");
        }
        for text in
            ["bốn con ngựa qua cầu", "vneid con ngựa qua cầu gỗ", "🐸🦊🐻🐼🐨🐯🦁🐮🐷🐵🐔🐧🐦🐤🦆", "~!@#$%^&*()_+{}|"]
        {
            assert_eq!(verdict(text, false), Ok(()), "{text}");
        }
    }

    #[test]
    fn a_password_is_the_same_from_every_keyboard_and_never_shown() {
        let [composed, decomposed] = ["mật khẩu ﬁ", "mật khẩu fi"].map(|text| Password::new(text).ok());
        assert_eq!(composed, decomposed);
        assert_eq!(format!("{composed:?}"), "Some(Password)");
    }

    proptest! {
        #[test]
        fn any_text_is_judged_without_a_panic(text in "\\PC{0,200}", word in "\\PC{0,40}") {
            if let Ok(password) = Password::new(&text) {
                let _verdict = password.require(true, &[word]);
            }
        }

        #[test]
        fn nothing_below_the_floor_is_taken(text in "\\PC{1,20}") {
            if let Ok(password) = Password::new(&text) {
                let length = password.reveal().chars().count();
                prop_assert!(password.require(false, &[]).is_err() || length >= MIN_ALONE);
                prop_assert!(password.require(true, &[]).is_err() || length >= MIN_WITH_FACTOR);
            }
        }
    }
}
