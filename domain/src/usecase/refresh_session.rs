//! Refreshing: a new access token for as long as the session lives, and a new refresh token each time.

use crate::account::AccountState;
use crate::account::rigour::session_life;
use crate::error::Error;
use crate::ports::{Lock, Sessions, WriteTx};
use crate::problem::{Code, Problem};
use crate::session::refresh::{RefreshToken, Turn};
use crate::session::{Session, SessionEnd};
use crate::usecase::desk::{Desk, Hat, Known, Opened, hat};

/// Exchanges a refresh token. Refreshing is not put on record; a token that comes again is.
///
/// # Errors
/// [`Code::SessionOver`], whatever is the matter. A token that was spent ends its session.
pub fn refresh_session(desk: &Desk, token: &RefreshToken) -> Result<Opened, Error> {
    let over = || Error::from(Problem::new(Code::SessionOver));
    if !token.is_ours(desk.crypto) {
        return Err(over());
    }
    let refreshed = desk.store.write(|tx| exchange(desk, tx, token))?;
    let (known, hat, session) = refreshed.ok_or_else(over)?;
    desk.hand_over(&known.account, hat, (session, token.next(desk.crypto)))
}

type Exchanged = Option<(Known, Hat, Session)>;

fn exchange(desk: &Desk, tx: &mut dyn WriteTx, token: &RefreshToken) -> Result<Exchanged, Error> {
    tx.lock(&[Lock::Grants])?;
    let Some(session) = tx.session(token.session)? else { return Ok(None) };
    let Some(known) = Known::by_id(tx.as_read(), session.account)? else { return Ok(None) };
    let held = known.in_force(desk.today()).find(|assignment| assignment.id == session.assignment);
    let Some(assignment) = held.filter(|_| known.account.state == AccountState::Active).cloned() else {
        return Ok(None);
    };
    match session.turn(token.hash(desk.crypto), session_life(assignment.role).idle, desk.now) {
        Turn::Over => return Ok(None),
        Turn::Reused => {
            tx.end_sessions(Sessions::One(session.id), SessionEnd::Reused, desk.now)?;
            tx.record(vec![desk.entry(Some(&known.account), "refreshSession", Some(Code::SessionOver))?]);
            return Ok(None);
        }
        Turn::Repeat => {}
        Turn::Rotate => {
            tx.update_session(&session.rotated(token.next(desk.crypto).hash(desk.crypto), desk.now))?;
            tx.touch_assignment(assignment.id, desk.now)?;
        }
    }
    let hat = hat(tx.as_read(), &assignment)?;
    Ok(Some((known, hat, session)))
}
