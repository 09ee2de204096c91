//! The backup operations: start, list, status, cancel, resume, and the log.

use std::path::PathBuf;

use alcove_store::{JobFilter, JobKind, LogText, Trigger};

use super::{Api, within};
use crate::error::ApiError;
use crate::types::{
    BackupCancelled, BackupJobs, BackupStarted, BackupStatus, DownloadBackupLogs, Job, JobId,
    ListBackupJobs, LogLine, LogPage, MoveJob, Nothing, RepositoryId, ResumeBackup, RunningJobs,
    StartBackup, StreamBackupLogs,
};

impl Api {
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

    /// Lets a job that waits for an answer go on.
    pub async fn resume_backup(&self, args: ResumeBackup) -> Result<Nothing, ApiError> {
        self.blocking(move |engine| {
            engine.resume(args.job_id, args.confirm.unwrap_or_default())?;
            Ok(Nothing {})
        })
        .await
    }

    /// Gives a job that waits for its turn another place in the queue of its repository.
    pub async fn move_job(&self, args: MoveJob) -> Result<Nothing, ApiError> {
        self.blocking(move |engine| {
            engine.move_job(args.job_id, args.position)?;
            Ok(Nothing {})
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

    /// Opens a job's whole log to be read bit by bit; of a job that is pending or running only with
    /// `partial`.
    pub async fn open_log(&self, args: DownloadBackupLogs) -> Result<LogText, ApiError> {
        let DownloadBackupLogs { job_id, partial } = args;
        self.blocking(move |engine| Ok(engine.log_text(job_id, partial.unwrap_or_default())?))
            .await
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
}
