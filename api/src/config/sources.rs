//! Where settings come from, and complaining about them by the name under which the operator wrote them.

use std::num::NonZeroU32;
use std::ops::RangeInclusive;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use caodiem_domain::time::Instant;
use figment::providers::{Env, Format, Serialized, Toml};
use figment::value::{Dict, Map};
use figment::{Figment, Metadata, Profile, Provider, Source};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Settings, parse_moment};
use crate::failure::Failure;

/// What the process is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Real work: every source counts.
    Service,
    /// A demonstration: flags only, so that it is the same everywhere and never touches the database of a service.
    Demo,
}

const FILE: &str = "caodiem.toml";
const PREFIX: &str = "CAODIEM_";
const FLAG: &str = "flag";

/// Every key with its default. Keys that depend on others are `None`.
#[derive(Serialize)]
struct Defaults {
    data_dir: &'static str,
    database_url: Option<String>,
    host: &'static str,
    port: u16,
    workers: usize,
    keys_dir: Option<String>,
    issuer: &'static str,
    audience: &'static str,
    external_issuers: [&'static str; 0],
    log_format: &'static str,
    log_filter: &'static str,
    allow_insecure: bool,
    today: Option<String>,
    graphiql: bool,
    sign_ins_per_minute: usize,
    body_max_bytes: usize,
    body_seconds: u64,
    execution_seconds: u64,
    keep_alive_seconds: u64,
    shutdown_seconds: u64,
    connections_max: usize,
}

impl Defaults {
    fn of(mode: Mode) -> Self {
        let demo = mode == Mode::Demo;
        Self {
            data_dir: if demo { "data/demo" } else { "data" },
            database_url: None,
            host: "127.0.0.1",
            port: 8080,
            workers: std::thread::available_parallelism().map_or(2, usize::from),
            keys_dir: None,
            issuer: "caodiem",
            audience: "caodiem-api",
            external_issuers: [],
            log_format: "pretty",
            log_filter: if demo { "warn" } else { "info" },
            allow_insecure: false,
            today: None,
            graphiql: demo,
            sign_ins_per_minute: 30,
            body_max_bytes: 1_048_576,
            body_seconds: 5,
            execution_seconds: 10,
            keep_alive_seconds: 15,
            shutdown_seconds: 25,
            connections_max: 2_000,
        }
    }
}

/// Flags as a source, named as they are typed.
struct Flags<'a>(&'a Settings);

impl Provider for Flags<'_> {
    fn metadata(&self) -> Metadata {
        Metadata::named(FLAG)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Serialized::defaults(self.0).data()
    }
}

/// How a key is written where it comes from.
fn written(key: &str, metadata: &Metadata) -> String {
    match (metadata.name.as_ref(), &metadata.source) {
        (FLAG, _) => format!("--{}", key.replace('_', "-")),
        (name, None) if name.contains(PREFIX) => format!("{PREFIX}{}", key.to_uppercase()),
        (name, None) if name.contains("environment") => key.to_uppercase(),
        (_, Some(Source::File(path))) => format!("{key} in {}", path.display()),
        _ => key.to_owned(),
    }
}

/// The gathered settings, and what is wrong with them so far.
pub(super) struct Sources {
    figment: Figment,
    complaints: Vec<String>,
}

impl Sources {
    /// Gathers the sources of the mode and refuses keys that do not exist.
    pub(super) fn gather(mode: Mode, file: Option<&Path>, flags: &Settings) -> Result<Self, Failure> {
        let mut figment = Figment::new();
        if mode == Mode::Service {
            if let Some(path) = file.filter(|path| !path.is_file()) {
                return Err(Failure::config(format!("--config {path}: there is no such file", path = path.display())));
            }
            figment = figment
                .merge(Toml::file(file.unwrap_or(Path::new(FILE))))
                .merge(Env::raw().only(&["DATABASE_URL"]))
                .merge(Env::prefixed(PREFIX).ignore(&["config"]));
        }
        let figment = figment.merge(Flags(flags)).join(Serialized::defaults(Defaults::of(mode)));
        let given: Dict = figment.extract().map_err(|error| Failure::config(error.to_string()))?;
        let known = Serialized::defaults(Defaults::of(mode)).data().unwrap_or_default();
        let known: Vec<&String> = known.values().flat_map(Map::keys).collect();
        let mut sources = Self { figment, complaints: Vec::new() };
        for key in given.keys().filter(|key| !known.contains(key)) {
            let all: Vec<&str> = known.iter().map(|key| key.as_str()).collect();
            sources.complain(key, &format!("there is no such setting; there are: {}", all.join(", ")));
        }
        Ok(sources)
    }

