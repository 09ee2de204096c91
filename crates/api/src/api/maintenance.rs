//! Maintenance by itself, jobs of every kind, and what would happen before it does.

use alcove_store::{JobFilter, Trigger};

use super::{Api, within};
use crate::error::ApiError;
use crate::types::{
    Job, Jobs, ListJobs, MaintenanceStarted, PreviewPrune, PrunePreview, StartMaintenance,
    TestPlan, TestRun,
};

impl Api {
    /// Starts a check, a compact or a prune of a repository.
    pub async fn start_maintenance(
        &self,
        args: StartMaintenance,
    ) -> Result<MaintenanceStarted, ApiError> {
        self.blocking(move |engine| {
            let job_id = engine.start_maintenance(
                args.repository_id,
                args.kind,
                args.plan,
                Trigger::Manual,
                args.retry_of,
            )?;
            Ok(MaintenanceStarted { job_id })
        })
        .await
    }

    /// Lists jobs of every kind, newest first.
    pub async fn list_jobs(&self, args: ListJobs) -> Result<Jobs, ApiError> {
        let limit = within("limit", args.limit, 200, 1, 1000)? as u32;
        self.blocking(move |engine| {
            let jobs = engine.jobs(&JobFilter {
                kind: args.kind,
                repository: args.repository,
                status: args.status,
                before_id: args.before_id,
                limit,
                ..JobFilter::default()
            })?;
            Ok(Jobs {
                jobs: jobs.into_iter().map(Job::from_engine).collect(),
            })
        })
        .await
    }

    /// Tells which archives a prune would delete now, and why the others stay.
    pub async fn preview_prune(&self, args: PreviewPrune) -> Result<PrunePreview, ApiError> {
        self.blocking(move |engine| {
            let preview = engine.preview_prune(
                args.repository_id,
                args.plan,
                args.keep.map(Into::into),
                args.refresh.unwrap_or_default(),
            )?;
            Ok(preview.into())
        })
        .await
    }

    /// Tells what a backup of these folders would take, without reading a file.
    pub async fn test_plan(&self, args: TestPlan) -> Result<TestRun, ApiError> {
        self.blocking(move |engine| {
            let plan = args.plan.map(|plan| engine.plan(plan)).transpose()?;
            let run = engine.test_run(
                args.source_directories,
                args.exclude_patterns.unwrap_or_default(),
                plan.is_some_and(|plan| plan.one_file_system),
            )?;
            Ok(run.into())
        })
        .await
    }
}
