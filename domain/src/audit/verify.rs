//! Verifying the record: a reader that takes the chain's rows in order, then its head, then checkpoints, and says where
//! something was edited, deleted, inserted, swapped, cut off or rolled back (T14). It keeps the last row only, so any
//! length of chain is read in the same memory.
//!
//! What it cannot see: rows younger than the last checkpoint, rewritten together with everything after them and the head
//! by somebody who knows the recipe. A checkpoint is made every 60 s.

use std::fmt;

use super::{Checkpoint, GENESIS, Link, Record};

/// A comparison that is made. All are, outside of tests that show what each one is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Check {
    /// A row's content against its hash.
    Content,
    /// A row's link against the hash of the row before it.
    Link,
    /// A row's place: 1, 2, 3 … without gaps.
    Place,
    /// The head against the last row.
    Head,
    /// A checkpoint against the row it speaks of.
    Agreement,
    /// A checkpoint's signature.
    Signature,
    /// An exported checkpoint against those of the database.
    Presence,
}

impl Check {
    /// Every comparison.
    pub const ALL: &'static [Self] =
        &[Self::Content, Self::Link, Self::Place, Self::Head, Self::Agreement, Self::Signature, Self::Presence];
}

/// What was found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum What {
    /// The row's content does not give its hash.
    Edited,
    /// The row does not follow the one before it: one of the two was rewritten, put in or taken from another place.
    Unlinked,
    /// The rows from here to that one are missing.
    Missing(i64),
    /// The row stands behind a row of the same or a later place.
    Misplaced,
    /// The head says that the chain ends here; its last row is that one: the tail was cut off.
    TailCut(i64),
    /// The head says that the chain ended before this row: it was put in, or the head was turned back.
    BehindHead,
    /// The head has another hash than the last row.
    HeadEdited,
    /// A checkpoint says that this row stood; the chain ends at that one: the tail was cut off, or an old backup stands in
    /// the database's place.
    RolledBack(i64),
    /// The row has another hash than when the checkpoint was made: the chain was rewritten from here or before.
    Rewritten,
    /// The checkpoint is not signed by one of our keys.
    Forged,
    /// An exported checkpoint is missing in the database.
    Withheld,
}

/// A finding: what, at which row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Finding {
    /// The place in the chain.
    pub seq: i64,
    /// What is wrong there.
    pub what: What,
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seq = self.seq;
        match self.what {
            What::Edited => write!(out, "row {seq}: edited; compare it with a backup from before the edit"),
            What::Unlinked => write!(
                out,
                "row {seq}: does not follow row {before}; one of the two was rewritten, put in or swapped; compare both \
                 with a backup",
                before = seq.saturating_sub(1)
            ),
            What::Missing(to) if to == seq => write!(out, "row {seq}: deleted; take it from a backup"),
            What::Missing(to) => write!(out, "rows {seq} to {to}: deleted; take them from a backup"),
            What::Misplaced => write!(out, "row {seq}: stands out of order; compare the rows around it with a backup"),
            What::TailCut(last) => {
                write!(out, "rows {first} to {seq}: cut off; take them from a backup", first = last.saturating_add(1))
            }
            What::BehindHead => {
                write!(out, "row {seq}: stands behind the head; it was put in, or the head was turned back")
            }
            What::HeadEdited => {
                write!(out, "row {seq}: the head names another hash; the head or the last row was edited")
            }
            What::RolledBack(last) => write!(
                out,
                "row {seq}: a checkpoint speaks of it, but the chain ends at row {last}; an old backup was restored or the \
                 tail cut off; look for the newer database"
            ),
            What::Rewritten => write!(
                out,
                "row {seq}: not the row of the checkpoint; the chain was rewritten here or before, or another backup \
                 stands in its place; compare with a backup of the checkpoint's time"
            ),
            What::Forged => {
                write!(out, "row {seq}: a checkpoint without a valid signature of ours; find who wrote it, and the key")
            }
            What::Withheld => {
                write!(
                    out,
                    "row {seq}: an exported checkpoint is missing in the database; it was deleted, or a backup restored"
                )
            }
        }
    }
}

