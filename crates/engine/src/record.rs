//! What is known of jobs: from memory while one lives, from the store afterwards; and how the last record of one is
//! saved.

use std::collections::BTreeMap;
use std::sync::{MutexGuard, PoisonError};

use alcove_store::{Job, JobFilter, Level, LogPage, LogText, Maintenance, Phase, Status};
use jiff::Timestamp;

use crate::engine::{Engine, Inner};
use crate::error::{ErrorCode, Failure};
use crate::job::cancel::CancelStage;

/// A job, and what only the running engine knows of it.
#[derive(Debug, Clone)]
pub struct JobView {
    /// Its record.
    pub job: Job,
    /// Its place in the lane: 1 is next. `None` unless it waits for its turn.
    pub queue_position: Option<u32>,
    /// Whether a stop was asked for and has not taken effect yet.
    pub cancelling: bool,
    /// How far that stop is; `None` while no Borg has been told.
    pub cancel_stage: Option<CancelStage>,
    /// When its next attempt begins, while it waits for that.
    pub next_try: Option<Timestamp>,
    /// Whether it has a log: from its first line until old logs are removed.
    pub has_log: bool,
}

impl Engine {
    /// Returns a job as it is now.
    pub fn job(&self, id: i64) -> Result<JobView, Failure> {
        if let Some(view) = self.inner().lanes().view(id) {
            return Ok(view);
        }
        self.inner().save_unsaved();
        if let Some(job) = self.inner().unsaved().get(&id).cloned() {
            return Ok(self.inner().view_of_ended(job));
        }
        let job =
            self.inner().store.job(id)?.ok_or_else(|| {
                Failure::new(ErrorCode::NotFound, format!("There is no job {id}."))
            })?;
        Ok(self.inner().view_of_ended(job))
    }

    /// Lists jobs, newest first; those that have not ended as they are now.
    pub fn jobs(&self, filter: &JobFilter) -> Result<Vec<JobView>, Failure> {
        self.inner().save_unsaved();
        let jobs = self.inner().store.jobs(filter)?;
        let living: Vec<Option<JobView>> = {
            let lanes = self.inner().lanes();
            jobs.iter().map(|job| lanes.view(job.id)).collect()
        };
        let unsaved = self.inner().unsaved().clone();
        let seen = jobs.into_iter().zip(living).map(|(job, living)| {
            living.unwrap_or_else(|| {
                let last = unsaved.get(&job.id).cloned().unwrap_or(job);
                self.inner().view_of_ended(last)
            })
        });
        Ok(seen.collect())
    }

    /// Every job that has not ended, oldest first.
    pub fn unfinished(&self) -> Vec<JobView> {
        let lanes = self.inner().lanes();
        lanes
            .entries()
            .filter_map(|entry| lanes.view(entry.job.id))
            .collect()
    }

    /// Returns lines of a job's log, from line `offset` (0 is the first).
    pub fn log(&self, id: i64, offset: u64, limit: usize) -> Result<(Status, LogPage), Failure> {
        let status = self.job(id)?.job.status;
        let page = match self.inner().store.log_reader(id)? {
            Some(reader) => reader.page(offset, limit)?,
            None => LogPage::default(),
        };
        Ok((status, page))
    }

    /// Opens a job's whole log. That of a job that has not been decided yet is a part, and given only to
    /// who asks for a part.
    pub fn log_text(&self, id: i64, partial: bool) -> Result<LogText, Failure> {
        let status = self.job(id)?.job.status;
        if !partial && matches!(status, Status::Pending | Status::Running) {
            return Err(Failure::new(
                ErrorCode::NotEnded,
                format!("Job {id} is still {status}, so its log is not complete."),
            )
            .hint("Wait for its end, or ask for the part that is there with `partial`.")
            .retryable());
        }
        let log = self.inner().store.log_text(id)?;
        Ok(log.unwrap_or_else(LogText::empty))
    }
}

impl Inner {
    /// A job of which the engine knows no more than its record.
    pub(crate) fn view_of_ended(&self, job: Job) -> JobView {
        JobView {
            has_log: self.store.has_log(job.id),
            job,
            queue_position: None,
            cancelling: false,
            cancel_stage: None,
            next_try: None,
        }
    }

    pub(crate) fn unsaved(&self) -> MutexGuard<'_, BTreeMap<i64, Job>> {
        self.unsaved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Saves the last record of a job. One that finds no room is shown from memory, and saved when there is room
    /// again: a backup that is safe must not look like one that never ended.
    pub(crate) fn save_last(&self, job: &Job) {
        if let Err(error) = self.store.save_job(job) {
            log::error!("the end of job {} was not saved yet: {error}", job.id);
            self.unsaved().insert(job.id, job.clone());
        }
    }

    /// Tries again to save what found no room.
    pub(crate) fn save_unsaved(&self) {
        self.store.write_late_lines();
        self.unsaved()
            .retain(|_, job| self.store.save_job(job).is_err());
    }

    /// Removes the logs that need not be kept any more.
    pub(crate) fn trim_logs(&self) {
        let keeping = self.settings().log_keeping();
        match self.store.trim_logs(keeping, self.world.clock.now()) {
            Ok(0) => {}
            Ok(removed) => log::info!("removed the old logs of {removed} jobs"),
            Err(error) => log::warn!("old logs stay: {error}"),
        }
    }

    /// Ends a job that no thread runs, with a log that says why.
    pub(crate) fn end(
        &self,
        mut job: Job,
        status: Status,
        failure: Option<&Failure>,
    ) -> Result<(), Failure> {
        let now = self.world.clock.now();
        let mut log = self.store.log_writer(job.id)?;
        match failure {
            Some(failure) => log.write(now, Level::Error, &failure.sentence()),
            None => log.write(now, Level::Info, "Cancelled before it began."),
        };
        log.sync();
        job.error_code = None;
        job.error_message = None;
        job.maintenance = job.maintenance.map(broken_off);
        if job.completed_at.is_none() {
            job.completed_at = Some(now);
        }
        job.status = status;
        job.phase = Phase::Ended;
        job.phase_percent = None;
        job.active = false;
        job.waiting_for = None;
        job.stalled_since = None;
        job.ended_at = Some(now);
        job.progress.current_file.clear();
        job.progress.speed = 0.0;
        job.progress.estimated_time_remaining = 0;
        job.progress.time_remaining_margin = 0;
        if let Some(failure) = failure {
            job.error_code = Some(failure.code.as_str().to_owned());
            job.error_message = Some(failure.sentence());
        }
        self.save_last(&job);
        self.tell_end(job);
        Ok(())
    }
}

/// The word for maintenance that was running when Alcove stopped.
fn broken_off(maintenance: Maintenance) -> Maintenance {
    match maintenance {
        Maintenance::RunningPrune => Maintenance::PruneFailed,
        Maintenance::RunningCompact | Maintenance::PruneCompleted => Maintenance::CompactFailed,
        Maintenance::RunningCheck | Maintenance::CompactCompleted => Maintenance::CheckFailed,
        other => other,
    }
}
