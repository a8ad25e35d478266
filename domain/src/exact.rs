//! Exact rationals: quotas and paces stay fractions until a figure is handed out (`domain.md`, rule 6).

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Mul, Sub};

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};

use crate::problem::{Code, Problem};

/// An exact rational number of any size.
///
/// Text form: an integer (`17410`), a decimal (`0.8`) or a fraction (`124029/45934`); printed as an integer or
/// a reduced fraction.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exact(BigRational);

impl Exact {
    /// The longest text an exact number is read from: room for 60 digits on each side of the slash.
    pub const MAX_TEXT: usize = 128;

    /// Nought.
    #[must_use]
    pub fn zero() -> Self {
        Self(BigRational::zero())
    }

    /// `numerator / denominator`, or `None` when the denominator is nought.
    #[must_use]
    pub fn ratio(numerator: i64, denominator: i64) -> Option<Self> {
        (denominator != 0).then(|| Self(BigRational::new(numerator.into(), denominator.into())))
    }

    /// Reads an integer, a decimal or a fraction.
    ///
    /// # Errors
    /// [`Code::NotANumber`] for anything else, for a nought denominator and for more than 128 characters.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let refuse = || Problem::new(Code::NotANumber).with("actual", text.chars().take(40).collect::<String>());
        if text.len() > Self::MAX_TEXT {
            return Err(refuse());
        }
        let int = |digits: &str| digits.parse::<BigInt>().map_err(|_not_digits| refuse());
        if let Some((numerator, denominator)) = text.split_once('/') {
            let denominator = int(denominator)?;
            if denominator.is_zero() {
                return Err(refuse());
            }
            return Ok(Self(BigRational::new(int(numerator)?, denominator)));
        }
        let Some((whole, decimals)) = text.split_once('.') else {
            return Ok(Self(int(text)?.into()));
        };
        if decimals.is_empty() || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refuse());
        }
        let scale = u32::try_from(decimals.len()).map_err(|_too_long| refuse())?;
        Ok(Self(BigRational::new(int(&format!("{whole}{decimals}"))?, BigInt::from(10).pow(scale))))
    }

    /// The quotient, or `None` when `divisor` is nought: a rate without a base is unknown, not zero.
    #[must_use]
    pub fn checked_div(&self, divisor: &Self) -> Option<Self> {
        (!divisor.0.is_zero()).then(|| Self(&self.0 / &divisor.0))
    }

    /// Nearest whole number, halves up; saturates at the bounds of `i64`.
    #[must_use]
    pub fn round_half_up(&self) -> i64 {
        let doubled = &self.0 + BigRational::new(1.into(), 2.into());
        saturate(&doubled.floor().to_integer())
    }

    /// The largest whole number not above it; saturates at the bounds of `i64`.
    #[must_use]
    pub fn floor(&self) -> i64 {
        saturate(&self.0.floor().to_integer())
    }

    /// The part above [`Self::floor`], in `0..1`.
    #[must_use]
    pub fn fraction(&self) -> Self {
        Self(&self.0 - self.0.floor())
    }

    /// Itself, or nought where it is below: nothing that is owed goes below zero (`domain.md`, rule 7).
    #[must_use]
    pub fn at_least_zero(self) -> Self {
        if self.is_negative() { Self::zero() } else { self }
    }

    /// Whether it is a whole number.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        self.0.is_integer()
    }

    /// Whether it is nought.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// Whether it is below nought.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.0.is_negative()
    }

    /// Decimal text rounded half-up to `places` digits, for a wire or a printed page: `18.5`.
    #[must_use]
    pub fn to_decimal(&self, places: u32) -> String {
        let scale = BigInt::from(10).pow(places);
        let scaled = (self.0.abs() * &scale + BigRational::new(1.into(), 2.into())).floor().to_integer();
        let sign = if self.is_negative() && !scaled.is_zero() { "-" } else { "" };
        let (whole, rest) = (&scaled / &scale, &scaled % &scale);
        if places == 0 {
            return format!("{sign}{whole}");
        }
        let width = usize::try_from(places).unwrap_or(0);
        format!("{sign}{whole}.{rest:0>width$}", rest = rest.to_string())
    }
}

fn saturate(value: &BigInt) -> i64 {
    value.to_i64().unwrap_or(if value.is_negative() { i64::MIN } else { i64::MAX })
}

impl From<i64> for Exact {
    fn from(value: i64) -> Self {
        Self(BigInt::from(value).into())
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, out)
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, out)
    }
}

impl Add for &Exact {
    type Output = Exact;

    fn add(self, other: Self) -> Exact {
        Exact(&self.0 + &other.0)
    }
}

impl Sub for &Exact {
    type Output = Exact;

    fn sub(self, other: Self) -> Exact {
        Exact(&self.0 - &other.0)
    }
}

impl Mul for &Exact {
    type Output = Exact;

    fn mul(self, other: Self) -> Exact {
        Exact(&self.0 * &other.0)
    }
}

impl Sum for Exact {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::zero(), |total, item| &total + &item)
    }
}

impl<'a> Sum<&'a Self> for Exact {
    fn sum<I: Iterator<Item = &'a Self>>(items: I) -> Self {
        items.fold(Self::zero(), |total, item| &total + item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_round_up_and_decimals_print_rounded() {
        let half = |text: &str| Exact::parse(text).map(|value| value.round_half_up());
        assert_eq!(half("2.5"), Ok(3));
        assert_eq!(half("-2.5"), Ok(-2));
        assert_eq!(half("5/2"), Ok(3));
        let per_team = Exact::ratio(391_922, 846 * 25).map(|value| value.to_decimal(1));
        assert_eq!(per_team.as_deref(), Some("18.5"));
    }

    #[test]
    fn text_that_is_not_a_number_is_refused() {
        for text in ["", "1/0", "1.", ".5x", "1e9", "0x10", "١"] {
            assert!(Exact::parse(text).is_err(), "{text:?} was read as a number");
        }
        assert!(Exact::parse(&"9".repeat(129)).is_err());
    }

    #[test]
    fn text_round_trips() {
        for text in ["0", "17410", "-3", "8859/3281"] {
            assert_eq!(Exact::parse(text).map(|value| value.to_string()).as_deref(), Ok(text));
        }
    }
}
