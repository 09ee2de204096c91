//! The operations. Each checks its arguments, asks the engine on a thread that may block, and turns
//! the answer into its type.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use alcove_borg::Passphrase;
use alcove_engine::{
    Adoption, ConnectionTest, Engine, Existing, HttpSetting, NewPlan, NewRepository, PlanChange,
    Theme, World, folders,
};
use alcove_store::{Folder, JobFilter, JobKind, LogText, Store, Trigger};

use crate::error::ApiError;
use crate::types::{
    AccessTokenCreated, AccessTokens, AdoptRepository, ArchiveListing, BackupCancelled, BackupJobs,
    BackupStarted, BackupStatus, BorgFound, ByteCount, ChangePlan, ChangeSettings, Confirm,
    ConnectionReport, CreateAccessToken, CreatePlan, CreateRepository, Destination,
    DestinationState, DownloadBackupLogs, Drive, Drives, FolderKind, FolderMeasure, HostKeyTrusted,
    InspectDestination, InspectRepository, InspectedRepository, Job, JobId, ListArchives,
    ListBackupJobs, LogLine, LogPage, MakeSshKey, MeasureFolder, MoveRepository, Nothing, Plan,
    PlanSaved, Plans, RemovePlan, Repositories, Repository, RepositoryCreated, RepositoryHealth,
    RepositoryId, RepositorySize, ResumeBackup, RevokeAccessToken, RunningJobs, SaveKey, Settings,
    SshKey, SshKeys, StartBackup, StreamBackupLogs, SuggestedFolder, SuggestedFolders, System,
    TestConnection, TrustHostKey, UnlockRepository, VerifyKey,
};
use crate::watch::Watch;

/// How long a folder is counted before the answer is "more than this".
const MEASURE_FOR: Duration = Duration::from_secs(20);
/// How long Borg may take to tell what a repository is.
const INSPECT_FOR: Duration = Duration::from_mins(5);
/// How long a server's key is fetched.
const TRUST_FOR: Duration = Duration::from_mins(1);
/// How long Borg may take to stop when Alcove is closed.
const SHUT_DOWN: Duration = Duration::from_secs(20);

/// The operations every door offers. Clones share one engine.
#[derive(Clone)]
pub struct Api {
    engine: Engine,
}

/// An argument within its bounds, or its default.
fn within(
    field: &str,
    value: Option<i64>,
    default: i64,
    least: i64,
    most: i64,
) -> Result<u64, ApiError> {
    let value = value.unwrap_or(default);
    if (least..=most).contains(&value) {
        return Ok(value.unsigned_abs());
    }
    let range = if most == i64::MAX {
        format!("{least} or more")
    } else {
        format!("{least} to {most}")
    };
    Err(ApiError::bad_argument(
        field,
        format!("{field} must be {range}, not {value}."),
    ))
}

impl Api {
    /// Opens the data folder and the engine. Blocks while the database is brought up to date.
    pub fn open(folder: Folder, world: World) -> Result<Self, ApiError> {
        let store = Store::open(folder).map_err(alcove_engine::Failure::from)?;
        Ok(Self {
            engine: Engine::open(store, world)?,
        })
    }

