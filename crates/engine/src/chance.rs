//! Random bytes of the system.

use crate::error::{ErrorCode, Failure};

/// Fills the bytes with what nobody can guess.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), Failure> {
    getrandom::fill(bytes).map_err(|error| {
        Failure::new(
            ErrorCode::FileFailed,
            format!("The system gave no random number: {error}."),
        )
        .retryable()
    })
}
