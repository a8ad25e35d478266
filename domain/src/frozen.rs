//! Frozen text: records after RFC 4180, the first field of each says what it is. Papers and lists are kept and hashed as such.
//! The rules are compiled without serde, which the usual crate for this needs; other libraries read what is written here in
//! the tests.

use std::str::FromStr;

use chrono::SecondsFormat;

use crate::problem::{Code, Problem};
use crate::time::Instant;

/// Adds a record, ended by CR LF. A field is quoted where it has to be.
pub(crate) fn write(fields: &[&str], out: &mut String) {
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        // A record of one empty field would be an empty line, which readers pass over.
        if field.contains([',', '"', '\r', '\n']) || (fields.len() == 1 && field.is_empty()) {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(field);
        }
    }
    out.push_str("\r\n");
}

/// The records that [`write`] made; `None` for any other text, however close it comes.
pub(crate) fn read(text: &str) -> Option<Vec<Vec<String>>> {
    let (mut records, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let mut record = Vec::new();
        loop {
            let (field, after) = field(rest)?;
            record.push(field);
            if let Some(next) = after.strip_prefix(',') {
                rest = next;
            } else {
                rest = after.strip_prefix("\r\n")?;
                break;
            }
        }
        records.push(record);
    }
    Some(records)
}

fn field(text: &str) -> Option<(String, &str)> {
    let Some(mut rest) = text.strip_prefix('"') else {
        let end = text.find([',', '"', '\r', '\n'])?;
        let (field, after) = text.split_at_checked(end)?;
        return Some((field.to_owned(), after));
    };
    let mut field = String::new();
    loop {
        let (part, after) = rest.split_once('"')?;
        field.push_str(part);
        match after.strip_prefix('"') {
            Some(next) => {
                field.push('"');
                rest = next;
            }
            None => return Some((field, after)),
        }
    }
}

/// Records as they are read one after another.
pub(crate) struct Records<'a> {
    rest: &'a [Vec<String>],
}

impl<'a> Records<'a> {
    /// Those of a text, from the first one on.
    pub(crate) const fn of(records: &'a [Vec<String>]) -> Self {
        Self { rest: records }
    }

    /// Whether none is left.
    pub(crate) const fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next record.
    pub(crate) fn next(&mut self) -> Option<&'a [String]> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    /// The fields of the next record, when it is of that name.
    pub(crate) fn any_of(&mut self, name: &str) -> Option<&'a [String]> {
        let (first, rest) = self.rest.split_first()?;
        let (of, fields) = first.split_first()?;
        if of != name {
            return None;
        }
        self.rest = rest;
        Some(fields)
    }

    /// The same of a record of so many fields; one of another number is left where it is, and the text is not read.
    pub(crate) fn next_of<const N: usize>(&mut self, name: &str) -> Option<[&'a String; N]> {
        let before = self.rest;
        let fields: Option<[&String; N]> =
            self.any_of(name).and_then(|fields| fields.iter().collect::<Vec<_>>().try_into().ok());
        if fields.is_none() {
            self.rest = before;
        }
        fields
    }

    /// The only field of the next record, when it is of that name.
    pub(crate) fn value(&mut self, name: &str) -> Option<&'a str> {
        self.next_of::<1>(name).map(|[value]| value.as_str())
    }

    /// The same as what it stands for.
    pub(crate) fn parsed<T: FromStr>(&mut self, name: &str) -> Option<T> {
        self.value(name)?.parse().ok()
    }

    /// The same of a number that may be absent.
    #[expect(clippy::option_option, reason = "absent and wrong are different answers")]
    pub(crate) fn maybe(&mut self, name: &str) -> Option<Option<i64>> {
        maybe(self.value(name)?)
    }
}

/// A moment, to the microsecond.
pub(crate) fn moment(moment: Instant) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// A value, or an empty field where there is none.
pub(crate) fn optional<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// The value of a field that [`optional`] made.
#[expect(clippy::option_option, reason = "absent and wrong are different answers")]
pub(crate) fn maybe<T: FromStr>(field: &str) -> Option<Option<T>> {
    if field.is_empty() { Some(None) } else { field.parse().ok().map(Some) }
}

/// Adds a finding as a record of that name: its code, place and figures.
pub(crate) fn write_finding(name: &str, finding: &Problem, out: &mut String) {
    let params = finding.params().iter().flat_map(|(name, value)| [*name, value.as_str()]);
    let fields: Vec<&str> = [name, finding.code().as_str(), finding.field()].into_iter().chain(params).collect();
    write(&fields, out);
}

/// The finding of the fields that [`write_finding`] made.
pub(crate) fn finding(fields: &[String]) -> Option<Problem> {
    let [code, field, params @ ..] = fields else { return None };
    let code = Code::ALL.iter().copied().find(|known| known.as_str() == code)?;
    let problem = Problem::new(code).at(field);
    params.chunks(2).try_fold(problem, |problem, pair| match pair {
        [name, value] => Some(problem.with(code.param(name)?, value)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_is_written_is_read_again(records in proptest::collection::vec(proptest::collection::vec(".{0,12}|[,\"\r\n]{0,4}", 1..5), 0..6)) {
            let mut text = String::new();
            for record in &records {
                write(&record.iter().map(String::as_str).collect::<Vec<_>>(), &mut text);
            }
            prop_assert_eq!(read(&text), Some(records));
        }
    }

    #[test]
    fn other_text_is_not_read() {
        for text in ["a", "a\n", "\"a", "\"a\"b\r\n", "a\"b\r\n", "a,b\r"] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }
}
