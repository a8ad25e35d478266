//! Signing out, and ending one's sessions on other devices.

use crate::access::Actor;
use crate::error::Error;
use crate::id::SessionId;
use crate::ports::{Sessions, WriteTx};
use crate::problem::{Code, Problem};
use crate::session::SessionEnd;
use crate::usecase::Act;

/// The session that a caller came with: what concerns the own account is done in one, not by machines or the host.
///
/// # Errors
/// [`Code::Forbidden`].
pub fn own_session(actor: &Actor) -> Result<SessionId, Error> {
    let forbidden =
        || Problem::new(Code::Forbidden).with("role", actor.role.as_str()).with("permission", "own account");
    Ok(actor.session.ok_or_else(forbidden)?)
}

/// Ends the caller's session.
///
/// # Errors
/// [`Code::Forbidden`] without a session.
pub fn sign_out(act: &Act, tx: &mut dyn WriteTx) -> Result<(), Error> {
    let session = own_session(&act.actor)?;
    act.once(tx, |tx| {
        tx.end_sessions(Sessions::One(session), SessionEnd::SignedOut, act.now)?;
        Ok(())
    })
}

/// Ends a session of the caller's own account.
///
/// # Errors
/// [`Code::Forbidden`] without a session, [`Code::NotFound`] for one that is not his, or over.
pub fn end_session(act: &Act, tx: &mut dyn WriteTx, session: SessionId) -> Result<(), Error> {
    own_session(&act.actor)?;
    act.once(tx, |tx| {
        let own = tx.sessions_of(act.actor.account, act.now)?.into_iter().any(|own| own.id == session);
        if !own {
            return Err(Problem::not_found("Session", session.get()).at("session").into());
        }
        tx.end_sessions(Sessions::One(session), SessionEnd::Ended, act.now)?;
        Ok(())
    })
}

/// Ends every session of the caller's own account but the one he came with.
///
/// # Errors
/// [`Code::Forbidden`] without a session.
pub fn end_other_sessions(act: &Act, tx: &mut dyn WriteTx) -> Result<(), Error> {
    let session = own_session(&act.actor)?;
    act.once(tx, |tx| {
        tx.end_sessions(Sessions::OfAccount(act.actor.account, Some(session)), SessionEnd::Ended, act.now)?;
        Ok(())
    })
}
