//! What a door that listens hears: the present first, then changes, the latest of each job.
//!
//! Bounded by the number of jobs that have not ended: a listener that is slow or gone loses nothing
//! but the states in between.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use alcove_engine::Engine;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::types::{Change, Job};

/// The least time between two changes of one job.
const PACE: Duration = Duration::from_millis(100);
/// The same for who is calm, as long as only figures move.
const CALM: Duration = Duration::from_secs(1);

#[derive(Default)]
struct Pending {
    jobs: BTreeMap<i64, Job>,
    plans: bool,
    settings: bool,
}

#[derive(Default)]
struct Shared {
    pending: Mutex<Pending>,
    arrived: Notify,
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, change: &alcove_engine::Change) {
        match change {
            alcove_engine::Change::Job(view) => {
                let job = Job::from_engine(view.clone());
                self.lock().jobs.insert(job.id, job);
            }
            alcove_engine::Change::Plans => self.lock().plans = true,
            alcove_engine::Change::Settings => self.lock().settings = true,
        }
        self.arrived.notify_one();
    }
}

/// A stream of changes; see [`Watch::next`].
pub struct Watch {
    shared: Arc<Shared>,
    /// The jobs that have not ended, as they were told of, and when.
    delivered: BTreeMap<i64, (Instant, Job)>,
    /// The least time between two changes of a job's figures.
    figures: Duration,
    // The engine keeps only a weak reference: the stream ends with its owner.
    _listener: Arc<dyn Fn(&alcove_engine::Change) + Send + Sync>,
}

impl Watch {
    pub(crate) fn new(engine: &Engine) -> Self {
        let shared = Arc::new(Shared::default());
        let noted = Arc::clone(&shared);
        let listener: Arc<dyn Fn(&alcove_engine::Change) + Send + Sync> =
            Arc::new(move |change| noted.note(change));
        engine.listen(&listener);
        for view in engine.unfinished() {
            let job = Job::from_engine(view);
            // A change that came since the listener was added is newer.
            shared.lock().jobs.entry(job.id).or_insert(job);
        }
        shared.arrived.notify_one();
        Self {
            shared,
            delivered: BTreeMap::new(),
            figures: PACE,
            _listener: listener,
        }
    }

    /// Hears of figures that only move once a second, and of all else at once: for who shows them to a person.
    #[must_use]
    pub fn calm(self) -> Self {
        Self {
            figures: CALM,
            ..self
        }
    }

    /// Waits for the next change. One job is delivered at most ten times a second; dropping the
    /// future loses nothing.
    pub async fn next(&mut self) -> Change {
        loop {
            match self.take() {
                Ok(change) => return change,
                Err(Some(due)) => {
                    // Either is a reason to look again.
                    let _ = tokio::time::timeout_at(due, self.shared.arrived.notified()).await;
                }
                Err(None) => self.shared.arrived.notified().await,
            }
        }
    }

    /// Takes a change that may be delivered now, or tells when the next may be.
    fn take(&mut self) -> Result<Change, Option<Instant>> {
        let mut pending = self.shared.lock();
        if pending.plans {
            pending.plans = false;
            return Ok(Change::Plans);
        }
        if pending.settings {
            pending.settings = false;
            return Ok(Change::Settings);
        }
        let now = Instant::now();
        let due = |id: i64, job: &Job| {
            let last = self.delivered.get(&id);
            last.map_or(now, |(at, told)| {
                *at + if stands(told, job) {
                    self.figures
                } else {
                    PACE
                }
            })
        };
        let jobs = pending.jobs.iter().map(|(id, job)| (due(*id, job), *id));
        let Some((due, id)) = jobs.min() else {
            return Err(None);
        };
        let Some(job) = (due <= now).then(|| pending.jobs.remove(&id)).flatten() else {
            return Err(Some(due));
        };
        if job.ended_at.is_some() {
            self.delivered.remove(&id);
        } else {
            self.delivered.insert(id, (now, job.clone()));
        }
        Ok(Change::Job { job })
    }
}

