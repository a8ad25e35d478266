//! The store in this process, for tests that speak to use cases rather than over the wire.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;

use caodiem_domain::access::{Actor, Role, Scope};
use caodiem_domain::error::Error;
use caodiem_domain::id::UnitId;
use caodiem_domain::ports::Store;
use caodiem_domain::request::RequestKey;
use caodiem_domain::text::{RequestId, Subject};
use caodiem_domain::time::Instant;
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::record_tallies::{Submission, SubmissionOutcome};
use caodiem_storage::{Config, migrate, open};

use crate::database::{Backend, Database};
use crate::postgres::fingerprint;

/// An open store over a database of its own.
pub struct Stage {
    /// The store.
    pub store: Arc<dyn Store>,
    database: Database,
}

impl Stage {
    /// A migrated, empty database. `None`, said aloud, where there is no PostgreSQL.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn empty(backend: Backend) -> Option<Self> {
        migrated(backend).map(Self::over)
    }

    /// Opens a database.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub fn over(database: Database) -> Self {
        let store = open(&Config::new(&database.url()).expect("a URL")).expect("it opens");
        Self { store, database }
    }

    /// The database under it.
    pub const fn database(&self) -> &Database {
        &self.database
    }

    /// Hands a submission to the writer lane and waits for its reply.
    ///
    /// # Errors
    /// Whatever the lane answers.
    ///
    /// # Panics
    /// When the lane drops the reply.
    pub fn submit(&self, submission: Submission) -> Result<SubmissionOutcome, Error> {
        let (reply, answer) = mpsc::channel();
        self.store.submit(
            submission,
            Box::new(move |outcome| {
                // A test that has ended waits for nothing.
                let _ = reply.send(outcome);
            }),
        );
        answer.recv().expect("a reply")
    }
}

/// A migrated, empty database.
///
/// # Panics
/// When it cannot be made.
pub fn migrated(backend: Backend) -> Option<Database> {
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../storage/migrations");
    let key = format!("migrated_{}", fingerprint(&migrations));
    Database::prepared(backend, &key, |url| {
        migrate(&Config::new(url).expect("a URL")).expect("the migrations run");
    })
}

/// An actor who sees the whole country.
///
/// # Panics
/// Never: the subject is well-formed.
pub fn actor(role: Role) -> Actor {
    let subject = Subject::new(&format!("test-{}", role.as_str())).expect("a subject");
    Actor::host(subject, role, UnitId::new(1), Scope::Country)
}

/// A request that was not made before, over `content`.
///
/// # Panics
/// Never: the id is well-formed.
pub fn request(actor: &Actor, content: u8) -> RequestKey {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let id = format!("request-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let id = RequestId::new(&id).expect("a request id");
    RequestKey { subject: actor.subject.clone(), id, fingerprint: [content; 32] }
}

/// An act of a role under a fresh request, by the host: what takes two people elsewhere is done at once.
pub fn act(role: Role, now: Instant) -> Act {
    let actor = actor(role);
    let request = request(&actor, 0);
    Act::new(actor, now, request, "test", String::new()).on_the_host()
}
