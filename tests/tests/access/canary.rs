//! A mark in every text and a huge number in every figure out of scope: neither comes out anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use caodiem_domain::access::{Role, Scope};
use caodiem_tests::database::Backend;
use serde_json::Value;

use crate::door::{Door, InProcess, unfit};
use crate::matrix::in_parallel;
use crate::people::{Person, Principal};
use crate::place::{Place, Relation, named_in};
use crate::samples::{self, Sample};
use crate::selection::{edges, everything};
use crate::shape::Shape;
use crate::world::{HUGE, MARK, World};

/// How many levels of everything are selected where the cost allows it; what lies deeper is walked to edge by edge.
const DEPTH: usize = 2;

/// What is wrong with an answer, once what was sent is taken out of it.
pub(crate) fn leaks(told: &str, whole_country: bool) -> Vec<String> {
    let mut found = Vec::new();
    let lower = told.to_lowercase();
    for (at, _) in lower.match_indices(&MARK.to_lowercase()).filter(|_| !whole_country) {
        found.push(lower[at..].chars().take_while(|letter| letter.is_alphanumeric()).collect());
    }
    // Digits inside of a longer word are part of a hash or a request's id.
    let words = told.split(|letter: char| !letter.is_ascii_alphanumeric());
    found.extend(words.filter(|word| word.parse::<i64>().is_ok_and(|number| number >= HUGE)).map(str::to_owned));
    found
}

/// [`leaks`] of an answer: of its text, and of what is wrapped in its texts.
fn leaks_of(answer: &Value, sent: &[(&Place, &str)], whole_country: bool) -> Vec<String> {
    let mut told = answer.to_string();
    for (place, text) in sent {
        told = place.anonymise(text, &told);
    }
    let wrapped = told.split('"').filter_map(|word| String::from_utf8(URL_SAFE_NO_PAD.decode(word).ok()?).ok());
    let wrapped: Vec<String> = wrapped.flat_map(|text| leaks(&text, whole_country)).collect();
    [leaks(&told, whole_country), wrapped].concat()
}

/// One request, with what is sent in it.
struct Request<'a> {
    person: &'a Person,
    sample: &'a Sample,
    outer: Place,
    inner: Place,
    selection: String,
    /// Whether it is read in pages.
    is_list: bool,
    /// The edge it walks; none when it selects everything.
    edge: Option<String>,
}

impl Request<'_> {
    fn document(&self, world: &World) -> String {
        let selection = world.fill(&self.inner, &self.selection);
        let mut head = world.fill(&self.outer, self.sample.head());
        if self.is_list {
            // Whole pages would be too much for one request.
            head.truncate(head.len() - 1);
            head += ", first: 5)";
        }
        self.sample.document(&format!("{head} {selection}"))
    }

    /// What of which place is sent.
    fn sent(&self) -> [(&Place, &str); 2] {
        [(&self.outer, self.sample.head()), (&self.inner, &self.selection)]
    }
}

/// Somebody with what introspection shows them, and how many steps it takes to get to each edge.
struct Asker<'a> {
    person: &'a Person,
    shape: Shape,
    steps: BTreeMap<String, usize>,
}

impl<'a> Asker<'a> {
    /// Looks for the shortest ways from the fields of `roots`.
    fn new(door: &dyn Door, person: &'a Person, roots: &[&str]) -> Self {
        let shape = Shape::shown_to(door, person.principal);
        let mut steps: BTreeMap<String, usize> = BTreeMap::new();
        for field in shape.fields("Query").iter().filter(|field| roots.contains(&field.name.as_str())) {
            for (edge, selection) in edges(&shape, &field.gives) {
                let least = steps.entry(edge).or_insert(usize::MAX);
                *least = (*least).min(steps_of(&selection));
            }
        }
        Self { person, shape, steps }
    }
}

/// How deep a selection of one edge goes.
fn steps_of(selection: &str) -> usize {
    selection.matches('{').count()
}

