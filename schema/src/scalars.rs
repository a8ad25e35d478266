//! Scalars of the wire. Numbers that a client's floats could bend travel as strings.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, SimpleObject, Value};
use caodiem_domain::exact::Exact;
use caodiem_domain::time;
use chrono::{NaiveDate, NaiveTime, SecondsFormat};

/// How many digits after the point a decimal shows at most.
const PLACES: u32 = 6;

/// A calendar day in Viet Nam.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Date(pub(crate) time::Day);

/// A calendar day in Viet Nam (`Asia/Ho_Chi_Minh`), as `2023-07-05`. Years 1900 to 2999.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let read = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        let fits = |text: &&String| text.len() == 10 && (text.starts_with("19") || text.starts_with('2'));
        text_of(&value)
            .filter(fits)
            .and_then(|text| read(text))
            .map(Self)
            .ok_or_else(|| InputValueError::custom("a day is written YYYY-MM-DD and lies in the years 1900 to 2999"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A moment, UTC.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct DateTime(pub(crate) time::Instant);

/// A moment to the microsecond, as `2023-07-05T08:30:00.000000Z`. Any offset is taken; UTC is given.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let read = |text: &String| chrono::DateTime::parse_from_rfc3339(text).ok();
        text_of(&value)
            .filter(|text| text.len() <= 35)
            .and_then(read)
            .map(|moment| Self(time::to_micros(moment.to_utc())))
            .ok_or_else(|| InputValueError::custom("a moment is written as RFC 3339 says, with an offset"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

/// A time of day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct TimeOfDay(pub(crate) NaiveTime);

/// A time of day in Viet Nam (`Asia/Ho_Chi_Minh`), as `15:30`.
#[Scalar]
impl ScalarType for TimeOfDay {
    fn parse(value: Value) -> InputValueResult<Self> {
        let read = |text: &String| NaiveTime::parse_from_str(text, "%H:%M").ok();
        text_of(&value)
            .filter(|text| text.len() == 5)
            .and_then(read)
            .map(Self)
            .ok_or_else(|| InputValueError::custom("a time of day is written HH:MM"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.format("%H:%M").to_string())
    }
}

/// A whole number of 64 bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct BigInt(pub(crate) i64);

/// A whole number of −2⁶³ to 2⁶³ − 1, as a string: `"500000"`. Numbers without quotes are taken too.
#[Scalar]
impl ScalarType for BigInt {
    fn parse(value: Value) -> InputValueResult<Self> {
        let number = match &value {
            Value::String(text) => text.parse().ok(),
            Value::Number(number) => number.as_i64(),
            _ => None,
        };
        number.map(Self).ok_or_else(|| InputValueError::custom("a whole number of 64 bits, as a string"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// An exact number, shown as a decimal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Decimal(pub(crate) Exact);

/// A decimal number as a string: `"18.5"`. Given rounded half-up to at most 6 digits after the point; taken exactly, as
/// a whole number, a decimal or a fraction (`"2/3"`) of at most 128 characters.
#[Scalar]
impl ScalarType for Decimal {
    fn parse(value: Value) -> InputValueResult<Self> {
        let number = match &value {
            Value::String(text) => Exact::parse(text).ok(),
            Value::Number(number) => Exact::parse(&number.to_string()).ok(),
            _ => None,
        };
        number.map(Self).ok_or_else(|| InputValueError::custom("a whole number, a decimal or a fraction, as a string"))
    }

    fn to_value(&self) -> Value {
        let text = self.0.to_decimal(PLACES);
        Value::String(text.trim_end_matches('0').trim_end_matches('.').to_owned())
    }
}

/// A number kept exactly.
#[derive(SimpleObject, Clone, Debug)]
pub(crate) struct Rational {
    /// The number as a decimal, rounded half-up to at most 6 digits after the point.
    decimal: Decimal,
    /// The number itself: a whole number, or a reduced fraction as in `124029340/45934`.
    exact: String,
}

impl From<Exact> for Rational {
    fn from(number: Exact) -> Self {
        Self { exact: number.to_string(), decimal: Decimal(number) }
    }
}

const fn text_of(value: &Value) -> Option<&String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::String(text.to_owned())
    }

    #[test]
    fn decimals_are_shown_without_needless_noughts() {
        let shown = |number: &str| Decimal::parse(text(number)).ok().map(|number| number.to_value());
        assert_eq!(shown("100"), Some(text("100")));
        assert_eq!(shown("18.50"), Some(text("18.5")));
        assert_eq!(shown("2/3"), Some(text("0.666667")));
        assert_eq!(shown("1e9"), None);
    }

    #[test]
    fn days_moments_and_times_are_strict() {
        for wrong in ["2023-7-5", "+023-07-05", "1899-12-31", "2023-02-29", "3023-01-01", "2023-07-05T00:00:00Z"] {
            assert!(Date::parse(text(wrong)).is_err(), "{wrong:?} was read as a day");
        }
        assert_eq!(Date::parse(text("2024-02-29")).ok().map(|day| day.to_value()), Some(text("2024-02-29")));
        let moment = DateTime::parse(text("2023-07-05T15:30:00.1234567+07:00")).ok().map(|moment| moment.to_value());
        assert_eq!(moment, Some(text("2023-07-05T08:30:00.123456Z")));
        assert!(DateTime::parse(text("2023-07-05T15:30:00")).is_err(), "a moment without an offset was read");
        assert!(TimeOfDay::parse(text("9:30")).is_err(), "a time of four characters was read");
        assert_eq!(BigInt::parse(text("9223372036854775808")).ok().map(|number| number.0), None);
    }
}
