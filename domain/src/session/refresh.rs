//! Refresh tokens (RFC 9700): each counts once. The one that was just replaced is answered again for some seconds, since a
//! reply may have been lost; anything older was copied by somebody, and ends the session.

use chrono::TimeDelta;

use crate::id::SessionId;
use crate::ports::Crypto;
use crate::session::Session;
use crate::time::Instant;

/// How long the immediate predecessor is answered again.
pub const GRACE: TimeDelta = TimeDelta::seconds(10);

/// A refresh token. Its tag shows that it was handed out for this session: who makes one up cannot end a session by it.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// The session.
    pub session: SessionId,
    /// What counts: 256 bits.
    pub secret: [u8; 32],
    /// A keyed hash of the session, the same in all of its tokens.
    pub tag: [u8; 16],
}

impl std::fmt::Debug for RefreshToken {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("RefreshToken").field("session", &self.session).finish_non_exhaustive()
    }
}

impl RefreshToken {
    /// The first one of a session, by chance.
    #[must_use]
    pub fn first(crypto: &dyn Crypto, session: SessionId) -> Self {
        Self { session, secret: crypto.random(), tag: tag(crypto, session) }
    }

    /// The one after it. It follows from it and from a key of ours, so that two devices that refresh at the same moment,
    /// or one whose reply was lost, get the same.
    #[must_use]
    pub fn next(&self, crypto: &dyn Crypto) -> Self {
        let content = [self.session.get().to_be_bytes().as_slice(), &self.secret].concat();
        Self { secret: crypto.keyed("refresh token", &content), ..self.clone() }
    }

    /// Whether it was handed out here for that session, whenever that was. Compared in constant time.
    #[must_use]
    pub fn is_ours(&self, crypto: &dyn Crypto) -> bool {
        let differences =
            tag(crypto, self.session).iter().zip(self.tag).fold(0, |all, (ours, theirs)| all | (ours ^ theirs));
        differences == 0
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self, crypto: &dyn Crypto) -> [u8; 32] {
        crypto.digest(&self.secret)
    }
}

fn tag(crypto: &dyn Crypto, session: SessionId) -> [u8; 16] {
    let keyed = crypto.keyed("refresh session", &session.get().to_be_bytes());
    let mut tag = [0; 16];
    tag.iter_mut().zip(keyed).for_each(|(place, byte)| *place = byte);
    tag
}

/// What presenting a refresh token comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    /// It counts: the next one takes its place.
    Rotate,
    /// It was replaced a moment ago: the same answer again.
    Repeat,
    /// The session is over.
    Over,
    /// It was spent: two have it, and the session ends.
    Reused,
}

impl Session {
    /// What presenting one of its own refresh tokens comes to, by its hash.
    #[must_use]
    pub fn turn(&self, presented: [u8; 32], idle: TimeDelta, now: Instant) -> Turn {
        if self.ended_at.is_some() || now >= self.expires_at || now - self.rotated_at >= idle {
            Turn::Over
        } else if presented == self.refresh {
            Turn::Rotate
        } else if self.previous == Some(presented) && now - self.rotated_at <= GRACE {
            Turn::Repeat
        } else {
            Turn::Reused
        }
    }

    /// After its token was exchanged for one with that hash.
    #[must_use]
    pub fn rotated(&self, next: [u8; 32], now: Instant) -> Self {
        Self {
            previous: Some(self.refresh),
            refresh: next,
            rotated_at: now,
            version: self.version.saturating_add(1),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{AccountId, AssignmentId};
    use crate::session::SessionEnd;
    use crate::text::Title;

    const IDLE: TimeDelta = TimeDelta::hours(1);

    fn at(seconds: i64) -> Instant {
        Instant::default() + TimeDelta::seconds(seconds)
    }

    fn session() -> Result<Session, crate::problem::Problem> {
        Ok(Session {
            id: SessionId::new(7),
            account: AccountId::new(1),
            assignment: AssignmentId::new(1),
            device: Title::new("máy tính")?,
            refresh: [1; 32],
            previous: None,
            rotated_at: at(0),
            created_at: at(0),
            expires_at: at(12 * 3_600),
            ended_at: None,
            ended_for: None,
            version: 1,
        })
    }

    #[test]
    fn each_token_counts_once_and_its_predecessor_for_ten_seconds_more() -> Result<(), crate::problem::Problem> {
        let once = session()?.rotated([2; 32], at(600));
        assert_eq!(once.turn([2; 32], IDLE, at(601)), Turn::Rotate);
        assert_eq!(once.turn([1; 32], IDLE, at(610)), Turn::Repeat);
        assert_eq!(once.turn([1; 32], IDLE, at(611)), Turn::Reused);
        let twice = once.rotated([3; 32], at(601));
        assert_eq!(twice.turn([1; 32], IDLE, at(601)), Turn::Reused, "two generations back is never taken");
        assert_eq!(twice.turn([2; 32], IDLE, at(611)), Turn::Repeat);
        assert_eq!(twice.turn([9; 32], IDLE, at(602)), Turn::Reused);
        Ok(())
    }

    #[test]
    fn a_session_that_is_over_is_over_for_every_token() -> Result<(), crate::problem::Problem> {
        let session = session()?;
        assert_eq!(session.turn([1; 32], IDLE, at(3_599)), Turn::Rotate);
        assert_eq!(session.turn([1; 32], IDLE, at(3_600)), Turn::Over, "idle");
        assert_eq!(session.turn([1; 32], TimeDelta::hours(24), at(12 * 3_600)), Turn::Over, "absolute");
        let ended = Session { ended_at: Some(at(5)), ended_for: Some(SessionEnd::SignedOut), ..session };
        assert_eq!(ended.turn([1; 32], IDLE, at(6)), Turn::Over);
        Ok(())
    }
}
