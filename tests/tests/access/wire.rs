//! The same questions over HTTP, from PostgreSQL: the server as `caodiem serve` puts it together, on a port of this
//! machine, in front of a store that keeps nothing of what is written. Whoever asks comes with a real token, a bad one or
//! none.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::{Arc, mpsc};
use std::thread;

use caodiem_api::app::App;
use caodiem_api::config::external::{Algorithm, ExternalIssuer, Wanted};
use caodiem_api::config::{Config, Mode, Settings};
use caodiem_api::server;
use caodiem_tests::client::Client;
use caodiem_tests::database::Backend;
use caodiem_tests::forge::{Forge, claims_of};
use caodiem_tests::golden;
use caodiem_tests::vault::ISSUER;
use serde_json::{Value, json};

use crate::door::Door;
use crate::matrix::{MATRIX, rows};
use crate::people::{Person, Principal};
use crate::table::print;
use crate::undone::Undone;
use crate::visible::{self, VISIBLE};
use crate::world::{NOW, World, moment};

/// The server, and a client for each who asks.
pub(crate) struct OverHttp {
    clients: BTreeMap<Principal, Client>,
}

impl OverHttp {
    /// Serves a world. The server ends with the process.
    fn new(world: &World) -> Self {
        let app = App::new(config(world), Arc::new(Undone(world.store()))).expect("a server");
        let good = |person: &Person| app.tokens.mint(&person.claims(), 3_600).expect("a token");
        let tokens: Vec<_> = world.people.iter().map(|person| (person.principal, good(person))).collect();
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            server::run(app, |_, address| {
                tell.send(address).expect("somebody waits");
                Ok(())
            })
        });
        let base = format!("http://{}", told.recv().expect("it listens"));
        let forge = Forge::of(world.stage.database().home());
        let client = Client::new(&base, None);
        let client = |(who, good): (Principal, String)| {
            let token = presented(&forge, who, &good);
            (who, token.map_or_else(|| client.clone(), |token| client.under(token)))
        };
        Self { clients: tokens.into_iter().map(client).collect() }
    }
}

/// Settings from no other source, so that nothing of this machine's own counts.
fn config(world: &World) -> Config {
    let home = world.stage.database().home().to_owned();
    let flags = Settings { data_dir: Some(home), port: Some(0), workers: Some(2), ..Settings::default() };
    let config = Config::load(Mode::Demo, None, &flags).expect("settings");
    // Everybody comes from one address here.
    let sign_ins_per_minute = NonZeroU32::MAX;
    let external_issuers = vec![issuer(world)];
    Config { today: Some(moment(NOW)), graphiql: false, sign_ins_per_minute, external_issuers, ..config }
}

/// The issuer that is trusted in process, with a key of its own.
fn issuer(world: &World) -> ExternalIssuer {
    let keys = world.stage.database().home().join("issuer.json");
    Forge::stranger("issuer").publish(&keys);
    ExternalIssuer {
        issuer: ISSUER.to_owned(),
        audience: "caodiem".to_owned(),
        keys,
        algorithms: vec![Algorithm::Es256],
        require: Wanted::new(),
        second_factor: Wanted::new(),
        max_age_seconds: 600,
    }
}

/// What somebody presents, given a good token.
fn presented(forge: &Forge, who: Principal, good: &str) -> Option<String> {
    let changed = |changes: &[(&str, Value)]| {
        let mut claims = claims_of(good);
        for (name, value) in changes {
            claims[*name] = value.clone();
        }
        forge.sign_claims(&claims)
    };
    match who {
        Principal::Anonymous => None,
        Principal::Expired => {
            let now = claims_of(good)["iat"].as_i64().expect("a moment");
            Some(changed(&[("iat", json!(now - 600)), ("exp", json!(now - 60))]))
        }
        Principal::WrongAudience => Some(changed(&[("aud", json!("another-service"))])),
        Principal::Holder(_) | Principal::Revoked | Principal::Disabled => Some(good.to_owned()),
    }
}

impl Door for OverHttp {
    fn ask(&self, who: Principal, document: &str) -> Value {
        self.clients[&who].send(document, json!({})).body
    }
}

#[test]
fn the_wire_gives_the_very_same_cells() {
    let Some(world) = World::new(Backend::Postgres) else { return };
    let door = OverHttp::new(&world);
    let shown = visible::print(&visible::shapes(&door));
    for (table, found) in [(VISIBLE, shown), (MATRIX, print(&rows(&door, &world)))] {
        let differences = golden::differences(&golden::kept(table), &found);
        assert!(differences.is_empty(), "over HTTP {table} differs:\n{}", differences.join("\n"));
    }
}

/// What is told apart is what was changed in a token, not how it was signed.
#[test]
fn a_token_is_refused_for_its_end_and_its_audience_alone() {
    let world = World::new(Backend::Sqlite).expect("SQLite is always there");
    let door = OverHttp::new(&world);
    let forge = Forge::of(world.stage.database().home());
    let seen = |client: &Client| client.send("{ viewer { subject } }", json!({})).status;
    let app = App::new(config(&world), world.store()).expect("the same keys");
    for who in [Principal::Expired, Principal::WrongAudience] {
        let person = world.people.iter().find(|person| person.principal == who).expect("a person");
        let good = app.tokens.mint(&person.claims(), 3_600).expect("a token");
        let mended = door.clients[&who].under(forge.sign_claims(&claims_of(&good)));
        assert_eq!((seen(&door.clients[&who]), seen(&mended)), (401, 200), "{}", who.name());
    }
}