/// Whether a job is in everything but its figures as it was.
fn stands(told: &Job, now: &Job) -> bool {
    let standing = |job: &Job| {
        (
            (job.status, job.phase, job.active, job.attempt),
            (job.cancelling, job.cancel_stage, job.queue_position),
            (job.waiting_for, job.maintenance_status),
            (job.error_code.clone(), job.stalled_since.clone()),
            (job.completed_at.is_some(), job.ended_at.is_some()),
        )
    };
    standing(told) == standing(now)
}

#[cfg(test)]
mod tests {
    use alcove_engine::JobView;
    use alcove_store::{Job as Record, JobKind, NewJob, Status, Trigger};

    use super::*;

    fn watch() -> Watch {
        let shared = Arc::new(Shared::default());
        let noted = Arc::clone(&shared);
        Watch {
            shared,
            delivered: BTreeMap::new(),
            figures: PACE,
            _listener: Arc::new(move |change| noted.note(change)),
        }
    }

    /// A change of a job that has read so many files.
    fn change(id: i64, nfiles: u64) -> alcove_engine::Change {
        let new = NewJob {
            kind: JobKind::Backup,
            repository: "/r".into(),
            plan: None,
            plan_name: None,
            trigger: Trigger::Manual,
            retry_of: None,
            created_at: jiff::Timestamp::UNIX_EPOCH,
        };
        let mut job = Record::pending(id, new);
        job.status = Status::Running;
        job.progress.nfiles = nfiles;
        alcove_engine::Change::Job(JobView {
            job,
            queue_position: None,
            cancelling: false,
            cancel_stage: None,
            next_try: None,
            has_log: true,
        })
    }

    fn read(change: &Change) -> (i64, u64) {
        match change {
            Change::Job { job } => (job.id, job.progress_details.nfiles),
            Change::Plans | Change::Settings => panic!("no plan changed"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_job_is_told_of_at_most_ten_times_a_second_and_then_as_it_is_latest() {
        let mut watch = watch();
        let mut heard = Vec::new();
        // The clock is paused and moves on only when the door waits: a job that never rests.
        for nfiles in 0..30 {
            watch.shared.note(&change(1, nfiles));
            heard.push((read(&watch.next().await), Instant::now()));
        }
        let paces = heard.windows(2).map(|pair| pair[1].1 - pair[0].1);
        assert!(paces.into_iter().all(|pace| pace >= PACE));
        watch.shared.note(&change(1, 100));
        watch.shared.note(&change(1, 4_711));
        assert_eq!(read(&watch.next().await), (1, 4_711));
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_calm_hears_of_figures_once_a_second_and_of_an_end_at_once() {
        let mut watch = watch().calm();
        watch.shared.note(&change(1, 1));
        assert_eq!(read(&watch.next().await), (1, 1));
        let began = Instant::now();
        watch.shared.note(&change(1, 2));
        assert_eq!(read(&watch.next().await), (1, 2));
        assert!(began.elapsed() >= CALM);
        let mut over = change(1, 3);
        if let alcove_engine::Change::Job(view) = &mut over {
            view.job.status = Status::Completed;
        }
        let began = Instant::now();
        watch.shared.note(&over);
        assert_eq!(read(&watch.next().await), (1, 3));
        assert!(began.elapsed() < CALM);
    }

    #[tokio::test(start_paused = true)]
    async fn a_busy_job_does_not_hold_back_another() {
        let mut watch = watch();
        watch.shared.note(&change(1, 1));
        assert_eq!(read(&watch.next().await), (1, 1));
        watch.shared.note(&change(1, 2));
        watch.shared.note(&change(2, 1));
        let began = Instant::now();
        assert_eq!(read(&watch.next().await), (2, 1));
        assert_eq!(began.elapsed(), Duration::ZERO);
        assert_eq!(read(&watch.next().await), (1, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_door_that_stops_listening_for_a_while_loses_nothing_but_what_lay_between() {
        let mut watch = watch();
        for nfiles in 0..100_000 {
            watch.shared.note(&change(1, nfiles));
        }
        assert_eq!(watch.shared.lock().jobs.len(), 1);
        assert_eq!(read(&watch.next().await), (1, 99_999));
    }
}
