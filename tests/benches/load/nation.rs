//! The nation: 11,366 units and 90,580 made-up villages, one drive over all of them, a month of tallies.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use caodiem_tests::app::{App, prepare};
use caodiem_tests::client::Client;
use caodiem_tests::database::{Backend, Database};
use serde_json::{Value, json};

use crate::usage::Usage;
use crate::wire::Wire;

/// What every village reports.
pub(crate) const INDICATORS: [&str; 4] = ["ENROLLED_L1", "ENROLLED_L2", "ACTIVATED_L1", "ACTIVATED_L2"];
/// How many connections load the month.
const LOADERS: usize = 4;
/// The most rows one submission may hold.
pub(crate) const BATCH: usize = 1_000;

/// A served nation.
pub(crate) struct Nation {
    app: App,
    backend: Backend,
    /// Ids by tier, from the country down.
    pub(crate) tiers: [Vec<String>; 5],
    pub(crate) drive: String,
    /// The token of whoever reports for the country.
    pub(crate) reporter: String,
    /// How long the import of the tree took.
    pub(crate) imported: Duration,
    /// How many tallies were loaded, and how long that took.
    pub(crate) loaded: (u64, Duration),
    /// How many days of tallies there are.
    pub(crate) days: u32,
}

/// A day of the drive, from 1.
pub(crate) fn day(number: u32) -> String {
    let (month, day) = if number <= 31 { (7, number) } else { (8, number - 31) };
    format!("2023-{month:02}-{day:02}")
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn now() -> Instant {
    Instant::now()
}

impl Nation {
    /// Imports the tree, plans the drive, and loads days of tallies.
    pub(crate) fn found(backend: Backend, days: u32) -> Self {
        assert!(days <= 40, "the drive has days enough for 40 of them, and for what is measured after");
        let database = Database::empty(backend).expect("PostgreSQL is installed");
        let began = now();
        prepare(&database.url(), database.home(), &["migrate"]);
        prepare(&database.url(), database.home(), &["import", "units", "--builtin", "2023", "--villages", "all"]);
        prepare(&database.url(), database.home(), &["import", "catalogue"]);
        let imported = began.elapsed();
        let app = App::over(database, &day(60));
        let planner = app.client("planner", "VN");
        let drive = plan(&planner);
        let tiers = ["COUNTRY", "PROVINCE", "DISTRICT", "COMMUNE", "VILLAGE"].map(|level| ids(&planner, level));
        let reporter = app.token(&["--role", "reporter", "--unit", "VN"]);
        let mut nation = Self { app, backend, tiers, drive, reporter, imported, loaded: (0, Duration::ZERO), days };
        nation.load();
        nation
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.app.base().trim_start_matches("http://").parse().expect("an address")
    }

    /// Somebody of that role for the country.
    pub(crate) fn client(&self, role: &str) -> Client {
        self.app.client(role, "VN")
    }

    /// What its processes use.
    pub(crate) fn usage(&self) -> Usage {
        Usage::of(self.app.process(), self.backend == Backend::Postgres)
    }

    /// Runs a command over the whole database with the server stopped: what it said, how long it took, and the most memory
    /// it held.
    pub(crate) fn maintained(&mut self, command: &str) -> String {
        if self.app.is_running() {
            self.app.stop();
        }
        let began = now();
        let mut process = self.app.begin(&[command]);
        let mut most = 0;
        while process.try_wait().expect("it can be waited for").is_none() {
            most = most.max(Usage::of(process.id(), false).peak_mib());
            thread::sleep(Duration::from_millis(20));
        }
        let took = began.elapsed().as_secs_f64();
        let output = process.wait_with_output().expect("it ended");
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8_lossy(&output.stdout);
        let said = said.lines().last().unwrap_or_default();
        format!("{backend:?}: {command} in {took:.1} s, at most {most} MiB: {said}", backend = self.backend)
    }

    /// The villages.
    pub(crate) fn villages(&self) -> &[String] {
        &self.tiers[4]
    }

    fn load(&mut self) {
        let villages = self.villages();
        let parts: Vec<(u32, &str, &[String])> = (1..=self.days)
            .flat_map(|day| INDICATORS.map(|indicator| (day, indicator)))
            .flat_map(|(day, indicator)| villages.chunks(BATCH).map(move |part| (day, indicator, part)))
            .collect();
        let (next, began) = (AtomicUsize::new(0), now());
        thread::scope(|scope| {
            for _ in 0..LOADERS {
                scope.spawn(|| {
                    let mut wire = Wire::open(self.address(), &self.reporter).expect("a connection");
                    while let Some((number, (on, indicator, part))) = {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        parts.get(at).map(|part| (at, part))
                    } {
                        let rows: Vec<String> =
                            part.iter().map(|village| row(village, &day(*on), indicator, 3)).collect();
                        let body = submission(&format!("load-{number:08}"), &self.drive, &rows.join(","));
                        let answer = wire.post(&body).expect("an answer");
                        assert!(answer.contains("\"refused\":0") && answer.contains("\"errors\":[]"), "{answer}");
                    }
                });
            }
        });
        let count = u64::try_from(villages.len() * INDICATORS.len()).expect("a count") * u64::from(self.days);
        self.loaded = (count, began.elapsed());
    }
}

/// A row of a submission.
pub(crate) fn row(village: &str, day: &str, indicator: &str, value: u64) -> String {
    format!(
        "{{\"reporter\":{{\"unit\":\"{village}\"}},\"day\":\"{day}\",\"indicator\":\"{indicator}\",\"value\":\"{value}\"}}"
    )
}

/// The body of a submission.
pub(crate) fn submission(request: &str, drive: &str, rows: &str) -> String {
    format!(
        "{{\"query\":\"mutation($input:SubmitTalliesInput!){{submitTallies(input:$input){{accepted refused errors{{code}}}}}}\",\
         \"variables\":{{\"input\":{{\"requestId\":\"{request}\",\"drive\":\"{drive}\",\"rows\":[{rows}]}}}}}}"
    )
}

fn plan(planner: &Client) -> String {
    let known = planner.ask("{ unitByCode(code: \"VN\") { id } }", json!({}));
    let unit = &known["unitByCode"]["id"];
    let drive = json!({ "planNumber": "1/KH", "title": "Đợt cao điểm giả lập", "issuer": "Giả lập", "unit": unit, "synthetic": true,
        "issuedOn": "2023-07-01", "days": { "from": "2023-07-01", "to": "2023-08-31" }, "indicators": ["ENROLLED", "ACTIVATED"],
        // Villages report when they like, so that loading them needs no reasons; communes owe a report a day and are silent.
        "reportingRules": [{ "level": "COMMUNE", "before": "15:30" }] });
    let drive = planner.act("createDrive", "CreateDriveInput", drive, "drive { id }")["drive"]["id"].clone();
    let quota = json!({ "holder": { "unit": unit }, "indicator": "ACTIVATED", "group": "RESIDENTS_14_PLUS",
        "basis": { "absolute": { "amount": "40000000" } } });
    planner.act("setQuotas", "SetQuotasInput", json!({ "drive": drive, "quotas": [quota] }), "count");
    planner.act("openDrive", "OpenDriveInput", json!({ "drive": drive, "expectedVersion": 1 }), "drive { id }");
    drive.as_str().expect("an id").to_owned()
}

fn ids(client: &Client, level: &str) -> Vec<String> {
    let document = "query($level: Level!, $after: String) { units(first: 100, after: $after, where: { level: [$level] }) { \
        nodes { id } pageInfo { hasNextPage endCursor } } }";
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = client.ask(document, json!({ "level": level, "after": after }))["units"].clone();
        let nodes = page["nodes"].as_array().expect("nodes");
        found.extend(nodes.iter().map(|node| node["id"].as_str().expect("an id").to_owned()));
        if page["pageInfo"]["hasNextPage"] == false {
            return found;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}
