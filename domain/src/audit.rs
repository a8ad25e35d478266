//! The record of acts: one row for every mutation, grant, sign-in, refusal and export, written in the same transaction,
//! each bound to the one before it by a hash, so that nothing can be changed, taken out or put in unnoticed (T14).
//!
//! [`told`] puts things in a line for before and after, [`operations`] says whose acts a unit's admin may read, [`verify`]
//! finds what somebody did to the record itself.

pub mod operations;
pub mod told;
pub mod verify;

use sha2::{Digest, Sha256};

use crate::access::{Actor, Role};
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
    /// The unit of the assignment in use, not of what was changed: the record is read by where somebody acted from. Whoever
    /// may read the acts there sees it; `None` of the host and of somebody unknown.
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

impl Entry {
    /// What an actor did or was refused. What changed is added by whoever knows it.
    #[must_use]
    pub fn of(actor: &Actor, at: Instant, operation: &str, input: &str, outcome: ActOutcome, request: String) -> Self {
        Self {
            at,
            account: actor.account,
            subject: actor.subject.clone(),
            assignment: actor.assignment,
            role: Some(actor.role),
            operation: operation.to_owned(),
            unit: Some(actor.unit),
            input: bounded(input),
            changes: Vec::new(),
            outcome,
            request,
        }
    }
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
    /// The unit of the assignment in use.
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

impl Checkpoint {
    /// What is signed: the row, its hash, and when.
    #[must_use]
    pub fn statement(seq: i64, hash: &[u8; 32], at: Instant) -> Vec<u8> {
        format!("caodiem checkpoint 1\n{seq}\n{hash}\n{at}", hash = hex(hash), at = at.timestamp_micros()).into_bytes()
    }

    /// What its signature is to be verified over.
    #[must_use]
    pub fn signed(&self) -> Vec<u8> {
        Self::statement(self.seq, &self.hash, self.at)
    }
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}

/// The bytes of lower-case hexadecimal digits.
#[must_use]
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if !text.bytes().all(|digit| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit)) {
        return None;
    }
    let pairs = text.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    pairs.collect::<Option<Vec<u8>>>()?.try_into().ok()
}

/// The longest input that goes on record as it is.
pub const INPUT_MAX: usize = 4_096;

/// An input as it goes on record: whole up to [`INPUT_MAX`] bytes, otherwise its SHA-256 and length, so that nobody fills
/// the disk by what is refused.
#[must_use]
pub fn bounded(input: &str) -> String {
    if input.len() <= INPUT_MAX {
        return input.to_owned();
    }
    format!("{length} bytes, SHA-256 {digest}", length = input.len(), digest = hex(&Sha256::digest(input.as_bytes())))
}

/// What lists of acts can be narrowed by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RecordPredicate {
    /// At one of these places of the chain.
    Place(Vec<i64>),
    /// By one of these accounts.
    Account(Vec<AccountId>),
    /// Under one of these names.
    Subject(Vec<String>),
    /// One of these operations.
    Operation(Vec<String>),
    /// Under an assignment over this unit or any under it, by the tree as it stands.
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

/// A row's place and hash: what the next row is linked to.
pub type Link = (i64, [u8; 32]);

/// The hash before the first row.
pub const GENESIS: [u8; 32] = [0; 32];

impl Record {
    /// The row that an entry makes after the row `(seq, hash)`.
    #[must_use]
    pub fn follow(entry: &Entry, (seq, previous): Link) -> Self {
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
    /// Of a thing that is new.
    #[must_use]
    pub const fn made(kind: &'static str, id: i64, after: String) -> Self {
        Self { kind, id, before: None, after: Some(after) }
    }

    /// Of a thing that was there before.
    #[must_use]
    pub const fn altered(kind: &'static str, id: i64, before: String, after: String) -> Self {
        Self { kind, id, before: Some(before), after: Some(after) }
    }

    /// One line: kind, key, what was and what is.
    #[must_use]
    pub fn told(&self) -> String {
        let side = |text: &Option<String>| text.as_ref().map_or_else(|| "-".to_owned(), |text| text.replace('\n', " "));
        format!("{kind} {id}: {} => {}", side(&self.before), side(&self.after), kind = self.kind, id = self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_input_is_recorded_by_its_digest() {
        let (fits, long) = ("x".repeat(INPUT_MAX), "x".repeat(INPUT_MAX + 1));
        assert_eq!(bounded(&fits), fits);
        let digest = bounded(&long);
        assert!(digest.starts_with("4097 bytes, SHA-256 ") && digest.len() < 100, "{digest}");
        assert_ne!(bounded(&long), bounded(&"y".repeat(INPUT_MAX + 1)));
    }

    #[test]
    fn hexadecimal_digits_round_trip() {
        assert_eq!(unhex(&hex(&[0, 0xab, 0xff])), Some([0, 0xab, 0xff]));
        for wrong in ["", "00", "0000000", "+f+f+f", "0000AB", "zzzzzz"] {
            assert_eq!(unhex::<3>(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn changes_beyond_a_hundred_are_counted() {
        let change = |id| Change { kind: "Quota", id, before: None, after: Some("1".to_owned()) };
        assert_eq!(told::at_most((0..100).map(change).collect()).len(), 100);
        let many = told::at_most((0..1_000).map(change).collect());
        assert_eq!(many.len(), 101);
        assert_eq!(many.last().map(Change::told), Some("Quota 0: - => and 900 more".to_owned()));
    }
}