/// Everything that a person can ask of a sample's field: at every place; and, where nobody has before, every edge there is
/// below it to which no other field leads in fewer steps, with the arguments there from several places.
fn requests<'a>(
    world: &World,
    Asker { person, shape, steps }: &Asker<'a>,
    (sample, walks): (&'a Sample, bool),
) -> Vec<Request<'a>> {
    let root = if sample.kind == "query" { "Query" } else { "Mutation" };
    let Some(field) = shape.fields(root).iter().find(|field| field.name == sample.field()) else { return Vec::new() };
    let is_list = field.gives.ends_with("Connection");
    let request = |outer: Relation, inner: Relation, selection: &str, edge: Option<&String>| Request {
        person,
        sample,
        outer: world.place(outer, Some(*person)),
        inner: world.place(inner, Some(*person)),
        selection: selection.to_owned(),
        is_list,
        edge: edge.cloned(),
    };
    // Where another sample has gone deeper into the same, what the records themselves hold and are next to will do.
    // One node is cheap, and what its type is next to is found by no other sample of that type.
    let depth = if walks || sample.field() == "node" { DEPTH } else { 1 };
    let places = crate::matrix::places_of(world, sample).into_iter();
    let whole = |place: Relation| {
        let head = world.fill(&world.place(place, Some(person)), sample.head());
        everything(shape, &field.gives, &named_in(&head), depth)
    };
    let mut requests: Vec<_> = places.map(|place| request(place, Relation::Own, &whole(place), None)).collect();
    let edges = if walks { edges(shape, &field.gives) } else { BTreeMap::new() };
    for (edge, selection) in edges.iter().filter(|(edge, way)| steps.get(*edge) == Some(&steps_of(way))) {
        let inners = [Relation::Own, Relation::Sibling, Relation::Parent].into_iter();
        for inner in inners.take(if selection.contains('$') { 3 } else { 1 }) {
            requests.push(request(Relation::Own, inner, selection, Some(edge)));
        }
    }
    requests
}

/// Asks; with less where everything is too much for one request.
fn ask(door: &dyn Door, world: &World, shape: &Shape, request: &mut Request<'_>) -> Value {
    let mut depth = DEPTH;
    loop {
        let answer = door.ask(request.person.principal, &request.document(world));
        match unfit(&answer) {
            None => return answer,
            Some(_) if request.edge.is_none() && depth > 0 => {
                depth -= 1;
                let root = if request.sample.kind == "query" { "Query" } else { "Mutation" };
                let fields = shape.fields(root).iter();
                let mut gives = fields.filter(|field| field.name == request.sample.field()).map(|field| &field.gives);
                let named = named_in(&world.fill(&request.outer, request.sample.head()));
                request.selection = everything(shape, gives.next_back().expect("a field"), &named, depth);
            }
            Some(why) => panic!("{why}: {}", request.document(world)),
        }
    }
}

/// What a whole round of requests gave.
#[derive(Default)]
struct Round {
    asked: usize,
    leaks: BTreeSet<String>,
    forbidden: BTreeSet<String>,
}

/// Asks everything of everything.
fn round(door: &dyn Door, world: &World) -> Round {
    let samples = samples::all();
    let all = Shape::of_schema();
    let gives = |sample: &Sample| {
        all.fields("Query").iter().find(|field| field.name == sample.field()).map(|field| &field.gives)
    };
    let first = |at: usize| samples[..at].iter().all(|before| gives(before) != gives(&samples[at]));
    let walks: Vec<bool> = (0..samples.len()).map(|at| samples[at].kind == "query" && first(at)).collect();
    let people = world.people.iter().filter(|person| matches!(person.principal, Principal::Holder(_)));
    let walking: Vec<&str> =
        samples.iter().zip(&walks).filter(|(_, walks)| **walks).map(|(sample, _)| sample.field()).collect();
    let askers: Vec<Asker<'_>> = people.map(|person| Asker::new(door, person, &walking)).collect();
    let cases: Vec<_> = askers
        .iter()
        .flat_map(|asker| samples.iter().zip(&walks).map(move |(sample, walks)| (asker, sample, *walks)))
        .collect();
    let rounds = in_parallel(&cases, |(asker, sample, walks)| {
        let Asker { person, shape, .. } = asker;
        let mut round = Round::default();
        let whole_country = matches!(person.role, Role::SystemAdmin | Role::BreakGlass);
        for mut request in requests(world, asker, (sample, *walks)) {
            let answer = ask(door, world, shape, &mut request);
            round.asked += 1;
            let who = person.principal.name();
            for leak in leaks_of(&answer, &request.sent(), whole_country) {
                round.leaks.insert(format!("{leak} to {who} by {}: {}", sample.name, request.document(world)));
            }
            if request.edge.is_some() && forbidden_below_the_root(&answer) {
                let edge = request.edge.unwrap_or_default();
                round.forbidden.insert(format!("{who}: {edge} by {}: {}", sample.name, answer["errors"]));
            }
        }
        round
    });
    rounds.into_iter().fold(Round::default(), |mut whole, round| {
        whole.asked += round.asked;
        whole.leaks.extend(round.leaks);
        whole.forbidden.extend(round.forbidden);
        whole
    })
}

