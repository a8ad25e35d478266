//! The appendices of two real plans, as printed: the project's own copy.

use std::path::Path;

/// A plan's table.
pub(crate) struct Printed {
    /// Headings of its figures.
    pub(crate) columns: Vec<String>,
    /// The figures of each unit by official code.
    pub(crate) rows: Vec<(String, Vec<i64>)>,
    /// The totals as the source prints them.
    pub(crate) totals: Vec<i64>,
}

impl Printed {
    /// Bình Gia: 19 communes, 70 days.
    pub(crate) fn binh_gia() -> Self {
        Self::read("binh-gia-2023-quota.csv", "000")
    }

    /// Bình Phước, first phase: 11 districts, 25 days.
    pub(crate) fn binh_phuoc() -> Self {
        Self::read("binh-phuoc-2023-phase1.csv", "001")
    }

    fn read(file: &str, plan: &str) -> Self {
        let codes: Vec<(String, String)> = lines("units/plan-units.csv")
            .into_iter()
            .filter(|fields| fields[0] == plan && !fields[7].is_empty())
            .map(|fields| (fields[3].clone(), fields[2].clone()))
            .collect();
        let mut lines = lines(&format!("plans/{file}"));
        let columns = lines.remove(0).split_off(1);
        let figures = |fields: &[String]| fields[1..].iter().map(|figure| figure.parse().expect("a figure")).collect();
        let totals = figures(&lines.pop().expect("a total row"));
        let code = |name: &str| codes.iter().find(|(known, _)| known == name).expect("a known unit").1.clone();
        Self { columns, rows: lines.iter().map(|fields| (code(&fields[0]), figures(fields))).collect(), totals }
    }

    /// One column's figures by code.
    pub(crate) fn column(&self, name: &str) -> impl Iterator<Item = (&str, i64)> {
        let at = self.columns.iter().position(|column| column == name).expect("a column");
        self.rows.iter().map(move |(code, figures)| (code.as_str(), figures[at]))
    }
}

fn lines(file: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/data").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}
