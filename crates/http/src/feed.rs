//! The events of this run, numbered, the latest kept for clients that come back.
//!
//! Each event has an id, `RUN-NUMBER`; a client that lost its connection sends the last one it saw and
//! goes on after it. The last [`KEPT`] events are kept. A client that was away longer, or saw another
//! run, is told so and then hears of every job that has not ended, as one that is new does: nothing is
//! missing without a word. One task listens to the api; an event is written as JSON once, whoever hears
//! it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use alcove_api::Api;
use alcove_api::types::Change;
use tokio::sync::watch;

/// Events that are kept: at ten a second and job, the last minute of a busy Alcove.
const KEPT: usize = 600;

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    /// Its id; [`Event::gap`] has none.
    pub(crate) id: Option<String>,
    /// `job`, `plans`, `settings` or `gap`, and a [`Change`] as JSON; [`Event::mark`] has neither.
    pub(crate) content: Option<(&'static str, Arc<str>)>,
}

impl Event {
    /// Events are missing here: ask for what you keep of jobs that have ended.
    fn gap() -> Self {
        Self {
            id: None,
            content: Some(("gap", r#"{"type":"gap"}"#.into())),
        }
    }

    /// All up to this id was told. A client keeps the id and calls nobody (HTML standard, section 9.2.6:
    /// an event without data).
    fn mark(id: String) -> Self {
        Self {
            id: Some(id),
            content: None,
        }
    }
}

/// The events of this run.
pub(crate) struct Feed {
    run: String,
    state: Mutex<State>,
    newest: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    /// The number of the newest event, 0 before the first.
    newest: u64,
    /// The latest events, oldest first, without a gap.
    kept: VecDeque<(u64, Event)>,
    /// The latest event of each job that has not ended.
    present: BTreeMap<i64, (u64, Event)>,
}

/// How far a client has heard.
pub(crate) struct Ear {
    feed: Arc<Feed>,
    newest: watch::Receiver<u64>,
    /// The last event it heard; `None`: it must hear the present first.
    heard: Option<u64>,
    /// What it is to hear before anything else, the last first.
    waiting: Vec<Event>,
}

impl Feed {
    /// Begins to keep events. The run is named by the moment it began.
    pub(crate) fn start(api: &Api) -> Arc<Self> {
        let began = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let run = format!("{:x}", began.unwrap_or_default().as_nanos());
        let feed = Arc::new(Self::new(run));
        let (weak, mut changes) = (Arc::downgrade(&feed), api.watch());
        tokio::spawn(async move {
            loop {
                let change = changes.next().await;
                let Some(feed) = weak.upgrade() else { return };
                feed.add(&change);
            }
        });
        feed
    }

    fn new(run: String) -> Self {
        Self {
            run,
            state: Mutex::default(),
            newest: watch::Sender::new(0),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn id(&self, number: u64) -> String {
        format!("{}-{number}", self.run)
    }

    fn add(&self, change: &Change) {
        let data = match serde_json::to_string(change) {
            Ok(data) => data.into(),
            Err(error) => return log::error!("an event could not be written: {error}"),
        };
        let mut state = self.state();
        state.newest += 1;
        let number = state.newest;
        let name = match change {
            Change::Job { .. } => "job",
            Change::Plans => "plans",
            Change::Settings => "settings",
        };
        let event = Event {
            id: Some(self.id(number)),
            content: Some((name, data)),
        };
        if let Change::Job { job } = change {
            if job.ended_at.is_some() {
                state.present.remove(&job.id);
            } else {
                state.present.insert(job.id, (number, event.clone()));
            }
        }
        if state.kept.len() == KEPT {
            state.kept.pop_front();
        }
        state.kept.push_back((number, event));
        drop(state);
        self.newest.send_replace(number);
    }

    /// Lets a client listen; `last` is the id of the last event it saw.
    pub(crate) fn listen(self: &Arc<Self>, last: Option<&str>) -> Ear {
        let mut ear = Ear {
            feed: Arc::clone(self),
            newest: self.newest.subscribe(),
            heard: last.and_then(|id| self.number(id)),
            waiting: Vec::new(),
        };
        if last.is_some() && ear.heard.is_none() {
            ear.waiting.push(Event::gap());
        }
        ear
    }

    /// The number of an event of this run that has been.
    fn number(&self, id: &str) -> Option<u64> {
        let number = id.strip_prefix(&self.run)?.strip_prefix('-')?;
        let number = number.parse().ok()?;
        (number <= self.state().newest).then_some(number)
    }
}

impl Ear {
    /// Waits for the next event. Dropping the future loses nothing.
    pub(crate) async fn next(&mut self) -> Event {
        loop {
            if let Some(event) = self.take() {
                return event;
            }
            // The feed is held by this ear, so its sender is there.
            _ = self.newest.changed().await;
        }
    }

    fn take(&mut self) -> Option<Event> {
        if let Some(event) = self.waiting.pop() {
            return Some(event);
        }
        let feed = Arc::clone(&self.feed);
        let state = feed.state();
        let Some(heard) = self.heard else {
            // The oldest change first; each has its own number, so a client that breaks off in between
            // loses nothing.
            let mut present: Vec<_> = state.present.values().cloned().collect();
            present.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
            self.waiting = std::iter::once(Event::mark(feed.id(state.newest)))
                .chain(present.into_iter().map(|(_, event)| event))
                .collect();
            self.heard = Some(state.newest);
            return self.waiting.pop();
        };
        let oldest = state.kept.front().map_or(heard + 1, |(number, _)| *number);
        let Some(index) = (heard + 1).checked_sub(oldest) else {
            self.heard = None;
            return Some(Event::gap());
        };
        let (number, event) = state.kept.get(usize::try_from(index).ok()?)?;
        self.heard = Some(*number);
        Some(event.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(events: usize) -> Arc<Feed> {
        let feed = Arc::new(Feed::new("run".to_owned()));
        for _ in 0..events {
            feed.add(&Change::Plans);
        }
        feed
    }

    fn heard(ear: &mut Ear) -> Vec<String> {
        std::iter::from_fn(|| ear.take())
            .map(|event| event.id.unwrap_or_else(|| "gap".to_owned()))
            .collect()
    }

    #[test]
    fn a_client_goes_on_after_what_it_heard() {
        let feed = feed(5);
        assert_eq!(heard(&mut feed.listen(Some("run-3"))), ["run-4", "run-5"]);
        assert_eq!(heard(&mut feed.listen(Some("run-5"))), [""; 0]);
        assert_eq!(heard(&mut feed.listen(None)), ["run-5"]);
    }

    #[test]
    fn an_id_that_is_too_old_or_has_not_been_is_a_gap_and_the_present() {
        let feed = feed(KEPT + 10);
        let newest = format!("run-{}", KEPT + 10);
        assert_eq!(heard(&mut feed.listen(Some("run-9"))), ["gap", &newest]);
        assert_eq!(heard(&mut feed.listen(Some("run-10"))).len(), KEPT);
        for id in ["run-100000", "other-20", "run-", "run", "run-x"] {
            assert_eq!(heard(&mut feed.listen(Some(id))), ["gap", &newest], "{id}");
        }
    }

    #[test]
    fn a_client_that_falls_behind_is_told_so_and_goes_on_from_the_present() {
        let feed = feed(1);
        let mut ear = feed.listen(None);
        assert_eq!(heard(&mut ear), ["run-1"]);
        for _ in 0..=KEPT {
            feed.add(&Change::Plans);
        }
        let newest = format!("run-{}", KEPT + 2);
        assert_eq!(heard(&mut ear), ["gap", &newest]);
        feed.add(&Change::Plans);
        assert_eq!(heard(&mut ear), [format!("run-{}", KEPT + 3)]);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        assert_eq!(feed(10 * KEPT).state().kept.len(), KEPT);
    }
}