    /// Runs something that may block on a thread that may.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Engine) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let engine = self.engine.clone();
        match tokio::task::spawn_blocking(move || work(&engine)).await {
            Ok(answer) => answer,
            Err(error) => {
                log::error!("an operation did not end: {error}");
                Err(alcove_engine::Failure::new(
                    crate::ErrorCode::StoreFailed,
                    "Alcove made a mistake and could not finish this.",
                )
                .hint("Try again; if it happens again, the log of Alcove says more.")
                .retryable()
                .into())
            }
        }
    }

    /// Starts a plan of the repository at this location.
    pub async fn start_backup(&self, args: StartBackup) -> Result<BackupStarted, ApiError> {
        self.blocking(move |engine| {
            let job_id =
                engine.start_backup(&args.repository, args.plan, Trigger::Manual, args.retry_of)?;
            Ok(BackupStarted {
                job_id,
                status: alcove_store::Status::Pending,
                message: "Backup job started".to_owned(),
            })
        })
        .await
    }

    /// Lists backup jobs, newest first.
    pub async fn list_backup_jobs(&self, args: ListBackupJobs) -> Result<BackupJobs, ApiError> {
        let limit = within("limit", args.limit, 200, 1, 1000)? as u32;
        let trigger = match (args.scheduled_only, args.manual_only) {
            (Some(true), _) => Some(Trigger::Schedule),
            (_, Some(true)) => Some(Trigger::Manual),
            _ => None,
        };
        self.blocking(move |engine| {
            let jobs = engine.jobs(&JobFilter {
                kind: Some(JobKind::Backup),
                repository: args.repository,
                status: args.status,
                trigger,
                plan: None,
                before_id: args.before_id,
                limit,
            })?;
            Ok(BackupJobs {
                jobs: jobs.into_iter().map(Job::from_engine).collect(),
            })
        })
        .await
    }

    /// Returns one job as it is now.
    pub async fn get_backup_status(&self, args: JobId) -> Result<BackupStatus, ApiError> {
        self.blocking(move |engine| {
            Ok(BackupStatus {
                job: Job::from_engine(engine.job(args.job_id)?),
                logs: None,
            })
        })
        .await
    }

    /// Stops a job, or its maintenance once the archive is safe.
    pub async fn cancel_backup(&self, args: JobId) -> Result<BackupCancelled, ApiError> {
        self.blocking(move |engine| {
            let cancelled = engine.cancel(args.job_id)?;
            Ok(BackupCancelled {
                message: "Backup cancelled successfully".to_owned(),
                process_terminated: cancelled.process_terminated,
            })
        })
        .await
    }

    /// Returns lines of a job's log; works while the job runs.
    pub async fn stream_backup_logs(&self, args: StreamBackupLogs) -> Result<LogPage, ApiError> {
        let offset = within("offset", args.offset, 0, 0, i64::MAX)?;
        let limit = within("limit", args.limit, 1000, 1, 10_000)? as usize;
        self.blocking(move |engine| {
            let (status, page) = engine.log(args.job_id, offset, limit)?;
            Ok(LogPage {
                job_id: args.job_id,
                status,
                lines: page
                    .lines
                    .into_iter()
                    .map(|line| LogLine {
                        line_number: line.number,
                        content: line.content,
                        time: line.time.to_string(),
                        level: line.level,
                        text: line.text,
                    })
                    .collect(),
                total_lines: page.total_lines,
                has_more: page.has_more,
            })
        })
        .await
    }

    /// Lists the repositories Alcove knows.
    pub async fn list_repositories(&self, _: Nothing) -> Result<Repositories, ApiError> {
        self.blocking(|engine| {
            let repositories = engine
                .store()
                .repositories()
                .map_err(alcove_engine::Failure::from)?;
            Ok(Repositories {
                repositories: repositories.into_iter().map(Into::into).collect(),
            })
        })
        .await
    }

    /// Returns one repository.
    pub async fn repository(&self, id: i64) -> Result<Repository, ApiError> {
        self.blocking(move |engine| Ok(engine.repository(id)?.into()))
            .await
    }

    /// Tells what is known of a repository: its lock, its last check, how large it was over time.
    pub async fn get_repository(&self, args: RepositoryId) -> Result<RepositoryHealth, ApiError> {
        self.blocking(move |engine| Ok(engine.health(args.repository_id)?.into()))
            .await
    }

    /// Asks Borg how large a repository is, and notes it.
    pub async fn measure_repository(&self, args: RepositoryId) -> Result<RepositorySize, ApiError> {
        self.blocking(move |engine| Ok(engine.measure(args.repository_id)?.into()))
            .await
    }

    /// Removes a lock of a repository that was left behind.
    pub async fn break_repository_lock(&self, args: RepositoryId) -> Result<Nothing, ApiError> {
        self.blocking(move |engine| {
            engine.break_lock(args.repository_id)?;
            Ok(Nothing {})
        })
        .await
    }

    /// Notes that a repository is at another location now.
    pub async fn move_repository(&self, args: MoveRepository) -> Result<Repository, ApiError> {
        self.blocking(move |engine| {
            let moved = engine.move_repository(args.repository_id, &args.path, args.passphrase)?;
            Ok(moved.into())
        })
        .await
    }

    /// Lists the jobs that a repository is busy with.
    pub async fn list_running_jobs(&self, args: RepositoryId) -> Result<RunningJobs, ApiError> {
        self.blocking(move |engine| {
            let jobs = engine.active_jobs(&engine.repository(args.repository_id)?);
            Ok(RunningJobs {
                has_running_jobs: !jobs.is_empty(),
                jobs,
            })
        })
        .await
    }

    /// Lists the archives of a repository as Borg does, without checkpoints.
    pub async fn list_archives(&self, args: ListArchives) -> Result<ArchiveListing, ApiError> {
        self.blocking(move |engine| {
            Ok(ArchiveListing {
                archives: engine.archives(&args.repository)?,
            })
        })
        .await
    }

    /// Creates a Borg repository and the default plan that fills it.
    pub async fn create_repository(
        &self,
        args: CreateRepository,
    ) -> Result<RepositoryCreated, ApiError> {
        self.blocking(move |engine| {
            let created = engine.create_repository(NewRepository {
                name: args.name,
                location: args.path,
                encryption: args.encryption,
                passphrase: args.passphrase,
                passcommand: args.passcommand,
                compression: args.compression,
                sources: args.source_directories.unwrap_or_default(),
                excludes: args.exclude_patterns.unwrap_or_default(),
                plan_name: args.plan_name,
                keep: args.keep.unwrap_or_default().into(),
                compact: args.compact.unwrap_or(true),
                remember: args.remember_passphrase.unwrap_or_default(),
                ssh_key: args.ssh_key,
                remote_path: args.remote_path,
            })?;
            Ok(created.into())
        })
        .await
    }

    /// Looks at a repository that another program made, and proposes a plan like its newest backup.
    pub async fn inspect_repository(
        &self,
        args: InspectRepository,
    ) -> Result<InspectedRepository, ApiError> {
        self.blocking(move |engine| {
            let existing = existing(
                args.repository,
                args.passphrase,
                args.ssh_key,
                args.remote_path,
                args.confirm,
            );
            Ok(engine.inspect_repository(&existing)?.into())
        })
        .await
    }

    /// Takes a repository over that another program made, with a plan that goes on with it.
    pub async fn adopt_repository(
        &self,
        args: AdoptRepository,
    ) -> Result<RepositoryCreated, ApiError> {
        self.blocking(move |engine| {
            let adopted = engine.adopt_repository(Adoption {
                existing: existing(
                    args.repository,
                    args.passphrase,
                    args.ssh_key,
                    args.remote_path,
                    args.confirm,
                ),
                name: args.name,
                plan_name: args.plan_name,
                sources: args.source_directories,
                excludes: args.exclude_patterns,
                compression: args.compression,
                keep: args.keep.unwrap_or_default().into(),
                compact: args.compact.unwrap_or(true),
                remember: args.remember_passphrase.unwrap_or_default(),
            })?;
            Ok(adopted.into())
        })
        .await
    }

    /// Hands over a repository's passphrase; jobs that wait for it go on.
    pub async fn unlock_repository(&self, args: UnlockRepository) -> Result<Nothing, ApiError> {
        self.blocking(move |engine| {
            let remember = args.remember_passphrase.unwrap_or_default();
            engine.unlock(&args.repository, args.passphrase, remember)?;
            Ok(Nothing {})
        })
        .await
    }

    /// Lets a job that waits for an answer go on.
    pub async fn resume_backup(&self, args: ResumeBackup) -> Result<Nothing, ApiError> {
        self.blocking(move |engine| {
            engine.resume(args.job_id, args.confirm.unwrap_or_default())?;
            Ok(Nothing {})
        })
        .await
    }

    /// Makes a plan for a repository.
    pub async fn create_plan(&self, args: CreatePlan) -> Result<PlanSaved, ApiError> {
        self.blocking(move |engine| {
            let plan = engine.create_plan(NewPlan {
                repository: args.repository,
                name: args.name,
                rest: PlanChange {
                    sources: Some(args.source_directories),
                    excludes: args.exclude_patterns,
                    compression: args.compression,
                    log_files: args.log_files,
                    keep: args.keep.map(Into::into),
                    compact: args.compact,
                    check: args.check,
                    is_default: args.is_default,
                    ..PlanChange::default()
                },
            })?;
            Ok(PlanSaved { plan: plan.id })
        })
        .await
    }

    /// Changes a plan; what is left out stays.
    pub async fn change_plan(&self, args: ChangePlan) -> Result<PlanSaved, ApiError> {
        self.blocking(move |engine| {
            let change = PlanChange {
                name: args.name,
                sources: args.source_directories,
                excludes: args.exclude_patterns,
                compression: args.compression,
                log_files: args.log_files,
                keep: args.keep.map(Into::into),
                compact: args.compact,
                check: args.check,
                is_default: args.is_default,
                enabled: args.enabled,
            };
            let plan = engine.change_plan(args.plan, change)?;
            Ok(PlanSaved { plan: plan.id })
        })
        .await
    }

    /// Removes a plan; its archives and its jobs stay.
    pub async fn remove_plan(&self, args: RemovePlan) -> Result<Nothing, ApiError> {
        self.blocking(move |engine| {
            engine.remove_plan(args.plan)?;
            Ok(Nothing {})
        })
        .await
    }

    /// Returns what is set for all of Alcove.
    pub async fn get_settings(&self, _: Nothing) -> Result<Settings, ApiError> {
        self.blocking(|engine| Ok(engine.settings().into())).await
    }

    /// Changes what is set for all of Alcove; what is left out stays.
    pub async fn change_settings(&self, args: ChangeSettings) -> Result<Settings, ApiError> {
        self.blocking(move |engine| {
            let settings = args.apply(engine.settings());
            engine.change_settings(settings.clone())?;
            Ok(settings.into())
        })
        .await
    }

    /// Lists the plans with their last results.
    pub async fn list_plans(&self, _: Nothing) -> Result<Plans, ApiError> {
        self.blocking(|engine| {
            Ok(Plans {
                plans: plans(engine)?,
            })
        })
        .await
    }

    /// Tells which Borg is used, where Alcove keeps its files, and what this computer offers.
    pub async fn get_system(&self, _: Nothing) -> Result<System, ApiError> {
        self.blocking(|engine| {
            let borg = match engine.borg() {
                Ok(borg) => BorgFound {
                    version: Some(borg.version.to_string()),
                    path: Some(borg.path.display().to_string()),
                    problem: None,
                    install_command: None,
                },
                Err(why) => BorgFound {
                    version: None,
                    path: None,
                    problem: Some(why.to_string()),
                    install_command: alcove_engine::install_command(),
                },
            };
            let store = engine.store();
            Ok(System {
                alcove_version: env!("CARGO_PKG_VERSION").to_owned(),
                borg,
                data_folder: store.folder().path().display().to_string(),
                home_folder: engine.world().home.display().to_string(),
                platform: std::env::consts::OS.to_owned(),
                keyring: engine.keyring_name(),
                recovered_database: store.recovered().map(|path| path.display().to_string()),
            })
        })
        .await
    }

    /// Names the folders of this person that are worth a backup.
    pub async fn suggest_folders(&self, _: Nothing) -> Result<SuggestedFolders, ApiError> {
        self.blocking(|engine| {
            let folders = folders::suggest(&engine.world().home)
                .into_iter()
                .map(|folder| SuggestedFolder {
                    name: folder.name,
                    path: folder.path.display().to_string(),
                    kind: folder_kind(folder.kind),
                    chosen: folder.chosen,
                })
                .collect();
            let exclude_patterns = alcove_engine::LEFT_OUT
                .iter()
                .map(ToString::to_string)
                .collect();
            Ok(SuggestedFolders {
                folders,
                exclude_patterns,
            })
        })
        .await
    }

    /// Adds up a folder as Borg would; stops early on a very large one.
    pub async fn measure_folder(&self, args: MeasureFolder) -> Result<FolderMeasure, ApiError> {
        let path = absolute("path", &args.path)?;
        self.blocking(move |_| {
            if !path.exists() {
                return Err(ApiError::bad_argument(
                    "path",
                    format!("{} is not there.", args.path),
                ));
            }
            let began = Instant::now();
            let excludes = args.exclude_patterns.unwrap_or_default();
            let found =
                folders::measure(&path, &excludes, None, &|_| began.elapsed() < MEASURE_FOR);
            Ok(FolderMeasure {
                path: args.path,
                bytes: ByteCount(found.bytes),
                files: found.files,
                complete: found.complete,
            })
        })
        .await
    }

    /// Lists drives that are plugged in and can take a repository.
    pub async fn list_drives(&self, _: Nothing) -> Result<Drives, ApiError> {
        self.blocking(|_| {
            let drives = folders::drives()
                .into_iter()
                .map(|drive| Drive {
                    name: drive.name,
                    path: drive.path.display().to_string(),
                    free: ByteCount(drive.free),
                    size: ByteCount(drive.size),
                })
                .collect();
            Ok(Drives { drives })
        })
        .await
    }

    /// Tells whether a new repository can be made in a local folder.
    pub async fn inspect_destination(
        &self,
        args: InspectDestination,
    ) -> Result<Destination, ApiError> {
        self.blocking(move |engine| {
            let found = folders::inspect(Path::new(&args.path), &engine.world().home);
            Ok(Destination {
                state: destination_state(found.standing),
                free: found.free.map(ByteCount),
                same_drive_as_home: found.same_drive_as_home,
            })
        })
        .await
    }

    /// Lists the tokens that open the HTTP door.
    pub async fn list_access_tokens(&self, _: Nothing) -> Result<AccessTokens, ApiError> {
        self.blocking(|engine| {
            let tokens = engine.access_tokens()?;
            Ok(AccessTokens {
                tokens: tokens.into_iter().map(Into::into).collect(),
            })
        })
        .await
    }

    /// Makes a token for the HTTP door; the answer is the only place it is shown.
    pub async fn create_access_token(
        &self,
        args: CreateAccessToken,
    ) -> Result<AccessTokenCreated, ApiError> {
        self.blocking(move |engine| Ok(engine.create_access_token(&args.name)?.into()))
            .await
    }

    /// Makes the token of a program, which replaces the one it made before for the same purpose.
    pub async fn replace_access_token(
        &self,
        purpose: &'static str,
    ) -> Result<AccessTokenCreated, ApiError> {
        self.blocking(move |engine| Ok(engine.replace_access_token(purpose)?.into()))
            .await
    }

    /// Makes a token useless from now on.
    pub async fn revoke_access_token(&self, args: RevokeAccessToken) -> Result<Nothing, ApiError> {
        self.blocking(move |engine| {
            engine.revoke_access_token(args.id)?;
            Ok(Nothing {})
        })
        .await
    }

    /// Tests the way to a repository step by step, and says which step fails and why.
    pub async fn test_connection(
        &self,
        args: TestConnection,
    ) -> Result<ConnectionReport, ApiError> {
        let seconds = within("time_limit", args.time_limit, 90, 5, 300)?;
        self.blocking(move |engine| {
            let report = engine.test_connection(ConnectionTest {
                location: args.repository,
                passphrase: args.passphrase,
                ssh_key: args.ssh_key,
                remote_path: args.remote_path,
                expected_bytes: args.expected_bytes.map(|bytes| bytes.0),
                time_limit: Duration::from_secs(seconds),
            })?;
            Ok(report.into())
        })
        .await
    }

    /// The number of a token, if it is a good one. Answers from memory.
    pub fn verify_access_token(&self, token: &str) -> Option<i64> {
        self.engine.verify_access_token(token)
    }

    /// Whether the token of this number is still good. Answers from memory.
    pub fn has_access_token(&self, id: i64) -> bool {
        self.engine.has_access_token(id)
    }

    /// Whether the desktop opens its HTTP door, and where.
    pub async fn http_setting(&self) -> Result<HttpSetting, ApiError> {
        self.blocking(|engine| Ok(engine.http_setting()?)).await
    }

    /// Keeps whether the desktop opens its HTTP door, and where.
    pub async fn set_http_setting(&self, setting: HttpSetting) -> Result<(), ApiError> {
        self.blocking(move |engine| Ok(engine.set_http_setting(setting)?))
            .await
    }

    /// Writes down the key of a server that a person compared and approved.
    pub async fn trust_host_key(&self, args: TrustHostKey) -> Result<HostKeyTrusted, ApiError> {
        self.blocking(move |engine| {
            let written = engine.trust_host_key(&args.repository, &args.fingerprint, TRUST_FOR)?;
            Ok(HostKeyTrusted { written })
        })
        .await
    }

    /// Lists the private ssh keys of this person.
    pub async fn list_ssh_keys(&self, _: Nothing) -> Result<SshKeys, ApiError> {
        self.blocking(|engine| {
            let keys = engine.ssh_keys().into_iter().map(Into::into).collect();
            Ok(SshKeys { keys })
        })
        .await
    }

    /// Makes an Ed25519 ssh key under a name that is free.
    pub async fn make_ssh_key(&self, args: MakeSshKey) -> Result<SshKey, ApiError> {
        self.blocking(move |engine| {
            let comment = args
                .comment
                .unwrap_or_else(|| format!("Alcove on {}", engine.world().host));
            Ok(engine.make_ssh_key(&comment)?.into())
        })
        .await
    }

    /// Hears of every change from now on, and of the present first.
    pub fn watch(&self) -> Watch {
        Watch::new(&self.engine)
    }

    /// Writes a job's whole log to a file, which appears complete or not at all.
    pub async fn export_log(&self, job: i64, to: PathBuf) -> Result<(), ApiError> {
        self.blocking(move |engine| {
            engine.job(job)?;
            engine.store().copy_log(job, &to).map_err(|error| {
                alcove_engine::Failure::new(crate::ErrorCode::FileFailed, error.to_string())
                    .retryable()
            })?;
            Ok(())
        })
        .await
    }

    /// Whether the person wants to be told when a job ends.
    pub fn notifies(&self) -> bool {
        self.engine.settings().notifications
    }

    /// Opens a job's whole log to be read bit by bit; of a job that is pending or running only with
    /// `partial`.
    pub async fn open_log(&self, args: DownloadBackupLogs) -> Result<LogText, ApiError> {
        let DownloadBackupLogs { job_id, partial } = args;
        self.blocking(move |engine| Ok(engine.log_text(job_id, partial.unwrap_or_default())?))
            .await
    }

    /// Suggests a name for the file of an exported key.
    pub async fn key_file_name(&self, args: SaveKey) -> Result<String, ApiError> {
        self.blocking(move |engine| Ok(engine.key_file_name(args.repository, args.form.into())?))
            .await
    }

    /// Exports a repository's key to a file, which appears complete or not at all.
    pub async fn export_key(&self, args: SaveKey, to: PathBuf) -> Result<(), ApiError> {
        self.blocking(move |engine| {
            Ok(engine.export_key(args.repository, args.form.into(), &to)?)
        })
        .await
    }

    /// Opens a repository with the exported key in a file.
    pub async fn verify_key(&self, args: VerifyKey, file: PathBuf) -> Result<(), ApiError> {
        self.blocking(move |engine| {
            Ok(engine.verify_key(args.repository, &file, args.passphrase)?)
        })
        .await
    }

    /// The look the window was given, `light` or `dark`; `None`: as the desktop is.
    pub fn chosen_look(&self) -> Option<&'static str> {
        match self.engine.settings().theme {
            Theme::System => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        }
    }

    /// Whether any job runs.
    pub fn has_active_jobs(&self) -> bool {
        self.engine.has_active_jobs()
    }

    /// Stops every job and waits for Borg to end.
    pub async fn shutdown(&self) {
        let stopped = self
            .blocking(|engine| {
                engine.shut_down(SHUT_DOWN);
                Ok(())
            })
            .await;
        if let Err(error) = stopped {
            log::error!("at the end: {error}");
        }
    }
}

