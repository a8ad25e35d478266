//! The starter catalogue of indicators and groups.

use caodiem_domain::id::IndicatorId;
use caodiem_domain::indicator::{AccountLevel, Attribution, Stage, TimeRule};
use caodiem_domain::text::{Key, Title};
use caodiem_domain::usecase::define_catalogue::{DefineGroup, DefineIndicator};

use crate::data::table::Table;
use crate::failure::Failure;

/// An indicator whose parts are still codes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StarterIndicator {
    /// The definition, its parts left empty.
    pub define: DefineIndicator,
    /// Codes of the parts, all of them earlier in the file.
    pub parts: Vec<Key>,
}

impl StarterIndicator {
    /// The definition with its parts, found by code.
    #[must_use]
    pub fn with_parts(&self, find: impl Fn(&Key) -> Option<IndicatorId>) -> DefineIndicator {
        DefineIndicator { parts: self.parts.iter().filter_map(find).collect(), ..self.define.clone() }
    }
}

/// The indicators, parts before what they are part of.
///
/// # Errors
/// [`Failure::Input`], never with the file as it is embedded.
pub fn indicators() -> Result<Vec<StarterIndicator>, Failure> {
    let stages = [
        ("eligible", Stage::Eligible),
        ("enrol", Stage::Enrol),
        ("approve", Stage::Approve),
        ("activate", Stage::Activate),
        ("issue", Stage::Issue),
        ("means", Stage::Means),
        ("other", Stage::Other),
    ];
    let levels = [("", None), ("1", Some(AccountLevel::One)), ("2", Some(AccountLevel::Two))];
    let attributions = [("residence", Attribution::Residence), ("receiving", Attribution::Receiving)];
    let rules = [("sum", TimeRule::Sum), ("last", TimeRule::Last)];
    let text = include_str!("../../data/catalogue/indicators.csv");
    let columns = ["code", "name_vi", "name_en", "stage", "level", "attribution", "time_rule", "parts"];
    Table::read("indicators.csv", text.as_bytes(), &columns)?.read_rows(|row| {
        let parts = row.text("parts").split_whitespace().map(Key::new).collect::<Result<Vec<_>, _>>();
        Ok(StarterIndicator {
            define: DefineIndicator {
                code: row.parse("code", Key::new)?,
                name_vi: row.parse("name_vi", Title::new)?,
                name_en: row.parse("name_en", Title::new)?,
                stage: row.word("stage", &stages)?,
                level: row.word("level", &levels)?,
                attribution: row.word("attribution", &attributions)?,
                time_rule: row.word("time_rule", &rules)?,
                parts: Vec::new(),
            },
            parts: parts.map_err(|_bad_code| row.complain("parts", "codes with blanks between are needed"))?,
        })
    })
}

/// The population groups.
///
/// # Errors
/// As [`indicators`].
pub fn groups() -> Result<Vec<DefineGroup>, Failure> {
    let text = include_str!("../../data/catalogue/groups.csv");
    Table::read("groups.csv", text.as_bytes(), &["code", "name_vi", "name_en"])?.read_rows(|row| {
        Ok(DefineGroup {
            code: row.parse("code", Key::new)?,
            name_vi: row.parse("name_vi", Title::new)?,
            name_en: row.parse("name_en", Title::new)?,
        })
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn parts_stand_before_what_they_are_part_of() {
        let mut seen = BTreeSet::new();
        for indicator in indicators().unwrap_or_default() {
            assert!(indicator.parts.iter().all(|part| seen.contains(part)), "{indicator:?}");
            seen.insert(indicator.define.code);
        }
        assert!(seen.len() > 10);
        assert!(groups().is_ok_and(|groups| groups.len() > 5));
    }
}
