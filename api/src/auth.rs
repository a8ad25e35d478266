//! Who calls: keys, tokens, and from a token to an actor.

pub mod crypto;
pub mod keys;
pub mod principal;
pub mod seal;
pub mod throttle;
pub mod token;
