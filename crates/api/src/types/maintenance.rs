//! Maintenance asked for by itself, and what would happen before it does.

use alcove_engine as engine;
use alcove_engine::retention::{Kept, Rule};
use alcove_store::{JobKind, Status};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{ByteCount, Job, Keep};
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

/// Of which plan a prune is to be foreseen, and by which rules.
#[derive(Debug, Clone, Copy, Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct PreviewPrune {
    /// The repository's number.
    pub repository_id: i64,
    /// The plan, where the repository has several.
    pub plan: Option<i64>,
    /// Rules to try; those of the plan when left out.
    pub keep: Option<Keep>,
    /// Whether Borg lists the archives again; when left out, a list is used that was read since the repository's last
    /// job, if there is one.
    pub refresh: Option<bool>,
}

/// What a prune would do now. A prune asks Borg when it runs.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct PrunePreview {
    /// The plan whose archives were looked at.
    pub plan: i64,
    /// When Borg listed the archives, ISO 8601 UTC.
    pub read_at: String,
    /// Each archive of the repository, newest first.
    pub archives: Vec<PrunedArchive>,
}

/// What would become of one archive.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct PrunedArchive {
    /// Its name.
    pub name: String,
    /// When its backup began, ISO 8601 UTC.
    pub made_at: String,
    /// What would become of it.
    pub fate: ArchiveFate,
    /// Why it is kept; null for what is not.
    pub kept: Option<KeptBy>,
}

/// What becomes of an archive in a prune of a plan.
#[derive(Debug, Clone, Copy, Serialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ArchiveFate {
    /// It stays.
    Kept,
    /// It is deleted.
    Goes,
    /// It is none of the plan's, and no prune of the plan touches it.
    Foreign,
}

/// Why an archive is kept. Borg counts what each rule keeps; an archive is kept by one.
#[derive(Debug, Clone, Copy, Serialize, TS, ToSchema)]
pub struct KeptBy {
    /// By which rule.
    pub rule: KeepRule,
    /// The how manieth this rule keeps; the newest is 1.
    pub number: u32,
    /// Whether it is kept as the oldest there is, since the rule found fewer than it may keep.
    pub oldest: bool,
}

/// A reason to keep an archive.
#[derive(Debug, Clone, Copy, Serialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeepRule {
    /// It is what an interrupted backup left, and nothing is newer.
    Checkpoint,
    /// It is of the last hours.
    Within,
    /// It is one of the newest.
    Last,
    /// It is the newest of its hour.
    Hourly,
    /// It is the newest of its day.
    Daily,
    /// It is the newest of its week, Monday to Sunday.
    Weekly,
    /// It is the newest of its month.
    Monthly,
    /// It is the newest of its year.
    Yearly,
}

impl From<engine::PrunePreview> for PrunePreview {
    fn from(preview: engine::PrunePreview) -> Self {
        Self {
            plan: preview.plan,
            read_at: preview.read_at.to_string(),
            archives: preview.archives.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<engine::Foreseen> for PrunedArchive {
    fn from(archive: engine::Foreseen) -> Self {
        let (fate, kept) = match archive.fate {
            engine::Fate::Kept(kept) => (ArchiveFate::Kept, Some(kept.into())),
            engine::Fate::Goes => (ArchiveFate::Goes, None),
            engine::Fate::Foreign => (ArchiveFate::Foreign, None),
        };
        Self {
            name: archive.name,
            made_at: archive.made_at.to_string(),
            fate,
            kept,
        }
    }
}

impl From<Kept> for KeptBy {
    fn from(kept: Kept) -> Self {
        Self {
            rule: match kept.rule {
                Rule::Checkpoint => KeepRule::Checkpoint,
                Rule::Within => KeepRule::Within,
                Rule::Last => KeepRule::Last,
                Rule::Hourly => KeepRule::Hourly,
                Rule::Daily => KeepRule::Daily,
                Rule::Weekly => KeepRule::Weekly,
                Rule::Monthly => KeepRule::Monthly,
                Rule::Yearly => KeepRule::Yearly,
            },
            number: kept.number,
            oldest: kept.oldest,
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
