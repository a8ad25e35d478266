//! Cells of one line.

use std::borrow::Cow;

use super::{CELL_MAX, COLUMNS_MAX};
use crate::count::Count;
use crate::problem::{Code, Problem};
use crate::text::is_invisible;

/// How much of a cell a message repeats.
const SHOWN_MAX: usize = 40;

/// The cells of a line, or the column of the first that cannot be told apart from the next, and why.
///
/// Own code because the crates read `"12"3` as 123 and a quote that is never closed as the rest of the file.
pub(super) fn split(line: &str) -> Result<Vec<Cow<'_, str>>, (usize, Problem)> {
    let mut cells = Vec::new();
    let mut rest = line;
    loop {
        let broken = (cells.len() + 1, Problem::new(Code::QuotesBroken));
        let bare = rest.trim_start_matches([' ', '\t']);
        let (cell, after) = if let Some(quoted) = bare.strip_prefix('"') {
            enclosed(quoted).ok_or(broken.clone())?
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            let (cell, after) = rest.split_at(end);
            if cell.contains('"') {
                return Err(broken);
            }
            (Cow::Borrowed(cell), after)
        };
        cells.push(cell);
        // One too many is enough to refuse it: a line of commas alone takes no room.
        if cells.len() > COLUMNS_MAX {
            return Ok(cells);
        }
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None if after.is_empty() => return Ok(cells),
            None => return Err(broken),
        }
    }
}

/// A cell up to the quote that ends it, and what follows it up to the next comma.
fn enclosed(quoted: &str) -> Option<(Cow<'_, str>, &str)> {
    let mut from = 0;
    loop {
        let at = from + quoted.get(from..)?.find('"')?;
        let after = quoted.get(at + 1..)?;
        if after.starts_with('"') {
            from = at + 2;
            continue;
        }
        let cell = quoted.get(..at)?;
        let cell = if cell.contains('"') { Cow::Owned(cell.replace("\"\"", "\"")) } else { Cow::Borrowed(cell) };
        return Some((cell, after.trim_start_matches([' ', '\t'])));
    }
}

/// Whether a cell is text at all: not too long, without control characters, and nothing that a spreadsheet would reckon.
pub(super) fn check(cell: &str) -> Result<(), Problem> {
    let length = cell.chars().count();
    if length > CELL_MAX {
        return Err(Problem::new(Code::TooLong).with("actual", length).with("max", CELL_MAX));
    }
    if cell.chars().any(|letter| letter.is_control() || is_invisible(letter)) {
        return Err(Problem::new(Code::ControlCharacter).with("cell", shown(cell)));
    }
    if cell.starts_with(['=', '+', '-', '@']) {
        return Err(Problem::new(Code::FormulaPrefix).with("cell", shown(cell)));
    }
    Ok(())
}

/// The figure of a cell, `None` when it is empty.
pub(super) fn figure(cell: &str) -> Result<Option<Count>, Problem> {
    if cell.is_empty() {
        return Ok(None);
    }
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number {
        check(cell)?;
        return Err(Problem::new(Code::FigureForm).with("cell", shown(cell)));
    }
    let value: Option<i64> = cell.parse().ok();
    let too_far = || {
        let problem = Problem::new(Code::OutOfRange).with("actual", shown(cell));
        problem.with("min", 0).with("max", Count::MAX)
    };
    // "-0" is a number below nought that somebody rounded, not a nought.
    value.filter(|_| !cell.starts_with('-')).and_then(|value| Count::new(value).ok()).map(Some).ok_or_else(too_far)
}

/// A cell as a message repeats it.
pub(super) fn shown(cell: &str) -> String {
    let mut shown: String =
        cell.chars().filter(|letter| !letter.is_control() && !is_invisible(*letter)).take(SHOWN_MAX).collect();
    if cell.chars().nth(SHOWN_MAX).is_some() {
        shown.push('…');
    }
    shown
}
