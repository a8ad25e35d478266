#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may panic")]

use super::*;

fn codes(file: &str) -> Vec<(usize, Option<usize>, Code)> {
    let sheet = Sheet::read(file.as_bytes());
    sheet.noted.iter().map(|noted| (noted.line, noted.column, noted.problem.code())).collect()
}

#[test]
fn a_plain_file_is_read_whatever_ends_its_lines() {
    for end in ["\n", "\r\n", "\r"] {
        let file = ["\u{feff}unit_code,unit_name,L1,L2", "001, \"Bình Gia, xã\" ,5,", "", "002,,0,1"].join(end);
        let sheet = Sheet::read(file.as_bytes());
        assert_eq!(sheet.noted, []);
        assert_eq!(sheet.indicators, [("L1".to_owned(), 3), ("L2".to_owned(), 4)]);
        assert_eq!(sheet.rows[0].name.as_deref(), Some("Bình Gia, xã"));
        assert_eq!(sheet.rows[0].figures, [(0, Count::new(5).unwrap())], "an empty cell is no figure");
        assert_eq!((sheet.rows[1].line, sheet.rows[1].figures.len(), sheet.total), (4, 2, 2));
    }
}

#[test]
fn a_broken_quote_spoils_its_own_line_alone() {
    let found = codes("unit_code,L1\n\"001,5\n002,\"5\"6\n003,5\"\n004,7\n");
    let broken = |line, column| (line, Some(column), Code::QuotesBroken);
    assert_eq!(found, [broken(2, 1), broken(3, 2), broken(4, 2)]);
}

#[test]
fn a_figure_is_digits_and_nothing_else() {
    let one = |cell: &str| codes(&format!("unit_code,L1\n001,{cell}\n")).first().map(|(.., code)| *code);
    for cell in ["12.5", "1.000", "1 000", "\"1,000\"", "12e3", "0x1F", "nhiều", "１２", "٣", "NaN"] {
        assert_eq!(one(cell), Some(Code::FigureForm), "{cell}");
    }
    for cell in ["-1", "-0", "1000000000001", "99999999999999999999"] {
        assert_eq!(one(cell), Some(Code::OutOfRange), "{cell}");
    }
    for cell in ["=1+1", "+5", "@SUM(A1)", "-2+3"] {
        assert_eq!(one(cell), Some(Code::FormulaPrefix), "{cell}");
    }
    for cell in ["0", "007", "1000000000000", " 5 ", "\u{a0}5", ""] {
        assert_eq!(one(cell), None, "{cell:?}");
    }
}

#[test]
fn what_is_too_much_is_refused_whole() {
    let many = format!("unit_code,L1\n{}", "1,1\n".repeat(ROWS_MAX + 1));
    let sheet = Sheet::read(many.as_bytes());
    assert!(sheet.unusable && sheet.rows.is_empty());
    assert!(Sheet::read(&vec![b'a'; BYTES_MAX + 1]).unusable);
    assert!(Sheet::read(b"unit_code,L1\n1,2\xff\n").unusable);
    assert!(Sheet::read("unit_code,L1\n".as_bytes()).unusable);
    let utf16: Vec<u8> = "unit_code,L1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(Sheet::read(&utf16).noted[0].problem.code(), Code::ExtractEncoding);
}
