//! A model test of the lanes: whatever is started, moved, taken, answered, ended and broken off in whatever order, and
//! whenever Alcove is killed in between, no job is stuck, no repository has two that run, and no more lanes are busy
//! than may be.

use std::collections::{BTreeMap, BTreeSet};

use alcove_store::{Job, Status, WaitingFor};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::Lanes;
use super::tests::job;
use crate::interruption;

const LANES: [&str; 3] = ["/a", "/b", "/c"];

/// Something that happens; an index picks one of the jobs it can happen to.
#[derive(Debug, Clone)]
enum Step {
    /// A job is asked for.
    Start(&'static str),
    /// A job that runs says that it needs an answer.
    Ask(Index),
    /// Its thread lets go of it.
    PutBack(Index),
    /// It gets its answer, before or after.
    Answer(Index),
    /// A job that runs ends, by itself or because its thread broke.
    End(Index),
    /// A job is stopped that no thread has.
    CancelWaiting(Index),
    /// A job that waits for its turn gets another place.
    Move(Index, usize),
    /// A job that runs lets those that wait go first.
    MakeWay(Index),
    /// The person lets more or fewer lanes run.
    Allow(usize),
    /// Something that is no job wants a lane for itself.
    Hold(&'static str),
    /// It is done.
    Release(&'static str),
    /// Alcove is killed, and started again.
    Crash,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => prop::sample::select(LANES.to_vec()).prop_map(Step::Start),
        2 => any::<Index>().prop_map(Step::Ask),
        2 => any::<Index>().prop_map(Step::PutBack),
        2 => any::<Index>().prop_map(Step::Answer),
        2 => any::<Index>().prop_map(Step::End),
        1 => any::<Index>().prop_map(Step::CancelWaiting),
        1 => (any::<Index>(), 1..5_usize).prop_map(|(index, to)| Step::Move(index, to)),
        1 => any::<Index>().prop_map(Step::MakeWay),
        1 => (1..4_usize).prop_map(Step::Allow),
        1 => prop::sample::select(LANES.to_vec()).prop_map(Step::Hold),
        1 => prop::sample::select(LANES.to_vec()).prop_map(Step::Release),
        1 => Just(Step::Crash),
    ]
}

/// The lanes, how many may be busy, and the records.
#[derive(Debug)]
struct Model {
    lanes: Lanes,
    /// Those of jobs that have not ended, as they were saved last.
    records: BTreeMap<i64, Job>,
    most: usize,
    started: i64,
    /// The jobs that said so, until their threads let go.
    said: BTreeSet<i64>,
    /// The jobs whose answer has not come.
    open: BTreeSet<i64>,
    held: BTreeSet<&'static str>,
    /// Every job, in the order they have their turns.
    order: Vec<i64>,
}

impl Model {
    fn new() -> Self {
        Self {
            lanes: Lanes::default(),
            records: BTreeMap::new(),
            most: 2,
            started: 0,
            said: BTreeSet::new(),
            open: BTreeSet::new(),
            held: BTreeSet::new(),
            order: Vec::new(),
        }
    }

    fn taken(&self) -> Vec<(i64, &str)> {
        let taken = self.lanes.entries().filter(|entry| entry.taken);
        taken
            .map(|entry| (entry.job.id, entry.lane.as_str()))
            .collect()
    }

    /// The jobs that only wait for their turn, in their order.
    fn queued(&self) -> Vec<(i64, &str)> {
        let queued = |entry: &&super::Entry| !entry.taken && entry.job.waiting_for.is_none();
        let queued: BTreeMap<i64, &str> = self
            .lanes
            .entries()
            .filter(queued)
            .map(|entry| (entry.job.id, entry.lane.as_str()))
            .collect();
        self.order
            .iter()
            .filter_map(|id| Some((*id, *queued.get(id)?)))
            .collect()
    }

    /// Puts a job to a place among those of its lane that only wait.
    fn reorder(&mut self, id: i64, to: usize) {
        let lane = self.lanes.get_mut(id).unwrap().lane.clone();
        let of_lane = |(other, of): &(i64, &str)| (*of == lane).then_some(*other);
        let mut queue: Vec<i64> = self.queued().iter().filter_map(of_lane).collect();
        let places: Vec<usize> = (0..self.order.len())
            .filter(|at| queue.contains(&self.order[*at]))
            .collect();
        queue.retain(|other| *other != id);
        queue.insert((to - 1).min(queue.len()), id);
        for (at, id) in places.into_iter().zip(queue) {
            self.order[at] = id;
        }
    }

    fn asking(&self) -> Vec<i64> {
        let asking = |entry: &&super::Entry| !entry.taken && entry.job.waiting_for.is_some();
        let asking = self.lanes.entries().filter(asking);
        asking.map(|entry| entry.job.id).collect()
    }

    fn happen(&mut self, step: &Step) {
        let pick = |jobs: Vec<i64>, index: &Index| (!jobs.is_empty()).then(|| *index.get(&jobs));
        let running = || self.taken().iter().map(|(id, _)| *id).collect::<Vec<_>>();
        let question = Some(WaitingFor::Passphrase);
        match step {
            Step::Start(lane) => {
                self.started += 1;
                self.records.insert(self.started, job(self.started));
                self.lanes.add(job(self.started), (*lane).to_owned());
                self.order.push(self.started);
            }
            Step::Ask(index) => {
                if let Some(id) = pick(running(), index)
                    && self.said.insert(id)
                {
                    self.open.insert(id);
                    self.lanes.get_mut(id).unwrap().job.waiting_for = question;
                }
            }
            Step::PutBack(index) => {
                if let Some(id) = pick(self.said.iter().copied().collect(), index) {
                    self.said.remove(&id);
                    let mut asking = self.lanes.get_mut(id).unwrap().job.clone();
                    asking.waiting_for = question;
                    self.lanes.put_back(asking).unwrap();
                }
            }
            Step::Answer(index) => {
                if let Some(id) = pick(self.open.iter().copied().collect(), index) {
                    self.open.remove(&id);
                    self.lanes.get_mut(id).unwrap().answer();
                }
            }
            Step::End(index) => {
                if let Some(id) = pick(running(), index) {
                    self.said.remove(&id);
                    self.open.remove(&id);
                    self.records.remove(&id);
                    self.lanes.remove(id).unwrap();
                }
            }
            Step::CancelWaiting(index) => {
                let mut waiting = self.asking();
                waiting.extend(self.queued().iter().map(|(id, _)| *id));
                if let Some(id) = pick(waiting, index) {
                    self.open.remove(&id);
                    self.records.remove(&id);
                    self.lanes.remove(id).unwrap();
                }
            }
            Step::Move(index, to) => {
                let waiting = self.queued().iter().map(|(id, _)| *id).collect();
                if let Some(id) = pick(waiting, index) {
                    self.reorder(id, *to);
                    assert!(self.lanes.place(id, *to));
                }
            }
            Step::MakeWay(index) => {
                let silent = |id: &i64| !self.said.contains(id);
                if let Some(id) = pick(running().into_iter().filter(silent).collect(), index) {
                    let job = self.lanes.get_mut(id).unwrap().job.clone();
                    self.lanes.put_back(job).unwrap();
                    self.reorder(id, usize::MAX);
                    assert!(self.lanes.place(id, usize::MAX));
                }
            }
            Step::Allow(most) => self.most = *most,
            Step::Hold(lane) => {
                let runs = self.taken().iter().any(|(_, of)| of == lane);
                let free = !runs && self.held.insert(lane);
                assert_eq!(self.lanes.hold(lane), free);
            }
            Step::Release(lane) => {
                self.held.remove(lane);
                self.lanes.release(lane);
            }
            Step::Crash => {
                self.lanes = Lanes::default();
                self.said.clear();
                self.open.clear();
                self.held.clear();
                self.order.clear();
                // As the next start does with every record of a job that has not ended.
                self.records.retain(|_, job| {
                    let (status, _) = interruption::of(job);
                    !status.is_terminal()
                });
            }
        }
    }

    /// Saves the jobs that have a thread at some step of theirs: Alcove may be killed at any.
    fn save(&mut self) {
        for entry in self.lanes.entries().filter(|entry| entry.taken) {
            let steps = [Status::Pending, Status::Running, Status::Completed];
            if let Some(record) = self.records.get_mut(&entry.job.id) {
                record.status = steps[entry.job.id as usize % steps.len()];
            }
        }
    }

    /// Takes what may run, as the engine does after everything that happens, and looks at what came of it.
    fn settle(&mut self) {
        let before = self.taken().len();
        while let Some(id) = self.lanes.take_next(self.most) {
            let lane = self
                .lanes
                .get_mut(id)
                .map(|entry| entry.lane.clone())
                .unwrap();
            let place = |id: i64| self.order.iter().position(|other| *other == id);
            let queued = self.queued();
            assert!(
                queued
                    .iter()
                    .all(|(other, of)| *of != lane || place(*other) > place(id)),
                "{id} overtook another of {lane}"
            );
        }
        self.save();
        let known: Vec<i64> = self.lanes.entries().map(|entry| entry.job.id).collect();
        let unended: Vec<i64> = self.records.keys().copied().collect();
        assert_eq!(known, unended, "a record that has not ended is in no lane");
        let taken = self.taken();
        assert!(taken.len() <= self.most.max(before), "{taken:?}");
        for lane in LANES {
            let running = taken.iter().filter(|(_, of)| *of == lane).count();
            assert!(running <= 1, "{running} jobs of {lane} run");
            let held = self.held.contains(lane);
            assert!(!held || running == 0, "a job of {lane} runs, which is held");
            let queue: Vec<i64> = self
                .queued()
                .into_iter()
                .filter(|(_, of)| *of == lane)
                .map(|(id, _)| id)
                .collect();
            assert!(
                queue.is_empty() || running == 1 || held || taken.len() >= self.most,
                "{queue:?} are stuck"
            );
            for (place, id) in (1..).zip(&queue) {
                assert_eq!(self.lanes.view(*id).unwrap().queue_position, Some(place));
            }
        }
        let unanswered = self.open.difference(&self.said);
        assert_eq!(
            self.asking(),
            unanswered.copied().collect::<Vec<_>>(),
            "an answer was lost"
        );
        for id in self.asking() {
            assert_eq!(self.lanes.view(id).unwrap().queue_position, None);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_what_happens_leaves_a_job_stuck_or_two_of_one_repository_running(steps in vec(step(), 0..60),
        any in any::<Index>(),) {
        let mut model = Model::new();
        for step in &steps {
            model.happen(step);
            model.settle();
        }
        for lane in LANES {
            model.happen(&Step::Release(lane));
            model.settle();
        }
        // Once everyone is answered and each that runs ends, all have had their turn.
        while !model.lanes.last_first().is_empty() {
            let left = model.lanes.last_first().len() + model.open.len();
            let next = if model.open.is_empty() { Step::End(any) } else { Step::Answer(any) };
            model.happen(&next);
            model.settle();
            prop_assert!(model.lanes.last_first().len() + model.open.len() < left, "{:?}", model.lanes);
        }
    }
}
