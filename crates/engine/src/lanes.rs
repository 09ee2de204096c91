//! Which job runs next. Each repository is a lane: its jobs run one at a time, in the order they
//! were asked for; so many lanes run side by side as the person allows.
//!
//! Pure bookkeeping over the jobs that have not ended; starting threads is the engine's.

#[cfg(test)]
mod model;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use alcove_store::{Job, Status};

use crate::job::control::Control;
use crate::record::JobView;

/// A job that has not ended.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Its latest record.
    pub(crate) job: Job,
    /// The repository's location, without a trailing slash.
    pub(crate) lane: String,
    /// Whether a thread has it.
    pub(crate) taken: bool,
    /// How it is told to stop.
    pub(crate) control: Arc<Control>,
    /// The answer it needs came before its thread let go of it.
    answered: bool,
}

impl Entry {
    /// Takes the answer to what the job waits for. Doors hear of the question a moment before the thread lets go.
    pub(crate) fn answer(&mut self) {
        self.job.waiting_for = None;
        self.answered = self.taken;
    }
}

/// The jobs that have not ended, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Lanes {
    entries: BTreeMap<i64, Entry>,
    /// Lanes in which somebody looks at the repository, while no job may.
    held: BTreeSet<String>,
}

impl Lanes {
    pub(crate) fn add(&mut self, job: Job, lane: String) {
        let entry = Entry {
            lane,
            taken: false,
            control: Arc::default(),
            answered: false,
            job,
        };
        self.entries.insert(entry.job.id, entry);
    }

    pub(crate) fn get_mut(&mut self, id: i64) -> Option<&mut Entry> {
        self.entries.get_mut(&id)
    }

    pub(crate) fn remove(&mut self, id: i64) -> Option<Entry> {
        self.entries.remove(&id)
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    pub(crate) fn entries_mut(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.entries.values_mut()
    }

    /// Every id, the newest first: so the waiting are stopped before the one they wait for.
    pub(crate) fn newest_first(&self) -> Vec<i64> {
        self.entries.keys().rev().copied().collect()
    }

    /// Keeps the jobs of a lane waiting; false when one runs, or the lane is held already.
    pub(crate) fn hold(&mut self, lane: &str) -> bool {
        let taken = self
            .entries()
            .any(|entry| entry.taken && entry.lane == lane);
        !taken && self.held.insert(lane.to_owned())
    }

    /// Lets the jobs of a lane have their turns again.
    pub(crate) fn release(&mut self, lane: &str) {
        self.held.remove(lane);
    }

    /// Takes the next job that may run while at most `most` lanes are busy.
    pub(crate) fn take_next(&mut self, most: usize) -> Option<i64> {
        let busy: Vec<String> = self
            .entries
            .values()
            .filter(|entry| entry.taken)
            .map(|entry| entry.lane.clone())
            .collect();
        if busy.len() >= most {
            return None;
        }
        let next = self.entries.values_mut().find(|entry| {
            !entry.taken
                && entry.job.waiting_for.is_none()
                && !busy.contains(&entry.lane)
                && !self.held.contains(&entry.lane)
        })?;
        next.taken = true;
        next.answered = false;
        Some(next.job.id)
    }

    /// Takes a job back from its thread, to wait for an answer if none came meanwhile. Returns its record; `None`
    /// when it is not there any more.
    pub(crate) fn put_back(&mut self, job: Job) -> Option<&Job> {
        let entry = self.entries.get_mut(&job.id)?;
        entry.taken = false;
        entry.job = job;
        if std::mem::take(&mut entry.answered) {
            entry.job.waiting_for = None;
        }
        Some(&entry.job)
    }

    /// A job with its place in the queue: 1 is next in its lane.
    pub(crate) fn view(&self, id: i64) -> Option<JobView> {
        let entry = self.entries.get(&id)?;
        let queued = |entry: &&Entry| !entry.taken && entry.job.waiting_for.is_none();
        let queue_position = queued(&entry).then(|| {
            self.entries
                .values()
                .filter(|other| other.lane == entry.lane && other.job.id <= id)
                .filter(queued)
                .count() as u32
        });
        Some(JobView {
            // The first line is written when a thread takes the job.
            has_log: entry.taken || entry.job.started_at.is_some(),
            job: entry.job.clone(),
            queue_position,
            cancelling: entry.control.is_stopping(),
        })
    }

    /// Every job that waits, for telling the doors when the queue moved.
    pub(crate) fn waiting(&self) -> Vec<JobView> {
        self.entries
            .values()
            .filter(|entry| entry.job.status == Status::Pending)
            .filter_map(|entry| self.view(entry.job.id))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use alcove_store::{JobKind, NewJob, Trigger, WaitingFor};

    use super::*;

    pub(super) fn job(id: i64) -> Job {
        let new = NewJob {
            kind: JobKind::Backup,
            repository: "/r".into(),
            plan: None,
            plan_name: None,
            trigger: Trigger::Manual,
            retry_of: None,
            created_at: jiff::Timestamp::UNIX_EPOCH,
        };
        Job::pending(id, new)
    }

    fn lanes(jobs: &[(i64, &str)]) -> Lanes {
        let mut lanes = Lanes::default();
        for (id, lane) in jobs {
            lanes.add(job(*id), (*lane).to_owned());
        }
        lanes
    }

    #[test]
    fn a_repository_runs_one_job_at_a_time_in_order() {
        let mut lanes = lanes(&[(1, "/a"), (2, "/a"), (3, "/a")]);
        assert_eq!(lanes.take_next(5), Some(1));
        assert_eq!(lanes.take_next(5), None);
        assert_eq!(lanes.view(2).unwrap().queue_position, Some(1));
        assert_eq!(lanes.view(3).unwrap().queue_position, Some(2));
        assert_eq!(lanes.view(1).unwrap().queue_position, None);
        lanes.remove(1);
        assert_eq!(lanes.take_next(5), Some(2));
    }

    #[test]
    fn other_repositories_run_beside_it_up_to_the_cap() {
        let mut lanes = lanes(&[(1, "/a"), (2, "/a"), (3, "/b"), (4, "/c")]);
        assert_eq!(lanes.take_next(2), Some(1));
        assert_eq!(lanes.take_next(2), Some(3));
        assert_eq!(lanes.take_next(2), None);
    }

    #[test]
    fn a_lane_is_held_while_nobody_runs_in_it_and_its_jobs_wait_meanwhile() {
        let mut lanes = lanes(&[(1, "/a"), (2, "/b")]);
        assert!(lanes.hold("/a") && !lanes.hold("/a"));
        assert_eq!(lanes.take_next(5), Some(2));
        assert!(!lanes.hold("/b"), "a job runs there");
        assert_eq!(lanes.take_next(5), None);
        lanes.release("/a");
        assert_eq!(lanes.take_next(5), Some(1));
    }

    #[test]
    fn a_job_that_waits_for_an_answer_holds_no_lane() {
        let mut lanes = lanes(&[(1, "/a"), (2, "/b")]);
        lanes.get_mut(1).unwrap().job.waiting_for = Some(WaitingFor::Passphrase);
        assert_eq!(lanes.take_next(1), Some(2));
        assert_eq!(lanes.view(1).unwrap().queue_position, None);
    }
}
