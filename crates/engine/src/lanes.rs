//! Which job runs next. Each repository is a lane: its jobs run one at a time, in the order they were asked for, or
//! that a person gave them; so many lanes run side by side as the person allows.
//!
//! Pure bookkeeping over the jobs that have not ended; starting threads is the engine's.

#[cfg(test)]
mod model;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use alcove_store::{Job, JobKind, Status};

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
    /// Whether it waits for its turn alone.
    fn is_queued(&self) -> bool {
        !self.taken && self.job.waiting_for.is_none()
    }

    /// Takes the answer to what the job waits for. Doors hear of the question a moment before the thread lets go.
    pub(crate) fn answer(&mut self) {
        self.job.waiting_for = None;
        self.answered = self.taken;
    }
}

/// The jobs that have not ended.
#[derive(Debug, Default)]
pub(crate) struct Lanes {
    entries: BTreeMap<i64, Entry>,
    /// The order in which they have their turns.
    order: Vec<i64>,
    /// Lanes in which no job may run for a moment.
    held: BTreeMap<String, Hold>,
    /// Whether Alcove is being closed: nothing is held any more.
    closing: bool,
}

/// A lane that no job may run in.
#[derive(Debug, Default)]
struct Hold {
    /// How many look at the repository; none: somebody changes it.
    looks: usize,
    /// Whether a job has its turn but for this.
    wanted: Arc<AtomicBool>,
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
        self.order.push(entry.job.id);
        self.entries.insert(entry.job.id, entry);
    }

    pub(crate) fn get_mut(&mut self, id: i64) -> Option<&mut Entry> {
        self.entries.get_mut(&id)
    }

    /// The lane of a job that has not ended.
    pub(crate) fn lane_of(&self, id: i64) -> Option<String> {
        self.entries.get(&id).map(|entry| entry.lane.clone())
    }

    pub(crate) fn remove(&mut self, id: i64) -> Option<Entry> {
        self.order.retain(|other| *other != id);
        self.entries.remove(&id)
    }

    /// The jobs that have not ended, oldest first.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    pub(crate) fn entries_mut(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.entries.values_mut()
    }

    /// Every id, the last to have its turn first: so the waiting are stopped before the one they wait for.
    pub(crate) fn last_first(&self) -> Vec<i64> {
        self.order.iter().rev().copied().collect()
    }

    /// The jobs of a lane that only wait for their turn, the next one first.
    fn queue(&self, lane: &str) -> Vec<i64> {
        let queued = |id: &&i64| {
            self.entries
                .get(id)
                .is_some_and(|entry| entry.lane == lane && entry.is_queued())
        };
        self.order.iter().filter(queued).copied().collect()
    }

    /// Gives a job that waits for its turn another place in its lane: 1 is next, and what is beyond the last is the
    /// last. Those of other lanes stay where they are. False when it does not wait for its turn.
    pub(crate) fn place(&mut self, id: i64, position: usize) -> bool {
        let Some(lane) = self.entries.get(&id).map(|entry| entry.lane.clone()) else {
            return false;
        };
        let slots = self.queue(&lane);
        let mut queue = slots.clone();
        let Some(from) = queue.iter().position(|other| *other == id) else {
            return false;
        };
        queue.remove(from);
        queue.insert(position.saturating_sub(1).min(queue.len()), id);
        for place in &mut self.order {
            if let Some(slot) = slots.iter().position(|other| other == place) {
                *place = queue[slot];
            }
        }
        true
    }

    /// Asks what runs in a lane to make way when a backup is next there. Only a check heeds it.
    pub(crate) fn ask_for_way(&self) {
        for running in self.entries.values().filter(|entry| entry.taken) {
            let next = self.queue(&running.lane).first().copied();
            if next.is_some_and(|next| self.entries[&next].job.kind == JobKind::Backup) {
                running.control.ask_for_way();
            }
        }
    }

    /// Keeps the jobs of a lane waiting; false when one runs, or the lane is held already, or Alcove is being closed.
    pub(crate) fn hold(&mut self, lane: &str) -> bool {
        if self.closing || self.is_taken(lane) || self.held.contains_key(lane) {
            return false;
        }
        self.held.insert(lane.to_owned(), Hold::default());
        true
    }

    /// Keeps the jobs of a lane waiting for a look at its repository, of which there may be several. Gives what is set
    /// once a job wants the lane; nothing when one runs or waits for that already, somebody changes the repository, or
    /// Alcove is being closed.
    pub(crate) fn look(&mut self, lane: &str) -> Option<Arc<AtomicBool>> {
        if self.closing || self.is_taken(lane) {
            return None;
        }
        match self.held.get_mut(lane) {
            Some(hold) if hold.looks == 0 || hold.wanted.load(Ordering::Acquire) => None,
            Some(hold) => {
                hold.looks += 1;
                Some(Arc::clone(&hold.wanted))
            }
            None => {
                let hold = Hold {
                    looks: 1,
                    ..Hold::default()
                };
                let wanted = Arc::clone(&hold.wanted);
                self.held.insert(lane.to_owned(), hold);
                Some(wanted)
            }
        }
    }

    /// Lets nobody hold a lane from now on, and asks every look to end.
    pub(crate) fn close(&mut self) {
        self.closing = true;
        for hold in self.held.values() {
            hold.wanted.store(true, Ordering::Release);
        }
    }

    /// Takes back that Alcove is being closed.
    pub(crate) fn stay_open(&mut self) {
        self.closing = false;
    }

    /// Whether a job runs or a lane is held.
    pub(crate) fn is_busy(&self) -> bool {
        !self.held.is_empty() || self.entries().any(|entry| entry.taken)
    }

    /// Whether a job of a lane has not ended, or anybody holds it.
    pub(crate) fn is_in_use(&self, lane: &str) -> bool {
        self.held.contains_key(lane) || self.entries().any(|entry| entry.lane == lane)
    }

    fn is_taken(&self, lane: &str) -> bool {
        self.entries()
            .any(|entry| entry.taken && entry.lane == lane)
    }

    /// Lets the jobs of a lane have their turns again, once nobody looks any more.
    pub(crate) fn release(&mut self, lane: &str) {
        if let Some(hold) = self.held.get_mut(lane) {
            hold.looks = hold.looks.saturating_sub(1);
            if hold.looks == 0 {
                self.held.remove(lane);
            }
        }
    }

    /// Takes the next job that may run while at most `most` lanes are busy.
    pub(crate) fn take_next(&mut self, most: usize) -> Option<i64> {
        if self.closing {
            return None;
        }
        let busy: Vec<String> = self
            .entries
            .values()
            .filter(|entry| entry.taken)
            .map(|entry| entry.lane.clone())
            .collect();
        if busy.len() >= most {
            return None;
        }
        let next = self.order.iter().find(|id| {
            let queued = self.entries.get(id).filter(|entry| entry.is_queued());
            let Some(entry) = queued.filter(|entry| !busy.contains(&entry.lane)) else {
                return false;
            };
            let hold = self.held.get(&entry.lane);
            if let Some(hold) = hold {
                hold.wanted.store(true, Ordering::Release);
            }
            hold.is_none()
        })?;
        let next = self.entries.get_mut(next)?;
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
        let waiting = entry.is_queued().then(|| self.queue(&entry.lane));
        let place = waiting.and_then(|queue| queue.iter().position(|other| *other == id));
        let queue_position = place.map(|before| before as u32 + 1);
        Some(JobView {
            // The first line is written when a thread takes the job.
            has_log: entry.taken || entry.job.started_at.is_some(),
            job: entry.job.clone(),
            queue_position,
            cancelling: entry.control.is_stopping(),
            cancel_stage: entry.control.stage(),
            next_try: entry.control.next_try(),
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
    use alcove_store::{NewJob, Trigger, WaitingFor};

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
    fn a_job_that_waits_gets_another_place_and_no_other_lane_moves() {
        let mut lanes = lanes(&[(1, "/a"), (2, "/a"), (3, "/b"), (4, "/a"), (5, "/a")]);
        assert_eq!(lanes.take_next(1), Some(1));
        let order = |lanes: &Lanes| [lanes.queue("/a"), lanes.queue("/b")].concat();
        for (id, position, after) in [
            (5, 1, [5, 2, 4, 3]),
            (5, 2, [2, 5, 4, 3]),
            (2, 3, [5, 4, 2, 3]),
            (5, 99, [4, 2, 5, 3]),
            (4, 0, [4, 2, 5, 3]),
        ] {
            assert!(lanes.place(id, position));
            assert_eq!(order(&lanes), after, "{id} to {position}");
        }
        assert!(!lanes.place(1, 1), "it runs");
        assert!(!lanes.place(9, 1), "it is not there");
        lanes.get_mut(2).unwrap().job.waiting_for = Some(WaitingFor::Passphrase);
        assert!(!lanes.place(2, 1), "it waits for an answer");
        lanes.remove(1);
        assert_eq!(lanes.take_next(1), Some(4));
    }

    #[test]
    fn way_is_asked_for_when_a_backup_is_next() {
        let mut lanes = lanes(&[(1, "/a"), (2, "/b")]);
        lanes.take_next(5);
        let mut compact = job(3);
        compact.kind = JobKind::Compact;
        lanes.add(compact, "/a".to_owned());
        let asked = |lanes: &Lanes| lanes.entries[&1].control.is_asked_for_way();
        lanes.ask_for_way();
        assert!(!asked(&lanes), "another kind is next");
        lanes.add(job(4), "/a".to_owned());
        lanes.place(4, 1);
        lanes.ask_for_way();
        assert!(asked(&lanes));
    }

    #[test]
    fn looks_share_a_lane_and_are_told_that_a_job_wants_it() {
        let mut lanes = lanes(&[]);
        let (first, second) = (lanes.look("/a").unwrap(), lanes.look("/a").unwrap());
        assert!(!lanes.hold("/a"));
        lanes.add(job(1), "/a".to_owned());
        assert!(!first.load(Ordering::Acquire));
        assert_eq!(lanes.take_next(5), None);
        assert!(first.load(Ordering::Acquire) && second.load(Ordering::Acquire));
        assert!(lanes.look("/a").is_none(), "a job waits for the lane");
        lanes.release("/a");
        assert_eq!(lanes.take_next(5), None, "the other still looks");
        lanes.release("/a");
        assert_eq!(lanes.take_next(5), Some(1));
        assert!(lanes.look("/a").is_none());
    }

    #[test]
    fn closing_ends_looks_waits_for_what_holds_a_lane_and_lets_nobody_hold_another() {
        let mut lanes = lanes(&[]);
        let look = lanes.look("/a").unwrap();
        assert!(lanes.hold("/b") && lanes.is_busy());
        lanes.close();
        assert!(look.load(Ordering::Acquire));
        assert!(lanes.look("/c").is_none() && !lanes.hold("/c"));
        lanes.release("/a");
        assert!(lanes.is_busy(), "somebody changes a repository");
        lanes.release("/b");
        assert!(!lanes.is_busy());
    }

    #[test]
    fn a_job_that_waits_for_an_answer_holds_no_lane() {
        let mut lanes = lanes(&[(1, "/a"), (2, "/b")]);
        lanes.get_mut(1).unwrap().job.waiting_for = Some(WaitingFor::Passphrase);
        assert_eq!(lanes.take_next(1), Some(2));
        assert_eq!(lanes.view(1).unwrap().queue_position, None);
    }
}
