//! What becomes of jobs when Alcove goes away under them: closed in good order, or killed.
//!
//! Nobody wished these jobs to stop, so they have failed and can be tried again; one whose archive is safe stays as
//! it ended.

use std::time::Duration;

use alcove_store::{Job, Level, Phase, Status};

use crate::engine::{Engine, Inner};
use crate::error::{ErrorCode, Failure};

/// How a job ends that Alcove left, and why.
pub(crate) fn of(job: &Job) -> (Status, Failure) {
    let kind = job.kind;
    let (status, sentence) = match job.status {
        Status::Pending => (
            Status::Failed,
            format!("Alcove was closed before this {kind} began."),
        ),
        Status::Running => (
            Status::Failed,
            format!("Alcove stopped while this {kind} ran. Nothing already stored is damaged."),
        ),
        decided => (
            decided,
            "Alcove stopped during maintenance. The archive is safe.".to_owned(),
        ),
    };
    let failure = Failure::new(ErrorCode::Interrupted, sentence)
        .hint("Try again.")
        .retryable();
    (status, failure)
}

impl Engine {
    /// Stops every job and every look at a repository, and waits for their Borgs and for who changes a repository, at
    /// most `patience`. Jobs that wait end at once.
    pub fn shut_down(&self, patience: Duration) {
        let inner = self.inner();
        inner.scheduler.stop();
        let mut lanes = inner.lanes();
        lanes.close();
        let mut waiting = Vec::new();
        for id in lanes.last_first() {
            let Some(entry) = lanes.get_mut(id) else {
                continue;
            };
            if entry.taken {
                entry.control.close();
            } else {
                waiting.extend(lanes.remove(id));
            }
        }
        drop(lanes);
        for entry in waiting {
            let (status, failure) = of(&entry.job);
            if let Err(error) = inner.end(entry.job, status, Some(&failure)) {
                log::error!("a job that waited was not ended: {error}");
            }
        }
        inner.wait_until_idle(patience);
        inner.save_unsaved();
    }

    /// Goes on after a shut-down that somebody gave up: plans run by themselves again, and what was broken off is due.
    pub(crate) fn stay_open(&self) {
        self.inner().lanes().stay_open();
        if self.inner().scheduler.is_stopped() {
            self.watch_schedules();
        }
        // What a person started meanwhile has waited.
        self.pump();
    }
}

impl Inner {
    /// Ends a job that has no archive, and whose scripts Alcove left: what was wrong with it is still what was wrong.
    fn break_off(&self, job: Job) -> Result<(), Failure> {
        let now = self.world.clock.now();
        let mut log = self.store.log_writer(job.id)?;
        let text = "Alcove stopped while the scripts after this backup ran.";
        log.write(now, Level::Warning, text);
        log.sync();
        self.store.save_job(&Job {
            phase: Phase::Ended,
            active: false,
            ended_at: Some(now),
            ..job
        })?;
        Ok(())
    }

    /// Ends the jobs of a run of Alcove that did not end them itself.
    pub(crate) fn end_interrupted(&self) -> Result<(), Failure> {
        for job in self.store.unfinished_jobs()? {
            if job.status.is_terminal() && !job.status.is_safe() {
                self.break_off(job)?;
                continue;
            }
            let (status, failure) = of(&job);
            self.end(job, status, Some(&failure))?;
        }
        Ok(())
    }
}
