//! The types of the operations: what a door receives and what it answers.
//!
//! Names, types and defaults follow the backup API page; a field Alcove adds never renames one of
//! the page. Nothing here computes: `from_engine` turns records into answers.

mod access;
mod adopt;
mod backup;
mod change;
mod connection;
mod folder;
mod health;
mod hook;
mod job;
mod key;
mod log;
mod maintenance;
mod plan;
mod repository;
mod settings;
mod system;

pub use alcove_borg::Passphrase;

pub use access::{
    AccessToken, AccessTokenCreated, AccessTokens, ChangeHttpAccess, CreateAccessToken, HttpAccess,
    RevokeAccessToken,
};
pub use adopt::{AdoptRepository, Confirm, InspectRepository, InspectedRepository, ProposedPlan};
pub use backup::{
    BackupCancelled, BackupStarted, JobId, ListBackupJobs, MoveJob, ResumeBackup, StartBackup,
};
pub use change::Change;
pub use connection::{
    ConnectionReport, ConnectionStep, FoundThere, HostKey, HostKeyTrusted, MakeSshKey, SshKey,
    SshKeys, StepKind, StepState, TestConnection, TrustHostKey,
};
pub use folder::{
    ChooseFolder, ChosenFolder, Destination, DestinationState, Drive, Drives, FolderKind,
    FolderMeasure, InspectDestination, MeasureFolder, SuggestedFolder, SuggestedFolders,
};
pub use health::{
    BreakLock, LockState, MoveRepository, RepositoryCheck, RepositoryHealth, RepositoryLock,
    RepositorySize, SizeSource,
};
pub use hook::{Hook, HookCommand, HookWhen};
pub use job::{BackupJobs, BackupStatus, CancelStage, Job, PhaseBegan, ProgressDetails};
pub use key::{
    ChangePassphrase, KeyForm, KeySaved, KeyVerified, PassphraseChanged, SaveKey, VerifyKey,
};
pub use log::{DownloadBackupLogs, LogLine, LogPage, LogSaved, StreamBackupLogs};
pub use maintenance::{
    ArchiveFate, Jobs, KeepRule, KeptBy, ListJobs, MaintenanceStarted, PreviewPrune, PrunePreview,
    PrunedArchive, StartMaintenance, TestPlan, TestRun,
};
pub use plan::{
    ChangePlan, Collapse, Condition, Conditions, CreatePlan, Keep, NewSchedule, PauseSchedules,
    Plan, PlanHold, PlanSaved, PlanWaiting, Plans, ReleasePlans, RemovePlan, Schedule,
    SchedulesPaused,
};
pub use repository::{
    ArchiveListing, ChangeRepository, CheckRhythm, CreateRepository, ListArchives, Repositories,
    Repository, RepositoryCreated, RepositoryId, RunningJobs, UnlockRepository,
};
pub use settings::{ChangeSettings, QuietHours, Settings};
pub use system::{BorgFound, Diagnostics, DiagnosticsSaved, Recovery, System};

use serde::{Deserialize, Deserializer, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A number of bytes. JSON numbers hold it exactly up to 2^53.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema,
)]
#[serde(transparent)]
#[ts(type = "number")]
pub struct ByteCount(pub u64);

/// Reads a value that is there, so that null is not the same as left out.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    value: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(value).map(Some)
}

/// No arguments, or no answer beyond success.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, TS, ToSchema)]
#[ts(type = "Record<string, never>")]
pub struct Nothing {}
