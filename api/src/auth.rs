//! Who calls: keys, tokens, and from a token to an actor.

pub mod code;
pub mod crypto;
pub mod external;
pub mod jwks;
mod jws;
pub mod keys;
pub mod machine;
pub mod principal;
pub mod ring;
pub mod seal;
pub mod throttle;
pub mod token;
mod watched;
