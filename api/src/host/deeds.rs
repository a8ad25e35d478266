//! What the host did to its keys and with them, put into the record of acts.
//!
//! The ring notes each deed in the very file that says where the keys stand: a key in the wrong hands is disabled whether
//! or not the database can be reached. What is noted goes on record as soon as it can: by the command itself, by the next
//! one, or by the server, which looks every few seconds. A deed has its request id from the beginning, so it goes on
//! record once, whoever comes first.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::{rt, web};
use caodiem_domain::audit::Change;
use caodiem_domain::error::Error;
use caodiem_domain::ports::Store;
use caodiem_domain::problem::Problem;
use caodiem_domain::text::RequestId;
use caodiem_domain::time::Clock;
use caodiem_domain::usecase::Act;
use chrono::DateTime;

use crate::auth::ring::Folder;
use crate::auth::ring::notes::{Deed, TOKEN};
use crate::config::Config;
use crate::failure::Failure;
use crate::host;

/// How often a server looks for deeds that are not on record.
const EVERY: Duration = Duration::from_secs(5);

/// Puts deeds on record.
#[derive(Clone)]
pub struct Deeds {
    folder: Folder,
    old: PathBuf,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// One at a time in this process; of two processes one is refused, and finds nothing left the next time.
    turn: Arc<Mutex<()>>,
}

impl Deeds {
    /// Of the configured ring, into a store. `clock` is the real one.
    #[must_use]
    pub fn new(config: &Config, store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        let (folder, old) = (Folder::new(&config.keys_dir), config.old_signing_key());
        Self { folder, old, store, clock, turn: Arc::default() }
    }

    /// Puts on record what is not; tells how many these were.
    ///
    /// # Errors
    /// A failure of storage or of the ring's files. What went on record before it stands.
    pub fn record(&self) -> Result<usize, Failure> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let notes = self.folder.read()?.notes;
        let pending: Vec<(&Deed, &String)> =
            notes.unrecorded().filter_map(|deed| Some((deed, deed.unrecorded.as_ref()?))).collect();
        for (deed, id) in &pending {
            let act = act(deed, id).map_err(|problem| Failure::refused("the record of acts", &problem.into()))?;
            let written = self.store.write(|tx| {
                act.once(tx, |tx| {
                    tx.changed(Change { kind: "Key", id: 0, before: None, after: Some(told(deed)) });
                    Ok(())
                })
            });
            written.map_err(|error: Error| Failure::refused("the record of acts", &error))?;
        }
        let ids: Vec<String> = pending.into_iter().map(|(_, id)| id.clone()).collect();
        if !ids.is_empty() {
            self.folder.change(&self.old, self.clock.now(), |ring| {
                ring.notes.recorded(&ids);
                Ok(())
            })?;
        }
        Ok(ids.len())
    }

    /// Looks every few seconds for as long as the server runs. A failure is told once.
    pub(crate) async fn keep(self) {
        let (mut turn, mut told) = (rt::time::interval(EVERY), None);
        loop {
            turn.tick().await;
            let failure = self.record_aside().await.err();
            if let Some(failure) = failure.as_ref().filter(|failure| told.as_ref() != Some(*failure)) {
                tracing::error!(%failure, "what the host did to its keys could not be put on record");
            }
            told = failure;
        }
    }

    /// [`Self::record`] on a thread for blocking work.
    ///
    /// # Errors
    /// What went wrong, in words.
    pub(crate) async fn record_aside(&self) -> Result<usize, String> {
        let own = self.clone();
        let done = web::block(move || own.record()).await.map_err(|gone| gone.to_string())?;
        done.map_err(|failure| failure.to_string())
    }
}

/// The deed as an act of the host, at its own moment.
fn act(deed: &Deed, id: &str) -> Result<Act, Problem> {
    let operation = if deed.what == TOKEN { TOKEN.to_owned() } else { format!("keys {what}", what = deed.what) };
    let mut act = host::act(DateTime::from_timestamp(deed.at, 0).unwrap_or_default(), &operation)?;
    act.request.id = RequestId::new(id)?;
    Ok(act)
}

/// What became of the key, or whom it signed a token for.
fn told(deed: &Deed) -> String {
    let became = match deed.what.as_str() {
        "rotate" => "published",
        "activate" => "signs",
        "disable" => "disabled",
        "remove" => "removed",
        TOKEN => "signed a token",
        other => other,
    };
    let reason = deed.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("{kid} {became}{reason}", kid = deed.kid)
}

/// Says that deeds are not on record yet, and what becomes of that.
pub fn tell_unrecorded(why: &Failure) {
    eprintln!(
        "done, but not on record yet: {why}\nIt is noted in the ring of keys; the next server or command that reaches the \
         database puts it on record."
    );
}
