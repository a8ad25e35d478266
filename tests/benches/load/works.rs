//! What is measured.

use crate::measure::Work;
use crate::nation::{BATCH, INDICATORS, Nation, day, row, submission};

/// Connections that ask at once, but for batches.
const CLIENTS: usize = 64;
/// Connections that ask for what goes through the whole country.
const FEW_CLIENTS: usize = 4;

/// One kind of request, with what makes its bodies.
pub(crate) struct Kind<'nation> {
    name: String,
    clients: usize,
    units: u32,
    body: Box<dyn Fn(usize, u64) -> String + Sync + 'nation>,
    expects: &'static str,
}

impl<'nation> Kind<'nation> {
    /// One thing of interest a request.
    fn new(
        name: &str,
        clients: usize,
        body: impl Fn(usize, u64) -> String + Sync + 'nation,
        expects: &'static str,
    ) -> Self {
        Self { name: name.to_owned(), clients, units: 1, body: Box::new(body), expects }
    }

    /// What it is called.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// As the measurement takes it.
    pub(crate) fn work(&self) -> Work<'_> {
        Work {
            name: self.name.clone(),
            clients: self.clients,
            units: self.units,
            body: &self.body,
            expects: self.expects,
        }
    }
}

/// All of them, writes first: what is read has grown by then.
pub(crate) fn all(nation: &Nation) -> Vec<Kind<'_>> {
    let mut kinds = vec![single(nation), batch(nation), point(nation), page(nation), tallies(nation)];
    for (level, ids) in ["country", "province", "district", "commune", "village"].iter().zip(&nation.tiers) {
        kinds.push(progress(nation, level, ids));
    }
    kinds.push(restated(nation));
    kinds.push(ranking(nation));
    kinds
}

/// A place that the same client and number always give, spread over the list.
fn place(client: usize, number: u64, of: usize) -> usize {
    let mixed = (u64::try_from(client).unwrap_or(0) << 32 | number).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
    usize::try_from(mixed % u64::try_from(of).unwrap_or(1)).unwrap_or(0)
}

/// The slot of that number: the villages in turn, then the next indicator, then the next day after the loaded ones.
fn slot(nation: &Nation, from: u32, number: usize) -> (&str, String, &'static str) {
    let villages = nation.villages();
    let (village, turn) = (&villages[number % villages.len()], number / villages.len());
    let on = from + u32::try_from(turn / INDICATORS.len()).unwrap_or(0);
    (village, day(on), INDICATORS[turn % INDICATORS.len()])
}

fn single(nation: &Nation) -> Kind<'_> {
    let body = move |client: usize, number: u64| {
        let at = client + CLIENTS * usize::try_from(number).unwrap_or(0);
        let (village, on, indicator) = slot(nation, nation.days + 1, at);
        submission(&format!("one-{client:03}-{number:08}"), &nation.drive, &row(village, &on, indicator, number % 50))
    };
    Kind::new("submit 1 tally", CLIENTS, body, "\"accepted\":1,")
}

fn batch(nation: &Nation) -> Kind<'_> {
    let clients = 4;
    let body = move |client: usize, number: u64| {
        let first = (client + clients * usize::try_from(number).unwrap_or(0)) * BATCH;
        let rows = (first..first + BATCH).map(|at| {
            // Days behind those of the single tallies.
            let (village, on, indicator) = slot(nation, nation.days + 8, at);
            row(village, &on, indicator, 7)
        });
        let request = format!("many-{client:03}-{number:08}");
        submission(&request, &nation.drive, &rows.collect::<Vec<_>>().join(","))
    };
    let name = "submit 1,000 tallies at once (tallies)".to_owned();
    Kind { name, clients, units: 1_000, body: Box::new(body), expects: "\"accepted\":1000," }
}

fn query(document: &str, variables: &str) -> String {
    format!("{{\"query\":\"{document}\",\"variables\":{variables}}}")
}

