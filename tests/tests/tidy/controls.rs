//! The table of negative controls (`tests/controls.txt`) names tests that exist.

use crate::sources::read;

/// The lines of the table: check, how it is undone, file, test.
fn table(text: &str) -> Vec<[&str; 4]> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let cells = lines.map(|line| line.split(" | ").collect::<Vec<_>>());
    cells.map(|cells| <[&str; 4]>::try_from(cells).unwrap_or_else(|cells| panic!("four cells: {cells:?}"))).collect()
}

/// Whether a source has a test of that name.
fn has_test(source: &str, test: &str) -> bool {
    let (plain, on_both) = ("#[test]\n", format!("    {test}(backend) {{"));
    let after = source.split(plain).skip(1).filter_map(|rest| rest.lines().next());
    source.lines().any(|line| line.starts_with(&on_both))
        || after.into_iter().any(|line| line.trim_start().starts_with(&format!("fn {test}(")))
}

#[test]
fn the_table_of_controls_names_tests_that_exist() {
    let text = read("tests/controls.txt");
    let table = table(&text);
    assert!(table.len() > 20, "{} checks", table.len());
    let missing: Vec<_> = table.iter().filter(|[_, _, file, test]| !has_test(&read(file), test)).collect();
    assert!(missing.is_empty(), "no such tests: {missing:?}");
}

#[test]
fn a_control_that_is_gone_is_seen() {
    let source =
        "#[test]\nfn without_any_one_check_it_passes() {}\non_both! {\n    without_it_all_goes_on(backend) {\n";
    assert!(has_test(source, "without_any_one_check_it_passes") && has_test(source, "without_it_all_goes_on"));
    assert!(!has_test(source, "without_any_one_check") && !has_test("fn helper() {}", "helper"));
}