/// Whether a field was forbidden that stands below the root: what the root itself gives to whom is the matrix's matter.
fn forbidden_below_the_root(answer: &Value) -> bool {
    let errors = answer["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    errors.iter().any(|error| {
        error["extensions"]["code"] == "FORBIDDEN" && error["path"].as_array().is_some_and(|path| path.len() > 1)
    })
}

/// What was logged.
static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Writes to it.
struct Lines;

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.lock().expect("the log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn nothing_out_of_scope_comes_out_anywhere() {
    let lines = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(|| Lines);
    tracing::subscriber::set_global_default(lines.finish()).expect("no log before");
    let world = World::new(Backend::Sqlite).expect("SQLite is always there");
    // What is logged from here on is logged of requests.
    LOG.lock().expect("the log").clear();
    let round = round(&InProcess::new(&world), &world);
    let shown: Vec<_> = round.leaks.iter().take(20).collect();
    assert!(round.leaks.is_empty(), "{} leaks of {} answers: {shown:#?}", round.leaks.len(), round.asked);
    assert!(round.asked > 3_000, "{}", round.asked);
    assert_eq!(round.forbidden, BTreeSet::new(), "shown, and yet forbidden");
    let log = String::from_utf8_lossy(&LOG.lock().expect("the log")).into_owned();
    assert_eq!(leaks(&log, false), Vec::<String>::new(), "in the log");
    let written = std::fs::read_dir(world.stage.database().home()).expect("a folder").flatten();
    let written: Vec<String> = written.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    assert!(written.iter().all(|name| name.starts_with("caodiem.db")), "{written:?}");
}

/// Kinds of marks that no field shows, whatever the scope. The list only shrinks.
const NEVER_SHOWN: [&str; 0] = [];

/// With scope taken away every kind of mark comes out, so the test above looks at all of them.
#[test]
fn without_scope_every_mark_comes_out() {
    let world = World::new(Backend::Sqlite).expect("SQLite is always there");
    let wide = InProcess::new(&world).altered(&world, |actor| {
        if actor.role != Role::SystemAdmin && actor.role != Role::BreakGlass {
            actor.scope = Scope::Country;
        }
    });
    let leaks = round(&wide, &world).leaks;
    let kinds = [
        "login",
        "post",
        "machine",
        "disabled",
        "suspended",
        "why",
        "grantor",
        "granted",
        "device",
        "key",
        "input",
        "before",
        "after",
        "request",
        "proposal",
        "unit",
        "drive",
        "team",
        "position",
        "explanation",
        "reason",
        "decision",
        "author",
        "source",
        "reporter",
        "correction",
    ];
    let hidden: Vec<_> = kinds
        .iter()
        .filter(|kind| !leaks.iter().any(|leak| leak.starts_with(&format!("{}{kind}", MARK.to_lowercase()))))
        .collect();
    assert_eq!(hidden.into_iter().copied().collect::<Vec<_>>(), NEVER_SHOWN);
    assert!(leaks.iter().any(|leak| leak.starts_with(|letter: char| letter.is_ascii_digit())), "no figure comes out");
}

#[test]
fn a_leak_is_seen() {
    assert_eq!(leaks("a ZqxTeam3 b", false), ["zqxteam3"]);
    assert_eq!(leaks("{\"done\": \"500000003004\"}", true), ["500000003004"]);
    let cursor = URL_SAFE_NO_PAD.encode("x ZqxTeam3");
    assert_eq!(leaks_of(&serde_json::json!({ "cursor": cursor }), &[], false), ["zqxteam3"]);
}
