//! What a backup will have read at its end, counted beside it when no earlier run says so.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};

use crate::folders::{Measure, measure};

/// A count of the folders that runs beside the backup.
pub(super) struct Estimate {
    arrives: Option<mpsc::Receiver<Measure>>,
    stop: Arc<AtomicBool>,
}

impl Estimate {
    pub(super) fn none() -> Self {
        Self {
            arrives: None,
            stop: Arc::default(),
        }
    }

    pub(super) fn count(
        sources: Vec<String>,
        excludes: Vec<String>,
        skip: Option<PathBuf>,
    ) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (sender, arrives) = mpsc::sync_channel(1);
        let stopped = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("alcove-estimate".into())
            .spawn(move || {
                let mut total = Measure {
                    bytes: 0,
                    files: 0,
                    complete: true,
                };
                for source in &sources {
                    let part = measure(Path::new(source), &excludes, skip.as_deref(), &|_| {
                        !stopped.load(Ordering::Relaxed)
                    });
                    total.bytes += part.bytes;
                    total.files += part.files;
                    total.complete &= part.complete;
                }
                if total.complete {
                    // Nobody waits for it any more when the backup was faster.
                    let _ = sender.send(total);
                }
            });
        if let Err(error) = thread {
            log::warn!("no estimate: {error}");
        }
        Self {
            arrives: Some(arrives),
            stop,
        }
    }

    pub(super) fn arrived(&self) -> Option<Measure> {
        self.arrives.as_ref()?.try_recv().ok()
    }
}

impl Drop for Estimate {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}
