use caodiem_domain::text::UnitCode;

use super::*;

fn table(text: &str) -> Result<Table, Failure> {
    Table::read("units.csv", text.as_bytes(), &["code", "name"])
}

fn complaint<T: std::fmt::Debug>(result: Result<T, Failure>) -> String {
    result.map_or_else(|failure| failure.to_string(), |value| format!("accepted: {value:?}"))
}

#[test]
fn a_missing_column_is_named_with_what_is_there() {
    let text = complaint(table("code,label\n01,Hà Nội\n"));
    assert!(text.contains("units.csv"), "{text}");
    assert!(text.contains("lacks name"), "{text}");
    assert!(text.contains("code,label"), "{text}");
}

#[test]
fn rows_of_another_length_are_refused_with_their_line() {
    let text = complaint(table("code,name\n01,Hà Nội\n02\n"));
    assert!(text.contains("line: 3") || text.contains("line 3"), "{text}");
}

#[test]
fn text_that_is_not_utf8_is_refused() {
    let bytes: &[u8] = b"code,name\n01,\xff\xfe\n";
    assert!(complaint(Table::read("units.csv", bytes, &["code"])).contains("units.csv"));
}

#[test]
fn every_bad_cell_is_listed_with_line_and_column() {
    let read = table("code,name\n01,Hà Nội\n,x\na b,y\n")
        .and_then(|table| table.read_rows(|row| row.parse("code", UnitCode::new)));
    let text = complaint(read);
    assert!(text.contains("line 3, code"), "{text}");
    assert!(text.contains("line 4, code “a b”"), "{text}");
}

#[test]
fn a_byte_order_mark_does_not_hide_the_first_column() {
    assert!(table("\u{feff}code,name\n01,Hà Nội\n").is_ok());
}

#[test]
fn many_complaints_are_counted_not_all_printed() {
    let rows = "!,x\n".repeat(100);
    let read =
        table(&format!("code,name\n{rows}")).and_then(|table| table.read_rows(|row| row.parse("code", UnitCode::new)));
    assert!(complaint(read).contains("80 more"));
}
