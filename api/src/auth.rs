//! Who calls: keys, tokens, and from a token to an actor.

pub mod keys;
pub mod principal;
pub mod token;
