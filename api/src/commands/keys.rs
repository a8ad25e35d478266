//! `caodiem keys`: the ring of keys that sign tokens. A running server notices within seconds. What is done goes on record,
//! but does not wait for it: a stolen key is disabled even where the database is away.

use std::sync::Arc;

use caodiem_domain::time::Clock;
use chrono::DateTime;

use crate::app::open_store;
use crate::auth::ring::notes::Notes;
use crate::auth::ring::{Change, Folder};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::failure::Failure;
use crate::host::deeds::{self, Deeds};

/// What to do with the keys.
#[derive(Debug, clap::Subcommand)]
pub enum KeysCommand {
    /// Show where each key stands
    List,
    /// Make a key and publish it; a day later it may sign
    Rotate,
    /// Let a published key sign; the one that did verifies on
    Activate(OfKey),
    /// Refuse what a key signed, from now on: it is in the wrong hands
    Disable {
        /// Name of the key
        kid: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Throw a key away that signed last a day ago or longer
    Remove(OfKey),
}

/// Which key, and whether a rule of time is set aside.
#[derive(Debug, clap::Args)]
pub struct OfKey {
    /// Name of the key
    kid: String,
    /// Do it although it is too early; tokens that count may be refused then
    #[arg(long, requires = "reason")]
    force: bool,
    /// Why
    #[arg(long)]
    reason: Option<String>,
}

impl OfKey {
    fn forced(&self) -> Option<&str> {
        self.reason.as_deref().filter(|_| self.force)
    }
}

/// Runs the command.
///
/// # Errors
/// When a rule is against it, or files cannot be read or written.
pub fn run(config: &Config, what: &KeysCommand) -> Result<(), Failure> {
    let now = SystemClock::default().now();
    let (folder, old) = (Folder::new(&config.keys_dir), config.old_signing_key());
    if matches!(what, KeysCommand::List) {
        let notes = folder.open(&old, now)?.notes;
        print(&notes);
        let waiting = notes.unrecorded().count();
        if waiting > 0 {
            println!("{waiting} not on record yet");
        }
        return Ok(());
    }
    print(&folder.change(&old, now, |ring| apply(ring, what))?);
    let clock = Arc::new(SystemClock::default());
    let recorded = open_store(config).and_then(|store| Deeds::new(config, store, clock).record());
    if let Err(why) = recorded {
        deeds::tell_unrecorded(&why);
    }
    Ok(())
}

fn apply(ring: &mut Change<'_>, what: &KeysCommand) -> Result<(), Failure> {
    let now = ring.now;
    let done = match what {
        KeysCommand::List => Ok(()),
        KeysCommand::Rotate => return ring.publish().map(drop),
        KeysCommand::Activate(of) => ring.notes.activate(&of.kid, now, of.forced()),
        KeysCommand::Disable { kid, reason } => ring.notes.disable(kid, now, reason),
        KeysCommand::Remove(of) => {
            ring.notes.remove(&of.kid, now, of.forced()).map_err(Failure::Failed)?;
            return ring.throw_away(&of.kid);
        }
    };
    done.map_err(Failure::Failed)
}

fn print(notes: &Notes) {
    let day = |at: Option<i64>| {
        at.and_then(|at| DateTime::from_timestamp(at, 0))
            .map_or_else(|| "-".to_owned(), |at| at.format("%FT%TZ").to_string())
    };
    println!("{:<32}  {:<8}  {:<20}  {:<20}  {:<20}", "key", "state", "published", "signs from", "signed until");
    for key in &notes.keys {
        let (published, from, until) = (day(Some(key.published_at)), day(key.active_from), day(key.retired_at));
        println!("{:<32}  {:<8}  {published:<20}  {from:<20}  {until:<20}", key.kid, key.state.word());
    }
}
