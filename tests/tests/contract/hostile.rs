//! Hostile and broken files: what is found in each of them stands in `tests/golden/extracts.txt`, to the line and column.

use std::fmt::Write as _;

use caodiem_domain::access::{Actor, Role};
use caodiem_domain::problem::{Kind, Language};
use caodiem_domain::usecase::import_official::import_official;
use caodiem_tests::golden;
use caodiem_tests::on_both;
use caodiem_tests::stage::actor;

use crate::extracts::{act_of, end_of, file};
use crate::world::{World, day};

const HEAD: &str = "unit_code,L1,L2\n";

fn utf16(text: &str, mark: bool, big: bool) -> Vec<u8> {
    let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
    units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

fn rows(text: &str) -> Vec<u8> {
    format!("{HEAD}{text}").into_bytes()
}

/// The corpus: a name and the bytes of each file.
#[expect(clippy::too_many_lines, reason = "a list, a line for each file")]
fn corpus() -> Vec<(&'static str, Vec<u8>)> {
    let plain = "unit_code,L1,L2\nA1a,5,6\n";
    vec![
        ("plain", plain.into()),
        ("byte order mark", format!("\u{feff}{plain}").into()),
        ("two byte order marks", format!("\u{feff}\u{feff}{plain}").into()),
        ("CR LF", plain.replace('\n', "\r\n").into()),
        ("CR alone", plain.replace('\n', "\r").into()),
        ("line ends mixed", b"unit_code,L1,L2\rA1a,5,6\r\nA1b,7,8\n\rA2a,1,".to_vec()),
        ("no line end at the end", plain.trim_end().into()),
        ("blank lines", format!("\n\n{plain}\n   \n").into()),
        ("empty", Vec::new()),
        ("white space alone", b" \r\n\t\n".to_vec()),
        ("header alone", HEAD.into()),
        ("UTF-16 LE with mark", utf16(plain, true, false)),
        ("UTF-16 BE with mark", utf16(plain, true, true)),
        ("UTF-16 LE without mark", utf16(plain, false, false)),
        ("windows-1258", b"unit_code,unit_name,L1\nA1a,B\xECnh Gia,5\n".to_vec()),
        ("truncated UTF-8", [plain.as_bytes(), b"A1b,\xE1\xBB"].concat()),
        ("overlong UTF-8", rows("A1a,\u{0}").into_iter().chain(*b"\xC0\xAF,1").collect()),
        ("NUL in a figure", rows("A1a,5\u{0},6\nA1b,1,2\n")),
        ("NUL in a code", rows("A1a\u{0},5,6\n")),
        ("escape in a cell", rows("A1a,\u{1b}[2J,6\n")),
        ("semicolons", b"unit_code;L1;L2\nA1a;5;6\n".to_vec()),
        ("tabs", b"unit_code\tL1\tL2\nA1a\t5\t6\n".to_vec()),
        ("bars", b"unit_code|L1\nA1a|5\n".to_vec()),
        ("semicolons below a header of commas", rows("A1a;5;6\n")),
        ("another first column", b"code,L1\nA1a,5\n".to_vec()),
        ("no header", b"A1a,5,6\nA1b,7,8\n".to_vec()),
        ("header in capitals", b"UNIT_CODE,L1\nA1a,5\n".to_vec()),
        ("no columns of figures", b"unit_code,unit_name\nA1a,X\n".to_vec()),
        ("unknown column", b"unit_code,L1,NO_SUCH\nA1a,5,6\n".to_vec()),
        ("column twice", b"unit_code,L1,L1\nA1a,5,6\n".to_vec()),
        ("name column twice", b"unit_code,unit_name,unit_name,L1\nA1a,x,y,5\n".to_vec()),
        ("column without a name", b"unit_code,L1,\nA1a,5,6\n".to_vec()),
        ("formula as a column", b"unit_code,=HYPERLINK(1)\nA1a,5\n".to_vec()),
        ("too many columns", format!("unit_code{}\nA1a\n", ",L1".repeat(64)).into()),
        ("too many rows", format!("{HEAD}{}", "A1a,5,6\n".repeat(20_001)).into()),
        ("too many bytes", vec![b'a'; 4 * 1024 * 1024 + 1]),
        ("one line of two megabytes", [HEAD.as_bytes(), &vec![b'9'; 2 << 20], b"\nA1a,5,6\n"].concat()),
        ("huge cell", rows(&format!("A1a,{},6\n", "9".repeat(100_000)))),
        ("huge text cell", rows(&format!("A1a,{},6\n", "x".repeat(100_000)))),
        ("two million commas", rows(&",".repeat(2_000_000))),
        ("two million quotes", rows(&"\"".repeat(2_000_000))),
        ("unit twice", rows("A1a,5,6\nA1b,7,8\nA1a,9,1\n")),
        ("unit twice but for spaces", rows("A1a,5,6\n A1a ,9,1\n")),
        ("unknown unit", rows("A1a,5,6\nNOWHERE,1,2\n")),
        ("unit out of scope", rows("A1a,5,6\nB1a,1,2\n")),
        ("unit of another day", rows("A1a,5,6\nA2a,1,2\n")),
        ("empty code", rows(",5,6\n")),
        ("code with letters of another script", rows("А1а,5,6\n")),
        ("code too long", rows(&format!("{},5,6\n", "1".repeat(33)))),
        ("negative", rows("A1a,-5,6\n")),
        ("negative nought", rows("A1a,-0,6\n")),
        ("decimal point", rows("A1a,5.5,6\n")),
        ("decimal of nought", rows("A1a,5.0,6\n")),
        ("decimal comma", rows("A1a,\"5,5\",6\n")),
        ("thousands by points", rows("A1a,1.234,6\n")),
        ("thousands by commas", rows("A1a,\"1,234\",6\n")),
        ("thousands by spaces", rows("A1a,1 234,6\n")),
        ("thousands by narrow spaces", rows("A1a,1\u{202f}234,6\n")),
        ("exponent", rows("A1a,1e3,6\n")),
        ("hexadecimal", rows("A1a,0x1F,6\n")),
        ("full-width digits", rows("A1a,１２,6\n")),
        ("letter O for nought", rows("A1a,1O,6\n")),
        ("words", rows("A1a,không có,NaN\n")),
        ("one above the largest", rows("A1a,1000000000000,1000000000001\n")),
        ("beyond 64 bits", rows("A1a,18446744073709551616,6\n")),
        ("formula =", rows("A1a,=1+1,6\n")),
        ("formula +", rows("A1a,+5,6\n")),
        ("formula @", rows("A1a,@SUM(A1),6\n")),
        ("formula in a code", rows("=cmd|' /C calc'!A0,5,6\n")),
        ("formula in a name", b"unit_code,unit_name,L1\nA1a,\"=1+1\",5\n".to_vec()),
        ("quote not closed", rows("\"A1a,5,6\nA1b,7,8\n")),
        ("quote not closed at the end", rows("A1a,5,\"6\n")),
        ("text behind a quote", rows("A1a,\"5\"5,6\n")),
        ("quote within a cell", rows("A1a,5\"5,6\n")),
        ("line break in a cell", rows("A1a,\"5\n\",6\n")),
        ("quoted as it may be", rows("\"A1a\",\"5\", \"6\" \n")),
        ("row too short", rows("A1a,5\nA1b,7,8\n")),
        ("row too long", rows("A1a,5,6,7\n")),
        ("spaces around", rows("  A1a , 5 ,\u{a0}6\n")),
        ("empty cells", rows("A1a,,\nA1b,,0\n")),
        ("name without diacritics", "unit_code,unit_name,L1\nA1a,don vi A1a,5\nA1b,Xã Đơn Vị A1b,6\n".into()),
        ("name in another composition", "unit_code,unit_name,L1\nA1a,Đơn vi\u{323} A1a,5\n".into()),
        ("name of another unit", "unit_code,unit_name,L1\nA1a,Đơn vị A1b,5\n".into()),
        ("name that turns text", "unit_code,unit_name,L1\nA1a,Đơn\u{202e}vị,5\n".into()),
        ("parts that do not add up", b"unit_code,L1,L2,ALL\nA1a,151,6,167\n".to_vec()),
        ("everything at once", rows("\"A1a,5,6\nNOWHERE,-1,1.5\nA1b\nB1a,=1,\u{0}\nA1a,5,6\nA1a,5,6\n")),
    ]
}

fn found(world: &World, name: &str, content: &[u8]) -> String {
    let scope = world.scope(&[world.province_a]);
    let inside = Actor::host(actor(Role::Verifier).subject, Role::Verifier, world.province_a, scope);
    let command = file(content, end_of("2023-06-05"));
    // Each by itself, and nothing of it is kept.
    let outcome = world.store.rehearse(|tx| import_official(&act_of(&inside), tx, &command)).expect("it is looked at");
    let loaded = if outcome.extract.is_some() { "loaded" } else { "refused" };
    let (rows, refused, created) = (outcome.rows, outcome.refused, outcome.created);
    let mut text = format!("{name}: {loaded}; {rows} rows, {refused} refused, {created} figures\n");
    for noted in outcome.noted.iter().take(12) {
        let place = match (noted.line, noted.column) {
            (0, _) => "file".to_owned(),
            (line, None) => format!("line {line}"),
            (line, Some(column)) => format!("line {line}, column {column}"),
        };
        let sign = if noted.problem.code().kind() == Kind::Finding { '?' } else { '!' };
        let (code, said) = (noted.problem.code().as_str(), noted.problem.text(Language::En));
        writeln!(text, "  {sign} {place}: {code}: {said}").expect("it is written");
    }
    if outcome.noted_total > 12 {
        writeln!(text, "  and {} more", outcome.noted_total - 12).expect("it is written");
    }
    text
}

on_both! {
    golden_every_hostile_file_is_refused_or_read_as_it_stands(backend) {
        let Some(world) = World::new(backend) else { return };
        world.write(|tx| tx.close_units(&[(world.commune_a2a, day("2023-06-03"))]));
        let corpus = corpus();
        assert!(corpus.len() >= 30);
        let said: String = corpus.iter().map(|(name, content)| found(&world, name, content)).collect();
        golden::check("tests/golden/extracts.txt", &said);
        assert_eq!(world.database.number("SELECT COUNT(*) AS number FROM official_extract"), 0);
    }
}
