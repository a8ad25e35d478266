//! The same samples over HTTP against the real server, with real tokens: what it answers is what the schema answers in
//! this process.

use std::collections::BTreeMap;

use caodiem_domain::access::Role;
use caodiem_tests::app::App;
use caodiem_tests::client::Client;
use caodiem_tests::database::Backend;
use caodiem_tests::on_both;
use serde_json::{Value, json};

use crate::canary::leaks;
use crate::door::{Door, InProcess};
use crate::matrix::{answer, in_parallel, rows};
use crate::people::Principal;
use crate::place::Relation;
use crate::table::{Cell, Row};
use crate::world::{NOW, World};

/// A server, and a client for everybody.
struct Wire {
    app: App,
    clients: BTreeMap<Principal, Client>,
}

impl Wire {
    /// Serves a world at the moment at which everything is asked.
    fn over(world: &mut World) -> Self {
        let app = App::over(world.stage.close(), NOW);
        let client = |who: Principal| {
            let good = || app.token_of(who.name(), &[]);
            let token = match who {
                Principal::Anonymous => None,
                // The account's own day has passed the token's ten minutes by then.
                Principal::Expired => Some(app.token_of(who.name(), &["--today", "2023-07-04T03:00:00Z"])),
                Principal::WrongAudience => Some(app.token_of(who.name(), &["--audience", "another-service"])),
                Principal::Holder(_) | Principal::Revoked | Principal::Disabled => Some(good()),
            };
            (who, Client::new(app.base(), token))
        };
        let clients = Principal::all().into_iter().map(client).collect();
        Self { app, clients }
    }
}

impl Door for Wire {
    fn ask(&self, who: Principal, document: &str) -> Value {
        self.clients[&who].send(document, json!({})).body
    }
}

/// What differs between a row and what the server answers, where nothing is changed by asking.
fn differences(wire: &Wire, world: &World, row: &Row) -> Vec<String> {
    let mut found = Vec::new();
    for (relation, cells) in &row.cells {
        for (who, cell) in Principal::all().into_iter().zip(cells) {
            let changes = row.sample.kind == "mutation" && *cell == Cell::Allowed;
            // Who is not let in is not let in anywhere: once per sample will do.
            let known = matches!(who, Principal::Holder(_)) || *relation == Relation::Own;
            if changes || !known {
                continue;
            }
            let person = world.people.iter().find(|person| person.principal == who);
            let told = answer(wire, world, &row.sample, who, &world.place(*relation, person));
            let seen = Cell::of(&row.sample, &told);
            if seen != *cell {
                let (name, at) = (&row.sample.name, relation.as_str());
                found.push(format!("{name} at {at} for {}: {cell:?} in process, {seen:?} over HTTP: {told}", who.name()));
            }
        }
    }
    found
}

/// What is permitted is let in over HTTP as well. It changes the world, so it comes last, and what another change has made
/// impossible may be refused.
fn let_in(wire: &Wire, world: &World, row: &Row) -> Vec<String> {
    let mut found = Vec::new();
    for (who, column) in Principal::all().into_iter().zip(0..) {
        let place = row.cells.iter().find(|(_, cells)| cells[column] == Cell::Allowed);
        let (Some((relation, _)), Principal::Holder(_)) = (place, who) else { continue };
        let person = world.people.iter().find(|person| person.principal == who);
        let told = answer(wire, world, &row.sample, who, &world.place(*relation, person));
        if matches!(Cell::of(&row.sample, &told), Cell::Denied | Cell::Unauthenticated) {
            found.push(format!("{} at {} for {}: {told}", row.sample.name, relation.as_str(), who.name()));
        }
    }
    found
}

on_both! {
    the_server_answers_as_the_matrix_says(backend) {
        let Some(mut world) = World::new(backend) else { return };
        let rows = rows(&InProcess::new(&world), &world);
        let wire = Wire::over(&mut world);
        let found = in_parallel(&rows, |row| differences(&wire, &world, row)).concat();
        assert!(found.is_empty(), "{} differ:\n{}", found.len(), found.join("\n"));
        let changing: Vec<&Row> = rows.iter().filter(|row| row.sample.kind == "mutation").collect();
        let found: Vec<String> = changing.iter().flat_map(|row| let_in(&wire, &world, row)).collect();
        assert!(found.is_empty(), "{}", found.join("\n"));
        let told = wire.app.log();
        assert_eq!(leaks(&told, false), Vec::<String>::new(), "in the server's log");
    }
}