fn plans(engine: &Engine) -> Result<Vec<Plan>, ApiError> {
    let store = engine.store();
    let failed = alcove_engine::Failure::from;
    let repositories = store.repositories().map_err(failed)?;
    let mut shown = Vec::new();
    for plan in store.plans().map_err(failed)? {
        let Some(repository) = repositories
            .iter()
            .find(|known| known.id == plan.repository)
        else {
            continue;
        };
        let last = engine.jobs(&JobFilter {
            plan: Some(plan.id),
            limit: 1,
            ..JobFilter::default()
        })?;
        let last_good = store.last_safe_job(plan.id).map_err(failed)?;
        shown.push(Plan {
            archive_prefix: engine.archive_prefix(&plan),
            id: plan.id,
            name: plan.name,
            repository: repository.clone().into(),
            sources: plan.sources,
            excludes: plan.excludes,
            compression: plan.compression,
            log_files: plan.log_files,
            keep: plan.keep.into(),
            compact: plan.compact,
            check: plan.check,
            is_default: plan.is_default,
            enabled: plan.enabled,
            created_at: plan.created_at.to_string(),
            last_job: last.into_iter().next().map(Job::from_engine),
            last_good: last_good
                .map(|job| engine.job(job.id))
                .transpose()?
                .map(Job::from_engine),
        });
    }
    Ok(shown)
}

