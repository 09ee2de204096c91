//! What would happen, asked of Borg before it does: which archives a prune would delete and why the others stay, and
//! what a plan would back up.
//!
//! Nothing is changed. A prune asks again when it runs, so that an older answer decides nothing.

use std::collections::HashSet;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use alcove_borg::{
    Command, DryRunStatus, Event, LOCK_WAIT_INTERACTIVE, PruneLine, dry_run_status, is_warning,
    prune_line,
};
use alcove_store::Plan;

use crate::ask::{Question, Unanswered};
use crate::engine::Engine;
use crate::error::{ErrorCode, Failure};
use crate::job::state::whole_path;
use crate::plans;

/// Borg opens a large repository in seconds, and looks at a million files in less than a minute.
const PATIENCE: Duration = Duration::from_mins(10);
/// No person looks at more archives.
const MOST_ARCHIVES: usize = 100_000;
/// So many paths are shown of what is left out, and so many warnings.
const MOST_SHOWN: usize = 1000;

/// What a prune of a plan would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrunePreview {
    /// The plan whose archives were looked at.
    pub plan: i64,
    /// Each of its archives, in Borg's order: the newest first.
    pub archives: Vec<PruneLine>,
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
    /// Asks what a prune of a plan of this repository would delete now, and what keeps the others.
    pub fn preview_prune(
        &self,
        repository: i64,
        plan: Option<i64>,
    ) -> Result<PrunePreview, Failure> {
        let repository = self.repository(repository)?;
        let plan = self.plan_to_prune(&repository, plan)?;
        let look = self.look_at(&repository)?;
        let passphrase = self.inner().passphrase_for(&repository, &look)?;
        let command = Command::Prune(plans::prune(
            &self.world().host,
            &plan,
            &repository.location,
            LOCK_WAIT_INTERACTIVE,
            true,
        ));
        let mut archives = Vec::new();
        let question = Question {
            command: &command,
            environment: &self.inner().environment_of(&repository),
            passphrase: passphrase.as_deref(),
            until: Some(Instant::now() + PATIENCE),
            gives_way: Some(&look.wanted),
        };
        self.inner()
            .ask_and_hear(&question, |event| {
                if let Event::Log(message) = event
                    && archives.len() < MOST_ARCHIVES
                {
                    archives.extend(prune_line(message));
                }
            })
            .map_err(|why| self.inner().unanswered(why, &repository))?;
        Ok(PrunePreview {
            plan: plan.id,
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