    /// Adds a complaint, under the name that the operator used.
    pub(super) fn complain(&mut self, key: &str, what: &str) {
        let written = self.figment.find_metadata(key).map(|metadata| written(key, metadata));
        self.complaints.push(format!("{name}: {what}", name = written.unwrap_or_else(|| key.to_owned())));
    }

    /// A value of a type that has a natural default for when it is refused.
    pub(super) fn take<T: DeserializeOwned + Default>(&mut self, key: &str, wanted: &str) -> T {
        self.take_or(key, wanted, T::default())
    }

    /// A value, or `otherwise` with a complaint.
    pub(super) fn take_or<T: DeserializeOwned>(&mut self, key: &str, wanted: &str, otherwise: T) -> T {
        match self.figment.extract_inner(key) {
            Ok(value) => value,
            Err(_wrong_type) => {
                self.complain(key, &format!("it has to be {wanted}"));
                otherwise
            }
        }
    }

    /// Several values of one form, or none with a complaint that says which part is wrong.
    pub(super) fn list<T: DeserializeOwned>(&mut self, key: &str) -> Vec<T> {
        match self.figment.extract_inner(key) {
            Ok(values) => values,
            Err(error) => {
                let told: Vec<String> =
                    error.into_iter().map(|one| format!("{}: {}", one.path.join("."), one.kind)).collect();
                self.complain(key, &told.join("; "));
                Vec::new()
            }
        }
    }

    /// Text that is not empty; a bare number in the environment is text, too.
    pub(super) fn text(&mut self, key: &str) -> String {
        let value = self.figment.find_value(key).ok();
        let text = value.as_ref().and_then(|value| {
            value.as_str().map(str::to_owned).or_else(|| value.to_i128().map(|number| number.to_string()))
        });
        let text = text.unwrap_or_default();
        if text.is_empty() {
            self.complain(key, "it has to be text, and not empty");
        }
        text
    }

    /// Text in a form that the standard library reads.
    pub(super) fn parse<T: FromStr>(&mut self, key: &str, wanted: &str, otherwise: T) -> T {
        if let Ok(value) = self.text(key).parse() {
            return value;
        }
        self.complain(key, &format!("it has to be {wanted}"));
        otherwise
    }

    /// A number in range.
    pub(super) fn number(&mut self, key: &str, range: RangeInclusive<usize>) -> usize {
        let wanted = format!("a number from {} to {}", range.start(), range.end());
        let number = self.take_or(key, &wanted, *range.start());
        if !range.contains(&number) {
            self.complain(key, &format!("it is {number}; it has to be {wanted}"));
        }
        number
    }

    /// A number in range, and at least one.
    pub(super) fn count(&mut self, key: &str, range: RangeInclusive<usize>) -> NonZeroU32 {
        let number = u32::try_from(self.number(key, range)).ok();
        number.and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MIN)
    }

    /// A time in whole seconds.
    pub(super) fn seconds(&mut self, key: &str, range: RangeInclusive<usize>) -> Duration {
        let seconds = self.number(key, range);
        Duration::from_secs(u64::try_from(seconds).unwrap_or(1))
    }

    /// A day or a moment, where one is given.
    pub(super) fn moment(&mut self, key: &str) -> Option<Instant> {
        let text = self.take::<Option<String>>(key, "a day such as 2023-05-10, or a moment")?;
        let moment = parse_moment(&text);
        if moment.is_none() {
            self.complain(key, "it has to be a day such as 2023-05-10, or a moment such as 2023-05-10T15:29:59+07:00");
        }
        moment
    }

    /// The settings, when nothing is wrong with them.
    pub(super) fn finish<T>(self, settings: T) -> Result<T, Failure> {
        if self.complaints.is_empty() { Ok(settings) } else { Err(Failure::Config(self.complaints)) }
    }
}
