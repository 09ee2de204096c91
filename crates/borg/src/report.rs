//! The final statistics of a create.
//!
//! Apart because their arrival is the proof that an archive is safe: Borg prints them after the commit, and
//! nothing when there is none (measured with Borg 1.2.4 and 1.4.5).

use serde::Deserialize;

/// Is what `create --json` prints at its end. Sizes are in bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateReport {
    /// The name of the archive.
    pub archive: String,
    /// Its id, 64 hexadecimal digits.
    pub archive_id: String,
    /// The id of the repository.
    pub repository_id: String,
    /// Read, before compression. 1.2 counts some metadata in, so it can exceed the last progress.
    pub original_size: u64,
    /// After compression.
    pub compressed_size: u64,
    /// New in the repository.
    pub deduplicated_size: u64,
    /// Regular files; one with several hard links counts once.
    pub nfiles: u64,
    /// In seconds.
    pub duration: f64,
}

#[derive(Deserialize)]
struct Wire {
    archive: WireArchive,
    repository: WireRepository,
}

#[derive(Deserialize)]
struct WireArchive {
    name: String,
    id: String,
    duration: f64,
    stats: WireStats,
}

#[derive(Deserialize)]
struct WireStats {
    original_size: u64,
    compressed_size: u64,
    deduplicated_size: u64,
    nfiles: u64,
}

#[derive(Deserialize)]
struct WireRepository {
    id: String,
}

impl CreateReport {
    /// Reads stdout of a create; nothing when the statistics are not there or not whole.
    pub fn parse(stdout: &[u8]) -> Option<Self> {
        let Wire {
            archive,
            repository,
        } = serde_json::from_slice(stdout).ok()?;
        Some(Self {
            archive: archive.name,
            archive_id: archive.id,
            repository_id: repository.id,
            original_size: archive.stats.original_size,
            compressed_size: archive.stats.compressed_size,
            deduplicated_size: archive.stats.deduplicated_size,
            nfiles: archive.stats.nfiles,
            duration: archive.duration,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn the_statistics_of_a_recorded_run_are_read() {
        let report =
            CreateReport::parse(&samples::bytes("1.2.4/create-progress-json.stdout")).unwrap();
        assert_eq!(
            report,
            CreateReport {
                archive: "a2".into(),
                archive_id: "0b4504b0fec526382e415fe7762352d39f1f7d6a8f34ab263dea8c1e2701c716"
                    .into(),
                repository_id: "b9c261512c89a5072cb0c2e547edba807d44326dc516c1cbca85cc250af6f8da"
                    .into(),
                original_size: 20_183_137,
                compressed_size: 14_702_684,
                deduplicated_size: 571,
                nfiles: 605,
                duration: 0.068_072,
            }
        );
        assert!(
            CreateReport::parse(&samples::bytes("1.4.5/create-progress-json.stdout")).is_some()
        );
    }

    #[test]
    fn statistics_that_are_cut_off_anywhere_are_none() {
        let whole = samples::bytes("1.2.4/create-progress-json.stdout");
        let whole = whole.trim_ascii_end();
        for length in 0..whole.len() {
            assert_eq!(CreateReport::parse(&whole[..length]), None);
        }
        assert_eq!(CreateReport::parse(b"\n"), None);
    }
}
