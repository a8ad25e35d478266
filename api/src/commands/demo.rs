//! `caodiem demo`: makes two drives on real plans with made-up tallies, and serves them.

mod guide;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use caodiem_domain::error::Error;
use caodiem_domain::ports::Store;
use caodiem_domain::time::{Clock, Day, in_viet_nam};
use caodiem_domain::usecase::begin_demonstration::begin_demonstration;

use crate::app::{self, App};
use crate::checkpoints::file::CheckpointFile;
use crate::clock::SystemClock;
use crate::commands::serve::announce;
use crate::config::{Config, at_in_viet_nam};
use crate::demo::{self, Script};
use crate::failure::Failure;
use crate::progress::Progress;
use crate::{host, server};

/// Holds the day that the demonstration in this folder is made for. One that was interrupted goes on.
const MARK: &str = "demo-day";

/// Runs the command until a signal comes.
///
/// # Errors
/// What kept it from being made or served.
pub fn run(mut config: Config, fresh: bool, prepare_only: bool) -> Result<(), Failure> {
    if fresh {
        throw_away(&config)?;
    }
    let day = day_of(&config)?;
    config.today = config.today.or_else(|| at_in_viet_nam(day, 8, 0));
    let store = prepare_database(&config)?;
    mark(&config, day)?;
    let progress = Progress::begin();
    let made = demo::prepare(&Script::new(&store, &progress), day);
    progress.end();
    let made = made?;
    println!("two drives, {} rows of tallies up to the evening before {day}; all tallies are made up", made.tallies);
    if prepare_only {
        return Ok(());
    }
    let app = App::new(config, store)?;
    let shown = guide::Guide::write(&app, &made)?;
    server::run(app, move |app, address| {
        shown.print(app, address)?;
        announce(address)
    })
}

/// A migrated database that is empty, or was begun as a demonstration.
fn prepare_database(config: &Config) -> Result<Arc<dyn Store>, Failure> {
    app::migrate(config)?;
    let store = app::open_store(config)?;
    let now = SystemClock::default().now();
    let act = host::act(now, "demo").map_err(|problem| Failure::refused("the demonstration", &problem.into()))?;
    match store.write(|tx| begin_demonstration(&act, tx)) {
        Ok(()) => Ok(store),
        Err(Error::Refused(_)) => {
            let place = config.database_for_print();
            Err(Failure::Failed(format!("{place} holds data that no demonstration made; name another database")))
        }
        Err(error) => Err(Failure::refused("the demonstration", &error)),
    }
}

fn mark_file(config: &Config) -> PathBuf {
    config.data_dir.join(MARK)
}

/// The day to show: the one named, the one the database was made for, or the usual one.
fn day_of(config: &Config) -> Result<Day, Failure> {
    let made_for: Option<Day> =
        std::fs::read_to_string(mark_file(config)).ok().and_then(|text| text.trim().parse().ok());
    let named = config.today.map(|moment| in_viet_nam(moment).0);
    match (named, made_for) {
        (Some(named), Some(made_for)) if named < made_for => Err(Failure::config(format!(
            "--today {named}: this demonstration already holds tallies up to {made_for}; go on from there, or begin anew with --fresh"
        ))),
        (Some(day), _) | (None, Some(day)) => Ok(day),
        (None, None) => demo::default_day(),
    }
}

fn mark(config: &Config, day: Day) -> Result<(), Failure> {
    let file = mark_file(config);
    let written = std::fs::create_dir_all(&config.data_dir).and_then(|()| std::fs::write(&file, format!("{day}\n")));
    written.map_err(|error| Failure::failed(&file.display().to_string(), error))
}

/// Removes an embedded database with what belongs to it; a server's database is nobody's to throw away.
fn throw_away(config: &Config) -> Result<(), Failure> {
    let Some(file) = config.database_url.strip_prefix("sqlite:") else {
        return Err(Failure::config("--fresh throws away an embedded database only"));
    };
    let beside = ["", "-wal", "-shm", ".lock"].map(|suffix| PathBuf::from(format!("{file}{suffix}")));
    // Exported checkpoints speak of acts that go with the database.
    let exported = CheckpointFile::of(config);
    for path in beside.iter().map(PathBuf::as_path).chain([mark_file(config).as_path(), exported.path()]) {
        remove(path)?;
    }
    Ok(())
}

fn remove(path: &Path) -> Result<(), Failure> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::failed(&format!("{} cannot be removed", path.display()), error))
        }
        _ => Ok(()),
    }
}
