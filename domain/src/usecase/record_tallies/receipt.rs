//! Results of a submission as text, so that a retry gets the very same answer.

use crate::problem::{Code, Problem};
use crate::request::Receipt;
use crate::tally::RowResult;

/// Between rows, and between the parts of one. Neither passes the checks of any text that is accepted as input.
const ROW: char = '\u{1e}';
const PART: char = '\u{1f}';

impl Receipt for RowResult {
    fn encode(&self) -> String {
        match self {
            Self::Accepted { revision } => format!("A{revision}"),
            Self::Unchanged { revision } => format!("U{revision}"),
            Self::Refused(problem) => {
                let mut text = format!("R{code}{PART}{field}", code = problem.code().as_str(), field = problem.field());
                for (name, value) in problem.params() {
                    text.push(PART);
                    text.push_str(name);
                    text.push('=');
                    text.push_str(value);
                }
                text
            }
        }
    }

    fn decode(text: &str) -> Option<Self> {
        let revision = |digits: &str| digits.parse().ok();
        match text.split_at_checked(1)? {
            ("A", rest) => revision(rest).map(|revision| Self::Accepted { revision }),
            ("U", rest) => revision(rest).map(|revision| Self::Unchanged { revision }),
            ("R", rest) => decode_problem(rest).map(Self::Refused),
            _ => None,
        }
    }
}

fn decode_problem(text: &str) -> Option<Problem> {
    let mut parts = text.split(PART);
    let name = parts.next()?;
    let code = Code::ALL.iter().copied().find(|code| code.as_str() == name)?;
    let mut problem = Problem::new(code).at(parts.next()?);
    for part in parts {
        let (name, value) = part.split_once('=')?;
        problem = problem.with(code.param(name)?, value);
    }
    Some(problem)
}

/// Rows are kept together under one request; the separator differs from that of lists of ids.
pub(super) fn encode_rows(rows: &[RowResult]) -> String {
    rows.iter().map(Receipt::encode).collect::<Vec<_>>().join(&ROW.to_string())
}

/// What [`encode_rows`] made.
pub(super) fn decode_rows(text: &str) -> Option<Vec<RowResult>> {
    text.split(ROW).map(RowResult::decode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_round_trip() {
        let refused = Problem::new(Code::ReasonRequired).with("current", 12).at("reason").at("rows.3");
        let rows = vec![
            RowResult::Accepted { revision: 1 },
            RowResult::Unchanged { revision: 7 },
            RowResult::Refused(refused),
            RowResult::Refused(Problem::new(Code::SlotInOtherDrive)),
        ];
        assert_eq!(decode_rows(&encode_rows(&rows)), Some(rows));
    }

    #[test]
    fn foreign_text_is_not_a_result() {
        for text in ["", "X1", "A", "Rnothing", "RNOT_FOUND\u{1f}\u{1f}nowhere=1"] {
            assert_eq!(decode_rows(text), None, "{text:?}");
        }
    }
}
