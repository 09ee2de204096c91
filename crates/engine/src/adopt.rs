//! Adopting a repository that another program made.
//!
//! Inspecting it changes nothing. The newest archive keeps the command line of the backup that made it, and a plan
//! like that backup is proposed from it. An adopted plan has a tag of its own as every plan has, so Alcove never
//! prunes what the other program made; it goes on where that program stopped because Borg finds known files by
//! their paths and known chunks by their content, whatever an archive is called.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use alcove_borg::{
    Archive, ArchiveList, Command, Confirmation, Environment, NewestArchive, Passphrase,
    PatternLines, RecordedCreate, Series, exclude_lines,
};
use alcove_store::{Keep, KeepPassphrase, Plan, Repository};
use fs_err as fs;
use jiff::Timestamp;

use crate::ask::{Question, unreadable};
use crate::changes::Change;
use crate::engine::Engine;
use crate::error::{ErrorCode, Failure};
use crate::reach::Reach;
use crate::repositories::{Created, check_name};
use crate::{place, plans};

/// Borg's own compression, for a command line that names none.
const BORGS_COMPRESSION: &str = "lz4";
/// A file of patterns is read up to so many bytes.
const MOST_PATTERNS: u64 = 1 << 20;

/// A repository to look at.
pub struct Existing {
    /// Its location.
    pub location: String,
    /// Its passphrase; left out for one without.
    pub passphrase: Option<Arc<Passphrase>>,
    /// The private key ssh logs in with.
    pub ssh_key: Option<String>,
    /// The Borg of its server.
    pub remote_path: Option<String>,
    /// Borg's questions a person answered with yes; Borg remembers the answer.
    pub confirm: Vec<Confirmation>,
    /// When Borg is stopped.
    pub until: Instant,
}

/// What an existing repository is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// Its location in the form Alcove keeps.
    pub location: String,
    /// Borg's id of it.
    pub borg_id: String,
    /// Borg's name of the encryption mode.
    pub encryption: String,
    /// How many archives it has, without checkpoints.
    pub archives: usize,
    /// When the oldest and the newest backup began.
    pub oldest: Option<Timestamp>,
    /// When the newest whole backup ended.
    pub last_good: Option<Timestamp>,
    /// Whether a run of the same account on this computer can skip what is unchanged.
    pub files_remembered: bool,
    /// The plan that would go on with the newest series.
    pub proposal: Option<Proposal>,
    /// What the person calls it, when Alcove knows it already.
    pub known_as: Option<String>,
}

impl Inspection {
    /// Says what Alcove does with the archives that are there.
    pub fn note(&self) -> String {
        let theirs = "The archives that are there stay as they are: Alcove removes only archives of its own plans.";
        match (self.archives, self.files_remembered) {
            (0, _) => "There is no archive in it yet.".to_owned(),
            (_, true) => format!("{theirs} The first run reads only what changed."),
            (_, false) => format!(
                "{theirs} The first run reads every file once, and stores only what is new: Borg on this computer does not remember the files."
            ),
        }
    }
}

/// A plan like the backup that made the newest archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The name of that archive.
    pub archive: String,
    /// What its series is called.
    pub series: Series,
    /// How many archives the series has.
    pub archives: usize,
    /// Full paths of folders and files that are there.
    pub sources: Vec<String>,
    /// Borg patterns of what is left out.
    pub excludes: Vec<String>,
    /// Borg's name of the compression.
    pub compression: String,
    /// How files are cut into chunks.
    pub chunker_params: Option<String>,
    /// Whether Borg stays on the file systems of the sources.
    pub one_file_system: bool,
    /// What of that backup the plan does otherwise, a sentence each.
    pub differences: Vec<String>,
}

/// What a person wants of an adopted repository.
pub struct Adoption {
    /// The repository.
    pub existing: Existing,
    /// The person's own name for it.
    pub name: String,
    /// Name of its plan; the first folder's when left out.
    pub plan_name: Option<String>,
    /// Absolute folders; the proposed ones when left out, no plan when empty.
    pub sources: Option<Vec<String>>,
    /// Borg patterns of what is left out; the proposed ones when left out.
    pub excludes: Option<Vec<String>>,
    /// Borg's name of the compression; the proposed one when left out.
    pub compression: Option<String>,
    /// How many archives of its own the plan keeps; all zero: every one.
    pub keep: Keep,
    /// Whether compact follows a prune.
    pub compact: bool,
    /// Whether the keyring keeps the passphrase.
    pub remember: bool,
}

