//! The record of acts: one row for every mutation, grant, sign-in, refusal and export, written in the same transaction,
//! each bound to the one before it by a hash, so that nothing can be changed, taken out or put in unnoticed (T14).

use sha2::{Digest, Sha256};

use crate::access::Role;
use crate::id::{AccountId, AssignmentId, UnitId};
use crate::text::Subject;
use crate::time::Instant;

/// What came of an act.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ActOutcome {
    /// Done.
    Done,
    /// Refused, with the code of the first problem.
    Refused(String),
}

/// What an act did to one thing. Texts are short, hold no secrets and name no person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// The kind of thing: `Quota`, `Assignment` …
    pub kind: &'static str,
    /// Its key.
    pub id: i64,
    /// As it was; `None` when it is new.
    pub before: Option<String>,
    /// As it is; `None` when it is gone.
    pub after: Option<String>,
}

/// An act as it is to be recorded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// When the request arrived.
    pub at: Instant,
    /// Who; 0 for the host and for somebody unknown.
    pub account: AccountId,
    /// Under which name.
    pub subject: Subject,
    /// Under which assignment; 0 where there is none.
    pub assignment: AssignmentId,
    /// In which role.
    pub role: Option<Role>,
    /// What: the mutation's name, `signIn` …
    pub operation: String,
    /// The unit it concerns: who may read the acts there sees it.
    pub unit: Option<UnitId>,
    /// With what: canonical input without its secrets, or a digest of a long one.
    pub input: String,
    /// What changed.
    pub changes: Vec<Change>,
    /// What came of it.
    pub outcome: ActOutcome,
    /// The request's id, of the client or, where it gave none, in the log.
    pub request: String,
}

/// A recorded act, as it stands in the chain. `changes` is the text that was hashed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// Its place: 1, 2, 3 … without gaps.
    pub seq: i64,
    /// When the request arrived.
    pub at: Instant,
    /// Who.
    pub account: AccountId,
    /// Under which name.
    pub subject: String,
    /// Under which assignment.
    pub assignment: AssignmentId,
    /// In which role.
    pub role: Option<String>,
    /// What.
    pub operation: String,
    /// The unit it concerns.
    pub unit: Option<UnitId>,
    /// With what.
    pub input: String,
    /// What changed, as text.
    pub changes: String,
    /// `DONE`, or the code of the refusal.
    pub outcome: String,
    /// The request's id.
    pub request: String,
    /// The hash of the row before; zeros for the first.
    pub previous: [u8; 32],
    /// The hash over all of the above.
    pub hash: [u8; 32],
}

/// A signed statement of how far the chain went (kept in the database and, exported, out of its reach).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checkpoint {
    /// The last row it speaks of.
    pub seq: i64,
    /// The hash of that row.
    pub hash: [u8; 32],
    /// When it was made.
    pub at: Instant,
    /// The key that signed it.
    pub kid: String,
    /// The signature.
    pub signature: Vec<u8>,
}

/// What lists of acts can be narrowed by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RecordPredicate {
    /// By one of these accounts.
    Account(Vec<AccountId>),
    /// One of these operations.
    Operation(Vec<String>),
    /// Concerning this unit or any under it, by the tree as it stands.
    Under(UnitId),
    /// From then on.
    Since(Instant),
    /// Before then.
    Before(Instant),
    /// Refused, or done.
    Refused(bool),
    /// Under this request id.
    Request(String),
}

/// The hash before the first row.
pub const GENESIS: [u8; 32] = [0; 32];

impl Record {
    /// The row that an entry makes after the row `(seq, hash)`.
    #[must_use]
    pub fn follow(entry: &Entry, (seq, previous): (i64, [u8; 32])) -> Self {
        let outcome = match &entry.outcome {
            ActOutcome::Done => DONE.to_owned(),
            ActOutcome::Refused(code) => code.clone(),
        };
        let mut record = Self {
            seq: seq.saturating_add(1),
            at: entry.at,
            account: entry.account,
            subject: entry.subject.to_string(),
            assignment: entry.assignment,
            role: entry.role.map(|role| role.as_str().to_owned()),
            operation: entry.operation.clone(),
            unit: entry.unit.filter(|unit| unit.get() > 0),
            input: entry.input.clone(),
            changes: entry.changes.iter().map(Change::told).collect::<Vec<_>>().join("\n"),
            outcome,
            request: entry.request.clone(),
            previous,
            hash: GENESIS,
        };
        record.hash = record.reckoned();
        record
    }

    /// The hash over the row's content and the row before it: every field with its length, so that no two rows read alike.
    #[must_use]
    pub fn reckoned(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        let unit = self.unit.map(|unit| unit.get().to_string());
        let fields: [&str; 12] = [
            "caodiem audit 1",
            &self.seq.to_string(),
            &self.at.timestamp_micros().to_string(),
            &self.account.get().to_string(),
            &self.subject,
            &self.assignment.get().to_string(),
            self.role.as_deref().unwrap_or_default(),
            &self.operation,
            unit.as_deref().unwrap_or_default(),
            &self.input,
            &self.changes,
            &self.outcome,
        ];
        hasher.update(self.previous);
        for field in fields.into_iter().chain([self.request.as_str()]) {
            hasher.update(u64::try_from(field.len()).unwrap_or(u64::MAX).to_be_bytes());
            hasher.update(field.as_bytes());
        }
        hasher.finalize().into()
    }
}

/// The outcome of an act that was done, as stored.
pub const DONE: &str = "DONE";

impl Change {
    /// One line: kind, key, what was and what is.
    #[must_use]
    pub fn told(&self) -> String {
        let side = |text: &Option<String>| text.as_ref().map_or_else(|| "-".to_owned(), |text| text.replace('\n', " "));
        format!("{kind} {id}: {} => {}", side(&self.before), side(&self.after), kind = self.kind, id = self.id)
    }
}
