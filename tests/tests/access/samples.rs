//! One request per root field and more where one does not show enough, from `samples.txt`.

use crate::shape::Shape;

/// Root fields without a sample, each with the reason. The list only shrinks: its length is part of its type.
const EXEMPT: [(&str, &str); 0] = [];

/// A request that shows what a root field gives to whom.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    /// `query` or `mutation`.
    pub(crate) kind: String,
    /// The operation groups of `access.md` that it belongs to; one that permits it suffices.
    pub(crate) groups: Vec<String>,
    /// The field with its arguments and selection; `$names` stand for records of a place.
    pub(crate) text: String,
    /// Its name in the printed table: the field, and a number where there are several.
    pub(crate) name: String,
}

impl Sample {
    /// The root field.
    pub(crate) fn field(&self) -> &str {
        let end = self.text.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(self.text.len());
        &self.text[..end]
    }

    /// The field with its arguments, without its selection.
    pub(crate) fn head(&self) -> &str {
        let mut depth = 0_i32;
        let end = self.text.find(|letter: char| {
            depth += i32::from(letter == '(') - i32::from(letter == ')');
            depth == 0 && letter == '{'
        });
        self.text[..end.unwrap_or(self.text.len())].trim_end()
    }

    /// The whole document.
    pub(crate) fn document(&self, filled: &str) -> String {
        let kind = &self.kind;
        format!("{kind} {{ {filled} }}")
    }
}

/// Every sample of a field there is, in the order of the file.
pub(crate) fn all() -> Vec<Sample> {
    let fields = root_fields();
    let known = |sample: &Sample| fields.iter().any(|(kind, field)| *kind == sample.kind && field == sample.field());
    written().into_iter().filter(known).collect()
}

/// Every sample.
fn written() -> Vec<Sample> {
    let lines = include_str!("samples.txt").lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut samples: Vec<Sample> = Vec::new();
    for line in lines {
        let mut parts = line.splitn(3, ' ');
        let mut part = || parts.next().unwrap_or_else(|| panic!("kind, groups and a field: {line}")).trim().to_owned();
        let (kind, groups, text) = (part(), part(), part());
        let groups = groups.split(',').map(str::to_owned).collect();
        let mut sample = Sample { kind, groups, text, name: String::new() };
        let before = samples.iter().filter(|other| other.field() == sample.field()).count();
        let number = if before == 0 { String::new() } else { format!(" {}", before + 1) };
        sample.name = format!("{}{number}", sample.field());
        samples.push(sample);
    }
    samples
}

/// The root fields of the schema: `(kind, field)`.
pub(crate) fn root_fields() -> Vec<(String, String)> {
    let shape = Shape::of_schema();
    let of = |kind: &'static str| {
        let name = format!("{}{}", kind[..1].to_uppercase(), &kind[1..]);
        shape.fields(&name).iter().map(move |field| (kind.to_owned(), field.name.clone())).collect::<Vec<_>>()
    };
    ["query", "mutation", "subscription"].into_iter().flat_map(of).collect()
}

#[test]
fn every_root_field_has_a_sample() {
    let samples = all();
    let lacking: Vec<String> = root_fields()
        .into_iter()
        .filter(|(_, field)| !EXEMPT.iter().any(|(exempt, _)| exempt == field))
        .filter(|(kind, field)| !samples.iter().any(|sample| sample.kind == *kind && sample.field() == field))
        .map(|(kind, field)| format!("{kind} {field}"))
        .collect();
    assert!(lacking.is_empty(), "add a line each to tests/tests/access/samples.txt: {lacking:?}");
}
