//! The composition root: what a process is made of, put together once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_graphql::parser::types::ExecutableDocument;
use caodiem_domain::audit::Change;
use caodiem_domain::ports::Store;
use caodiem_domain::time::Clock;
use caodiem_schema::{Deps, Schema};
use quick_cache::sync::Cache;

use crate::auth::crypto::ApiCrypto;
use crate::auth::external::Issuers;
use crate::auth::principal::Principals;
use crate::auth::ring::Keyring;
use crate::auth::throttle::Throttle;
use crate::auth::token::Tokens;
use crate::checkpoints::Checkpoints;
use crate::clock::{SetClock, SystemClock};
use crate::config::Config;
use crate::failure::Failure;
use crate::host;
use crate::host::deeds::Deeds;

/// How many parsed documents are remembered: parsing is half of a small query's cost.
const DOCUMENTS: usize = 1_000;

/// Everything a running process holds.
pub struct App {
    /// The settings.
    pub config: Config,
    /// The data.
    pub store: Arc<dyn Store>,
    /// The time the service goes by.
    pub clock: Arc<dyn Clock>,
    /// Tokens.
    pub tokens: Arc<Tokens>,
    /// Callers.
    pub principals: Principals,
    /// How often each address tries to get in.
    pub throttle: Throttle,
    /// The schema.
    pub schema: Schema,
    /// Checkpoints on the record of acts.
    pub checkpoints: Checkpoints,
    /// What the host did to its keys, on its way into the record.
    pub deeds: Deeds,
    /// Parsed documents by their text.
    pub documents: Cache<String, Arc<ExecutableDocument>>,
    draining: AtomicBool,
}

impl App {
    /// Puts a process together over an open store.
    ///
    /// # Errors
    /// [`Failure`] when the signing keys cannot be had.
    pub fn new(config: Config, store: Arc<dyn Store>) -> Result<Self, Failure> {
        let system: Arc<dyn Clock> = Arc::new(SystemClock::default());
        let clock: Arc<dyn Clock> = match config.today {
            Some(moment) => Arc::new(SetClock::at(moment)),
            None => Arc::clone(&system),
        };
        let tokens = Arc::new(tokens(&config, Arc::clone(&system))?);
        let issuers = Issuers::open(&config.external_issuers, &system)?;
        let crypto = ApiCrypto::new(Arc::clone(&tokens), &config.sealing_key(), issuers, Arc::clone(&system))?;
        let crypto = Arc::new(crypto);
        let throttle = Throttle::new(config.sign_ins_per_minute, Arc::clone(&clock));
        let deeds = Deeds::new(&config, Arc::clone(&store), Arc::clone(&system));
        let principals = Principals::new(Arc::clone(&tokens), Arc::clone(&store), system, Arc::clone(&clock));
        let keys = Arc::<Keyring>::clone(tokens.keys());
        let checkpoints = Checkpoints::new(&config, Arc::clone(&store), keys, Arc::clone(&clock));
        let (readers_max, writers_max) = (config.workers * 2 + 2, config.workers * 4);
        let deps = Deps { store: Arc::clone(&store), crypto, readers_max, writers_max };
        Ok(Self {
            schema: caodiem_schema::build(deps),
            documents: Cache::new(DOCUMENTS),
            draining: AtomicBool::new(false),
            config,
            store,
            clock,
            tokens,
            principals,
            checkpoints,
            deeds,
            throttle,
        })
    }

    /// Whether the process is shutting down.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Says that the process is shutting down.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }
}

/// Tokens under the keys of the configured ring.
///
/// # Errors
/// [`Failure`] when the signing keys cannot be had.
pub fn tokens(config: &Config, clock: Arc<dyn Clock>) -> Result<Tokens, Failure> {
    let keys = Arc::new(keyring(config, Arc::clone(&clock))?);
    Ok(Tokens::new(keys, &config.issuer, &config.audience, clock))
}

/// The configured ring of keys.
///
/// # Errors
/// [`Failure`] when they cannot be had.
pub fn keyring(config: &Config, clock: Arc<dyn Clock>) -> Result<Keyring, Failure> {
    Keyring::open(&config.keys_dir, &config.old_signing_key(), clock)
}

/// The settings of the store.
///
/// # Errors
/// [`Failure::Config`].
pub fn store_config(config: &Config) -> Result<caodiem_storage::Config, Failure> {
    let store = caodiem_storage::Config::new(&config.database_url);
    store.map_err(|error| Failure::config(format!("database_url: {error}")))
}

/// Opens the store, which has to be migrated.
///
/// # Errors
/// [`Failure::Failed`], with what would help.
pub fn open_store(config: &Config) -> Result<Arc<dyn Store>, Failure> {
    let place = config.database_for_print();
    caodiem_storage::open(&store_config(config)?).map_err(|error| Failure::failed(&place, error))
}

/// Opens the store for reading only: also beside a server that holds an embedded database.
///
/// # Errors
/// [`Failure::Failed`], with what would help.
pub fn open_for_reading(config: &Config) -> Result<Arc<dyn Store>, Failure> {
    let place = config.database_for_print();
    caodiem_storage::open_for_reading(&store_config(config)?).map_err(|error| Failure::failed(&place, error))
}

/// Puts migrations on record. The record itself may have been made by one of them, so this comes after.
fn record_migration(config: &Config, applied: &[String]) -> Result<(), Failure> {
    let act = host::act(SystemClock::default().now(), "migrate");
    let act = act.map_err(|problem| Failure::refused("migrate", &problem.into()))?;
    let done = open_store(config)?.write(|tx| {
        act.once(tx, |tx| {
            tx.changed(Change::made("Database", 0, format!("migrations {}", applied.join(", "))));
            Ok(())
        })
    });
    done.map_err(|error| Failure::refused("migrate", &error))
}

/// Brings the database up to date, making the folder of an embedded one.
///
/// # Errors
/// [`Failure::Failed`].
pub fn migrate(config: &Config) -> Result<Vec<String>, Failure> {
    let store = store_config(config)?;
    if let caodiem_storage::Database::Sqlite(file) = &store.database
        && let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder)
            .map_err(|error| Failure::failed(&format!("{} cannot be made", folder.display()), error))?;
    }
    let place = config.database_for_print();
    let report = caodiem_storage::migrate(&store).map_err(|error| Failure::failed(&place, error))?;
    if !report.applied.is_empty() {
        record_migration(config, &report.applied)?;
    }
    Ok(report.applied)
}
