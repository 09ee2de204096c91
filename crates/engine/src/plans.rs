//! Plans: what a new one looks like, and what its archives are called.

use alcove_store::{Keep, Plan};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::error::Failure;

/// Compression of a plan that says nothing else: small, and faster than most disks.
pub(crate) const COMPRESSION: &str = "zstd,3";

/// What a default plan leaves out: what programs and people can make again.
pub const LEFT_OUT: &[&str] = &[
    "sh:**/.cache",
    "sh:**/.local/share/Trash",
    "sh:**/.Trash-*",
    "sh:**/node_modules",
    "sh:**/__pycache__",
    "sh:**/lost+found",
];

/// Returns a random tag: 8 letters and digits that no two plans share and no plan ever changes.
pub(crate) fn new_tag() -> Result<String, Failure> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes).map_err(|error| {
        Failure::new(
            crate::ErrorCode::FileFailed,
            format!("The system gave no random number: {error}."),
        )
        .retryable()
    })?;
    Ok(bytes
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(byte % 32)]))
        .collect())
}

/// Checks what a person chose to back up: full paths, at least one.
pub(crate) fn check_sources(field: &str, sources: &[String]) -> Result<(), Failure> {
    if sources.is_empty() {
        return Err(Failure::bad_argument(
            field,
            "Choose at least one folder to back up.",
        ));
    }
    match sources
        .iter()
        .find(|source| !source.starts_with('/') || source.contains('\0'))
    {
        Some(source) => Err(Failure::bad_argument(
            field,
            format!("{source:?} is not a full path; it must start with a slash."),
        )),
        None => Ok(()),
    }
}

/// The start of the name of every archive of a plan: `{host}-{plan}-{tag}-`.
pub(crate) fn archive_prefix(host: &str, plan: &Plan) -> String {
    format!("{}-{}-{}-", word(host), word(&plan.name), plan.tag)
}

/// The name of an archive begun at `now`, in the person's own time; to the millisecond, since two
/// short backups fit into one second.
pub(crate) fn archive_name(host: &str, plan: &Plan, now: Timestamp, zone: TimeZone) -> String {
    let now = now.to_zoned(zone);
    format!(
        "{}{}",
        archive_prefix(host, plan),
        now.strftime("%Y-%m-%dT%H:%M:%S%.3f")
    )
}

/// A plan for these folders, keeping every archive.
pub(crate) fn default_plan(
    name: String,
    tag: String,
    sources: Vec<String>,
    excludes: Vec<String>,
    compression: String,
    now: Timestamp,
) -> Plan {
    Plan {
        id: 0,
        repository: 0,
        name,
        tag,
        sources,
        excludes,
        compression,
        log_files: false,
        keep: Keep::default(),
        compact: false,
        is_default: true,
        enabled: true,
        created_at: now,
    }
}

/// Letters, digits, `.` and `_` stay; all else becomes a hyphen, so that no name has a meaning to
/// Borg or to a pattern. At most 40 characters.
fn word(name: &str) -> String {
    let kept: String = name
        .chars()
        .take(40)
        .map(|c| {
            if c.is_alphanumeric() || matches!(c, '.' | '_') {
                c
            } else {
                '-'
            }
        })
        .collect();
    if kept.is_empty() {
        "plan".to_owned()
    } else {
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(name: &str) -> Plan {
        let now = "2026-11-22T10:00:00Z".parse().unwrap();
        default_plan(
            name.into(),
            "k3m9x2ab".into(),
            vec![],
            vec![],
            COMPRESSION.into(),
            now,
        )
    }

    #[test]
    fn an_archive_is_named_after_host_plan_tag_and_local_time() {
        let now = "2026-11-22T23:30:05.25Z".parse().unwrap();
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        assert_eq!(
            archive_name("laptop", &plan("Home"), now, zone),
            "laptop-Home-k3m9x2ab-2026-11-23T01:30:05.250"
        );
    }

    #[test]
    fn names_lose_what_a_pattern_or_borg_would_read() {
        assert_eq!(
            archive_prefix("a*b", &plan("Bilder [2026] {x}/?")),
            "a-b-Bilder--2026---x----k3m9x2ab-"
        );
        assert_eq!(
            archive_prefix("h", &plan("Fotos für Ida")),
            "h-Fotos-für-Ida-k3m9x2ab-"
        );
        assert_eq!(archive_prefix("h", &plan("")), "h-plan-k3m9x2ab-");
    }

    #[test]
    fn tags_differ() {
        let tags: std::collections::HashSet<_> = (0..100).map(|_| new_tag().unwrap()).collect();
        assert_eq!(tags.len(), 100);
        assert!(tags.iter().all(|tag| tag.len() == 8));
    }

    #[test]
    fn a_relative_folder_is_refused_by_name() {
        let failure = check_sources("source_directories", &["/a".into(), "b".into()]).unwrap_err();
        assert!(failure.message.contains("\"b\""));
        assert!(check_sources("source_directories", &[]).is_err());
    }
}
