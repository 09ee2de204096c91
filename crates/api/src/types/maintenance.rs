//! Maintenance asked for by itself, and what would happen before it does.

use alcove_borg::PruneLine;
use alcove_engine as engine;
use alcove_store::{JobKind, Status};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{ByteCount, Job};
use crate::schema;

/// Which maintenance to start.
#[derive(Debug, Clone, Copy, Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct StartMaintenance {
    /// The repository's number.
    pub repository_id: i64,
    /// `check`, `compact` or `prune`.
    #[ts(type = "JobKind")]
    #[schema(value_type = schema::JobKind)]
    pub kind: JobKind,
    /// The plan whose archives are pruned, where the repository has several.
    pub plan: Option<i64>,
    /// The job this one tries again.
    pub retry_of: Option<i64>,
}

/// A job was accepted; it has a record from now on.
#[derive(Debug, Clone, Copy, Serialize, TS, ToSchema)]
pub struct MaintenanceStarted {
    /// The new job.
    pub job_id: i64,
}

/// Which jobs of every kind to list, newest first.
#[derive(Debug, Clone, Default, Deserialize, TS, ToSchema)]
#[serde(default)]
#[ts(optional_fields)]
pub struct ListJobs {
    /// At most this many, 1 to 1000; 200 when left out.
    pub limit: Option<i64>,
    /// Only jobs of this kind.
    #[ts(type = "JobKind", optional)]
    #[schema(value_type = Option<schema::JobKind>)]
    pub kind: Option<JobKind>,
    /// Only jobs of the repository at this location.
    pub repository: Option<String>,
    /// Only jobs of this status.
    #[ts(type = "Status", optional)]
    #[schema(value_type = Option<schema::Status>)]
    pub status: Option<Status>,
    /// Only jobs older than this one, for the next page.
    pub before_id: Option<i64>,
}

/// The answer to `list_jobs`.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct Jobs {
    /// Newest first.
    pub jobs: Vec<Job>,
}

/// Of which plan a prune is to be foreseen.
#[derive(Debug, Clone, Copy, Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct PreviewPrune {
    /// The repository's number.
    pub repository_id: i64,
    /// The plan, where the repository has several.
    pub plan: Option<i64>,
}

/// What a prune would do now. A prune asks again when it runs.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct PrunePreview {
    /// The plan whose archives were looked at.
    pub plan: i64,
    /// Each archive of the plan, newest first.
    pub archives: Vec<PrunedArchive>,
}

/// What would become of one archive.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct PrunedArchive {
    /// Its name.
    pub name: String,
    /// When it was made, ISO 8601 UTC; null when Borg did not say it.
    pub made_at: Option<String>,
    /// Whether it would be deleted.
    pub deleted: bool,
    /// The rule that keeps it, in Borg's words: `daily #1`. Null for what would be deleted.
    pub rule: Option<String>,
}

impl PrunePreview {
    /// Borg gave times in `zone`.
    pub(crate) fn from_engine(preview: engine::PrunePreview, zone: &TimeZone) -> Self {
        let archive = |line: PruneLine| PrunedArchive {
            name: line.archive,
            made_at: line
                .made_at
                .and_then(|at| zone.to_ambiguous_timestamp(at).compatible().ok())
                .map(|at| at.to_string()),
            deleted: line.deleted,
            rule: line.rule,
        };
        Self {
            plan: preview.plan,
            archives: preview.archives.into_iter().map(archive).collect(),
        }
    }
}

/// What to walk through as a backup would.
#[derive(Debug, Clone, Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct TestPlan {
    /// Absolute folders and files.
    pub source_directories: Vec<String>,
    /// Borg patterns of what is left out.
    pub exclude_patterns: Option<Vec<String>>,
    /// The plan this is about: what it says of file systems holds here too.
    pub plan: Option<i64>,
}

/// What a backup would take now. No file was read.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct TestRun {
    /// Files; of hard links one.
    pub files: u64,
    /// Bytes of their content.
    pub bytes: ByteCount,
    /// Folders, links and other things without content.
    pub others: u64,
    /// How many paths are left out; what is below a folder that is left out is not counted.
    pub left_out: u64,
    /// The first 1000 of them.
    pub left_out_paths: Vec<String>,
    /// What Borg complained of, the first 1000 lines.
    pub warnings: Vec<String>,
}

impl From<engine::TestRun> for TestRun {
    fn from(run: engine::TestRun) -> Self {
        Self {
            files: run.files,
            bytes: ByteCount(run.bytes),
            others: run.others,
            left_out: run.left_out,
            left_out_paths: run.left_out_paths,
            warnings: run.warnings,
        }
    }
}
