//! Where each key stands, and when that may change: published a day before it signs, kept a day after, so that no token
//! that counts is ever refused for its key (C18).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use caodiem_domain::time::Instant;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long a key is published before it signs, and kept after it signed last, in seconds: longer than others keep our
/// keys, and than any token lives.
pub const DAY: i64 = 24 * 3_600;

/// The deed of minting a token.
pub const TOKEN: &str = "token";

/// What a key is used for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyState {
    /// Signs and verifies.
    Active,
    /// Verifies: does not sign yet, or no more.
    Passive,
    /// Neither: what it signed is refused.
    Disabled,
    /// Its private part is gone. Its public part is kept: what it signed in its time can still be looked into.
    Removed,
}

impl KeyState {
    /// Whether tokens that it signed count.
    #[must_use]
    pub const fn verifies(self) -> bool {
        matches!(self, Self::Active | Self::Passive)
    }

    /// The word in the notes and in lists.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Passive => "passive",
            Self::Disabled => "disabled",
            Self::Removed => "removed",
        }
    }
}

/// Where a key stands. Moments are seconds since 1970.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Its name.
    pub kid: String,
    /// What it is used for.
    pub state: KeyState,
    /// The point, uncompressed, in base64url.
    pub public: String,
    /// When it was published.
    pub published_at: i64,
    /// Since when it signs, or when it began to.
    pub active_from: Option<i64>,
    /// When it signed last.
    pub retired_at: Option<i64>,
}

impl Note {
    /// The point.
    #[must_use]
    pub fn point(&self) -> Option<Vec<u8>> {
        BASE64_URL_SAFE_NO_PAD.decode(&self.public).ok()
    }
}

/// What was done to a key or with it, and why.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deed {
    /// When.
    pub at: i64,
    /// What: the command.
    pub what: String,
    /// To which key.
    pub kid: String,
    /// Why, where it was asked for; of a token, for whom.
    pub reason: Option<String>,
    /// Under which request id it has still to go into the record of acts; `None` once it stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unrecorded: Option<String>,
}

/// Where every key stands, and what was done.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notes {
    /// The keys, oldest first.
    pub keys: Vec<Note>,
    /// What was done, oldest first.
    pub deeds: Vec<Deed>,
}

/// Whether a rule of time is set aside, and why.
pub type Force<'a> = Option<&'a str>;

impl Notes {
    /// Where the key of exactly that name stands.
    #[must_use]
    pub fn state(&self, kid: &str) -> Option<KeyState> {
        self.keys.iter().find(|note| note.kid == kid).map(|note| note.state)
    }

    /// The first key of all: it signs at once.
    pub fn begin(&mut self, kid: &str, public: &[u8], now: Instant) {
        self.publish(kid, public, now);
        if let Some(note) = self.keys.last_mut() {
            note.state = KeyState::Active;
            note.active_from = Some(now.timestamp());
        }
    }

    /// A new key, which does not sign yet.
    pub fn publish(&mut self, kid: &str, public: &[u8], now: Instant) {
        let public = BASE64_URL_SAFE_NO_PAD.encode(public);
        let note = Note {
            kid: kid.to_owned(),
            state: KeyState::Passive,
            public,
            published_at: now.timestamp(),
            active_from: None,
            retired_at: None,
        };
        self.keys.push(note);
        self.did("rotate", kid, None, now);
    }

    /// Lets a published key sign; the one that did retires.
    ///
    /// # Errors
    /// Why not: it is unknown, not passive, or was published less than a day ago.
    pub fn activate(&mut self, kid: &str, now: Instant, force: Force<'_>) -> Result<(), String> {
        let note = self.find(kid)?;
        if note.state != KeyState::Passive {
            return Err(format!("{kid} is {word}; only a passive key can begin to sign", word = note.state.word()));
        }
        too_early("others know it", note.published_at, now, force)?;
        for other in self.keys.iter_mut().filter(|note| note.state == KeyState::Active) {
            other.state = KeyState::Passive;
            other.retired_at = Some(now.timestamp());
        }
        let note = self.find(kid)?;
        note.state = KeyState::Active;
        note.active_from = Some(now.timestamp());
        note.retired_at = None;
        self.did("activate", kid, force, now);
        Ok(())
    }

    /// Refuses what a key signed, from now on: it is in the wrong hands.
    ///
    /// # Errors
    /// Why not: it is unknown, removed, or the one that signs.
    pub fn disable(&mut self, kid: &str, now: Instant, reason: &str) -> Result<(), String> {
        let note = self.find(kid)?;
        match note.state {
            KeyState::Active => return Err(format!("{kid} signs; let another key sign first")),
            KeyState::Removed => return Err(format!("{kid} is removed")),
            KeyState::Passive | KeyState::Disabled => note.state = KeyState::Disabled,
        }
        self.did("disable", kid, Some(reason), now);
        Ok(())
    }

    /// Takes a key out of use for good.
    ///
    /// # Errors
    /// Why not: it is unknown, signs, or signed less than a day ago, so that tokens of it still count.
    pub fn remove(&mut self, kid: &str, now: Instant, force: Force<'_>) -> Result<(), String> {
        let note = self.find(kid)?;
        match (note.state, note.retired_at) {
            (KeyState::Active, _) => return Err(format!("{kid} signs; let another key sign first")),
            (KeyState::Passive, Some(retired_at)) => too_early("its tokens are over", retired_at, now, force)?,
            _ => {}
        }
        note.state = KeyState::Removed;
        self.did("remove", kid, force, now);
        Ok(())
    }

    /// A key signed a token that somebody made on the host.
    pub fn minted(&mut self, kid: &str, whom: &str, now: Instant) {
        self.did(TOKEN, kid, Some(whom), now);
    }

    /// What has still to go into the record of acts, oldest first.
    pub fn unrecorded(&self) -> impl Iterator<Item = &Deed> {
        self.deeds.iter().filter(|deed| deed.unrecorded.is_some())
    }

    /// These stand in the record of acts. What was done to a key is kept here as well, for as long as the key is.
    pub fn recorded(&mut self, ids: &[String]) {
        let stands = |deed: &Deed| deed.unrecorded.as_ref().is_some_and(|id| ids.contains(id));
        self.deeds.retain(|deed| !(stands(deed) && deed.what == TOKEN));
        for deed in self.deeds.iter_mut().filter(|deed| stands(deed)) {
            deed.unrecorded = None;
        }
    }

    fn find(&mut self, kid: &str) -> Result<&mut Note, String> {
        let found = self.keys.iter_mut().find(|note| note.kid == kid);
        found.ok_or_else(|| format!("there is no key {kid}; see `caodiem keys list`"))
    }

    fn did(&mut self, what: &str, kid: &str, reason: Force<'_>, now: Instant) {
        let (reason, unrecorded) = (reason.map(str::to_owned), Some(Uuid::new_v4().to_string()));
        self.deeds.push(Deed { at: now.timestamp(), what: what.to_owned(), kid: kid.to_owned(), reason, unrecorded });
    }
}

/// Refuses what comes less than a day after a moment, unless it is forced.
fn too_early(until: &str, since: i64, now: Instant, force: Force<'_>) -> Result<(), String> {
    let left = since.saturating_add(DAY).saturating_sub(now.timestamp());
    if left <= 0 || force.is_some() {
        return Ok(());
    }
    let hours = left.saturating_add(3_599) / 3_600;
    Err(format!("too early: {hours} h more until {until}; --force with a --reason does it all the same"))
}
