//! The formula of a column in the keys of others: `(quota − activated) / teams / 25`.

use super::{Column, PlanColumn};
use crate::text::Key;

/// A formula longer than this is referred to by its column's key, so that no layout makes formulas grow without end.
const LONGEST: usize = 80;

/// The formulas of all columns, in order. `plan_days` gives the days of a rate per day.
pub(super) fn formulas(columns: &[PlanColumn], plan_days: impl Fn(&Column) -> Option<u32>) -> Vec<String> {
    let mut known: Vec<(&PlanColumn, Term)> = Vec::with_capacity(columns.len());
    for column in columns {
        let term = |key: &Key| {
            let found = known.iter().find(|(earlier, _)| earlier.key == *key);
            found
                .map(|(_, term)| term)
                .filter(|term| term.text.len() <= LONGEST)
                .cloned()
                .unwrap_or_else(|| Term { text: format!("{key}"), atom: true })
        };
        let days = plan_days(&column.shows).map_or_else(|| "?".to_owned(), |days| days.to_string());
        let made = match &column.shows {
            Column::Baseline { .. } | Column::Quota { .. } | Column::Teams => {
                Term { text: column.key.to_string(), atom: true }
            }
            Column::Less { of, less } => Term::open(format!("{} − {}", term(of).text, term(less).factor())),
            Column::UpTo { of, ceiling } => Term { text: format!("min({}, {ceiling})", term(of).text), atom: true },
            Column::Percent { of, percent } => Term::open(format!("{percent} % × {}", term(of).factor())),
            Column::PerDay { of, .. } => Term::open(format!("{} / {days}", term(of).factor())),
            Column::PerEachDay { of, each, .. } => {
                Term::open(format!("{} / {} / {days}", term(of).factor(), term(each).factor()))
            }
            Column::Ratio { of, base } => Term::open(format!("100 × {} / {}", term(of).factor(), term(base).factor())),
        };
        known.push((column, made));
    }
    known.into_iter().map(|(_, term)| term.text).collect()
}

/// A formula, and whether it needs no brackets inside of another.
#[derive(Clone)]
struct Term {
    text: String,
    atom: bool,
}

impl Term {
    const fn open(text: String) -> Self {
        Self { text, atom: false }
    }

    fn factor(self) -> String {
        if self.atom { self.text } else { format!("({text})", text = self.text) }
    }
}