fn point(nation: &Nation) -> Kind<'_> {
    let body = move |client, number| {
        let id = &nation.villages()[place(client, number, nation.villages().len())];
        query(
            "query($id:ID!){unit(by:{id:$id}){id code name fullName kind level validFrom}}",
            &format!("{{\"id\":\"{id}\"}}"),
        )
    };
    Kind::new("a unit by id", CLIENTS, body, "\"fullName\":")
}

fn page(nation: &Nation) -> Kind<'_> {
    let body = move |client, number| {
        let id = &nation.tiers[2][place(client, number, nation.tiers[2].len())];
        let document =
            "query($id:ID!){units(first:100,where:{under:$id}){nodes{id code name fullName kind level validFrom}}}";
        query(document, &format!("{{\"id\":\"{id}\"}}"))
    };
    Kind::new("a page of 100 units of a district", CLIENTS, body, "\"fullName\":")
}

fn tallies(nation: &Nation) -> Kind<'_> {
    let body = move |client, number| {
        let id = &nation.tiers[3][place(client, number, nation.tiers[3].len())];
        let document = "query($drive:ID!,$id:ID!){tallies(drive:$drive,first:100,where:{under:$id}){nodes{id day value revision receivedAt}}}";
        query(document, &format!("{{\"drive\":\"{drive}\",\"id\":\"{id}\"}}", drive = nation.drive))
    };
    Kind::new("a page of 100 tallies of a commune", CLIENTS, body, "\"value\":")
}

fn progress<'nation>(nation: &'nation Nation, level: &str, ids: &'nation [String]) -> Kind<'nation> {
    let body = move |client, number| {
        let id = &ids[place(client, number, ids.len())];
        let document = "query($units:[ID!]!,$input:ProgressInput!){progress(units:$units,input:$input){quota done percent remaining}}";
        let input =
            format!("{{\"drive\":\"{}\",\"indicator\":\"ACTIVATED\",\"group\":\"RESIDENTS_14_PLUS\"}}", nation.drive);
        query(document, &format!("{{\"units\":[\"{id}\"],\"input\":{input}}}"))
    };
    let name = format!("progress of a {level}, {} days", nation.days);
    Kind::new(&name, CLIENTS, body, "\"done\":")
}

/// Restated onto the tree as it is: the figures are the same, the work is that of any other day.
fn restated(nation: &Nation) -> Kind<'_> {
    let body = move |client, number| {
        let id = &nation.tiers[1][place(client, number, nation.tiers[1].len())];
        let document =
            "query($units:[ID!]!,$input:ProgressInput!){progress(units:$units,input:$input){done estimated}}";
        let input = format!(
            "{{\"drive\":\"{}\",\"indicator\":\"ACTIVATED\",\"group\":\"RESIDENTS_14_PLUS\",\
              \"view\":\"RESTATED\",\"onto\":\"2023-08-29\"}}",
            nation.drive
        );
        query(document, &format!("{{\"units\":[\"{id}\"],\"input\":{input}}}"))
    };
    let name = format!("restated progress of a province, {} days", nation.days);
    Kind::new(&name, FEW_CLIENTS, body, "\"done\":")
}

fn ranking(nation: &Nation) -> Kind<'_> {
    let body = move |client, number| {
        let id = &nation.tiers[3][place(client, number, nation.tiers[3].len())];
        let document =
            "query($unit:ID!,$input:ProgressInput!){ranking(unit:$unit,peers:LEVEL,measure:DONE,input:$input){place}}";
        let input =
            format!("{{\"drive\":\"{}\",\"indicator\":\"ACTIVATED\",\"group\":\"RESIDENTS_14_PLUS\"}}", nation.drive);
        query(document, &format!("{{\"unit\":\"{id}\",\"input\":{input}}}"))
    };
    let name = format!("ranking among all communes, {} days", nation.days);
    Kind::new(&name, FEW_CLIENTS, body, "\"ranking\":[")
}
