//! The load driver: a nation of made-up villages over the real tree of 2023, a month of tallies, measured through HTTP.
//!
//! `cargo bench -p caodiem-tests --bench load -- [--days 30] [--seconds 5] [--only WORD] [sqlite] [postgres]`
//!
//! Driver, server and database share this machine, as the targets say. Connections are kept alive and the client does
//! nothing but send and read; processor time is that of the server and its database alone. The table it prints is kept
//! in `tests/benches/RESULTS.md`.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a benchmark fails loudly")]

mod measure;
mod nation;
mod papers;
mod report;
mod usage;
mod wire;
mod works;

use caodiem_tests::database::Backend;

use nation::Nation;
use report::Report;

/// What was asked for on the command line.
struct Asked {
    days: u32,
    seconds: u64,
    /// What the name of everything measured has to contain.
    only: String,
    backends: Vec<Backend>,
}

impl Asked {
    fn read() -> Self {
        let mut asked = Self { days: 30, seconds: 5, only: String::new(), backends: Vec::new() };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            if word == "--only" {
                asked.only = words.next().expect("a word follows");
                continue;
            }
            let mut number = || words.next().and_then(|text| text.parse().ok()).expect("a number follows");
            match word.as_str() {
                "--days" => asked.days = u32::try_from(number()).expect("days"),
                "--seconds" => asked.seconds = number(),
                "sqlite" => asked.backends.push(Backend::Sqlite),
                "postgres" => asked.backends.push(Backend::Postgres),
                // cargo says this to every benchmark.
                "--bench" => {}
                other => panic!("{other} is not understood"),
            }
        }
        if asked.backends.is_empty() {
            asked.backends = vec![Backend::Sqlite, Backend::Postgres];
        }
        asked
    }
}

fn main() {
    let asked = Asked::read();
    let mut report = Report::default();
    for backend in &asked.backends {
        let mut nation = Nation::found(*backend, asked.days);
        report.built(*backend, &nation);
        for work in works::all(&nation).iter().filter(|work| work.name().contains(&asked.only)) {
            match measure::run(nation.address(), &nation.reporter, &work.work(), asked.seconds, &nation.usage()) {
                Ok(figures) => report.measured(*backend, figures),
                Err(answer) => report.said(format!("{backend:?}: {}: failed: {answer}", work.name())),
            }
        }
        if "papers".contains(&asked.only) {
            for line in papers::all(&nation) {
                report.said(format!("{backend:?}: {line}"));
            }
        }
        report.memory(*backend, nation.usage().resident_mib());
        for command in ["check", "rebuild"] {
            report.said(nation.maintained(command));
        }
    }
    report.print();
}
