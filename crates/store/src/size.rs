//! The record of how large a repository was.

use jiff::Timestamp;

use crate::words::SizeSource;

/// What Borg said of a repository at one moment, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// The repository.
    pub repository: i64,
    /// When.
    pub at: Timestamp,
    /// On what occasion.
    pub source: SizeSource,
    /// What all archives hold, as if each were alone.
    pub original: u64,
    /// The same after compression.
    pub compressed: u64,
    /// What is stored.
    pub deduplicated: u64,
}