/// Where a checkpoint was kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kept {
    /// In the database.
    Stored,
    /// Out of its reach. `stored`: whether the database has one of that row too.
    Exported {
        /// Whether it does.
        stored: bool,
    },
    /// Out of its reach, and never in the database: made beside a running server.
    ExportedOnly,
}

/// The most findings that are kept; the others are counted.
const KEPT_MAX: usize = 100;

/// Reads the record and finds what is wrong with it.
#[derive(Clone, Debug)]
pub struct Verifier {
    without: Option<Check>,
    last: Link,
    rows: u64,
    checkpoints: u64,
    found: u64,
    findings: Vec<Finding>,
}

impl Default for Verifier {
    fn default() -> Self {
        Self::leaving_out(None)
    }
}

impl Verifier {
    /// One that leaves a comparison out, to show what it is for.
    #[must_use]
    pub const fn without(check: Check) -> Self {
        Self::leaving_out(Some(check))
    }

    const fn leaving_out(without: Option<Check>) -> Self {
        Self { without, last: (0, GENESIS), rows: 0, checkpoints: 0, found: 0, findings: Vec::new() }
    }

    /// The place after the last row that was read.
    #[must_use]
    pub const fn next(&self) -> i64 {
        self.last.0.saturating_add(1)
    }

    /// The next row.
    pub fn record(&mut self, record: &Record) {
        let (seq, (last, hash)) = (record.seq, self.last);
        let follows = seq == self.next();
        if seq <= last {
            self.note(Check::Place, seq, What::Misplaced);
        } else if !follows {
            self.note(Check::Place, self.next(), What::Missing(seq.saturating_sub(1)));
        }
        if follows && record.previous != hash {
            self.note(Check::Link, seq, What::Unlinked);
        }
        if record.reckoned() != record.hash {
            self.note(Check::Content, seq, What::Edited);
        }
        self.rows = self.rows.saturating_add(1);
        self.last = (seq.max(last), record.hash);
    }

    /// The head, once all rows were read.
    pub fn head(&mut self, (seq, hash): Link) {
        let (last, last_hash) = self.last;
        if last < seq {
            self.note(Check::Head, seq, What::TailCut(last));
        } else if seq < last {
            self.note(Check::Head, seq.saturating_add(1), What::BehindHead);
        } else if hash != last_hash {
            self.note(Check::Head, seq, What::HeadEdited);
        }
    }

    /// A checkpoint, once all rows were read: whether its signature is one of ours, where it was kept, and the hash of the
    /// row it speaks of, where there is one.
    pub fn checkpoint(&mut self, checkpoint: &Checkpoint, genuine: bool, kept: Kept, row: Option<[u8; 32]>) {
        let seq = checkpoint.seq;
        self.checkpoints = self.checkpoints.saturating_add(1);
        if !genuine {
            self.note(Check::Signature, seq, What::Forged);
        }
        if kept == (Kept::Exported { stored: false }) {
            self.note(Check::Presence, seq, What::Withheld);
        }
        match row {
            Some(hash) if hash != checkpoint.hash => self.note(Check::Agreement, seq, What::Rewritten),
            None if self.last.0 < seq => self.note(Check::Agreement, seq, What::RolledBack(self.last.0)),
            // A row that is missing in between was found by its place.
            Some(_) | None => {}
        }
    }

    fn note(&mut self, check: Check, seq: i64, what: What) {
        if self.without == Some(check) {
            return;
        }
        self.found = self.found.saturating_add(1);
        if self.findings.len() < KEPT_MAX {
            self.findings.push(Finding { seq, what });
        }
    }

    /// What was read and found.
    #[must_use]
    pub fn finish(self) -> Report {
        let Self { rows, checkpoints, found, findings, .. } = self;
        Report { rows, checkpoints, found, findings }
    }
}

/// What was read and found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    /// How many rows.
    pub rows: u64,
    /// How many checkpoints.
    pub checkpoints: u64,
    /// How many findings.
    pub found: u64,
    /// The first hundred of them.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether nothing was found.
    #[must_use]
    pub const fn agrees(&self) -> bool {
        self.found == 0
    }
}

#[cfg(test)]
mod tests;
