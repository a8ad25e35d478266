//! The figures as a table, the databases side by side.

use caodiem_tests::database::Backend;

use crate::measure::Figures;
use crate::nation::Nation;

/// The design's own targets: what, per second, and p99 in milliseconds.
const TARGETS: [(&str, f64, f64); 2] =
    [("submit 1 tally", 8_000.0, 25.0), ("submit 1,000 tallies at once (tallies)", 25_000.0, f64::INFINITY)];

/// What was found out.
#[derive(Default)]
pub(crate) struct Report {
    built: Vec<String>,
    measured: Vec<(Backend, Figures)>,
    memory: Vec<String>,
}

impl Report {
    /// Notes how long the nation took.
    pub(crate) fn built(&mut self, backend: Backend, nation: &Nation) {
        let (count, took) = nation.loaded;
        #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "figures for people")]
        let rate = count as f64 / took.as_secs_f64();
        let line = format!(
            "{backend:?}: {units} units imported in {imported:.1} s; {count} tallies loaded in {took:.0} s by 4 connections: {rate:.0}/s",
            units = nation.tiers.iter().map(Vec::len).sum::<usize>(),
            imported = nation.imported.as_secs_f64(),
            took = took.as_secs_f64(),
        );
        eprintln!("{line}");
        self.built.push(line);
    }

    /// Notes what was measured.
    pub(crate) fn measured(&mut self, backend: Backend, figures: Figures) {
        let Figures { name, per_second, p50_ms, p99_ms, .. } = &figures;
        eprintln!("{backend:?}: {name}: {per_second:.0}/s, p50 {p50_ms:.2} ms, p99 {p99_ms:.2} ms");
        self.measured.push((backend, figures));
    }

    /// Notes the server's memory at the end.
    pub(crate) fn memory(&mut self, backend: Backend, mib: u64) {
        self.memory.push(format!("{backend:?}: {mib} MiB resident"));
    }

    /// Notes a line as it is.
    pub(crate) fn said(&mut self, line: String) {
        eprintln!("{line}");
        self.memory.push(line);
    }

    /// Prints it all.
    pub(crate) fn print(&self) {
        println!("{}\n", [self.built.as_slice(), self.memory.as_slice()].concat().join("\n"));
        println!(
            "| what | database | connections | per second | p50 / p99 ms | CPU µs each | to the other database | to the target |"
        );
        println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
        for (backend, figures) in self.in_order() {
            let other = self.measured.iter().find(|(other, of)| other != backend && of.name == figures.name);
            let ratio =
                other.map_or(String::new(), |(_, other)| format!("{:.2}", figures.per_second / other.per_second));
            let target = TARGETS.iter().find(|(name, ..)| *name == figures.name);
            let target = target.map_or(String::new(), |(_, rate, p99)| {
                let late = if figures.p99_ms > *p99 { ", p99 over it" } else { "" };
                format!("{:.2}{late}", figures.per_second / rate)
            });
            println!(
                "| {name} | {backend:?} | {clients} | {rate:.0} | {p50:.2} / {p99:.2} | {cpu:.0} | {ratio} | {target} |",
                name = figures.name,
                clients = figures.clients,
                rate = figures.per_second,
                p50 = figures.p50_ms,
                p99 = figures.p99_ms,
                cpu = figures.cpu_us,
            );
        }
    }

    /// Each kind of request with its databases under one another.
    fn in_order(&self) -> Vec<&(Backend, Figures)> {
        let mut names: Vec<&String> = Vec::new();
        for (_, figures) in &self.measured {
            if !names.contains(&&figures.name) {
                names.push(&figures.name);
            }
        }
        names.iter().flat_map(|name| self.measured.iter().filter(move |(_, of)| of.name == **name)).collect()
    }
}
