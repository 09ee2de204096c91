//! What somebody who watched each job was shown of its log.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use alcove_api::Api;
use alcove_tests::{try_for, watch_log};
use tokio::task::JoinHandle;

/// The watchers of the jobs of a house, also of jobs that were watched in another life.
#[derive(Debug, Default)]
pub(crate) struct Watched(RefCell<BTreeMap<i64, Watcher>>);

#[derive(Debug)]
struct Watcher {
    shown: Arc<Mutex<String>>,
    /// Ends with the job; nothing where that is over.
    task: Option<JoinHandle<()>>,
}

impl Watched {
    /// Has somebody watch a job from now on.
    pub(crate) fn watch(&self, api: Api, job: i64) {
        let shown = Arc::<Mutex<String>>::default();
        let lines = Arc::clone(&shown);
        let task = tokio::spawn(watch_log(api, job, move |line| {
            let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
            *lines += &line;
            lines.push('\n');
        }));
        let task = Some(task);
        self.0.borrow_mut().insert(job, Watcher { shown, task });
    }

    /// Takes what was shown of a job in another life.
    pub(crate) fn take(&self, job: i64, shown: String) {
        let shown = Arc::new(Mutex::new(shown));
        self.0
            .borrow_mut()
            .insert(job, Watcher { shown, task: None });
    }

    /// All that was shown of a job that has ended; `None` when nobody watched it.
    pub(crate) async fn shown(&self, job: i64) -> Option<String> {
        let is_over = || {
            let watchers = self.0.borrow();
            let task = watchers.get(&job)?.task.as_ref();
            task.is_none_or(JoinHandle::is_finished).then_some(())
        };
        if self.0.borrow().contains_key(&job) {
            let seen = try_for(is_over).await;
            seen.expect("a watcher sees the end of a job");
        }
        let watchers = self.0.borrow();
        let Watcher { shown, task } = watchers.get(&job)?;
        let shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(task.is_none() || !shown.is_empty(), "nothing was shown");
        Some(shown.clone())
    }
}
