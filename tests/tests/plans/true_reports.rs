//! What period reports say beside what was reported: official figures of the very days of each section.

use caodiem_domain::access::Role;
use caodiem_domain::extract::Strategy;
use caodiem_domain::extract::sheet::{Sheet, digest};
use caodiem_domain::period_report::ReportKind;
use caodiem_domain::period_report::paper::Paper;
use caodiem_domain::tally::Reporter;
use caodiem_domain::text::Source;
use caodiem_domain::time::Instant;
use caodiem_domain::usecase::import_official::{ImportOfficial, import_official};
use caodiem_domain::usecase::issue_report::{IssueReport, issue_report};
use caodiem_domain::usecase::read_reports::period_reports_by_id;
use caodiem_tests::on_both;
use caodiem_tests::people::{alone, hire};
use caodiem_tests::stage::{act, actor};

use crate::world::World;

fn at(text: &str) -> Instant {
    text.parse().expect("a moment")
}

fn import(world: &World, as_of: &str, content: &str) {
    let command = ImportOfficial {
        source: Source::new("CSDLQG về DC").expect("a source"),
        as_of: at(as_of),
        strategy: Strategy::CreateOrUpdate,
        partial: false,
        dry_run: false,
        sheet: Sheet::read(content.as_bytes()),
        sha256: digest(as_of.as_bytes()),
    };
    let by = act(Role::Verifier, at("2023-07-20T02:00:00Z"));
    let done = world.stage.store.write(|tx| import_official(&by, tx, &command)).expect("it is loaded");
    assert_eq!(done.refused, 0, "{:?}", done.noted);
}

/// The cells of a column of a section, the total last.
fn column(paper: &Paper, section: usize, key: &str) -> Vec<String> {
    let at = paper.columns.iter().position(|column| column.key == key).unwrap_or_else(|| panic!("no {key}"));
    let section = &paper.sections[section];
    let cells = section.rows.iter().map(|row| &row.cells[at]).chain([&section.totals[at]]);
    cells.map(|cell| cell.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string)).collect()
}

on_both! {
    each_section_is_held_against_the_official_figures_of_its_own_days(backend) {
        let Some(world) = World::new(backend) else { return };
        world.open();
        let unit = |at: usize| Reporter::Unit(world.communes[at]);
        let one = world.parts[0];
        world.tallies_at(at("2023-07-03T02:00:00Z"), &[
            (unit(0), "2023-06-21", one, 10),
            (unit(0), "2023-07-02", one, 30),
            (unit(2), "2023-06-22", one, 7),
        ]);
        // The drive begins on 20 June, its second phase on 30 June. The second district is named at both ends only, the third never.
        import(&world, "2023-06-19T17:00:00Z", "unit_code,L1\nD1,100\nD2,50\n");
        import(&world, "2023-06-29T16:59:00Z", "unit_code,L1\nD1,108\n");
        import(&world, "2023-07-19T16:59:00Z", "unit_code,L1\nD1,140\nD2,55\n");
        let command = IssueReport {
            kind: ReportKind::Final,
            drive: world.drive,
            unit: None,
            indicator: one,
            group: world.group,
            phase: None,
            day: None,
        };
        let planner = hire(&*world.stage.store, "an", Role::Planner, world.province);
        let issued = issue_report(&*world.stage.store, &alone(&planner, at("2023-07-20T02:00:00Z"), "issue"), &command);
        let id = issued.expect("a report");
        let found = world.stage.store.read(|tx| period_reports_by_id(&actor(Role::Planner), tx, &[id]));
        let paper = found.expect("reports").remove(&id).expect("a report").paper().expect("a paper");
        let of = |key| [0, 1, 2].map(|section| column(&paper, section, key));
        assert_eq!(of("done"), [["10", "7", "0", "17"], ["30", "0", "0", "30"], ["40", "7", "0", "47"]]);
        assert_eq!(of("official"), [["8", "-", "-", "8"], ["32", "-", "-", "32"], ["40", "5", "-", "45"]]);
        assert_eq!(of("gap"), [["2", "-", "-", "2"], ["-2", "-", "-", "-2"], ["0", "2", "-", "2"]]);
        assert_eq!(of("gap_percent")[2], ["0", "40", "-", "40/9"], "2 of 45");
        assert!(paper.columns.iter().all(|column| !["on_time", "verified"].contains(&column.key.as_str())), "nobody owes or checks");
        let partial = paper.findings.iter().any(|finding| finding.code().as_str() == "OFFICIAL_PARTIAL");
        assert!(partial, "one district has none: {:?}", paper.findings);
    }
}
