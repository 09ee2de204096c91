//! What no command line may hold.
//!
//! Borg would take these for something else, or find out after an hour; so they are refused before it starts.

use std::path::PathBuf;

use crate::location::RemoteLocation;

/// Says why a command is not given to Borg.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCommand {
    /// An empty location, one with `::`, which Borg reads as an archive, or one with a brace: Borg 1.2.4 expands
    /// placeholders in it twice, so that no escaping helps, and each run would look for another folder.
    #[error(
        "\"{0}\" cannot be the location of a repository: it is empty or contains \"::\", \"{{\" or \"}}\"."
    )]
    Repository(String),
    /// A local path that would depend on where Alcove was started.
    #[error(
        "{0} is not a full path: the location of a repository starts with \"/\" or names a server."
    )]
    RelativeRepository(String),
    /// A server whose name ssh would read as an option of its own.
    #[error("\"{0}\" names no server that ssh could reach.")]
    Server(String),
    /// A key or configuration of ssh with a name that ssh or Borg would read as another.
    #[error(
        "{} cannot be given to ssh: its full path must not contain \"%\", \"$\" or a line break.", .0.display()
    )]
    SshFile(PathBuf),
    /// A program on a server with more than a name in it.
    #[error("\"{0}\" cannot be the Borg of a server: use letters, digits and . _ + / ~ - only.")]
    RemotePath(String),
    /// An empty name, one with `/`, or one that Borg keeps for checkpoints and then hides.
    #[error(
        "\"{0}\" cannot be the name of an archive: choose one without \"/\" that does not end in \".checkpoint\"."
    )]
    ArchiveName(String),
    /// No folder to back up.
    #[error("There is nothing to back up: add at least one folder.")]
    NoSources,
    /// A folder without its full path would depend on where Alcove was started.
    #[error("{} is not a full path: a folder to back up starts with \"/\".", .0.display())]
    RelativeSource(PathBuf),
    /// Borg 1.2.4 writes its command line into the archive, and fails at the very end when that is not UTF-8.
    #[error("{} has a name that is not UTF-8: back up the folder that contains it instead.", .0.display())]
    SourceNotUtf8(PathBuf),
    /// A compression Borg does not have.
    #[error(
        "\"{0}\" is no compression of Borg: choose none, lz4, zstd, zlib or lzma, with a level after a comma."
    )]
    Compression(String),
    /// Prune without a series would delete the archives of others.
    #[error(
        "Pruning needs to know which archives are this plan's: the beginning of their names is empty."
    )]
    EmptyArchivePrefix,
    /// Prune that keeps nothing.
    #[error("Pruning needs at least one archive to keep.")]
    NothingKept,
}

pub(super) fn repository(location: &str) -> Result<(), InvalidCommand> {
    if location.is_empty()
        || after_address(location).contains("::")
        || location.contains(['{', '}'])
    {
        return Err(InvalidCommand::Repository(location.to_owned()));
    }
    if !location.starts_with('/') && !location.contains(':') {
        return Err(InvalidCommand::RelativeRepository(location.to_owned()));
    }
    if location.starts_with("ssh://") && RemoteLocation::parse(location).is_none() {
        return Err(InvalidCommand::Server(location.to_owned()));
    }
    Ok(())
}

/// Gives what follows the address in `ssh://ada@[::1]:22/backups`, or else the whole location.
fn after_address(location: &str) -> &str {
    let server = location
        .strip_prefix("ssh://")
        .and_then(|rest| rest.split_once(']'));
    match server {
        Some((address, path)) if address.contains('[') && !address.contains('/') => path,
        _ => location,
    }
}

pub(super) fn archive_name(name: &str) -> Result<(), InvalidCommand> {
    if name.is_empty() || name.contains('/') || is_checkpoint(name) {
        return Err(InvalidCommand::ArchiveName(name.to_owned()));
    }
    Ok(())
}

/// Takes `[obfuscate,N,][auto,]NAME[,LEVEL]` (`borg help compression`, 1.4.5; the same in 1.2.4).
pub(super) fn compression(words: &str) -> Result<(), InvalidCommand> {
    let refused = || Err(InvalidCommand::Compression(words.to_owned()));
    let mut rest = words;
    if let Some(obfuscated) = rest.strip_prefix("obfuscate,") {
        let Some((strength, inner)) = obfuscated.split_once(',') else {
            return refused();
        };
        if !matches!(strength.parse(), Ok(1_u32..=6 | 110..=123 | 250)) {
            return refused();
        }
        rest = inner;
    }
    rest = rest.strip_prefix("auto,").unwrap_or(rest);
    let (name, level) = match rest.split_once(',') {
        Some((name, level)) => match level.parse::<u32>() {
            Ok(level) => (name, Some(level)),
            Err(_) => return refused(),
        },
        None => (rest, None),
    };
    match (name, level) {
        ("none" | "lz4" | "zstd" | "zlib" | "lzma", None)
        | ("zstd", Some(1..=22))
        | ("zlib" | "lzma", Some(0..=9)) => Ok(()),
        _ => refused(),
    }
}

/// Tells whether Borg takes the archive for an unfinished one: `NAME.checkpoint` or `NAME.checkpoint.3`.
pub(crate) fn is_checkpoint(name: &str) -> bool {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let stem = if stem.len() < name.len() {
        stem.strip_suffix('.')
    } else {
        Some(stem)
    };
    stem.is_some_and(|stem| stem.ends_with(".checkpoint"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compression_is_one_that_borg_has() {
        for words in [
            "none",
            "lz4",
            "zstd",
            "zstd,22",
            "zlib,0",
            "lzma,6",
            "auto,zstd,3",
            "obfuscate,110,auto,lz4",
        ] {
            assert_eq!(compression(words), Ok(()), "{words}");
        }
        for words in [
            "",
            "zstd,0",
            "zstd,23",
            "lz4,1",
            "gzip",
            "auto",
            "zstd,",
            "zstd,3,4",
            "obfuscate,lz4",
        ] {
            assert!(compression(words).is_err(), "{words}");
        }
    }

    #[test]
    fn checkpoints_are_told_by_their_ending() {
        for name in ["a.checkpoint", "a.checkpoint.1", "a.checkpoint.12"] {
            assert!(is_checkpoint(name), "{name}");
        }
        for name in [
            "a",
            "checkpoint",
            "a.checkpoint.",
            "a.checkpoint1",
            "a.checkpoint.x",
            "a.checkpoints",
        ] {
            assert!(!is_checkpoint(name), "{name}");
        }
    }
}
