//! Settings: defaults < file < environment < flags, all checked before anything starts, all complaints at once.

pub mod external;
mod sources;

use std::fmt;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use caodiem_domain::time::{Day, Instant};
use chrono::{DateTime, FixedOffset, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use external::ExternalIssuer;
pub use sources::Mode;
use sources::Sources;

/// How log lines are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}

/// Settings as flags; each is also a key of the file and, in upper case behind `CAODIEM_`, an environment variable.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, clap::Args)]
pub struct Settings {
    /// Folder for the embedded database and the signing keys [default: data]
    #[arg(long, global = true, value_name = "FOLDER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_dir: Option<PathBuf>,
    /// `sqlite:FILE` or `postgres://…`; also `DATABASE_URL` [default: caodiem.db in the data folder]
    #[arg(long, global = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
    /// Address to listen on [default: 127.0.0.1]
    #[arg(long, global = true, value_name = "ADDRESS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Port to listen on; 0 takes a free one [default: 8080]
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// Worker threads [default: one per core]
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workers: Option<u16>,
    /// Folder of the ES256 keys that sign tokens; see `caodiem keys` [default: keys in the data folder, made when missing]
    #[arg(long, global = true, value_name = "FOLDER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys_dir: Option<PathBuf>,
    /// Form of the log [default: pretty]
    #[arg(long, global = true, value_enum)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_format: Option<LogFormat>,
    /// What is logged, as in `info,caodiem=debug` [default: info]
    #[arg(long, global = true, value_name = "FILTER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_filter: Option<String>,
    /// Accept insecure settings; readiness then says so
    #[arg(long, global = true, num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_insecure: Option<bool>,
    /// Set the clock to a day (08:00 in Viet Nam) or a moment (RFC 3339) from which it goes on; needs --allow-insecure
    /// outside of the demonstration
    #[arg(long, global = true, value_name = "DAY|MOMENT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub today: Option<String>,
}

/// The settings in force.
#[derive(Clone, PartialEq, Eq)]
pub struct Config {
    /// Folder for the embedded database and the signing keys.
    pub data_dir: PathBuf,
    /// Where the data is. Holds a password: never printed.
    pub database_url: String,
    /// Address to listen on.
    pub host: IpAddr,
    /// Port to listen on.
    pub port: u16,
    /// Worker threads.
    pub workers: usize,
    /// Folder of the keys that sign tokens.
    pub keys_dir: PathBuf,
    /// `iss` of tokens.
    pub issuer: String,
    /// `aud` of tokens.
    pub audience: String,
    /// Other issuers whose tokens sign in.
    pub external_issuers: Vec<ExternalIssuer>,
    /// Form of the log.
    pub log_format: LogFormat,
    /// What is logged.
    pub log_filter: String,
    /// Whether insecure settings are accepted.
    pub allow_insecure: bool,
    /// What the clock is set to.
    pub today: Option<Instant>,
    /// Whether `/graphiql` is served.
    pub graphiql: bool,
    /// How many attempts to get in an address has a minute.
    pub sign_ins_per_minute: NonZeroU32,
    /// The largest body that is read.
    pub body_max_bytes: usize,
    /// How long a body may take to arrive.
    pub body_timeout: Duration,
    /// How long an operation may take.
    pub execution_timeout: Duration,
    /// How long an idle connection is kept.
    pub keep_alive: Duration,
    /// How long requests in flight may take to finish at shutdown.
    pub shutdown_timeout: Duration,
    /// Connections per worker.
    pub connections_max: usize,
}

impl Config {
    /// Reads and checks every setting.
    ///
    /// # Errors
    /// [`Failure::Config`] with every complaint.
    pub fn load(mode: Mode, file: Option<&std::path::Path>, flags: &Settings) -> Result<Self, Failure> {
        let mut from = Sources::gather(mode, file, flags)?;
        let data_dir: PathBuf = from.take("data_dir", "a folder");
        let beside = |name: &str| data_dir.join(name);
        let database = from.take::<Option<String>>("database_url", "a URL");
        let config = Self {
            database_url: database.unwrap_or_else(|| format!("sqlite:{}", beside("caodiem.db").display())),
            host: from.parse("host", "an IP address such as 127.0.0.1", IpAddr::from([127, 0, 0, 1])),
            port: from.take("port", "a port, 0 to 65535"),
            workers: from.number("workers", 1..=256),
            keys_dir: from.take::<Option<PathBuf>>("keys_dir", "a folder").unwrap_or_else(|| beside("keys")),
            issuer: from.text("issuer"),
            audience: from.text("audience"),
            external_issuers: from.list("external_issuers"),
            log_format: from.take_or("log_format", "pretty or json", LogFormat::Pretty),
            log_filter: from.text("log_filter"),
            allow_insecure: from.take("allow_insecure", "true or false"),
            today: from.moment("today"),
            graphiql: from.take("graphiql", "true or false"),
            sign_ins_per_minute: from.count("sign_ins_per_minute", 1..=100_000),
            body_max_bytes: from.number("body_max_bytes", 1_024..=16 * 1_024 * 1_024),
            body_timeout: from.seconds("body_seconds", 1..=60),
            execution_timeout: from.seconds("execution_seconds", 1..=300),
            keep_alive: from.seconds("keep_alive_seconds", 1..=300),
            shutdown_timeout: from.seconds("shutdown_seconds", 1..=300),
            connections_max: from.number("connections_max", 1..=25_000),
            data_dir,
        };
        config.check(mode, &mut from);
        from.finish(config)
    }

    /// What only several settings together can get wrong.
    fn check(&self, mode: Mode, from: &mut Sources) {
        let known = ["sqlite:", "postgres://", "postgresql://"];
        if !known.iter().any(|scheme| self.database_url.starts_with(scheme)) {
            from.complain("database_url", "it has to begin with sqlite: or postgres://");
        }
        if !self.host.is_loopback() && !self.allow_insecure {
            from.complain(
                "host",
                "this would serve plain HTTP to the network; listen on 127.0.0.1 behind a proxy with TLS, or set allow_insecure",
            );
        }
        if self.today.is_some() && mode == Mode::Service && !self.allow_insecure {
            from.complain("today", "a service goes by the real clock; only with allow_insecure can it be set");
        }
        for complaint in external::complaints(&self.external_issuers, &self.issuer) {
            from.complain("external_issuers", &complaint);
        }
        if let Err(error) = tracing_subscriber::EnvFilter::try_new(&self.log_filter) {
            from.complain("log_filter", &format!("it is no filter: {error}"));
        }
    }

    /// The insecure choices in force, for readiness and the log.
    #[must_use]
    pub fn insecure_choices(&self) -> Vec<&'static str> {
        let plain = (!self.host.is_loopback()).then_some("plain HTTP outside of loopback");
        let clock = self.today.map(|_| "the clock is set");
        plain.into_iter().chain(clock).collect()
    }

    /// The file of the key under which secrets are kept in the database.
    #[must_use]
    pub fn sealing_key(&self) -> PathBuf {
        self.data_dir.join("sealing.key")
    }

    /// Where the only key stood before there was a ring of keys; it is taken over.
    #[must_use]
    pub fn old_signing_key(&self) -> PathBuf {
        self.data_dir.join("signing.pem")
    }

    /// The database without its password.
    #[must_use]
    pub fn database_for_print(&self) -> String {
        let Some((scheme, rest)) = self.database_url.split_once("://") else { return self.database_url.clone() };
        let (_, place) = rest.rsplit_once('@').unwrap_or(("", rest));
        let place = place.split('?').next().unwrap_or_default();
        format!("{scheme}://{place}")
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Config")
            .field("data_dir", &self.data_dir)
            .field("database", &self.database_for_print())
            .field("host", &self.host)
            .field("port", &self.port)
            .field("workers", &self.workers)
            .field("keys_dir", &self.keys_dir)
            .field("issuer", &self.issuer)
            .field("audience", &self.audience)
            .field("log_filter", &self.log_filter)
            .field("allow_insecure", &self.allow_insecure)
            .field("today", &self.today)
            .finish_non_exhaustive()
    }
}

/// Reads a day, meaning 08:00 in Viet Nam, or a moment.
fn parse_moment(text: &str) -> Option<Instant> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment.to_utc());
    }
    at_in_viet_nam(text.parse().ok()?, 8, 0)
}

/// That time of day in Asia/Ho_Chi_Minh.
#[must_use]
pub fn at_in_viet_nam(day: Day, hour: u32, minute: u32) -> Option<Instant> {
    let zone = FixedOffset::east_opt(7 * 3600)?;
    let local = day.and_time(NaiveTime::from_hms_opt(hour, minute, 0)?);
    local.and_local_timezone(zone).single().map(|moment| moment.to_utc())
}

#[cfg(test)]
mod tests;
