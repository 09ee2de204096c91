//! What would happen: which archives a prune would delete and why the others stay, and what a plan would back up.
//!
//! Nothing is changed. A prune asks Borg when it runs, so that an older answer decides nothing.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use alcove_borg::{
    Command, DryRunStatus, Event, LOCK_WAIT_INTERACTIVE, dry_run_status, is_warning,
};
use alcove_store::{Keep, Plan};
use jiff::Timestamp;

use crate::ask::{Question, Unanswered};
use crate::engine::Engine;
use crate::error::{ErrorCode, Failure};
use crate::job::state::whole_path;
use crate::plans;
use crate::retention::{self, Kept};

/// Borg looks at a million files in less than a minute.
const PATIENCE: Duration = Duration::from_mins(10);
/// So many paths are shown of what is left out, and so many warnings.
const MOST_SHOWN: usize = 1000;

/// What a prune of a plan would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrunePreview {
    /// The plan whose archives were looked at.
    pub plan: i64,
    /// When Borg listed the archives.
    pub read_at: Timestamp,
    /// Each archive of the repository, the newest first.
    pub archives: Vec<Foreseen>,
}

/// An archive, and what would become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreseen {
    /// Its name.
    pub name: String,
    /// When its backup began.
    pub made_at: Timestamp,
    /// What would become of it.
    pub fate: Fate,
}

/// What becomes of an archive in a prune of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It stays: why.
    Kept(Kept),
    /// It is deleted.
    Goes,
    /// It is none of the plan's, and is not touched.
    Foreign,
}

/// What a plan would back up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TestRun {
    /// Files it would back up; of hard links one.
    pub files: u64,
    /// Bytes of their content.
    pub bytes: u64,
    /// Folders, links and other things without content.
    pub others: u64,
    /// How many paths are left out; what is below a folder that is left out is not counted.
    pub left_out: u64,
    /// The first of the paths that are left out.
    pub left_out_paths: Vec<String>,
    /// What Borg complained of, the first of it.
    pub warnings: Vec<String>,
}

impl Engine {
    /// Tells which archives a prune of a plan of this repository would delete now, and why the others stay: by the
    /// plan's rules, or by rules that are tried. The list of archives is the one that was last read, or is read
    /// `again`.
    pub fn preview_prune(
        &self,
        repository: i64,
        plan: Option<i64>,
        rules: Option<Keep>,
        again: bool,
    ) -> Result<PrunePreview, Failure> {
        let repository = self.repository(repository)?;
        let plan = self.plan_to_prune(&repository, plan, rules)?;
        retention::check(plan.keep)?;
        let zone = plans::time_zone(&plan, self.world())?;
        let listing = self.listing(&repository, again)?;
        let prefix = self.archive_prefix(&plan);
        let (own, foreign): (Vec<_>, Vec<_>) = listing
            .archives
            .iter()
            .partition(|archive| archive.name.starts_with(&prefix));
        let judged = retention::judge(own, plan.keep, &zone, self.world().clock.now());
        let judged = judged
            .into_iter()
            .map(|(archive, kept)| (archive, kept.map_or(Fate::Goes, Fate::Kept)));
        let foreign = foreign.into_iter().map(|archive| (archive, Fate::Foreign));
        let mut archives: Vec<_> = judged
            .chain(foreign)
            .map(|(archive, fate)| Foreseen {
                name: archive.name.clone(),
                made_at: archive.start,
                fate,
            })
            .collect();
        archives.sort_by_key(|archive| Reverse(archive.made_at));
        Ok(PrunePreview {
            plan: plan.id,
            read_at: listing.read_at,
            archives,
        })
    }

    /// Has Borg walk the folders of a plan as a backup would, without reading a file and without a repository.
    pub fn test_run(
        &self,
        sources: Vec<String>,
        excludes: Vec<String>,
        one_file_system: bool,
    ) -> Result<TestRun, Failure> {
        let plan = Plan {
            one_file_system,
            ..plans::default_plan(
                "test".to_owned(),
                "test".to_owned(),
                sources,
                excludes,
                plans::COMPRESSION.to_owned(),
                self.world().clock.now(),
            )
        };
        plans::check_plan(&plan)?;
        let command = Command::DryRun(plans::create(
            &plan,
            "/nowhere".to_owned(),
            "test".to_owned(),
            LOCK_WAIT_INTERACTIVE,
        ));
        let mut found = TestRun::default();
        let mut links = HashSet::new();
        let question = Question {
            command: &command,
            environment: &self.inner().environment,
            passphrase: None,
            until: Some(Instant::now() + PATIENCE),
            gives_way: None,
        };
        self.inner()
            .ask_and_hear(&question, |event| found.take(event, &mut links))
            .map_err(|why| match why {
                Unanswered::OutOfTime => Failure::new(
                    ErrorCode::BorgFailed,
                    "The test run was stopped: it took longer than ten minutes.",
                )
                .hint("Try it with fewer folders."),
                why => why.failure("The test run"),
            })?;
        Ok(found)
    }
}

impl TestRun {
    fn take(&mut self, event: &Event, links: &mut HashSet<(u64, u64)>) {
        match event {
            Event::FileStatus { status, path } => match dry_run_status(*status) {
                Some(DryRunStatus::Included) => self.include(&whole_path(path), links),
                Some(DryRunStatus::LeftOut) => {
                    self.left_out += 1;
                    if self.left_out_paths.len() < MOST_SHOWN {
                        self.left_out_paths.push(whole_path(path));
                    }
                }
                None => {}
            },
            Event::Log(message) if is_warning(message) && self.warnings.len() < MOST_SHOWN => {
                self.warnings.push(message.message.clone());
            }
            _ => {}
        }
    }

    /// Counts as Borg does: the content of regular files, of hard links once.
    fn include(&mut self, path: &str, links: &mut HashSet<(u64, u64)>) {
        match Path::new(path).symlink_metadata() {
            Ok(found) if found.is_file() => {
                if found.nlink() < 2 || links.insert((found.dev(), found.ino())) {
                    self.files += 1;
                    self.bytes += found.len();
                }
            }
            _ => self.others += 1,
        }
    }
}