impl Engine {
    /// Looks at a repository that another program made. Fails with [`ErrorCode::RepositoryUnconfirmed`] or
    /// [`ErrorCode::RepositoryRelocated`] when Borg has a question that nobody answered yet.
    pub fn inspect_repository(&self, existing: &Existing) -> Result<Inspection, Failure> {
        let (location, _) = place::there("repository", &existing.location)?;
        let access = Reach::check(existing.ssh_key.clone(), existing.remote_path.clone())?;
        let environment = existing.confirm.iter().fold(
            self.inner().environment(&access),
            |environment, confirmed| environment.confirming(*confirmed),
        );
        let list = self.ask_existing(existing, &location, &environment, |repository| {
            Command::List { repository }
        })?;
        let list = ArchiveList::parse(&list).ok_or_else(|| unreadable(&location))?;
        let newest = self.ask_existing(existing, &location, &environment, |repository| {
            Command::Describe { repository }
        })?;
        let newest = NewestArchive::parse(&newest).ok_or_else(|| unreadable(&location))?;
        let archives: Vec<&Archive> = list
            .archives
            .iter()
            .filter(|archive| !archive.checkpoint)
            .collect();
        let known = self.store().repositories()?.into_iter().find(|known| {
            known.location == location || known.borg_id.as_ref() == Some(&list.repository_id)
        });
        Ok(Inspection {
            archives: archives.len(),
            oldest: archives.iter().map(|archive| archive.start).min(),
            last_good: newest.as_ref().map(|archive| archive.end),
            files_remembered: environment.remembers_files(&list.repository_id),
            proposal: newest
                .as_ref()
                .and_then(|newest| proposal(newest, &archives)),
            known_as: known.map(|known| known.name),
            location,
            borg_id: list.repository_id,
            encryption: list.encryption_mode,
        })
    }

    /// Takes a repository over: its record, and a default plan that goes on with the newest series. Nothing in the
    /// repository is changed.
    pub fn adopt_repository(&self, adoption: Adoption) -> Result<Created, Failure> {
        let inner = self.inner();
        let name = check_name("name", &adoption.name)?;
        let found = self.inspect_repository(&adoption.existing)?;
        if let Some(known) = &found.known_as {
            return Err(Failure::new(
                ErrorCode::RepositoryExists,
                format!("Alcove knows this repository already: it is {known}."),
            )
            .hint("Nothing was changed."));
        }
        let now = inner.world.clock.now();
        let proposed = found.proposal.as_ref();
        let sources = adoption
            .sources
            .or_else(|| Some(proposed?.sources.clone()))
            .unwrap_or_default();
        let plan = if sources.is_empty() {
            None
        } else {
            plans::check_sources("source_directories", &sources)?;
            let plan_name = match &adoption.plan_name {
                Some(chosen) => check_name("plan_name", chosen)?,
                None => plans::name_of_folder(&sources),
            };
            let excludes = adoption
                .excludes
                .or_else(|| Some(proposed?.excludes.clone()));
            let compression = adoption
                .compression
                .or_else(|| Some(proposed?.compression.clone()))
                .unwrap_or_else(|| plans::COMPRESSION.to_owned());
            let excludes = excludes.unwrap_or_default();
            let tag = plans::new_tag()?;
            Some(Plan {
                keep: adoption.keep,
                compact: adoption.compact && adoption.keep.prunes(),
                chunker_params: proposed.and_then(|proposed| proposed.chunker_params.clone()),
                one_file_system: proposed.is_some_and(|proposed| proposed.one_file_system),
                ..plans::default_plan(plan_name, tag, sources, excludes, compression, now)
            })
        };
        let access = Reach::check(adoption.existing.ssh_key, adoption.existing.remote_path)?;
        let repository = Repository {
            id: 0,
            name,
            drive: inner.drive_at(&found.location),
            location: found.location,
            borg_id: Some(found.borg_id),
            encryption: found.encryption,
            ssh_key: access.ssh_key,
            remote_path: access.remote_path,
            keep_passphrase: KeepPassphrase::Session,
            append_only: false,
            check: None,
            key_exported_at: None,
            passcommand: None,
            created_at: now,
        };
        let (repository, plan) = inner.store.insert_with_plan(repository, plan)?;
        let remembered = adoption.existing.passphrase.is_some_and(|passphrase| {
            inner.keep_passphrase(&repository, &passphrase, adoption.remember)
        });
        inner.tell(&Change::Plans);
        Ok(Created {
            repository: self.repository(repository.id)?,
            plan,
            remembered,
        })
    }

    fn ask_existing(
        &self,
        existing: &Existing,
        location: &str,
        environment: &Environment,
        command: impl FnOnce(String) -> Command,
    ) -> Result<Vec<u8>, Failure> {
        let question = Question {
            command: &command(location.to_owned()),
            environment,
            passphrase: existing.passphrase.as_deref(),
            until: Some(existing.until),
            gives_way: None,
        };
        let answer = self.inner().ask(&question);
        answer
            .map(|exit| exit.stdout)
            .map_err(|why| why.failure(location))
    }
}

