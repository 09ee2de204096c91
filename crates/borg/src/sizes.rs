//! How large a repository is.
//!
//! Borg knows it from its cache, says it after every create and when asked (`info --json REPO`), and counts what
//! the archives hold: space that compact has not given back yet is not in it. Leaves out the disk.

use serde::Deserialize;

/// Is the sum over all archives of a repository, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RepositorySizes {
    /// What the archives hold, as if each were alone.
    pub original_size: u64,
    /// The same after compression.
    pub compressed_size: u64,
    /// What is stored: each chunk once, after compression.
    pub deduplicated_size: u64,
}

#[derive(Deserialize)]
struct Wire {
    cache: WireCache,
}

#[derive(Deserialize)]
struct WireCache {
    stats: WireStats,
}

#[derive(Deserialize)]
struct WireStats {
    total_size: u64,
    total_csize: u64,
    unique_csize: u64,
}

impl RepositorySizes {
    /// Reads stdout of a create or of [`crate::Command::Measure`]; nothing when they are not there or not whole.
    pub fn parse(stdout: &[u8]) -> Option<Self> {
        let Wire { cache } = serde_json::from_slice(stdout).ok()?;
        Some(Self {
            original_size: cache.stats.total_size,
            compressed_size: cache.stats.total_csize,
            deduplicated_size: cache.stats.unique_csize,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn the_sizes_come_with_every_create() {
        for sample in ["1.2.4", "1.4.5"] {
            let stdout = samples::bytes(&format!("{sample}/create-progress-json.stdout"));
            let sizes = RepositorySizes::parse(&stdout).unwrap();
            assert!(sizes.original_size >= sizes.compressed_size, "{sizes:?}");
            assert!(
                sizes.compressed_size >= sizes.deduplicated_size,
                "{sizes:?}"
            );
        }
        assert_eq!(RepositorySizes::parse(b"{}"), None);
    }
}
