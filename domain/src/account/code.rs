//! One-time codes as people get them: 128 random bits, of which only the SHA-256 is kept.

use chrono::TimeDelta;

use crate::ports::Crypto;

/// How long a code for activating or resetting counts (ASVS 6.4.1).
pub const CODE_LIFE: TimeDelta = TimeDelta::hours(24);

/// A code as it is handed over, once: 32 hexadecimal digits in groups of four.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeText(u128);

impl CodeText {
    /// A fresh one.
    #[must_use]
    pub fn fresh(crypto: &dyn Crypto) -> Self {
        Self::of(crypto.random())
    }

    /// The one that the first 128 of these random bits make.
    #[must_use]
    pub fn of(random: [u8; 32]) -> Self {
        Self(random.iter().take(16).fold(0, |bits, byte| bits << 8 | u128::from(*byte)))
    }

    /// What is hashed of it.
    #[must_use]
    pub const fn bytes(&self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// Reads what a person typed: groups, spaces and case do not matter. `None` for what is no code.
    #[must_use]
    pub fn read(typed: &str) -> Option<Self> {
        let digits: String =
            typed.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').take(33).collect();
        let fits = digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        fits.then(|| u128::from_str_radix(&digits, 16).ok().map(Self)).flatten()
    }

    /// As it is handed over. Never logged, never stored.
    #[must_use]
    pub fn reveal(&self) -> String {
        let digits = format!("{:032x}", self.0);
        let group = |at: usize| digits.chars().skip(at).take(4).collect::<String>();
        (0..32).step_by(4).map(group).collect::<Vec<_>>().join("-")
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self, crypto: &dyn Crypto) -> [u8; 32] {
        crypto.digest(&self.bytes())
    }
}

impl std::fmt::Debug for CodeText {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("CodeText")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        let code = CodeText(0x0123_4567_89ab_cdef_0000_0000_0000_00ff);
        assert_eq!(code.reveal(), "0123-4567-89ab-cdef-0000-0000-0000-00ff");
        for typed in [code.reveal(), code.reveal().to_uppercase(), code.reveal().replace('-', " ")] {
            assert_eq!(CodeText::read(&typed), Some(code.clone()), "{typed}");
        }
        for wrong in ["", "0123", "0123-4567-89ab-cdef-0000-0000-0000-00fg", &format!("{}0", code.reveal()), "+123"] {
            assert_eq!(CodeText::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_code_does_not_show_itself() {
        assert_eq!(format!("{:?}", CodeText(7)), "CodeText");
    }
}