fn existing(
    location: String,
    passphrase: Option<Passphrase>,
    ssh_key: Option<String>,
    remote_path: Option<String>,
    confirm: Option<Vec<Confirm>>,
) -> Existing {
    let confirm = confirm.unwrap_or_default();
    Existing {
        location,
        passphrase: passphrase.map(Arc::new),
        ssh_key,
        remote_path,
        confirm: confirm.into_iter().map(Into::into).collect(),
        until: Instant::now() + INSPECT_FOR,
    }
}

fn absolute(field: &str, path: &str) -> Result<PathBuf, ApiError> {
    if path.starts_with('/') && !path.contains('\0') {
        return Ok(PathBuf::from(path));
    }
    Err(ApiError::bad_argument(
        field,
        format!("{path:?} is not a full path."),
    ))
}

fn folder_kind(kind: folders::Kind) -> FolderKind {
    match kind {
        folders::Kind::Documents => FolderKind::Documents,
        folders::Kind::Pictures => FolderKind::Pictures,
        folders::Kind::Music => FolderKind::Music,
        folders::Kind::Videos => FolderKind::Videos,
        folders::Kind::Downloads => FolderKind::Downloads,
        folders::Kind::Desktop => FolderKind::Desktop,
        folders::Kind::Settings => FolderKind::Settings,
        folders::Kind::Other => FolderKind::Other,
    }
}

fn destination_state(standing: folders::Standing) -> DestinationState {
    match standing {
        folders::Standing::New => DestinationState::New,
        folders::Standing::Empty => DestinationState::Empty,
        folders::Standing::Repository => DestinationState::Repository,
        folders::Standing::NotEmpty => DestinationState::NotEmpty,
        folders::Standing::NotAFolder => DestinationState::NotAFolder,
        folders::Standing::NotAbsolute => DestinationState::NotAbsolute,
        folders::Standing::NotWritable => DestinationState::NotWritable,
    }
}
