//! Figures and days as Vietnamese papers print them: `17.411`, `80,5 %`, `20/06/2023`.

use super::column::Format;
use crate::exact::Exact;
use crate::time::{Day, Instant, in_viet_nam};

/// A figure as its column prints it.
#[must_use]
pub fn figure(value: &Exact, format: Format) -> String {
    let number = number(value, format.places());
    match format {
        Format::Whole => number,
        // The space may not break.
        Format::Percent => format!("{number}\u{a0}%"),
    }
}

/// A number with dots between thousands and a comma before decimals.
#[must_use]
pub fn number(value: &Exact, places: u32) -> String {
    let plain = if places == 0 { value.round_half_up().to_string() } else { value.to_decimal(places) };
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |digits| ("-", digits));
    let (whole, decimals) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let mut grouped = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    if let Some(decimals) = decimals {
        grouped.push(',');
        grouped.push_str(decimals);
    }
    grouped
}

/// A day.
#[must_use]
pub fn day(day: Day) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// A moment, in Viet Nam.
#[must_use]
pub fn moment(moment: Instant) -> String {
    let (day, time) = in_viet_nam(moment);
    format!("{time} ngày {day}", time = time.format("%H:%M:%S"), day = self::day(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_printed_as_in_viet_nam() {
        let exact = |text: &str| Exact::parse(text).unwrap_or_else(|_| Exact::zero());
        let whole = |text: &str| figure(&exact(text), Format::Whole);
        assert_eq!(
            [whole("0"), whole("999"), whole("1000"), whole("17410.5"), whole("-1234567")],
            ["0", "999", "1.000", "17.411", "-1.234.567"]
        );
        let percent = |text: &str| figure(&exact(text), Format::Percent);
        assert_eq!(
            [percent("80.45"), percent("1234/1"), percent("-0.04")],
            ["80,5\u{a0}%", "1.234,0\u{a0}%", "0,0\u{a0}%"]
        );
        assert_eq!(day("2023-06-09".parse().unwrap_or_default()), "09/06/2023");
        assert_eq!("2023-06-09T17:00:00Z".parse().map(moment).as_deref(), Ok("00:00:00 ngày 10/06/2023"));
    }
}
