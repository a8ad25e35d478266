//! The cells of the matrix, and how they are printed.

use std::fmt::Write as _;

use serde_json::Value;

use crate::door::unfit;
use crate::people::Principal;
use crate::place::Relation;
use crate::samples::Sample;

/// What came of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Cell {
    /// It was done, or something was shown.
    Allowed,
    /// Permitted, and refused for what was asked: a rule of the domain.
    Refused,
    /// As if there were no such thing.
    NotFound,
    /// The role may not.
    Denied,
    /// Nobody is known to ask.
    Unauthenticated,
}

impl Cell {
    /// What an answer says.
    ///
    /// # Panics
    /// When the document does not fit the schema.
    pub(crate) fn of(sample: &Sample, answer: &Value) -> Self {
        if let Some(why) = unfit(answer) {
            panic!("the sample of {} does not fit the schema: {why}", sample.name);
        }
        let errors = answer["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut codes: Vec<&str> = errors.iter().filter_map(|error| error["extensions"]["code"].as_str()).collect();
        let data = &answer["data"][sample.field()];
        gather_codes(data, false, &mut codes);
        let any = |wanted: &str| codes.contains(&wanted);
        if any("UNAUTHENTICATED") {
            Self::Unauthenticated
        } else if any("FORBIDDEN") {
            Self::Denied
        } else if any("NOT_FOUND") {
            Self::NotFound
        } else if !codes.is_empty() {
            Self::Refused
        } else if sample.kind == "query" && is_empty(data) {
            Self::NotFound
        } else {
            Self::Allowed
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "yes",
            Self::Refused => "refused",
            Self::NotFound => "none",
            Self::Denied => "no",
            Self::Unauthenticated => "401",
        }
    }
}

/// Every `code` below a member called `errors` or `error`.
fn gather_codes<'a>(value: &'a Value, inside: bool, codes: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member.as_str() {
                    Some(code) if inside && name == "code" => codes.push(code),
                    _ => gather_codes(member, inside || name.starts_with("error"), codes),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| gather_codes(item, inside, codes)),
        _ => {}
    }
}

/// Whether there is nothing in it: null, and lists and objects of nothing; a count of nought.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().all(is_empty),
        Value::Object(members) => {
            members.iter().all(|(name, member)| is_empty(member) || (name == "totalCount" && *member == 0))
        }
        _ => false,
    }
}

/// What came of one sample, place by place, one cell per principal.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) sample: Sample,
    pub(crate) cells: Vec<(Relation, Vec<Cell>)>,
}

impl Row {
    /// Whether that came of it anywhere for anybody.
    pub(crate) fn ever(&self, cell: Cell) -> bool {
        self.cells.iter().any(|(_, cells)| cells.contains(&cell))
    }
}

const HEAD: &str = "\
# Who gets what, field by field, place by place, as really executed (tests/tests/access).
# yes: done or shown. none: as if there were no such thing. refused: permitted, but refused by a rule of the domain.
# no: the role may not. 401: nobody is known to ask. Places are as a district's people see them; those that give the same
# stand in one line. The requests are in tests/tests/access/samples.txt.
";

/// The table as text.
pub(crate) fn print(rows: &[Row]) -> String {
    let mut table = HEAD.to_owned();
    let _ = write!(table, "{:52}", "");
    for who in Principal::all() {
        let _ = write!(table, " {:>9}", who.heading());
    }
    table.push('\n');
    for row in rows {
        let _ = writeln!(table, "\n{} {}", row.sample.kind, row.sample.name);
        let mut lines: Vec<(Vec<Relation>, &[Cell])> = Vec::new();
        for (relation, cells) in &row.cells {
            match lines.iter_mut().find(|(_, other)| *other == cells.as_slice()) {
                Some((relations, _)) => relations.push(*relation),
                None => lines.push((vec![*relation], cells)),
            }
        }
        for (relations, cells) in lines {
            let everywhere = row.cells.len() == 1;
            let names: Vec<&str> = relations.iter().map(|relation| relation.as_str()).collect();
            let place = if everywhere { "-".to_owned() } else { names.join(" ") };
            // A long list of places stands on a line of its own.
            if place.len() > 50 {
                let _ = write!(table, "  {place}\n{:52}", "");
            } else {
                let _ = write!(table, "  {place:50}");
            }
            for cell in cells {
                let _ = write!(table, " {:>9}", cell.as_str());
            }
            table.push('\n');
        }
    }
    table
}
