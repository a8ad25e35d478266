//! A country as one of its districts sees it, put in through the ports. What lies out of the district's scope carries a
//! mark in every text and a huge number in every figure, so that a leak shows wherever it comes out.
//!
//! ```text
//! country ─── parent ─┬─ own ─┬─ child ─── grandchild        other-root
//!                     │       ├─ closed (on 1 July)
//!                     │       └─ spare, nobody's place
//!                     └─ sibling ─┬─ moved (out of own on 4 July, yesterday)
//!                                 └─ merged (into child on 1 July)
//! ```

mod emulation;
mod identity;
mod records;
mod reports;
mod tree;

use std::collections::BTreeMap;
use std::sync::Arc;

use caodiem_domain::error::Error;
use caodiem_domain::id::{DriveId, GroupId, IndicatorId};
use caodiem_domain::ports::{Store, WriteTx};
use caodiem_domain::text::{Key, Reason, Subject, Title};
use caodiem_domain::time::{Day, Instant};
use caodiem_domain::unit::Unit;
use caodiem_tests::database::Backend;
use caodiem_tests::stage::Stage;

use crate::people::Person;
use crate::place::{PERSONAL, Place, Relation};

/// What every text out of scope begins with.
pub(crate) const MARK: &str = "Zqx";

/// What every figure out of scope is at least; nothing in scope comes near.
pub(crate) const HUGE: i64 = 500_000_000_000;

/// The moment at which everything is asked.
pub(crate) const NOW: &str = "2023-07-05T03:00:00Z";

/// The world.
pub(crate) struct World {
    pub(crate) stage: Stage,
    /// Who asks, each with an assignment over the district.
    pub(crate) people: Vec<Person>,
    places: BTreeMap<Relation, Place>,
    /// What is the same for all places.
    shared: Place,
}

/// A place while it is filled.
pub(super) struct Ground {
    relation: Relation,
    unit: Unit,
    /// Told apart from every other place.
    number: i64,
}

/// What several places have in common.
pub(super) struct Common {
    country: Unit,
    indicators: [IndicatorId; 3],
    group: GroupId,
    /// An open drive of the whole country.
    drive: DriveId,
}

impl World {
    /// A fresh one. `None`, said aloud, where there is no PostgreSQL.
    pub(crate) fn new(backend: Backend) -> Option<Self> {
        let stage = Stage::empty(backend)?;
        let (mut places, shared, mut people) = stage.store.write(fill).expect("a world");
        let acts = stage.store.read(|tx| Ok(tx.chain(1, 1_000)?)).expect("the record");
        for place in places.values_mut().chain(people.iter_mut().map(|person| &mut person.place)) {
            // Its place in the record is known once it stands there.
            if let Some(act) = acts.iter().find(|act| place.told("login") == Some(&act.subject)) {
                place.id("act", "Act", act.seq);
            }
        }
        Some(Self { stage, people, places, shared })
    }

    /// The store under it.
    pub(crate) fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.stage.store)
    }

    /// The records at a place, as that person meets them.
    pub(crate) fn place(&self, relation: Relation, person: Option<&Person>) -> Place {
        match (relation, person) {
            (Relation::Mine, Some(person)) => self.places[&Relation::Own].with(PERSONAL, &person.place),
            (Relation::Mine, None) => self.places[&Relation::Own].clone(),
            _ => self.places[&relation].clone(),
        }
    }

    /// A sample for a place, under a request id of its own.
    pub(crate) fn fill(&self, place: &Place, sample: &str) -> String {
        let mut shared = self.shared.clone();
        shared.text("request", &caodiem_tests::client::request_id());
        place.fill(&shared, sample)
    }
}

type Filled = (BTreeMap<Relation, Place>, Place, Vec<Person>);

fn fill(tx: &mut dyn WriteTx) -> Result<Filled, Error> {
    let (indicators, group) = records::catalogue(tx)?;
    let (country, spare, grounds) = tree::found(tx)?;
    let drive = records::country_drive(tx, &country, &indicators, group)?;
    let common = Common { country, indicators, group, drive };
    let mut places = BTreeMap::new();
    for ground in &grounds {
        let mut place = Place::default();
        place.id("unit", "Unit", ground.unit.id.get());
        place.text("code", ground.unit.version.code.as_str());
        place.text("name", ground.unit.version.name.as_str());
        place.text("file", &format!("unit_code,L1\n{code},5\n", code = ground.unit.version.code));
        records::put(tx, &common, ground, &mut place)?;
        identity::put(tx, ground, &mut place)?;
        places.insert(ground.relation, place);
    }
    let own = &grounds[0].unit;
    let people = identity::people(tx, &common.country, own)?;
    for (relation, version) in tree::reform(tx, &grounds)? {
        if let Some(place) = places.get_mut(&relation) {
            place.number("unitVersion", version);
        }
    }
    places.insert(Relation::Unknown, unknown());
    let mut shared = Place::default();
    shared.id("shared", "Drive", drive.get());
    shared.id("here", "Unit", own.id.get());
    shared.id("spare", "Unit", spare.id.get());
    shared.id("indicator", "Indicator", indicators[0].get());
    shared.id("group", "Group", group.get());
    Ok((places, shared, people))
}

/// Ids of every kind that were never given, and words that nothing is called.
fn unknown() -> Place {
    let mut place = Place::default();
    let numbered = [
        ("unit", "Unit"),
        ("drive", "Drive"),
        ("draft", "Drive"),
        ("team", "Team"),
        ("member", "Member"),
        ("quota", "Quota"),
        ("baseline", "Baseline"),
        ("account", "Account"),
        ("assignment", "Assignment"),
        ("session", "Session"),
        ("proposal", "Proposal"),
        ("report", "PeriodReport"),
        ("emulation", "EmulationList"),
        ("disabled", "Account"),
        ("suspended", "Assignment"),
        ("service", "Account"),
        ("act", "Act"),
        ("excuse", "ReportExcuse"),
        ("extract", "Extract"),
        ("inspection", "Inspection"),
        ("sample", "Sample"),
    ];
    for (at, (name, kind)) in numbered.into_iter().enumerate() {
        place.id(name, kind, 77_000_001 + at);
    }
    place.id("tally", "Tally", "77000002.77000001.2023-06-20.77000012.t77000004");
    place.number("unitVersion", 1);
    place.text("code", "NOWHERE");
    place.text("name", "Qqqqqqqq");
    place.text("file", "unit_code,L1\nNOWHERE,5\n");
    place.text("finding", &"0".repeat(64));
    place.text("login", "nobody-77");
    place.text("kid", "no-key-77");
    place
}

impl Ground {
    /// A text of the place: marked where nobody of the district may see it.
    fn text(&self, what: &str) -> String {
        let mark = if self.relation.is_in_scope() { "Okay" } else { MARK };
        format!("{mark}{what}{number}", number = self.number)
    }

    /// A figure of the place: huge where nobody of the district may see it.
    fn figure(&self, figure: i64) -> i64 {
        if self.relation.is_in_scope() { figure } else { HUGE + self.number * 1_000 + figure }
    }

    fn title(&self, what: &str) -> Title {
        title(&self.text(what))
    }

    fn subject(&self, what: &str) -> Subject {
        Subject::new(&self.text(what)).expect("a subject")
    }

    fn reason(&self, what: &str) -> Reason {
        Reason::new(&self.text(what)).expect("a reason")
    }
}

fn title(text: &str) -> Title {
    Title::new(text).expect("a title")
}

fn key(text: &str) -> Key {
    Key::new(text).expect("a key")
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

pub(crate) fn moment(text: &str) -> Instant {
    text.parse().expect("a moment")
}