/// Makes a plan like the backup that made an archive; none when that was no backup of files.
fn proposal(newest: &NewestArchive, archives: &[&Archive]) -> Option<Proposal> {
    let told = RecordedCreate::read(&newest.command_line)?;
    let series = Series::of(&newest.name, &told.archive);
    let mut differences = Vec::new();
    let mut sources = told.sources;
    let mut excludes = told.excludes;
    for file in &told.exclude_files {
        match lines_of(file) {
            Some(text) => excludes.extend(exclude_lines(&text)),
            None => differences.push(gone(file)),
        }
    }
    let mut patterns = told.patterns.join("\n");
    for file in &told.pattern_files {
        match lines_of(file) {
            Some(text) => patterns = format!("{patterns}\n{text}"),
            None => differences.push(gone(file)),
        }
    }
    let patterns = PatternLines::read(patterns.lines());
    sources.extend(patterns.roots);
    if patterns.includes.is_empty() {
        excludes.extend(patterns.excludes);
    } else {
        let lines = patterns.includes.len() + patterns.excludes.len();
        differences.push(format!(
            "{lines} patterns say what goes in although others leave it out. Alcove cannot say that, and backs up all of it."
        ));
    }
    sources.retain(|source| {
        if !source.starts_with('/') {
            differences.push(format!(
                "{source:?} is no full path, and where it began is not recorded. Add the folder yourself."
            ));
            return false;
        }
        let there = Path::new(source).symlink_metadata().is_ok();
        if !there {
            differences.push(format!("{source} is not on this computer now, and is left out."));
        }
        there
    });
    differences.extend(
        told.others
            .iter()
            .map(|option| format!("The option {option} is not taken over.")),
    );
    Some(Proposal {
        archive: newest.name.clone(),
        archives: archives
            .iter()
            .filter(|archive| series.has(&archive.name))
            .count(),
        series,
        sources,
        excludes,
        compression: told
            .compression
            .unwrap_or_else(|| BORGS_COMPRESSION.to_owned()),
        chunker_params: told.chunker_params,
        one_file_system: told.one_file_system,
        differences,
    })
}

fn gone(file: &str) -> String {
    format!("What {file} left out is not known: the file is gone. Choose again what to leave out.")
}

/// Reads a file of patterns, if it is there and of a sensible size.
fn lines_of(file: &str) -> Option<String> {
    let about = fs::metadata(file).ok()?;
    (Path::new(file).is_absolute() && about.is_file() && about.len() <= MOST_PATTERNS)
        .then(|| fs::read_to_string(file).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposed(words: &[&str]) -> Proposal {
        let newest = NewestArchive {
            name: "desk-2026-11-22".into(),
            start: Timestamp::UNIX_EPOCH,
            end: Timestamp::UNIX_EPOCH,
            hostname: "desk".into(),
            username: "ada".into(),
            command_line: ["borg", "create"]
                .iter()
                .chain(words)
                .map(ToString::to_string)
                .collect(),
        };
        proposal(&newest, &[]).unwrap()
    }

    #[test]
    fn what_cannot_be_taken_over_is_said_and_not_guessed() {
        let plan = proposed(&[
            "--exclude-from=/no/such/file",
            "--pattern=+ /home/keep",
            "--pattern=- /home",
            "--numeric-ids",
            "/r::desk-{now}",
            "Documents",
            "/no/such/folder",
            "/",
        ]);
        assert_eq!(plan.sources, ["/"]);
        assert_eq!(plan.excludes, Vec::<String>::new());
        let all = plan.differences.join(" ");
        for told in [
            "/no/such/file",
            "2 patterns",
            "\"Documents\"",
            "/no/such/folder",
            "--numeric-ids",
        ] {
            assert!(all.contains(told), "{told}: {all}");
        }
        assert_eq!(plan.differences.len(), 5);
    }

    #[test]
    fn patterns_without_exceptions_become_what_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("patterns");
        std::fs::write(&file, "R /\n- **/.cache\n").unwrap();
        let from = format!("--patterns-from={}", file.display());
        let plan = proposed(&["--exclude", "*.iso", &from, "-x", "/r::desk-{now}"]);
        assert_eq!(plan.sources, ["/"]);
        assert_eq!(plan.excludes, ["*.iso", "sh:**/.cache"]);
        assert_eq!(plan.differences, Vec::<String>::new());
        assert!(plan.one_file_system);
        assert_eq!(plan.compression, "lz4");
    }
}
