//! One-time codes as they are handed out on the host.

use aws_lc_rs::digest::{SHA256, digest};
use caodiem_domain::account::code::CodeText;

use crate::failure::Failure;

/// A code that was never handed out before, and what is kept of it.
///
/// # Errors
/// [`Failure::Failed`] when the system has no randomness.
pub fn make() -> Result<(CodeText, [u8; 32]), Failure> {
    let mut random = [0_u8; 32];
    aws_lc_rs::rand::fill(&mut random).map_err(|error| Failure::failed("a code cannot be made", error))?;
    let code = CodeText::of(random);
    let hash = <[u8; 32]>::try_from(digest(&SHA256, &code.bytes()).as_ref()).unwrap_or_default();
    Ok((code, hash))
}
